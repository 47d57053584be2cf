"""A rep makes a goal from the home tab, and is shown what would stand instead of what doesn't, in a real browser."""

from __future__ import annotations

import pytest
from playwright.async_api import expect
from slack_page import SlackPage

from bot.views.ids import ActionId, BlockId

pytestmark = pytest.mark.xdist_group("browser")  # one Chromium at a time is enough for two cores

REP, MANAGER = "Ruth Adler", "Mara Quinn"


async def home(slack: SlackPage, name: str) -> None:
    await slack.open_as(name)
    await slack.page.get_by_role("tab", name="Home").click()
    await expect(slack.page.locator("#home .header").first).to_be_visible()


async def submit(slack: SlackPage) -> None:
    await slack.modal.locator("footer .primary").click()


async def test_a_goal_is_made_from_the_playbook_on_the_home_tab(slack: SlackPage) -> None:
    await home(slack, REP)
    await slack.buttons(ActionId.HOME_NEW_GOAL).click()
    await submit(slack)
    await expect(slack.field(BlockId.CHOICE).locator(".error")).to_contain_text("Choose one of these")
    menu = slack.field(BlockId.CHOICE).get_by_role("combobox")
    await expect(menu.locator("optgroup")).to_have_count(3)
    await menu.select_option(label=await menu.locator("option", has_text="Discovery questions").inner_text())
    await submit(slack)
    number = slack.field(BlockId.NUMBER)
    await expect(number.get_by_role("textbox")).not_to_have_value("")
    plan = "If it is Tuesday 9:00, then I role-play a discovery on one of your deals and note what each answer costs "
    await expect(slack.field(BlockId.PLAN).get_by_role("textbox")).to_have_value(f"{plan}the customer.")
    await slack.field(BlockId.DUE).locator("input").fill("2018-03-01")
    await submit(slack)
    await expect(slack.field(BlockId.DUE).locator(".error")).to_contain_text("Choose a day from tomorrow to")
    await slack.field(BlockId.DUE).locator("input").fill("2017-10-12")
    await submit(slack)
    await expect(slack.modal).to_contain_text("Mara Quinn is asked to approve it")
    await slack.modal.get_by_role("button", name="Close", exact=True).last.click()
    await expect(slack.page.locator("#home")).to_contain_text("waiting for approval")


async def test_an_outcome_typed_on_a_phone_becomes_what_leads_there_in_one_tap(phone: SlackPage) -> None:
    await home(phone, REP)
    await phone.buttons(ActionId.HOME_NEW_GOAL).tap()
    await phone.field(BlockId.WORDS).get_by_role("textbox").fill("close 3 deals")
    await submit(phone)
    await expect(phone.modal).to_contain_text("depends on the customer")
    await expect(phone.field(BlockId.CHOICE).get_by_role("radio").first).to_be_checked()
    assert await phone.widest_pixel() <= 390
    await submit(phone)
    await expect(phone.modal).to_contain_text("You said yes")


async def test_a_manager_reads_the_own_consistency_first_and_approves_on_the_tab(slack: SlackPage) -> None:
    await slack.open_as(REP)
    await slack.until(ActionId.FORK_YES)
    await slack.buttons(ActionId.FORK_YES).first.click()
    await expect(slack.page.locator("article").last).to_be_visible()
    await home(slack, MANAGER)
    tab = slack.page.locator("#home")
    await expect(tab).to_contain_text("your own consistency first")
    await tab.locator(f"[data-action={ActionId.GOAL_APPROVE}]").first.click()
    await expect(tab.locator(f"[data-action={ActionId.GOAL_APPROVE}]")).to_have_count(0)
    await expect(tab).to_contain_text("Nothing now.")
