"""What hangs loose in a playbook, and how it is told."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.basis.cleaning import match_name
from bot.coaching.goals.playbook_check import LooseEnd, loose_ends, plain
from bot.coaching.playbook import ActivityKind, Playbook, Resource, Skill, Stage, VerifierKind

SLOT, PLAN = VerifierKind("slot", "accepted invitation", "buyer"), VerifierKind("plan", "closure plan", "buyer")
TALK, OFFER = Stage("Talk", "Win", (SLOT,), ("Talking",)), Stage("Offer", "Win", (PLAN,), ("Quoted", "Offered"))
CALL = ActivityKind("Call", "calls", "Talk", ("slot",), finds=True, key=True, types=("Phone",))
SEND = ActivityKind("Send a plan", "sent", "Offer", ("plan",), types=("Mail",))
CALLING = Skill("Calling", ("Call",), "starts", "Role-play it")
PLANNING = Skill("Planning", ("Send a plan",), "cycle", "Write one", needs=("Calling",))
SCRIPT = Resource("Script", ("Calling", "Planning"))
WHOLE = Playbook("Ours", ("Win",), (TALK, OFFER), (CALL, SEND), (CALLING, PLANNING), (SCRIPT,))


def only(playbook: Playbook) -> LooseEnd:
    (end,) = loose_ends(playbook)
    return end


def test_nothing_hangs_loose_in_a_whole_playbook() -> None:
    assert loose_ends(WHOLE) == ()


def test_a_verifier_that_no_activity_earns_is_loose() -> None:
    end = only(replace(WHOLE, activities=(CALL, replace(SEND, earns=()))))
    assert (end.place, end.broken) == (("stage", 1, "toll", 0), False)
    assert end.sentence == (
        "no activity earns the verifier 'closure plan', so no goal can be offered for it: "
        'add earns = ["plan"] to the activity after which a customer gives it'
    )


def test_a_verifier_earned_only_in_a_later_stage_is_loose() -> None:
    end = only(replace(WHOLE, activities=(replace(CALL, earns=()), replace(SEND, earns=("slot", "plan")))))
    assert (end.place, end.broken) == (("stage", 0, "toll", 0), False)
    assert end.sentence == (
        "the verifier 'accepted invitation' of 'Talk' is earned only in the later stage 'Offer': "
        "name an activity of 'Talk' or before that earns it"
    )


def test_a_verifier_may_be_earned_in_an_earlier_stage_or_in_a_later_one_too() -> None:
    assert loose_ends(replace(WHOLE, activities=(replace(CALL, earns=("slot", "plan")), SEND))) == ()
    assert loose_ends(replace(WHOLE, activities=(CALL, replace(SEND, earns=("slot", "plan"))))) == ()


def test_an_activity_without_a_skill_is_loose() -> None:
    end = only(replace(WHOLE, skills=(CALLING, replace(PLANNING, activities=("Call",)))))
    assert (end.place, end.broken) == (("activity", 1), False)
    assert end.sentence == (
        "no skill makes the activity 'Send a plan' better: name it in the activities of a [[skill]]"
    )


def test_a_skill_without_a_resource_is_loose() -> None:
    end = only(replace(WHOLE, resources=(Resource("Script", ("Planning",)),)))
    assert (end.place, end.broken) == (("skill", 0), False)
    assert end.sentence == "no resource helps with the skill 'Calling': name it in the skills of a [[resource]]"


def test_an_outcome_without_a_stage_and_a_stage_without_an_activity_are_loose() -> None:
    end = only(replace(WHOLE, outcomes=("Win", "Grow")))
    assert (end.place, end.broken) == (("outcomes", 1), False)
    assert end.sentence == "no stage leads to the outcome 'Grow': name it as the outcome of a [[stage]]"
    end = only(replace(WHOLE, stages=(*WHOLE.stages, Stage("Last", "Win"))))
    assert (end.place, end.broken) == (("stage", 2), False)
    assert end.sentence == "no activity leads to the stage 'Last': add an [[activity]] with stage = \"Last\""


@pytest.mark.parametrize(
    ("playbook", "place", "sentence"),
    [
        (
            replace(WHOLE, stages=(TALK, replace(OFFER, outcome="Wim"))),
            ("stage", 1, "outcome"),
            "there is no outcome 'Wim': did you mean 'Win'?",
        ),
        (
            replace(WHOLE, activities=(*WHOLE.activities, replace(CALL, name="Planning day", types=(), stage="Xyz"))),
            ("activity", 2, "stage"),
            "there is no stage 'Xyz': add that stage, or correct the name",
        ),
        (
            replace(WHOLE, activities=(CALL, replace(SEND, earns=("plan", "plam")))),
            ("activity", 1, "earns", 1),
            "there is no verifier 'plam': did you mean 'plan'?",
        ),
        (
            replace(WHOLE, skills=(replace(CALLING, activities=("Call", "call")), PLANNING)),
            ("skill", 0, "activities", 1),
            "there is no activity 'call': did you mean 'Call'?",
        ),
        (
            replace(WHOLE, skills=(replace(CALLING, needs=("Planing",)), PLANNING)),
            ("skill", 0, "needs", 0),
            "there is no skill 'Planing': did you mean 'Planning'?",
        ),
        (
            replace(WHOLE, resources=(Resource("Script", ("Calling", "Planning", "Singing")),)),
            ("resource", 0, "skills", 2),
            "there is no skill 'Singing': add that skill, or correct the name",
        ),
    ],
)
def test_a_reference_to_nothing_is_broken(playbook: Playbook, place: tuple[str | int, ...], sentence: str) -> None:
    assert LooseEnd(place, sentence, broken=True) in loose_ends(playbook)


@pytest.mark.parametrize(
    ("playbook", "place", "sentence"),
    [
        (replace(WHOLE, outcomes=("Win", "win!")), ("outcomes", 1), "there is another outcome 'win!'"),
        (
            replace(WHOLE, stages=(TALK, OFFER, replace(OFFER, name="TALK", crm=(), toll=()))),
            ("stage", 2, "name"),
            "there is another stage 'TALK'",
        ),
        (
            replace(WHOLE, activities=(CALL, SEND, replace(SEND, types=()))),
            ("activity", 2, "name"),
            "there is another activity 'Send a plan'",
        ),
        (replace(WHOLE, skills=(CALLING, PLANNING, CALLING)), ("skill", 2, "name"), "there is another skill 'Calling'"),
        (
            replace(WHOLE, resources=(SCRIPT, replace(SCRIPT, name="Scr-ipt"))),
            ("resource", 1, "name"),
            "there is another resource 'Scr-ipt'",
        ),
        (
            replace(WHOLE, stages=(TALK, replace(OFFER, toll=(PLAN, replace(PLAN, key="slot"))))),
            ("stage", 1, "toll", 1),
            "there is another verifier with the key 'slot': give each its own key",
        ),
    ],
)
def test_a_name_given_twice_is_broken(playbook: Playbook, place: tuple[str | int, ...], sentence: str) -> None:
    assert any(end.place == place and end.broken and end.sentence.startswith(sentence) for end in loose_ends(playbook))


@pytest.mark.parametrize("name", ["talking", "Talk-ing", " TALK"])
def test_a_crm_name_in_two_stages_is_broken_however_it_is_written(name: str) -> None:
    end = only(replace(WHOLE, stages=(TALK, replace(OFFER, crm=("Quoted", name)))))
    assert end == LooseEnd(
        ("stage", 1, "crm", 1), f"the CRM's '{name}' belongs to 'Talk' too: leave it in one stage", broken=True
    )


def test_a_crm_name_that_is_another_stages_own_name_is_broken_whichever_comes_first() -> None:
    end = only(replace(WHOLE, stages=(replace(TALK, crm=("Offer",)), OFFER)))
    assert end == LooseEnd(
        ("stage", 0, "crm", 0), "the CRM's 'Offer' belongs to 'Offer' too: leave it in one stage", broken=True
    )


def test_a_stage_may_repeat_its_own_name_among_the_crms() -> None:
    assert loose_ends(replace(WHOLE, stages=(replace(TALK, crm=("talk", "Talk")), OFFER))) == ()


def test_items_of_two_kinds_with_one_name_and_a_type_of_two_activities_are_loose_but_not_broken() -> None:
    end = only(replace(WHOLE, resources=(SCRIPT, Resource("Calling", ("Calling",)))))
    assert (end.place, end.broken) == (("resource", 1, "name"), False)
    assert end.sentence == "the resource 'Calling' is called like the skill: rename one, or a path is ambiguous"
    end = only(replace(WHOLE, activities=(CALL, replace(SEND, types=("Mail", "phone")))))
    assert (end.place, end.broken) == (("activity", 1, "types", 1), False)
    assert end.sentence == "records of type 'phone' count for 'Call' too: leave the type in one activity"


def circles(**needs: tuple[str, ...]) -> list[tuple[tuple[str | int, ...], str]]:
    skills = tuple(Skill(name, ("Call", "Send a plan"), "cycle", "Do it", needs=need) for name, need in needs.items())
    found = loose_ends(replace(WHOLE, skills=skills, resources=(Resource("Script", tuple(needs)),)))
    assert all(end.broken for end in found)
    return [(end.place, end.sentence) for end in found]


def test_skills_that_need_each_other_are_told_once_as_a_circle() -> None:
    sentence = "skills need each other in a circle, b -> c -> b: remove one of the needs"
    assert circles(a=("b",), b=("c",), c=("b",)) == [(("skill", 1, "needs", 0), sentence)]


def test_a_skill_that_needs_itself_is_a_circle() -> None:
    sentence = "skills need each other in a circle, a -> a: remove one of the needs"
    assert circles(a=("a",)) == [(("skill", 0, "needs", 0), sentence)]


def test_each_circle_through_a_skill_is_told() -> None:
    assert [place for place, _ in circles(a=("b", "c"), b=("a",), c=("a",))] == [
        ("skill", 0, "needs", 0),
        ("skill", 0, "needs", 1),
    ]


@given(st.integers(1, 8).flatmap(lambda size: st.permutations(range(size))))
def test_needs_that_follow_an_order_make_no_circle(order: list[int]) -> None:
    names = [f"s{number}" for number in order]
    needs = {name: tuple(names[:position]) for position, name in enumerate(names)}
    assert circles(**{name: needs[name] for name in sorted(needs)}) == []


@given(st.lists(st.lists(st.integers(0, 5), max_size=3, unique=True), min_size=6, max_size=6))
def test_a_circle_is_told_exactly_when_no_order_of_learning_exists(needs: list[list[int]]) -> None:
    learnt: set[int] = set()
    while ready := {skill for skill in range(6) if skill not in learnt and learnt.issuperset(needs[skill])}:
        learnt |= ready
    told = circles(**{f"s{skill}": tuple(f"s{need}" for need in needs[skill]) for skill in range(6)})
    assert bool(told) == (len(learnt) < 6)


def test_a_playbook_without_finding_or_key_activities_says_what_that_costs() -> None:
    found = loose_ends(replace(WHOLE, activities=(replace(CALL, finds=False, key=False), SEND)))
    assert [(end.place, end.broken) for end in found] == [(("activity", 0), False)] * 2
    assert found[0].sentence.startswith(
        "no activity starts deals, so a gap in the pipeline leads to no goal: add finds"
    )
    assert found[1].sentence.startswith("no activity is key, so the days between 1:1s follow deal events only: add key")


def test_a_probability_may_stay_but_not_fall_from_stage_to_stage() -> None:
    level = (replace(TALK, probability=0.3), replace(OFFER, probability=0.3))
    assert loose_ends(replace(WHOLE, stages=level)) == ()
    end = only(replace(WHOLE, stages=(level[0], replace(OFFER, probability=0.29))))
    assert (end.place, end.broken) == (("stage", 1, "probability"), False)
    assert end.sentence == "the stage 'Offer' has a smaller probability than 'Talk' before it: correct one"


def test_starts_per_activity_of_an_activity_that_starts_nothing_are_loose() -> None:
    end = only(replace(WHOLE, activities=(CALL, replace(SEND, per_start=0.1))))
    assert (end.place, end.broken) == (("activity", 1, "per_start"), False)


@given(st.text(max_size=6), st.text(max_size=6))
def test_two_names_are_plainly_the_same_when_cleaning_matches_them(one: str, other: str) -> None:
    assert (plain(one) == plain(other)) == (match_name(one, (other,)) is not None)
