"""A new user's first hour in the demo, in a real browser: what they press works, and nothing breaks behind it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.async_api import Locator, expect
from slack_page import SlackPage

from bot.demo.stage import Stage
from bot.slack.chart_picture import WIDTH, picture
from bot.slack.client import open_session, web_client
from bot.views.blocks import bars
from bot.views.ids import ActionId, BlockId
from bot.views.languages import ENGLISH

pytestmark = pytest.mark.xdist_group("browser")  # one Chromium at a time is enough for two cores

REP, MANAGER = "Ruth Adler", "Mara Quinn"


async def test_a_rep_answers_the_questions_and_sees_them_saved(slack: SlackPage) -> None:
    await slack.open_as(REP)
    await slack.until(ActionId.PROMPT_OPEN)
    await slack.buttons(ActionId.PROMPT_OPEN).click()
    await slack.field(BlockId.ANSWER_WIN).get_by_role("textbox").fill("Acme: a *signed* budget & <b>no</b> later")
    await slack.modal.get_by_role("button", name="Save answers").click()
    await expect(slack.modal).to_be_hidden()
    await expect(slack.message_with(ActionId.PROMPT_OPEN)).to_contain_text("a signed budget & <b>no</b> later")
    await expect(slack.buttons(ActionId.PROMPT_OPEN)).to_be_focused()


async def test_a_form_is_left_with_escape_and_the_focus_goes_back_to_its_button(slack: SlackPage) -> None:
    await slack.open_as(REP)
    await slack.until(ActionId.PROMPT_OPEN)
    await slack.buttons(ActionId.PROMPT_OPEN).focus()
    await slack.page.keyboard.press("Enter")
    await expect(slack.field(BlockId.ANSWER_WIN).get_by_role("textbox")).to_be_focused()
    await slack.page.keyboard.press("Escape")
    await expect(slack.modal).to_be_hidden()
    await expect(slack.buttons(ActionId.PROMPT_OPEN)).to_be_focused()


async def test_a_wrong_number_is_refused_under_its_field_and_what_was_typed_stays(slack: SlackPage) -> None:
    await slack.open_as(REP)
    await slack.until(ActionId.FORK_CHANGE)
    await slack.buttons(ActionId.FORK_CHANGE).first.click()
    number = slack.field(BlockId.NUMBER)
    await number.get_by_role("textbox").fill("a few")
    await slack.modal.locator("footer .primary").click()
    await expect(number.locator(".error")).to_have_text("Please enter a number.")
    await expect(number.get_by_role("textbox")).to_have_value("a few")
    await expect(number.get_by_role("textbox")).to_be_focused()
    await expect(number.get_by_role("textbox")).to_have_attribute("aria-invalid", "true")


async def test_the_manager_approves_what_the_rep_said_yes_to_and_closes_the_1on1(slack: SlackPage) -> None:
    await slack.open_as(REP)
    await slack.until(ActionId.FORK_YES)
    offered = await slack.buttons(ActionId.FORK_YES).count()
    await slack.buttons(ActionId.FORK_YES).first.click()
    await expect(slack.buttons(ActionId.FORK_YES)).to_have_count(offered - 1)
    await slack.become(MANAGER)
    await slack.buttons(ActionId.GOAL_APPROVE).click()
    await expect(slack.buttons(ActionId.GOAL_APPROVE)).to_have_count(0)
    meeting = slack.page.locator("article").filter(has=slack.buttons(ActionId.MEETING_HELD)).filter(has_text=REP)
    place = await meeting.get_attribute("data-place")
    await meeting.locator(f"[data-action={ActionId.MEETING_HELD}]").click()
    closed = slack.page.locator(f"[data-place='{place}']")
    await expect(closed).to_contain_text("held")
    await expect(closed.locator(f"[data-action={ActionId.MEETING_HELD}]")).to_have_count(0)
    await slack.become(REP)
    await slack.until(ActionId.REPORT_DONE)


async def test_a_command_answers_only_to_the_one_who_typed_it(slack: SlackPage) -> None:
    await slack.open_as(REP)
    await slack.page.get_by_label("Message or command").fill("/1on1 help")
    await slack.page.keyboard.press("Enter")
    answer = slack.page.locator("article.ephemeral")
    await expect(answer).to_contain_text("Only visible to you")
    await expect(answer).to_contain_text("shows your next 1:1")


async def test_an_answer_in_a_thread_stands_under_its_message_and_opens_at_a_click(
    slack: SlackPage, demo: Stage
) -> None:
    await slack.open_as(REP)
    await slack.until(ActionId.PROMPT_OPEN)
    message = slack.message_with(ActionId.PROMPT_OPEN)
    place = await message.get_attribute("data-place")
    rep = next(person for person in demo.people if person.name == REP)
    await demo.bot.client.chat_postMessage(channel=rep.channel, thread_ts=place, text="A word beside it")
    thread = message.locator("details.thread")
    await expect(thread.locator("summary")).to_have_text("1 reply")
    await expect(thread.get_by_text("A word beside it")).to_be_hidden()
    await thread.locator("summary").click()
    await expect(thread.get_by_text("A word beside it")).to_be_visible()


async def test_the_home_tab_shows_the_next_1on1(slack: SlackPage) -> None:
    await slack.open_as(REP)
    await slack.page.get_by_role("tab", name="Home").click()
    await expect(slack.page.locator("#home")).to_contain_text("Your next 1:1")


async def test_the_clock_says_what_comes_next_and_moves_there(slack: SlackPage) -> None:
    await slack.open_as(REP)
    now, due = slack.page.locator("#now"), slack.page.locator("#due")
    await slack.until(ActionId.PRE_READ_HOW)
    await expect(due).to_contain_text("For you: ")
    await expect(due).to_contain_text("the time of the 1:1")
    before = await day_of(now)
    await slack.move()
    assert await day_of(now) > before
    await expect(slack.buttons(ActionId.FORK_YES)).not_to_have_count(0)
    at_the_1on1 = await day_of(now)
    await slack.move("[data-to='+1d']")
    assert await day_of(now) - at_the_1on1 == timedelta(days=1)


async def day_of(now: Locator) -> date:
    return date.fromisoformat((await now.get_attribute("datetime") or "")[:10])


async def test_what_waits_for_another_person_shows_as_a_number_beside_the_name(slack: SlackPage) -> None:
    await slack.open_as(REP)
    await slack.until(ActionId.PRE_READ_HOW)
    unread = slack.row(MANAGER).locator(".badge")
    await expect(unread).to_be_visible()
    await slack.become(MANAGER)
    await expect(unread).to_have_count(0)


async def test_on_a_phone_everything_is_in_reach_without_scrolling_sideways(phone: SlackPage) -> None:
    await phone.open_as(REP)
    await phone.until(ActionId.FORK_CHANGE)
    assert await phone.widest_pixel() <= 390
    await phone.buttons(ActionId.FORK_CHANGE).first.tap()
    await expect(phone.modal.get_by_role("button", name="Cancel")).to_be_in_viewport(ratio=1)
    assert await phone.widest_pixel() <= 390
    await phone.modal.get_by_role("button", name="Cancel").tap()
    await phone.page.get_by_role("button", name="Show people").tap()
    await phone.become(MANAGER)
    await expect(phone.page.locator("#people")).to_be_hidden()
    assert await phone.widest_pixel() <= 390


async def test_evidence_is_recorded_over_the_whole_agenda_and_stands_in_it_on_the_way_back(phone: SlackPage) -> None:
    await phone.open_as(REP)
    await phone.until(ActionId.PRE_READ_WHOLE)
    await phone.buttons(ActionId.PRE_READ_WHOLE).tap()
    await expect(phone.modal.get_by_role("heading", name="The whole agenda")).to_be_visible()
    assert await phone.widest_pixel() <= 390
    await phone.modal.locator(f"[data-action={ActionId.EVIDENCE_RECORD}]").first.tap()
    await phone.field(BlockId.VERIFIER).locator("select").select_option(index=1)
    await phone.field(BlockId.GIVEN_BY).get_by_role("textbox").fill("Carla Customer, CFO")
    await phone.modal.get_by_role("button", name="Record").tap()
    await phone.modal.get_by_role("button", name="Back to the agenda").tap()
    await expect(phone.modal).to_contain_text("All that changed since:")
    await expect(phone.modal).to_contain_text("Carla Customer, CFO")


async def test_a_long_modal_opens_at_its_top_wherever_its_first_button_stands(phone: SlackPage) -> None:
    await phone.open_as(MANAGER)
    await phone.until(ActionId.PRE_READ_WHOLE)
    await phone.buttons(ActionId.PRE_READ_WHOLE).first.tap()
    await expect(phone.modal.get_by_text("topic by topic")).to_be_in_viewport()
    assert await phone.modal.locator(".body").evaluate("(body) => body.scrollTop") == 0


async def test_a_picture_that_the_bot_uploaded_is_shown_with_its_words(slack: SlackPage, demo: Stage) -> None:
    chart = bars("Still to win", ["This quarter"], {"Still to win": [120_000]}, "Dollars")
    made = picture(chart, ENGLISH)
    assert made is not None
    async with open_session() as session:
        client = web_client("xoxb-sandbox", demo.sandbox.api_url, session)
        file = await client.files_upload_v2(filename="chart.png", content=made.png)
        shown = {"type": "image", "slack_file": {"id": file["files"][0]["id"]}, "alt_text": made.words}
        (person,) = [person for person in demo.people if person.name == REP]
        await client.chat_postMessage(channel=person.id, text="Numbers", blocks=[shown])
    await slack.open_as(REP)
    image = slack.page.get_by_alt_text(made.words)
    await image.scroll_into_view_if_needed()
    await expect(image).to_have_js_property("complete", value=True)
    await expect(image).to_have_js_property("naturalWidth", WIDTH)


async def test_days_of_a_message_stand_as_its_readers_language_writes_them(slack: SlackPage, demo: Stage) -> None:
    rep = next(person.id for person in demo.people if person.name == REP)
    demo.sandbox.workspace.change_person(rep, locale="de-DE")
    await slack.open_as(REP)
    await slack.page.get_by_label("Message or command").fill("/1on1")
    await slack.page.keyboard.press("Enter")
    shown = slack.page.locator("time[title]").first
    await expect(shown).to_contain_text(re.compile(r"^\w+, \d+\. Oktober 2017 (at|um) \d{1,2}:\d\d$"))
