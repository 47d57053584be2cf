"""How a playbook is read from its file, and what a bad one says."""

import re
from collections.abc import Callable, Container, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot import playbook_file, playbook_table
from bot.coaching.playbook import DRIVERS, ActivityKind, EvidenceField, Playbook, Resource, Skill, Stage, VerifierKind
from bot.coaching.records import Deal, DealId, DealStatus, PersonId, Verifier
from bot.coaching.said import Said
from bot.coaching.winning.verified_stage import crm_position, standing
from bot.errors import BadInputError, ConfigurationError
from bot.views.languages import GERMAN

SHIPPED = sorted(playbook_file.DEFAULT.parent.glob("*.toml"))
PAGE = (Path(__file__).parent.parent / "docs" / "playbook.md").read_text(encoding="utf-8")
TODAY = date(2026, 3, 31)

WHOLE = """\
name = "Ours"
outcomes = ["Win"]

[[stage]]
name = "Talk"
outcome = "Win"
crm = ["Talking"]
probability = 0.25
toll = [{ key = "slot", name = "accepted invitation", role = "buyer", expires_after_days = 30 }]

[[activity]]
name = "Call"
unit = "calls"
stage = "Talk"
earns = ["slot"]
finds = true
key = true
types = ["Phone"]
per_start = 0.12

[[skill]]
name = "Calling"
activities = ["Call"]
driver = "win rate"
practice = "Role-play it"
unit = "role-plays"

[[skill]]
name = "Listening"
activities = ["Call"]
driver = "size"
practice = "Write down what you heard"
needs = ["Calling"]

[[resource]]
name = "Script"
skills = ["Calling", "Listening"]
link = "https://example.com/script"
"""

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(text: str) -> Path:
        file = tmp_path / "playbook.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return to_file


def refused(file: Path) -> tuple[str, ...]:
    with pytest.raises(BadInputError) as error:
        playbook_file.load(file)
    assert str(file) in error.value.summary
    return error.value.problems


def test_every_key_is_read(write: Write) -> None:
    assert playbook_file.load(write(WHOLE)) == Playbook(
        name="Ours",
        outcomes=("Win",),
        stages=(Stage("Talk", "Win", (VerifierKind("slot", "accepted invitation", "buyer", 30),), ("Talking",), 0.25),),
        activities=(ActivityKind("Call", "calls", "Talk", ("slot",), True, True, ("Phone",), 0.12),),  # noqa: FBT003
        skills=(
            Skill("Calling", ("Call",), "win rate", "Role-play it", "role-plays"),
            Skill("Listening", ("Call",), "size", "Write down what you heard", needs=("Calling",)),
        ),
        resources=(Resource("Script", ("Calling", "Listening"), "https://example.com/script"),),
    )


def test_the_crms_field_of_a_verifier_is_read(write: Write) -> None:
    field = 'field = { name = "slot_on", one_of = ["Yes"], by = "who", on = "day", link = "url", until = "end" }'
    playbook = playbook_file.load(write(WHOLE.replace("expires_after_days = 30", field)))
    assert playbook.stages[0].toll[0].field == EvidenceField("slot_on", ("Yes",), "who", "day", "url", "end")


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ('field = "slot_on"', 'field is one table: write field = { name = "..." }'),
        ('field = { by = "who" }', "the field has no name: add name"),
        ('field = { nam = "slot_on" }', "'nam' isn't a key of a field: did you mean name?"),
    ],
)
def test_a_field_that_cannot_be_read_is_refused(write: Write, written: str, problem: str) -> None:
    problems = refused(write(WHOLE.replace("expires_after_days = 30", written)))
    assert any(said.startswith(f"line 9: {problem}") for said in problems), problems


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_a_playbook_that_ships_holds_together(file: Path) -> None:
    assert playbook_file.check_file(file) == ()
    playbook = playbook_file.load(file)
    assert {skill.driver for skill in playbook.skills} == set(DRIVERS)
    assert all(stage.toll and kind.role for stage in playbook.stages for kind in stage.toll)


def test_without_a_path_the_playbook_with_five_stages_is_loaded() -> None:
    playbook = playbook_file.load(None)
    assert [stage.name for stage in playbook.stages] == ["Discovery", "Evaluation", "Proposal", "Approved", "Contract"]
    assert playbook_file.check_file(None) == ()


def test_what_comes_with_cadence_is_told_in_every_language_and_a_copy_of_it_as_it_is_written(write: Write) -> None:
    ours = playbook_file.load(None)
    copy = playbook_file.load(write(playbook_file.DEFAULT.read_text(encoding="utf-8")))
    assert copy == ours
    german = [GERMAN.written(playbook.stages[0].toll[0].name) for playbook in (ours, copy)]
    assert german == ["eine angenommene Einladung", "an accepted meeting invitation"]
    assert not any(isinstance(text, Said) for text in texts_in(asdict(copy)))
    keys = {"crm", "types", "key", "driver"}
    assert not any(isinstance(text, Said) for text in texts_in(asdict(ours), keys))


def texts_in(part: Any, under: Container[str] | None = None) -> Iterator[str]:
    """Return every text of a tree, or those under some keys."""
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(value, str):
            yield from (value,) if under is None or key in under else ()
        elif isinstance(value, dict | list | tuple):
            yield from texts_in(value, None if under is None or key in under else under)


def test_what_a_practice_is_counted_in_unless_said_is_told_in_every_language(write: Write) -> None:
    skill = playbook_file.load(write(WHOLE)).skills[1]
    assert (skill.unit, GERMAN.written(skill.unit)) == ("sessions", "Übungen")


def test_a_deal_marked_approved_without_the_closure_plan_is_verified_as_proposal() -> None:
    playbook = playbook_file.load(None)
    deal = Deal(DealId("d1"), PersonId("r1"), "Acme", DealStatus.OPEN, stage="Approved")
    given = [
        Verifier(deal.id, kind.key, "Dana Buyer", TODAY)
        for stage in playbook.stages[:4]
        for kind in stage.toll
        if kind.name != "a closure plan"
    ]
    stands = standing(deal, given, playbook, TODAY, frozenset())
    assert (stands.verified_name, stands.gap) == ("Proposal", 1)
    assert [(kind.name, kind.role) for kind in stands.next_toll] == [("a closure plan", "decision-maker")]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_engaging_is_a_shipped_playbooks_first_stage_and_prospecting_none(file: Path) -> None:
    playbook = playbook_file.load(file)
    assert crm_position("Engaging", playbook) == 1
    assert crm_position("Prospecting", playbook) is None


def test_tolls_may_be_tables_of_their_own(write: Write) -> None:
    inline = 'toll = [{ key = "slot", name = "accepted invitation", role = "buyer", expires_after_days = 30 }]'
    own = '[[stage.toll]]\nkey = "slot"\nname = "accepted invitation"\nrole = "buyer"\nexpires_after_days = 30'
    assert playbook_file.load(write(WHOLE.replace(inline, own))) == playbook_file.load(write(WHOLE))


@pytest.mark.parametrize(
    ("instead_of", "written", "problem"),
    [
        ('unit = "calls"', 'untis = "calls"', "line 13: 'untis' isn't a key of an activity: did you mean unit?"),
        ("[[skill]]", "[[skills]]", "line 21: 'skills' isn't a key of the playbook: did you mean skill?"),
        ("crm =", "colour =", "line 7: 'colour' isn't a key of a stage: remove it, or use one of name, outcome, crm,"),
        ('role = "buyer"', 'rol = "buyer"', "line 9: 'rol' isn't a key of a verifier: did you mean role?"),
        ('outcome = "Win"\n', "", "line 4: the stage has no outcome: add outcome ="),
        ('name = "Ours"\n', "", "line 1: the playbook has no name: add name ="),
        ('outcomes = ["Win"]', "outcomes = []", "line 2: outcomes is empty: name at least one"),
        ('outcomes = ["Win"]', 'outcomes = "Win"', 'line 2: outcomes is a list: write outcomes = ["..."]'),
        ('name = "Talk"', "name = 5", 'line 5: name is text: put it in quotes, as in "5"'),
        ('name = "Talk"', 'name = " . "', "line 5: name has no letter in it: fill it in"),
        ('["Talking"]', '[\n"Talking",\n5,\n]', 'line 9: crm is text: put it in quotes, as in "5"'),
        ('name = "Talk"', f'name = "{"x" * 201}"', "line 5: name has 201 characters: shorten it to 200"),
        ("0.25", "25", "line 8: probability is a share above 0 and up to 1: write 0.25 for 25%"),
        ("0.25", "true", "line 8: probability is a share above 0 and up to 1: write 0.25 for 25%"),
        ("0.25", "nan", "line 8: probability is a share above 0 and up to 1: write 0.25 for 25%"),
        ("0.12", "inf", "line 19: per_start is starts per activity, above 0: write 0.12 for 12 in 100"),
        ("0.12", "0", "line 19: per_start is starts per activity, above 0: write 0.12 for 12 in 100"),
        ("days = 30", "days = 0", "line 9: expires_after_days is a whole number of days from 1 to 3650"),
        ("days = 30", "days = 1.5", "line 9: expires_after_days is a whole number of days from 1 to 3650"),
        ("days = 30", "days = true", "line 9: expires_after_days is a whole number of days from 1 to 3650"),
        ('key = "slot"', 'key = "Time Slot"', "line 9: key 'Time Slot' is the verifier's name in records: use small"),
        ('"slot"', f'"{"k" * 61}"', "line 9: key has 61 characters: shorten it to 60"),
        ("finds = true", 'finds = "yes"', "line 16: finds is true or false, without quotes: write finds = true"),
        ('"win rate"', '"speed"', "line 24: 'speed' isn't a driver: write starts, win rate, size or cycle"),
        ("https://", "", "line 38: link 'example.com/script' isn't a web address: begin it with https://"),
        ("[[resource]]", "[resource]", "line 35: resource holds one table per resource: write [[resource]] above each"),
    ],
)  # fmt: skip
def test_a_value_that_cant_be_used_is_named_with_line_and_remedy(
    write: Write, instead_of: str, written: str, problem: str
) -> None:
    problems = refused(write(WHOLE.replace(instead_of, written, 1)))
    assert any(said.startswith(problem) for said in problems), problems


def test_every_problem_is_named_at_once_from_top_to_bottom(write: Write) -> None:
    text = WHOLE.replace("0.25", "25").replace('"win rate"', '"speed"').replace('unit = "calls"\n', "")
    assert [said.split(":")[0] for said in refused(write(text))] == ["line 8", "line 11", "line 23"]


def test_a_reference_to_nothing_stops_the_start_and_is_a_finding_of_the_check(write: Write) -> None:
    file = write(WHOLE.replace('stage = "Talk"', 'stage = "Tlak"'))
    problem = "line 14: there is no stage 'Tlak': did you mean 'Talk'?"
    assert problem in refused(file)
    assert problem in playbook_file.check_file(file)


def test_what_is_only_unfinished_can_be_loaded_and_is_a_finding_with_its_line(write: Write) -> None:
    file = write(WHOLE.replace('earns = ["slot"]\n', "").replace('"Calling", "Listening"', '"Calling"'))
    assert playbook_file.load(file).activities[0].earns == ()
    unearned, unhelped = playbook_file.check_file(file)
    assert unearned.startswith("line 9: no activity earns the verifier 'accepted invitation', so no goal can be")
    assert unearned.endswith(': add earns = ["slot"] to the activity after which a customer gives it')
    assert unhelped == "line 27: no resource helps with the skill 'Listening': name it in the skills of a [[resource]]"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('name = "Ours"\noutcomes = [', "line 2: .*(array|invalid|value)"),
        ('name = "Ours"\n\noutcomes = oops\n', "line 3: column 12: invalid value: text stands in "),
        ('name = "Ours"\nname = "Theirs"\n', "line 2: column .*: cannot overwrite a value: .* each key once"),
    ],
)
def test_a_file_that_isnt_toml_is_refused_with_the_line(write: Write, text: str, problem: str) -> None:
    (said,) = refused(write(text))
    assert re.match(problem, said), said


def test_a_file_in_another_encoding_is_refused_with_the_line(tmp_path: Path) -> None:
    file = tmp_path / "playbook.toml"
    file.write_bytes('name = "Ours"\n# für uns\n'.encode("latin-1"))
    assert refused(file) == ("line 2: has a character in another encoding: save the file as UTF-8",)


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    file = tmp_path / "playbook.toml"
    file.write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").replace("0.25", "25").encode())
    assert refused(file) == ("line 8: probability is a share above 0 and up to 1: write 0.25 for 25%",)


def test_a_file_that_isnt_there_says_which_and_where_to_correct_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"missing\.toml can't be read \(No such file.*CADENCE_PLAYBOOK"):
        playbook_file.check_file(tmp_path / "missing.toml")


@pytest.mark.parametrize("text", ["#" * (256 * 1024 + 1), "x = " + "[" * 100_000])
def test_a_file_that_is_no_playbook_at_all_is_refused(write: Write, text: str) -> None:
    with pytest.raises(BadInputError):
        playbook_file.load(write(text))


def test_an_empty_file_says_what_a_playbook_needs(write: Write) -> None:
    assert [said.split(":")[1] for said in refused(write(""))] == [
        " the playbook has no stage",
        " the playbook has no name",
        " the playbook has no outcomes",
    ]


def test_the_pages_example_holds_together(write: Write) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert playbook_file.check_file(write(example)) == ()


def test_the_pages_example_says_of_a_deal_what_the_page_says(write: Write) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    playbook = playbook_file.load(write(example))
    deal = Deal(DealId("d1"), PersonId("r1"), "Acme", DealStatus.OPEN, stage="Negotiation")
    given = [Verifier(deal.id, key, "Dana Buyer", TODAY) for key in ("trial_day", "own_jobs")]
    stands = standing(deal, given, playbook, TODAY, frozenset())
    assert (stands.verified_name, [kind.name for kind in stands.next_toll]) == ("Trial", ["a start plan"])


@pytest.mark.parametrize(("kind", "heading"), [(kind, kind.title()) for kind in playbook_table.KEYS])
def test_the_page_explains_every_key_and_no_other(kind: str, heading: str) -> None:
    section = re.split(r"^##+ ", PAGE, flags=re.MULTILINE)
    (about,) = [part for part in section if part.startswith("At the top" if kind == "playbook" else f"{heading}\n")]
    assert tuple(re.findall(r"^\| `(\w+)`", about, re.MULTILINE)) == playbook_table.KEYS[kind]


WORST = """\
name = "Worst"
outcomes = ["Win", "Grow", "Win"]

[[stage]]
name = "Talk"
outcome = "Wim"
crm = ["Offer"]
probability = 0.5
toll = [{ key = "slot", name = "accepted invitation" }, { key = "plan", name = "closure plan" }]

[[stage]]
name = "Offer"
outcome = "Win"

[[stage]]
name = "Last"
outcome = "Win"
probability = 0.4

[[activity]]
name = "Offer"
unit = "sent"
stage = "Offer"
earns = ["slot"]
types = ["Mail"]
per_start = 0.1

[[activity]]
name = "Call"
unit = "calls"
stage = "Talk"
types = ["mail"]

[[skill]]
name = "Calling"
activities = ["Call"]
driver = "starts"
practice = "Do it"
needs = ["Calling"]
"""


def test_the_page_tells_every_finding_and_no_other(write: Write) -> None:
    told = PAGE.split("## What the check says")[1]
    patterns = [re.escape(said).replace("…", ".*") for said in re.findall(r"^\| `(.*?)` \|", told, re.MULTILINE)]
    findings = [finding.split(": ", 1)[1] for finding in playbook_file.check_file(write(WORST))]
    assert [said for said in findings if not any(re.match(pattern, said) for pattern in patterns)] == []
    assert [pattern for pattern in patterns if not any(re.match(pattern, said) for said in findings)] == []
