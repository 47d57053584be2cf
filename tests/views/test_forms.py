"""Whether forms and buttons hand back exactly what was put in, and refuse what isn't theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.commitment import GoalId, GoalState
from bot.coaching.meeting import MeetingState
from bot.coaching.playbook import VerifierKind
from bot.coaching.records import Deal, DealId, DealStatus, PersonId, Verifier
from bot.coaching.winning.evidence import TollItem
from bot.coaching.winning.verified_stage import Standing
from bot.errors import BadInputError
from bot.views import approvals, closing, evidence, forks, matching, moving, prompts, reminders
from bot.views.ids import (
    FIELDS,
    READ_ONLY,
    ActionId,
    BlockId,
    CallbackId,
    counted_value,
    goal_value,
    leave_value,
    number_form_value,
    report_value,
    split_counted,
    split_goal,
    split_leave,
    split_number_form,
    split_report,
    split_swap,
    swap_value,
)
from bot.views.limits import OPTION_LENGTH, check_view
from bot.views.run_of_show import Course, run_of_show
from tests.views.builders import WEEK, a_goal, a_manager, a_meeting, a_person, a_pre_read, an_appointment, some_terms
from tests.views.cases import cases


def filled(view: dict[str, Any], **typed: Any) -> dict[str, Any]:
    """Return ``view`` as Slack hands it back with ``typed``, by block id."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input" and block["block_id"] in typed:
            element = block["element"]
            values[block["block_id"]] = {element["action_id"]: {"type": element["type"], **typed[block["block_id"]]}}
    assert values.keys() == typed.keys()
    return view | {"state": {"values": values}}


@given(goal=st.text(min_size=1), version=st.integers(0, 10**6), week=st.dates())
def test_a_buttons_value_is_read_as_it_was_written(goal: str, version: int, week: date) -> None:
    offered = a_goal(id=GoalId(goal), version=version)
    assert split_goal(goal_value(offered)) == (goal, version)
    assert split_report(report_value(offered, week)) == (goal, version, week)
    assert split_number_form(number_form_value(offered, week, "partly")) == (goal, version, week, "partly")
    assert split_counted(counted_value(offered, week, version / 7)) == (goal, version, week, version / 7)
    assert split_leave(leave_value(week, date.max)) == (week, date.max)


@pytest.mark.parametrize("value", ["", "g:1:2017-10-09", "g:1:2017-10-09:nan", "g:1:2017-10-09:-1", "g:1:2017-10-09:x"])
def test_a_count_that_is_not_ours_is_refused_with_what_to_do(value: str) -> None:
    with pytest.raises(BadInputError, match="/goals"):
        split_counted(value)


@pytest.mark.parametrize("value", ["", "2017-10-09", "2017-10-09 never"])
def test_a_leave_that_is_not_ours_is_refused_with_what_to_do(value: str) -> None:
    with pytest.raises(BadInputError, match="/1on1"):
        split_leave(value)


@pytest.mark.parametrize("value", ["", "g", ":1", "g:", "g:x", "g:-1", "g:²", "g:1:never", "g:1:2017-13-01"])
def test_a_value_that_is_not_ours_is_refused_with_what_to_do(value: str) -> None:
    with pytest.raises(BadInputError, match="/goals"):
        split_report(value)
    if ":1:" not in value:
        with pytest.raises(BadInputError):
            split_goal(value)


def test_answers_come_back_by_topic_without_the_empty_ones() -> None:
    view = prompts.modal(a_meeting(), a_manager(), (a_goal(GoalState.ACTIVE),))
    assert view["private_metadata"] == "m-1"
    back = filled(
        view,
        answer_aspiration={"value": "A million"},
        answer_win={"value": "  Acme  "},
        answer_balance={"value": None},
        answer_goals={"value": " "},
    )
    assert prompts.parse(back) == (("win", "Acme"), ("aspiration", "A million"))


def test_the_form_asks_about_last_goals_only_if_there_are_any() -> None:
    asked = [block.get("block_id") for block in prompts.modal(a_meeting(), a_manager(), ())["blocks"]]
    assert BlockId.ANSWER_GOALS not in asked
    assert BlockId.ANSWER_WIN in asked


def test_saved_answers_stand_in_the_form() -> None:
    view = prompts.modal(a_meeting(answers=(("balance", "Two events <b>"),)), a_manager(), ())
    typed = {block["block_id"]: block["element"].get("initial_value") for block in view["blocks"] if "element" in block}
    assert typed == {"answer_win": None, "answer_balance": "Two events <b>", "answer_aspiration": None}


@pytest.mark.parametrize(
    ("typed", "count"),
    [("6", 6), ("6.0", 6), ("6.5", None), ("six", None), ("", None), ("-3", None), (None, None), ("9" * 30, None)],
)
def test_a_changed_number_is_whole_or_none(typed: str | None, count: int | None) -> None:
    back = filled(
        forks.change_modal(a_goal()),
        number={"value": typed},
        due={"selected_date": "2017-10-20"},
        plan={"value": " Mondays "},
    )
    assert forks.parse_change(back) == (count, date(2017, 10, 20), "Mondays")


@pytest.mark.parametrize("picked", [None, "", "soon"])
def test_a_changed_day_that_is_none_is_none(picked: str | None) -> None:
    assert forks.parse_change(filled(forks.change_modal(a_goal()), due={"selected_date": picked})) == (None, None, "")


@pytest.mark.parametrize(
    ("typed", "count"), [("5", 5.0), ("2.5", 2.5), ("0", 0.0), ("-1", None), ("nan", None), ("inf", None), ("x", None)]
)
def test_a_reported_number_is_finite_and_not_negative(typed: str, count: float | None) -> None:
    view = reminders.number_modal(a_goal(GoalState.ACTIVE), "partly", WEEK)
    assert reminders.parse_number(filled(view, number={"value": typed})) == count


def test_words_and_reasons_are_stripped() -> None:
    assert approvals.parse_words(filled(approvals.send_back_modal(a_goal()), words={"value": " six \n"})) == "six"
    assert forks.parse_reason(filled(forks.decline_modal(a_goal()), reason={"value": " leave "})) == "leave"
    assert closing.parse_excuse(filled(closing.excuse_modal(a_meeting()), reason={"value": " "})) == ""


def test_a_move_names_the_instant_that_was_picked() -> None:
    slots = (an_appointment(date(2017, 10, 4)), an_appointment(date(2017, 10, 5)))
    view = moving.move_modal(a_meeting(), slots, a_manager())
    radio = next(block["element"] for block in view["blocks"] if block.get("block_id") == BlockId.SLOT)
    back = filled(view, slot={"selected_option": radio["options"][1]}, words={"value": " sorry "})
    assert moving.parse_move(back) == (slots[1].starts_at.isoformat(), "sorry")


def test_a_move_without_a_slot_names_none() -> None:
    view = moving.move_modal(a_meeting(), (an_appointment(),), a_manager())
    assert moving.parse_move(filled(view, slot={"selected_option": None})) == ("", "")
    assert moving.parse_move(moving.move_modal(a_meeting(), (), a_manager())) == ("", "")


def the_form(name: str = "evidence_form") -> dict[str, Any]:
    view = cases()[name]
    assert isinstance(view, dict)
    return view


def test_evidence_comes_back_as_it_was_filled_in() -> None:
    menus = {
        block["block_id"]: block["element"]["options"] for block in the_form()["blocks"] if block["type"] == "input"
        if block["element"]["type"] == "static_select"
    }  # fmt: skip
    back = filled(
        the_form(),
        verifier={"selected_option": menus["verifier"][0]},
        given_by={"value": "  Carla \n Customer "},
        given_on={"selected_date": "2017-10-02"},
        link={"value": " https://mail.example/1 "},
        ended={"selected_option": menus["ended"][0]},
    )
    assert evidence.parse(back) == evidence.Filled(
        "closure_plan", "Carla Customer", date(2017, 10, 2), "https://mail.example/1", "2017-09-20 decision_maker"
    )
    assert back["private_metadata"] == "d-1"


def test_evidence_not_filled_in_comes_back_as_nothing() -> None:
    empty = evidence.Filled("", "", None, "", "")
    assert evidence.parse(the_form()) == empty
    unset = {"verifier": {"selected_option": None}, "given_on": {"selected_date": None}, "link": {"value": None}}
    assert evidence.parse(filled(the_form(), **unset)) == empty


def test_the_next_toll_stands_first_and_what_can_be_given_anew_last() -> None:
    plan, meeting = VerifierKind("plan", "a plan", expires_after_days=9), VerifierKind("meeting", "a meeting")
    deal = Deal(DealId("d"), PersonId("anna"), "Acme", DealStatus.OPEN)
    held = Verifier(deal.id, "plan", "Carla", WEEK)
    items = (TollItem(plan, "Demo", (held,), None), TollItem(meeting, "Proposal", (), None))
    menu = evidence.modal(deal, Standing(0, None, (), (), ()), items, WEEK)["blocks"][-5]
    assert [option["text"]["text"] for option in menu["element"]["options"]] == ["a meeting", "a plan, given anew"]


def test_where_everything_is_given_for_good_something_can_only_be_withdrawn() -> None:
    inputs = {
        block["block_id"]: block["optional"] for block in the_form("evidence_form_paid")["blocks"] if "element" in block
    }
    assert inputs == {"ended": False}
    assert "submit" not in the_form("evidence_form_without_tolls")


@given(plan=st.text(max_size=80), number=st.integers(1, 10**6))
def test_the_goal_that_waits_for_room_comes_back_in_the_terms_that_were_wanted(plan: str, number: int) -> None:
    wanted = a_goal(version=3, terms=some_terms(plan=plan, number=number))
    assert split_swap(swap_value(wanted, changed=True)) == ("g-1", 3, (number, wanted.terms.due, plan))
    assert split_swap(swap_value(wanted, changed=False)) == ("g-1", 3, None)


@pytest.mark.parametrize("value", ["", "g-1", "g-1:1\n3", "g-1:1\nthree\n2017-10-03\n", "g-1:1\n3\nsoon\n"])
def test_a_form_that_makes_no_room_is_refused(value: str) -> None:
    with pytest.raises(BadInputError):
        split_swap(value)


def test_the_goal_to_drop_comes_back_in_the_version_that_was_shown() -> None:
    held = (a_goal(GoalState.ACTIVE, version=4), a_goal(GoalState.ACCEPTED, id=GoalId("g-2"), version=2))
    view = forks.full(a_goal(id=GoalId("g-3")), held)
    options = view["blocks"][2]["element"]["options"]
    chosen = filled(view, drop={"selected_option": options[0]})
    assert [split_goal(option["value"]) for option in options] == [("g-1", 4), ("g-2", 2)]
    assert forks.parse_drop(chosen) == "g-1:4"
    assert forks.parse_drop(view) == ""


def shown_actions(shown: Any) -> set[str]:
    if isinstance(shown, dict):
        own = {shown["action_id"]} if "action_id" in shown else set()
        return own.union(*(shown_actions(value) for value in shown.values()), set())
    if isinstance(shown, list):
        return set().union(*(shown_actions(value) for value in shown))
    return shown_actions(shown.blocks) if hasattr(shown, "blocks") else set()


def test_every_identifier_is_shown_somewhere_and_every_shown_one_is_known() -> None:
    everything = list(cases().values())
    assert set().union(*map(shown_actions, everything)) == {action.value for action in ActionId}
    modals = [view for view in everything if isinstance(view, dict) and view["type"] == "modal"]
    assert {view["callback_id"] for view in modals} == {callback.value for callback in CallbackId}
    fields = {block["block_id"] for view in modals for block in view["blocks"] if block["type"] == "input"}
    assert fields == {block.value for block in BlockId}
    assert {view["callback_id"] for view in modals if "submit" not in view} >= READ_ONLY
    assert set(ActionId) > FIELDS


@pytest.mark.parametrize("state", list(GoalState))
def test_only_an_open_question_has_buttons(state: GoalState) -> None:
    offered = shown_actions(forks.offer(a_goal(state), a_manager()))
    asked = shown_actions(approvals.request(a_goal(state), a_person()))
    assert bool(offered) == (state in {GoalState.OFFERED, GoalState.SENT_BACK})
    assert bool(asked) == (state is GoalState.ACCEPTED)


@pytest.mark.parametrize("state", list(GoalState))
def test_a_fork_in_its_place_asks_only_the_one_whose_word_is_next(state: GoalState) -> None:
    rep, manager = a_person(), a_manager()
    course = Course(a_meeting(state=MeetingState.STARTED), a_pre_read(), rep, manager, (a_goal(state),))
    to_close = {ActionId.MEETING_HELD, ActionId.MEETING_MOVE, ActionId.MEETING_EXCUSE}
    asked = {"rep": shown_actions(run_of_show(course, rep)), "manager": shown_actions(run_of_show(course, manager))}
    assert bool(asked["rep"]) == (state is GoalState.OFFERED)
    assert bool(asked["manager"] - to_close) == (state is GoalState.ACCEPTED)
    elsewhere = replace(course, asked=frozenset({a_goal(state).id}))
    assert shown_actions(run_of_show(elsewhere, manager)) == to_close, "asked in a message of its own"


def test_a_goal_reported_on_this_week_shows_what_was_said_and_lets_the_number_be_changed() -> None:
    monday_morning = datetime(2017, 10, 9, 13, tzinfo=UTC)
    sunday_evening = datetime(2017, 10, 9, 3, 59, tzinfo=UTC)  # still the 8th in New York
    this_week = reminders.weekly((a_goal(GoalState.ACTIVE, done=5.0, reported_at=monday_morning),), WEEK, a_person())
    last_week = reminders.weekly((a_goal(GoalState.ACTIVE, done=5.0, reported_at=sunday_evening),), WEEK, a_person())
    assert shown_actions(this_week) == {ActionId.REPORT_PARTLY}
    assert len(shown_actions(last_week)) == 4


def test_a_1on1_that_is_closed_asks_nothing_more() -> None:
    held = a_meeting(state=MeetingState.HELD)
    for reader in (a_person(), a_manager()):
        assert shown_actions(run_of_show(Course(held, a_pre_read(), a_person(), a_manager()), reader)) == set()
    assert shown_actions(closing.still_open(held, a_person())) == set()
    assert shown_actions(prompts.invite(held, a_person(), a_manager(), answered=True)) == set()


def test_more_people_than_a_menu_takes_are_told_of_and_ids_stay_whole() -> None:
    nobody = [matching.Theirs(f"005{number:015}", "Pat Owner " * 9, "pat@elsewhere.example") for number in range(130)]
    said = [matching.Theirs(f"4{number}", "Kim Seller", ours="Anna Meyer") for number in range(101)]
    form = check_view(matching.modal("salesforce", "Salesforce", nobody, said))
    assert "The first 100 by name are listed; 30 more follow as you go." in str(form)
    assert "cadence match salesforce ID --forget" in str(form)
    menu = next(block["element"] for block in form["blocks"] if block.get("block_id") == "choice")
    assert len(menu["options"]) == 100
    for option, one in zip(menu["options"], nobody, strict=False):
        assert option["value"] == one.id
        assert option["text"]["text"].endswith(f"(id {one.id})")
        assert len(option["text"]["text"]) <= OPTION_LENGTH
