"""Makes the pictures of the documentation from the real page, and one of every golden message: `make pictures`."""

from __future__ import annotations

import asyncio
import base64
import logging
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import chromium
import gallery
from playwright.async_api import Browser, Locator, Page
from playwright.async_api import TimeoutError as TooLateError
from slack_page import SlackPage

from bot.demo.interactive import first_pair, playing
from bot.demo.organisation import START
from bot.demo.stage import Stage
from bot.views.ids import ActionId, BlockId

SCALE = 2  # pixels of the picture for one of the page: sharp on a dense screen, and in the width of a README
ANSWER = "GTX Plus Pro: they like it, but I have no date from them yet."
COMPOSED = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; padding: 18px 22px 22px; width: 760px; background: #eef0f4; color: #1d1c1d; font: 15px Lato, system-ui, sans-serif; }
h2 { margin: 14px 0 7px; font-size: 15px; font-weight: 400; color: #4a4b52; } h2:first-child { margin-top: 0; }
h2 b { color: #1d1c1d; font-weight: 700; }
img { display: block; width: 760px; border-radius: 8px; box-shadow: 0 1px 5px #0003; }
</style>"""  # noqa: E501 - one rule a line


@dataclass(frozen=True, slots=True)
class Panel:
    """One message as a picture, with who sees it and when."""

    who: str
    does: str
    when: str
    png: bytes

    def html(self) -> str:
        data = base64.b64encode(self.png).decode()
        return f'<h2><b>{self.who}</b>, {self.does} · {self.when}</h2><img src="data:image/png;base64,{data}">'


async def make(folder: Path, executable: str) -> None:
    """Play one cycle of the demo and write conversation.png, agenda.png and phone.png into ``folder``."""
    with tempfile.TemporaryDirectory() as kept:
        async with playing(Path(kept), START) as demo, chromium.started(executable) as browser:
            rep, manager = await first_pair(demo)
            slack = SlackPage(await _window(browser, 1060, 1000), demo)
            await slack.open_as(rep)
            await _answer(slack)
            await slack.until(ActionId.PRE_READ_HOW)
            await _picture_of_the_agenda(slack, folder / "agenda.png")
            panels = await _conversation(slack, demo, browser, rep, manager, folder)
            composed = await _window(browser, 804, 400)
            await composed.set_content(COMPOSED + "".join(panel.html() for panel in panels))
            await composed.locator("body").screenshot(path=folder / "conversation.png")


async def make_gallery(folder: Path, executable: str) -> None:
    """Write a picture of every golden message as a phone shows it."""
    shown = gallery.goldens()
    async with gallery.serving(shown) as address, chromium.started(executable) as browser:
        page = await gallery.opened(await _window(browser, 420, 900), address)
        await gallery.pictures(page, shown, folder)


def shrink(folder: Path) -> None:
    """Give the pictures a palette where pngquant is installed: a third of the size, and nobody sees it."""
    quantizer = shutil.which("pngquant")
    if quantizer is not None:
        files = sorted(folder.glob("*.png"))
        subprocess.run([quantizer, "--force", "--ext=.png", "--speed=1", "--strip", *files], check=True)  # noqa: S603


async def _window(browser: Browser, width: int, height: int) -> Page:
    return await browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=SCALE)


async def _answer(slack: SlackPage) -> None:
    await slack.until(ActionId.PROMPT_OPEN)
    await slack.buttons(ActionId.PROMPT_OPEN).click()
    await slack.field(BlockId.ANSWER_WIN).get_by_role("textbox").fill(ANSWER)
    await slack.modal.locator("footer .primary").click()
    await slack.modal.wait_for(state="hidden")


async def _picture_of_the_agenda(slack: SlackPage, file: Path) -> None:
    message = slack.message_with(ActionId.PRE_READ_HOW)
    await message.evaluate("(message) => message.scrollIntoView()")
    await _settled(message)
    await slack.page.screenshot(path=file)


async def _conversation(
    slack: SlackPage, demo: Stage, browser: Browser, rep: str, manager: str, folder: Path
) -> list[Panel]:
    await slack.until(ActionId.FORK_YES)
    phone = SlackPage(await _window(browser, 390, 780), demo)
    await phone.open_as(rep)
    await phone.message_with(ActionId.FORK_YES).scroll_into_view_if_needed()
    await phone.page.screenshot(path=folder / "phone.png")
    panels = [await _panel(slack, rep, "rep, at a fork in the road", ActionId.FORK_YES)]
    await slack.buttons(ActionId.FORK_YES).first.click()
    await slack.become(manager)
    panels.append(await _panel(slack, manager, "manager", ActionId.GOAL_APPROVE))
    await slack.buttons(ActionId.GOAL_APPROVE).click()
    await slack.buttons(ActionId.GOAL_APPROVE).wait_for(state="detached")  # the message with it was written anew
    meeting = slack.page.locator("article").filter(has=slack.buttons(ActionId.MEETING_HELD)).filter(has_text=rep)
    await meeting.locator(f"[data-action={ActionId.MEETING_HELD}]").click()
    await slack.become(rep)
    await slack.until(ActionId.REPORT_DONE)
    panels.append(await _panel(slack, rep, "rep, asked how it goes", ActionId.REPORT_DONE))
    return panels


async def _panel(slack: SlackPage, who: str, does: str, action: ActionId) -> Panel:
    message = slack.message_with(action)
    await message.wait_for()
    await _settled(message)
    when = (await slack.page.locator("#now").inner_text()).replace(", 2017", "")
    return Panel(who, does, when, await message.screenshot())


async def _settled(message: Locator) -> None:
    """Take the pointer away, and wait until the message is drawn as it stays."""
    await message.page.mouse.move(0, 0)
    with suppress(TooLateError):
        await message.locator(".working").wait_for(state="detached", timeout=2_000)


if __name__ == "__main__":
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    found = chromium.path()
    if found is None:
        sys.exit("Chromium is not installed: apt-get install chromium")
    documentation, review = map(Path, sys.argv[1:])
    review.mkdir(parents=True, exist_ok=True)
    asyncio.run(make_gallery(review, found))
    asyncio.run(make(documentation, found))
    shrink(documentation)
