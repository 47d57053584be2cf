"""The sandbox's page as a person uses it: choose who you are, press, fill, read."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from bot.demo.stage import Stage
from bot.views.ids import ActionId, BlockId

PATIENCE_MS = 20_000  # for a machine that does other things too; nothing waits that long on an idle one
MOST_EVENTS = 12
expect.set_options(timeout=PATIENCE_MS)


class SlackPage:
    """One browser tab. ``problems`` are the errors its console told of so far."""

    def __init__(self, page: Page, demo: Stage) -> None:
        self.page = page
        self._url = demo.sandbox.url
        self._ids = {person.name: person.id for person in demo.people}
        self.problems: list[str] = []
        page.on("console", lambda told: self.problems.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    async def open_as(self, name: str) -> None:
        """Open the page as the person, with a fresh load."""
        await self.page.goto(f"{self._url}/#{self._ids[name]}")
        await expect(self.current).to_contain_text(name)
        await expect(self.page.locator("#mine")).to_be_visible()

    async def become(self, name: str) -> None:
        """Choose another person in the list."""
        await self.row(name).click()
        await expect(self.current).to_contain_text(name)

    def row(self, name: str) -> Locator:
        """Return the person's row in the list."""
        return self.page.locator(f"[data-person={self._ids[name]}]")

    @property
    def current(self) -> Locator:
        return self.page.locator("#list [aria-current=true]")

    @property
    def modal(self) -> Locator:
        return self.page.locator("#modal")

    def buttons(self, action: ActionId) -> Locator:
        return self.page.locator(f"[data-action={action}]")

    def message_with(self, action: ActionId) -> Locator:
        """Return the first message that shows the button."""
        return self.page.locator("article").filter(has=self.buttons(action)).first

    def field(self, block: BlockId) -> Locator:
        """Return the input of the modal's block, with its label, hint and error."""
        return self.modal.locator(f"[data-block={block}]")

    async def move(self, button: str = "#mine") -> None:
        """Press a button of the clock and wait until the bot rests."""
        await self.page.locator(button).click()
        await expect(self.page.locator("[data-to][aria-busy]")).to_have_count(0, timeout=PATIENCE_MS)

    async def until(self, action: ActionId) -> None:
        """Press "My next event" until a message shows the button."""
        for _ in range(MOST_EVENTS):
            if await self.buttons(action).count():
                return
            await self.move()
        raise AssertionError(f"no message ever showed {action}")

    async def widest_pixel(self) -> int:
        """Return how wide the page would have to be to show all of it."""
        width: int = await self.page.evaluate("() => document.documentElement.scrollWidth")
        return width
