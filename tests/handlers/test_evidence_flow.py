"""The rep records who at the customer gave what and when, and only that moves the verified stage."""

from __future__ import annotations

import asyncio
import re
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from world import (
    MANAGER,
    OTHER_MANAGER,
    OTHER_REP,
    PEOPLE,
    REP,
    START,
    STRANGER,
    World,
    a_world,
    buttons,
    some_deals,
    some_records,
    title,
    words,
)

from bot import playbook_file
from bot.coaching.commitment import GoalState
from bot.coaching.records import Deal, DealId, DealStatus, PersonId, Records, Verifier
from bot.coaching.said import say
from bot.errors import StaleError
from bot.sandbox import refused
from bot.sandbox.acts import Outcome
from bot.services.intake import take_in
from bot.services.ports.sync import Connection, StagedDeal
from bot.views.evidence import Filled
from bot.views.ids import ActionId

ACME = DealId("acme")
TODAY = date(2017, 10, 2)
PLAN = "closure_plan"
MISSING = "is marked Approved, but the customer hasn't given a closure plan, so we treat it as Proposal"
GIVEN = ("first_meeting", "problem_statement", "own_data", "decision_maker", "decision_criteria")


def acme(**changes: Any) -> Deal:
    usual = Deal(ACME, PersonId("ruth"), "Acme", DealStatus.OPEN, date(2017, 9, 1), amount=80_000.0, stage="Approved")
    return replace(usual, **changes)


def the_articles_example() -> Records:
    """Acme is marked Approved, and all verifiers are there but the closure plan."""
    given = tuple(Verifier(ACME, key, "Carla Customer", date(2017, 9, 12), "https://mail.example/1") for key in GIVEN)
    return some_records(deals=(*some_deals("ruth"), *some_deals("omar"), acme()), verifiers=given)


async def opened(world: World, deal: DealId = ACME, user: str = REP) -> dict[str, Any]:
    """Open the form as a button on a deal of /pipeline does, and return it."""
    assert (await world.press_unseen(user, ActionId.EVIDENCE_RECORD, deal)).acked
    view = world.sandbox.open_view(user)
    assert view is not None
    return view


async def fill(world: World, **typed: str | None) -> Outcome:
    """Submit the form in front of the rep; a field that isn't named stays as it is."""
    view = world.sandbox.open_view(REP)
    assert view is not None
    fields = {b["block_id"]: b["element"]["action_id"] for b in view["blocks"] if b["type"] == "input"}
    outcome = await world.sandbox.submit(REP, view["id"], {key: {fields[key]: value} for key, value in typed.items()})
    await world.settle()
    return outcome


async def record(world: World, verifier: str = PLAN, who: str = "Carla Customer", **typed: str | None) -> str:
    """Record a verifier, and return what is said of it."""
    await opened(world)
    assert not (await fill(world, verifier=verifier, given_by=who, **typed)).errors
    return world.told(REP)


async def withdraw(world: World, verifier: str) -> str:
    await opened(world)
    assert not (await fill(world, ended=verifier)).errors
    return world.told(REP)


async def verifiers(world: World, key: str = PLAN) -> tuple[Verifier, ...]:
    async with world.bot.database.transaction() as tx:
        return tuple(one for one in await tx.evidence.of_deal(ACME) if one.key == key)


async def said(world: World) -> int:
    """How often something was recorded or withdrawn."""
    async with world.bot.database.transaction() as tx:
        return len(await tx.evidence.since([ACME], datetime(2017, 1, 1, tzinfo=UTC)))


async def test_the_articles_example_word_for_word(database_url: str) -> None:
    async with a_world(database_url, the_articles_example()) as world:
        sentence = rf"Acme moves your chance of making the quarter by \d+ points; it {MISSING}\."
        assert re.search(sentence, await world.ask(REP, "/pipeline"))
        fork = next(message for message in await world.to_forks() if "Acme" in words(message))
        assert "Acme: send the decision-maker a draft closure plan and ask for edits" in words(fork)
        assert re.search(sentence, words(fork))

        done = await record(world, link="https://mail.example/plan")
        assert "*Acme* is now verified as Approved." in done
        assert "Next the customer would give: a contract with their changes, a signing date in their calendar." in done
        assert "is verified as Approved; next the customer would give" in await world.ask(REP, "/pipeline")
        day = date(2017, 10, 11)
        assert await verifiers(world) == (Verifier(ACME, PLAN, "Carla Customer", day, "https://mail.example/plan"),)

        assert "is now verified as Proposal" in await withdraw(world, f"{day} {PLAN}")
        assert MISSING in await world.ask(REP, "/pipeline")

        assert "verified as Approved" in await record(world, given_on="2017-10-10")
        assert "is verified as Approved" in await world.ask(MANAGER, "/pipeline", "@ruth")
        ends = Verifier(ACME, PLAN, "Carla Customer", date(2017, 10, 10), expires_on=date(2017, 10, 20))
        await world.import_people(verifiers=(ends,))
        await world.go_to(datetime(2017, 10, 20, 15, tzinfo=UTC))
        assert "is verified as Approved" in await world.ask(REP, "/pipeline"), "it holds through its last day"
        await world.go_to(datetime(2017, 10, 21, 15, tzinfo=UTC))
        assert MISSING in await world.ask(REP, "/pipeline"), "an expired verifier reopens the toll"
        assert "what Carla Customer gave on Tue 10 Oct 2017 has expired" in words(await opened(world))


async def test_the_form_says_what_was_given_and_what_is_missing_the_next_toll_first(sqlite_url: str) -> None:
    async with a_world(sqlite_url, the_articles_example()) as world:
        view = await opened(world)
        text = words(view)
        assert "Marked Approved in the CRM; verified as Proposal." in text
        assert (
            "an accepted meeting invitation: Carla Customer, Tue 12 Sep 2017, <https://mail.example/1|see it>" in text
        )
        assert "a closure plan from the decision-maker, for Approved" in text
        fields = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
        assert [option["value"] for option in fields["verifier"]["options"]] == [
            PLAN,
            "contract_changes",
            "signing_date",
        ]
        assert fields["given_on"]["initial_date"] == "2017-10-02"
        assert [option["value"] for option in fields["ended"]["options"]] == [f"2017-09-12 {key}" for key in GIVEN]


async def test_buttons_stand_on_the_reps_own_deals_and_nowhere_else(sqlite_url: str) -> None:
    async with a_world(sqlite_url, the_articles_example()) as world:
        await world.ask(REP, "/pipeline")
        (own,) = world.sandbox.messages(REP, with_ephemeral=True)
        deals = [button["value"] for button in buttons(own, ActionId.EVIDENCE_RECORD)]
        assert (deals[0], len(deals)) == (ACME, 4), "every open deal of hers"
        await world.press(REP, own, ActionId.EVIDENCE_RECORD)
        assert "*Acme*" in world.told(REP), "Slack shows the answer to her alone, and the button works there too"
        for text in ("@ruth", "@omar"):
            assert not buttons(
                (await world.sandbox.command(MANAGER, "/pipeline", text)).response, ActionId.EVIDENCE_RECORD
            )
        await world.until(REP, ActionId.PRE_READ_WHOLE)
        assert "Record evidence" in await world.whole_agenda(REP)
        await world.until(MANAGER, ActionId.PRE_READ_WHOLE)
        assert "Record evidence" not in await world.whole_agenda(MANAGER)


async def test_what_is_recorded_from_the_whole_agenda_stands_in_it_when_the_form_is_closed(
    database_url: str, over: dict[str, str]
) -> None:
    async with a_world(database_url, the_articles_example(), **over) as world:
        agenda = await world.until(REP, ActionId.PRE_READ_WHOLE)
        await world.press(REP, agenda, ActionId.PRE_READ_WHOLE)
        whole = world.sandbox.open_view(REP)
        assert whole is not None
        assert "All that changed" not in words(whole)
        await world.sandbox.click_in_view(REP, whole["id"], ActionId.EVIDENCE_RECORD, ACME)
        assert [title(view) for view in stacked(world)] == ["The whole agenda", "Record evidence"]
        faulty = await fill(world, verifier=PLAN)
        assert faulty.errors, "a fault is shown where it is"
        assert not (await fill(world, verifier=PLAN, given_by="Carla Customer")).errors
        done = world.sandbox.open_view(REP)
        assert done is not None
        assert (title(done), done["close"]["text"]) == ("Recorded", "Back to the agenda")
        await world.sandbox.close_view(REP, done["id"])
        (back,) = stacked(world)
        assert "*All that changed since:*\n• The customer of Acme gave a closure plan (Carla Customer" in words(back)
        assert "verified Proposal, CRM says Approved" in words(back), "the agenda stays frozen"


async def test_that_the_agenda_under_a_form_can_not_be_shown_anew_costs_nothing_that_was_recorded(
    sqlite_url: str,
) -> None:
    async with a_world(sqlite_url, the_articles_example()) as world:
        agenda = await world.until(REP, ActionId.PRE_READ_WHOLE)
        await world.press(REP, agenda, ActionId.PRE_READ_WHOLE)
        whole = world.sandbox.open_view(REP)
        assert whole is not None
        await world.sandbox.click_in_view(REP, whole["id"], ActionId.EVIDENCE_RECORD, ACME)
        world.sandbox.faults.next("views.update", refused("hash_conflict"))
        outcome = await fill(world, verifier=PLAN, given_by="Carla Customer")
        assert (outcome.acked, outcome.problem) == (True, "")
        assert "is now verified as Approved" in world.told(REP)
        assert await verifiers(world)


async def test_a_deal_that_closed_says_so_over_the_whole_agenda(sqlite_url: str) -> None:
    async with a_world(sqlite_url, the_articles_example()) as world:
        agenda = await world.until(REP, ActionId.PRE_READ_WHOLE)
        await world.press(REP, agenda, ActionId.PRE_READ_WHOLE)
        whole = world.sandbox.open_view(REP)
        assert whole is not None
        await world.import_people(deals=(acme(status=DealStatus.WON, close=TODAY),))
        await world.sandbox.click_in_view(REP, whole["id"], ActionId.EVIDENCE_RECORD, ACME)
        assert [title(view) for view in stacked(world)] == ["The whole agenda", "Settled already"]


async def test_the_buttons_of_an_agenda_from_before_still_record(sqlite_url: str) -> None:
    """Until this version the deals stood in the message itself, each with its button."""
    async with a_world(sqlite_url, the_articles_example()) as world:
        await world.until(REP, ActionId.PRE_READ_HOW)
        await world.press_unseen(REP, ActionId.EVIDENCE_RECORD, ACME)
        assert title(world.sandbox.open_view(REP)) == "Record evidence"
        view = world.sandbox.open_view(REP)
        assert view is not None
        assert view["private_metadata"] == ACME
        assert not (await fill(world, verifier=PLAN, given_by="Carla Customer")).errors
        done = world.sandbox.open_view(REP)
        assert done is not None
        assert done["close"]["text"] == "Close"


def stacked(world: World) -> list[dict[str, Any]]:
    """Return the modals of the rep, the one in front last."""
    views = world.sandbox.workspace.views
    return [views.to_json(view) for view in views.stack(REP)]


async def test_the_home_tab_asks_for_what_is_missing_now_and_opens_the_form(
    sqlite_url: str, over: dict[str, str]
) -> None:
    async with a_world(sqlite_url, the_articles_example(), **over) as world:
        await world.until(REP, ActionId.PRE_READ_HOW)
        await world.sandbox.open_home(REP)
        await world.settle()
        home = world.sandbox.home(REP)
        assert home is not None
        assert "*Acme*: a closure plan" in words(home)
        (first, *_) = buttons(home, ActionId.EVIDENCE_RECORD)
        await world.sandbox.click_in_view(REP, home["id"], ActionId.EVIDENCE_RECORD, first["value"])
        assert not (await fill(world, verifier=PLAN, given_by="Carla Customer")).errors
        assert "is now verified as Approved" in world.told(REP)
        assert "*Acme*: a contract with their changes" in words(world.sandbox.home(REP)), "shown anew at once"
        await world.import_people(deals=(acme(status=DealStatus.WON, close=TODAY),))
        await world.sandbox.open_home(REP)
        await world.settle()
        assert "Acme" not in words(world.sandbox.home(REP)).partition("Deals that want")[2].replace("Acme: GTX", "")


async def test_what_was_recorded_since_stands_at_the_top_of_both_copies_and_the_numbers_stay(
    database_url: str,
) -> None:
    async with a_world(database_url, the_articles_example()) as world:
        agenda = await world.until(REP, ActionId.PRE_READ_HOW)
        theirs = await world.until(MANAGER, ActionId.PRE_READ_HOW)
        await record(world)
        day = f"{world.bot.clock.now():%Y-%m-%d}"
        for user, sent in ((REP, agenda), (MANAGER, theirs)):
            (shown,) = [m for m in world.sandbox.messages(user) if m["ts"] == sent["ts"]]
            whole = await world.whole_agenda(user)
            assert "The customer of Acme gave a closure plan (Carla Customer, Tue 10 Oct)." in whole
            assert "verified Proposal, CRM says Approved" in words(shown), "the agenda stays frozen"
            assert words(shown).index("Changed since") < words(shown).index("Win What's Winnable")
        await withdraw(world, f"{day} {PLAN}")
        for user, sent in ((REP, agenda), (MANAGER, theirs)):
            (shown,) = [m for m in world.sandbox.messages(user) if m["ts"] == sent["ts"]]
            assert "Changed since" not in words(shown), "it is as it was"
        await withdraw(world, "2017-09-12 decision_criteria")
        (shown,) = [m for m in world.sandbox.messages(MANAGER) if m["ts"] == theirs["ts"]]
        assert "Changed since" in words(shown)
        assert "Written decision criteria from the customer of Acme no longer holds" in await world.whole_agenda(
            MANAGER
        )


async def test_what_was_recorded_before_an_agenda_is_in_it_and_no_change_of_it(sqlite_url: str) -> None:
    async with a_world(sqlite_url, the_articles_example()) as world:
        await record(world)
        agenda = await world.until(REP, ActionId.PRE_READ_HOW)
        assert "verified Approved, CRM says Approved" in words(agenda)
        assert "Changed since" not in words(agenda)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({}, {"verifier": "Choose what the customer gave, or below what no longer holds."}),
        ({"given_by": "Carla Customer"}, {"verifier": "Choose what they gave."}),
        ({"link": "https://mail.example/1", "ended": "2017-09-12 own_data"}, {"verifier": "Choose what they gave."}),
        ({"verifier": PLAN}, {"given_by": "Say who at the customer gave it"}),
        ({"verifier": PLAN, "given_by": " . "}, {"given_by": "Say who at the customer gave it"}),
        *(
            (
                {"verifier": PLAN, "given_by": us},
                {"given_by": "A verifier comes from the customer: name who there gave it."},
            )
            for us in ("Ruth Adler", "MARA@example.com ", "omar", "Ruth Adler <ruth@example.com>")
        ),
        ({"verifier": PLAN, "given_by": "Carla", "given_on": None}, {"given_on": "Choose the day on which"}),
        ({"verifier": PLAN, "given_by": "Carla", "given_on": "2017-10-03"}, {"given_on": "That day is still to come."}),
        (
            {"verifier": PLAN, "given_by": "Carla", "given_on": "2016-08-31"},
            {"given_on": "That is more than a year before the deal began (Fri 1 Sep 2017)."},
        ),
        ({"verifier": PLAN, "given_by": "Carla", "link": "https://"}, {"link": "A link begins with https://"}),
        ({"verifier": PLAN, "given_by": "Carla", "link": "http://["}, {"link": "A link begins with https://"}),
        (
            {"verifier": PLAN, "given_by": "Carla", "link": "https://x.example/" + "x" * 1000},
            {"link": "A link begins with https://"},
        ),
        (
            {"verifier": PLAN, "given_by": "Ruth Adler", "given_on": "2017-12-24"},
            {"given_by": "A verifier comes", "given_on": "That day is still"},
        ),
    ],
)
async def test_what_is_no_evidence_is_refused_under_its_field(
    sqlite_url: str, typed: dict[str, str | None], fault: dict[str, str]
) -> None:
    async with a_world(sqlite_url, the_articles_example()) as world:
        await opened(world)
        outcome = await fill(world, **typed)
        assert outcome.sent
        assert outcome.errors.keys() == fault.keys()
        for field, sentence in fault.items():
            assert outcome.errors[field].startswith(sentence)
        assert await said(world) == 0


async def test_a_link_that_is_none_does_not_reach_the_records_by_another_client(sqlite_url: str) -> None:
    async with a_world(sqlite_url, the_articles_example()) as world:
        view = deepcopy(await opened(world))
        view["state"] = {
            "values": {
                "verifier": {"choice": {"selected_option": {"value": PLAN}}},
                "given_by": {"text": {"value": "Carla Customer"}},
                "given_on": {"day": {"selected_date": "2017-10-02"}},
                "link": {"link": {"value": "javascript:alert(1)"}},
            }
        }
        payload = {"type": "view_submission", "user": {"id": REP}, "team": {"id": "T0SANDBOX"}, "view": view}
        ack = await world.deliver("interactive", payload)
        assert ack.payload["errors"].keys() == {"link"}


@pytest.mark.parametrize("given_on", ["2016-09-01", "2017-08-15", "2017-10-02"])
async def test_a_customer_may_give_it_before_the_crm_has_the_deal(sqlite_url: str, given_on: str) -> None:
    async with a_world(sqlite_url, the_articles_example()) as world:
        assert "verified as Approved" in await record(world, given_on=given_on)


async def test_today_is_the_reps_own_day(sqlite_url: str) -> None:
    async with a_world(sqlite_url, the_articles_example()) as world:
        await world.go_to(datetime(2017, 10, 4, 3, tzinfo=UTC))  # still the 3rd in Chicago
        await opened(world)
        assert (await fill(world, verifier=PLAN, given_by="Carla", given_on="2017-10-04")).errors.keys() == {"given_on"}
        assert not (await fill(world, given_on="2017-10-03")).errors


async def test_recording_and_withdrawing_may_come_together(database_url: str) -> None:
    async with a_world(database_url, the_articles_example()) as world:
        await opened(world)
        assert not (
            await fill(world, verifier=PLAN, given_by="Carla Customer", ended="2017-09-12 problem_statement")
        ).errors
        assert "is now verified as Discovery" in world.told(REP), "an earlier toll is open again"
        assert "was withdrawn on Mon 2 Oct 2017" in words(await opened(world))
        assert await said(world) == 2


async def test_doing_it_twice_is_once(database_url: str) -> None:
    async with a_world(database_url, the_articles_example()) as world:
        first = deepcopy(await opened(world))
        await fill(world, verifier=PLAN, given_by="Carla Customer")
        assert "is now verified as Approved" in world.told(REP)
        again = {"verifier": PLAN, "given_by": "Carla  Customer "}
        for _ in range(2):
            ack = await submit_left_open(world, first, **again)
            assert "is now verified as Approved" in words(ack.payload["view"])
        assert await said(world) == 1

        second = deepcopy(await opened(world))
        assert "is now verified as Proposal" in await withdraw(world, f"2017-10-02 {PLAN}")
        ack = await submit_left_open(world, second, ended=f"2017-10-02 {PLAN}")
        assert "is now verified as Proposal" in words(ack.payload["view"])
        assert await said(world) == 2


async def submit_left_open(world: World, view: dict[str, Any], **typed: str) -> Any:
    """Submit a form that stood open on another screen."""
    world.sandbox.workspace.views.close_all(REP)
    fields = {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}
    values: dict[str, Any] = {"given_on": {"day": {"selected_date": fields["given_on"]["initial_date"]}}}
    for block, value in typed.items():
        chosen = {"selected_option": {"value": value}} if block in {"verifier", "ended"} else {"value": value}
        values[block] = {fields[block]["action_id"]: chosen}
    left = {**view, "hash": f"left-{world.sandbox.workspace.next_ts()}", "state": {"values": values}}
    payload = {"type": "view_submission", "user": {"id": REP}, "team": {"id": "T0SANDBOX"}, "view": left}
    return await world.deliver("interactive", payload)


async def test_a_form_left_open_while_somebody_else_recorded_it_says_so(database_url: str) -> None:
    async with a_world(database_url, the_articles_example()) as world:
        view = deepcopy(await opened(world))
        await world.import_people(verifiers=(Verifier(ACME, PLAN, "Dan Decider", date(2017, 9, 30)),))
        ack = await submit_left_open(world, view, verifier=PLAN, given_by="Carla Customer")
        text = words(ack.payload["view"])
        assert "A closure plan is recorded already: Dan Decider gave it on Sat 30 Sep 2017." in text
        assert await said(world) == 0
        assert [one.given_by for one in await verifiers(world)] == ["Dan Decider"]


@pytest.mark.parametrize(("other_day", "refused"), [(0, 0), (1, 1)])
async def test_of_two_at_the_same_moment_one_is_recorded(database_url: str, other_day: int, refused: int) -> None:
    async with a_world(database_url, the_articles_example()) as world:
        first = Filled(PLAN, "Carla Customer", TODAY, "", "")
        other = replace(first, given_on=TODAY - timedelta(days=other_day))
        both = (world.bot.cases.evidence.record(ACME, REP, filled) for filled in (first, other))
        answers = await asyncio.gather(*both, return_exceptions=True)
        assert [isinstance(answer, StaleError) for answer in answers].count(True) == refused
        assert len(await verifiers(world)) == await said(world) == 1


async def test_what_expired_meanwhile_need_not_be_withdrawn(sqlite_url: str) -> None:
    async with a_world(sqlite_url, the_articles_example()) as world:
        view = deepcopy(await opened(world))
        ended = Verifier(ACME, "own_data", "Carla Customer", date(2017, 9, 12), expires_on=date(2017, 10, 1))
        await world.import_people(verifiers=(ended,))
        ack = await submit_left_open(world, view, ended="2017-09-12 own_data")
        assert "no longer counts anyway" in words(ack.payload["view"])
        ack = await submit_left_open(world, view, ended="2017-09-13 own_data")
        assert "no longer counts anyway" in words(ack.payload["view"])
        ack = await submit_left_open(world, view, verifier="gone", given_by="Carla Customer")
        assert "The playbook no longer asks for that" in words(ack.payload["view"])
        assert await said(world) == 0


async def test_a_deal_closed_given_away_or_gone_meanwhile_is_answered_clearly(sqlite_url: str) -> None:
    async with a_world(sqlite_url, the_articles_example()) as world:
        view = deepcopy(await opened(world))
        for deal, why in (
            (acme(status=DealStatus.LOST, close=TODAY), "Acme is closed (lost)"),
            (acme(owner=PersonId("omar")), "Only the rep whose deal this is"),
        ):
            await world.import_people(deals=(deal,))
            ack = await submit_left_open(world, view, verifier=PLAN, given_by="Carla Customer")
            assert why in words(ack.payload["view"])
            await world.press_unseen(REP, ActionId.EVIDENCE_RECORD, ACME)
            assert why in world.told(REP)
        for value in ("gone", ""):
            await world.press_unseen(REP, ActionId.EVIDENCE_RECORD, value)
            assert "no longer in the records" in world.told(REP)
        assert await said(world) == 0


async def test_only_the_deals_owner_may_open_or_submit_the_form(sqlite_url: str) -> None:
    async with a_world(sqlite_url, the_articles_example()) as world:
        view = deepcopy(await opened(world))
        for somebody, why in (
            (MANAGER, "Only the rep whose deal this is"),
            (OTHER_REP, "Only the rep whose deal this is"),
            (OTHER_MANAGER, "Only the rep whose deal this is"),
            (STRANGER, "I don't find you"),
        ):
            await world.press_unseen(somebody, ActionId.EVIDENCE_RECORD, ACME)
            told = world.told(somebody)
            assert why in told
            assert "Acme" not in told
            form = {"type": "view_submission", "user": {"id": somebody}, "team": {"id": "T0SANDBOX"}, "view": view}
            ack = await world.deliver("interactive", form)
            assert why in words(ack.payload["view"])
        assert await said(world) == 0


async def test_a_later_import_leaves_what_was_recorded_and_withdrawn_as_it_is(database_url: str) -> None:
    async with a_world(database_url, the_articles_example()) as world:
        await record(world)
        await withdraw(world, "2017-09-12 own_data")
        ours = replace((await verifiers(world))[0], given_by="ruth@example.com")
        before = await world.ask(REP, "/pipeline")
        records = the_articles_example()
        await world.import_people(*PEOPLE, deals=records.deals, verifiers=(*records.verifiers, ours))
        assert await world.ask(REP, "/pipeline") == before
        assert [one.given_by for one in await verifiers(world)] == ["Carla Customer"]


async def test_what_the_playbook_lets_expire_may_be_given_anew_and_not_when_it_is_too_old(
    sqlite_url: str, tmp_path: Path
) -> None:
    text = playbook_file.DEFAULT.read_text()
    file = tmp_path / "playbook.toml"
    file.write_text(text.replace('name = "a closure plan"', 'name = "a closure plan", expires_after_days = 10', 1))
    async with a_world(sqlite_url, the_articles_example(), CADENCE_PLAYBOOK=str(file)) as world:
        await opened(world)
        outcome = await fill(world, verifier=PLAN, given_by="Carla Customer", given_on="2017-09-21")
        assert outcome.errors["given_on"].startswith("It holds for 10 days, so this has expired.")
        assert not (await fill(world, given_on="2017-09-22")).errors
        assert "is now verified as Approved" in world.told(REP)

        fields = {block.get("block_id"): block.get("element") for block in (await opened(world))["blocks"]}
        options = fields["verifier"]["options"]
        assert options[-1]["text"]["text"] == "a closure plan, given anew"
        await fill(world, verifier=PLAN, given_by="Dan Decider", given_on="2017-09-22")
        assert "Carla Customer gave it on Fri 22 Sep 2017" in world.told(REP), "that day's is recorded already"
        assert "is now verified as Approved" in await record(world, who="Dan Decider")
        await world.go_to(datetime(2017, 10, 12, 15, tzinfo=UTC))
        assert "is verified as Approved" in await world.ask(REP, "/pipeline")
        await world.go_to(datetime(2017, 10, 13, 15, tzinfo=UTC))
        assert MISSING in await world.ask(REP, "/pipeline")


async def test_a_restart_changes_nothing_of_what_was_recorded(database_url: str) -> None:
    async with a_world(database_url, the_articles_example()) as world:
        await record(world)
        before = await world.ask(REP, "/pipeline")
        await world.restart()
        assert await world.ask(REP, "/pipeline") == before


async def test_names_and_links_are_shown_as_they_were_typed(sqlite_url: str) -> None:
    async with a_world(sqlite_url, the_articles_example()) as world:
        await world.until(REP, ActionId.PRE_READ_HOW)
        hostile = "<!channel> & *Carla* <https://evil.example|safe>"
        await record(world, who=hostile, link="https://mail.example/a|b>c?<!here>")
        view = await opened(world)
        world.told(REP)
        for text in (words(view), await world.whole_agenda(REP)):
            assert "&lt;!channel&gt; &amp; *Carla* &lt;https://evil.example|safe&gt;" in text
            assert "<!" not in text.replace("<!date", "")
        assert "<https://mail.example/a%7Cb%3Ec?%3C!here%3E|see it>" in words(view)


async def test_what_an_import_brings_after_publication_is_marked_on_the_next_tick_and_its_choice_falls_away(
    database_url: str,
) -> None:
    async with a_world(database_url, the_articles_example()) as world:
        await world.until(REP, ActionId.PRE_READ_HOW)
        assert "A choice for you*: *Acme" in await world.whole_agenda(REP)
        given = Verifier(ACME, PLAN, "Carla Customer", date(2017, 10, 9))
        async with world.bot.database.transaction() as tx:
            await take_in(tx, Records(verifiers=(given,)))
        await world.settle()
        for user in (REP, MANAGER):
            agendas = [m for m in world.sandbox.messages(user) if "Please read this before" in m["text"]]
            shown = agendas[-1]
            assert "Changed since" in words(shown)
            whole = await world.whole_agenda(user)
            assert "The records now show a closure plan from the customer of Acme." in whole
            assert "falls away" in whole
            assert "verified Proposal, CRM says Approved" in words(shown), "the numbers stay frozen"
        await world.go_to((await world.meeting()).appointment.starts_at)
        assert not [goal for goal in await world.goals(GoalState.OFFERED) if goal.terms.deal == ACME]


async def test_a_deal_that_closes_after_publication_is_marked_with_how(sqlite_url: str) -> None:
    async with a_world(sqlite_url, the_articles_example()) as world:
        agenda = await world.until(REP, ActionId.PRE_READ_HOW)
        async with world.bot.database.transaction() as tx:
            deal = await tx.evidence.deal(ACME)
            assert deal is not None
            won = replace(deal, status=DealStatus.WON, close=date(2017, 10, 10), amount=82_000.0)
            await take_in(tx, Records(deals=(won,)))
        await world.settle()
        (shown,) = [m for m in world.sandbox.messages(REP) if m["ts"] == agenda["ts"]]
        assert "Acme was won on Tue 10 Oct ($82k)" in words(shown)


def acme_in_a_crm(**fields: str) -> StagedDeal:
    return StagedDeal(
        id=ACME, name="Acme", status=DealStatus.OPEN, owner="2", stage="Approved", amount=None, currency="USD",
        start=None, close=None, expected_close=None, moved=None, modified=None, modified_on=None, lost_reason="",
        account="", product="", list_price=None, fields=fields,
    )  # fmt: skip


async def leave_the_records(world: World) -> None:
    """Let a CRM that has Acme be forgotten."""
    async with world.bot.database.transaction() as tx:
        await tx.connections.put(Connection("hubspot", {}, "", START))
        await tx.syncs.keep_deals("hubspot", 1, [acme_in_a_crm()], at=START, on=TODAY, has_history=False)
    await world.bot.syncing.disconnect("hubspot", forget=True)


async def test_a_deal_that_leaves_the_records_is_marked_and_its_choice_falls_away(database_url: str) -> None:
    async with a_world(database_url, the_articles_example()) as world:
        await world.until(REP, ActionId.PRE_READ_HOW)
        await leave_the_records(world)
        async with world.bot.database.transaction() as tx:
            await take_in(tx, Records())
        await world.settle()
        shown = await world.whole_agenda(REP)
        assert "Acme is no longer in the records; the numbers below still count it." in shown
        assert "falls away: its deal is no longer in the records." in shown
        await world.go_to((await world.meeting()).appointment.starts_at)
        assert not [goal for goal in await world.goals(GoalState.OFFERED) if goal.terms.deal == ACME]


async def test_a_deal_that_left_the_records_is_not_open_on_the_home_tab(sqlite_url: str) -> None:
    async with a_world(sqlite_url, the_articles_example()) as world:
        await world.until(REP, ActionId.PRE_READ_HOW)
        shown = []
        for change in (world.settle, lambda: leave_the_records(world)):
            await change()
            await world.sandbox.open_home(REP)
            await world.settle()
            shown.append("*Acme*: a closure plan" in words(world.sandbox.home(REP)))
        assert shown == [True, False]


async def test_of_a_deal_that_left_the_records_nothing_is_recorded(sqlite_url: str) -> None:
    async with a_world(sqlite_url, the_articles_example()) as world:
        await opened(world)
        await leave_the_records(world)
        await fill(world, verifier=PLAN, given_by="Carla Customer")
        assert await verifiers(world) == ()
        assert "no longer in the records" in world.told(REP)


async def test_a_choice_of_a_deal_that_left_the_records_meanwhile_is_taken_back(sqlite_url: str) -> None:
    async with a_world(sqlite_url, the_articles_example()) as world:
        await world.to_forks()
        assert [goal for goal in await world.goals(GoalState.OFFERED) if goal.terms.deal == ACME]
        await leave_the_records(world)
        async with world.bot.database.transaction() as tx:
            await take_in(tx, Records())
        await world.settle()
        assert not [goal for goal in await world.goals(GoalState.OFFERED) if goal.terms.deal == ACME]


async def test_a_deal_that_closes_on_a_day_to_come_is_open_until_then(sqlite_url: str) -> None:
    async with a_world(sqlite_url, the_articles_example()) as world:
        agenda = await world.until(REP, ActionId.PRE_READ_HOW)
        async with world.bot.database.transaction() as tx:
            deal = await tx.evidence.deal(ACME)
            assert deal is not None
            await take_in(tx, Records(deals=(replace(deal, status=DealStatus.LOST, close=date(2017, 10, 20)),)))
        await world.settle()
        (shown,) = [m for m in world.sandbox.messages(REP) if m["ts"] == agenda["ts"]]
        assert "Changed since" not in words(shown)
        assert any("Acme" in words(fork) for fork in await world.to_forks())


async def test_a_choice_whose_verifier_comes_in_the_1on1_itself_is_taken_back(database_url: str) -> None:
    async with a_world(database_url, the_articles_example()) as world:
        await world.to_forks()
        (goal,) = [one for one in await world.goals(GoalState.OFFERED) if one.terms.deal == ACME]
        await record(world)
        (gone,) = await world.goals(GoalState.OBSOLETE)
        assert gone.id == goal.id
        assert "What it was for has come" in words(world.course(REP))
        assert "Taken back" in words(world.course(MANAGER))


async def from_the_crm(world: World, who: str) -> None:
    """Let the CRM say of Acme that the closure plan is there, by who is given, in the field plan_agreed."""
    staged = acme_in_a_crm(plan_agreed="yes")
    async with world.bot.database.transaction() as tx:
        await tx.syncs.keep_deals("hubspot", 1, [staged], at=START, on=TODAY, has_history=False)
        given = Verifier(ACME, PLAN, who, date(2017, 9, 28))
        await tx.syncs.put_verifiers("hubspot", [ACME], [given], TODAY)


@pytest.mark.parametrize(
    ("who", "field", "said"),
    [
        ("Jane Doe", "plan_agreed", "Jane Doe, Thu 28 Sep 2017. HubSpot says so, in its field plan_agreed."),
        ("Jane Doe", "renamed_since", "Jane Doe, Thu 28 Sep 2017. HubSpot says so."),
        (say("{source}'s field {field}", source="HubSpot", field="plan_agreed"), "plan_agreed",
         "HubSpot's field plan_agreed, Thu 28 Sep 2017"),
    ],
)  # fmt: skip
async def test_what_the_crm_says_and_nobody_recorded_is_told_apart_with_its_field_and_its_day(
    database_url: str, tmp_path: Path, who: str, field: str, said: str
) -> None:
    file = tmp_path / "playbook.toml"
    mapped = f'name = "a closure plan", field = {{ name = "{field}" }}'
    file.write_text(playbook_file.DEFAULT.read_text().replace('name = "a closure plan"', mapped, 1))
    async with a_world(database_url, the_articles_example(), CADENCE_PLAYBOOK=str(file)) as world:
        await from_the_crm(world, who)
        shown = words(await opened(world))
        assert [line for line in shown.split("\n") if line.startswith("• a closure plan")] == [
            f"• a closure plan: {said}"
        ]
        assert shown.count("HubSpot") == 1, "what was imported is nobody's field"
        async with world.bot.database.transaction() as tx:
            mine = Verifier(ACME, PLAN, "Carla Customer", date(2017, 9, 28))
            await tx.evidence.record(mine, by=PEOPLE[1].id, at=START)
        assert "HubSpot" not in words(await opened(world)), "what a person says of it is the person's"
