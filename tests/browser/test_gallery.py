"""Every message the bot can send is drawn by a real browser, wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import chromium
import gallery
import pytest
from playwright.async_api import Browser, Page

pytestmark = pytest.mark.xdist_group("browser")

PHONE = {"width": 390, "height": 844}
UNREADABLE = """() => {
  const light = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
      .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$|transparent/.test(color)) return color;
    }
    return getComputedStyle(document.body).backgroundColor;
  };
  const found = [];
  for (const node of document.querySelectorAll(".shown *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!own || node.matches("option, .hidden")) continue;
    const [a, b] = [light(getComputedStyle(node).color), light(behind(node))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) found.push(`${node.closest(".shown").id}: ${node.textContent.slice(0, 40)}`);
  }
  return found;
}"""
"""What stands on its ground with less than 4.5 : 1 of contrast (WCAG 2.2, 1.4.3)."""


@pytest.fixture
async def browser(executable: str) -> AsyncIterator[Browser]:
    async with chromium.started(executable) as browser:
        yield browser


@pytest.fixture
async def shown(browser: Browser) -> AsyncIterator[Page]:
    """The gallery on a phone; at the end the console has told of no error."""
    problems: list[str] = []
    async with gallery.serving(gallery.goldens()) as address:
        page = await browser.new_page(viewport=PHONE)  # type: ignore[arg-type]
        page.on("console", lambda told: problems.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        yield await gallery.opened(page, address)
        assert problems == []


async def test_the_page_draws_every_block_that_a_message_is_made_of(shown: Page) -> None:
    assert await shown.locator(".shown").count() == len(gallery.goldens())
    assert await names_of(shown, ".unknown") == []


async def test_no_message_is_wider_than_a_phone(shown: Page) -> None:
    wide = "(all) => all.filter((one) => one.scrollWidth > 390).map((one) => one.id)"
    assert await shown.locator(".shown").evaluate_all(wide) == []


async def test_every_control_has_a_name_for_a_screen_reader(shown: Page) -> None:
    nameless = """(all) => all
      .filter((one) => !(one.ariaLabel || one.labels?.length || one.textContent.trim() || one.alt))
      .map((one) => `${one.closest(".shown").id}: ${one.outerHTML.slice(0, 80)}`)"""
    assert await shown.locator(".shown :is(button, input, select, textarea, summary, img)").evaluate_all(nameless) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_word_can_be_read_on_its_ground(shown: Page, scheme: Any) -> None:
    await shown.emulate_media(color_scheme=scheme)
    assert await shown.evaluate(UNREADABLE) == []


async def names_of(page: Page, selector: str) -> list[str]:
    found: list[str] = await page.locator(selector).evaluate_all(
        "(all) => all.map((one) => `${one.closest('.shown').id}: ${one.textContent}`)"
    )
    return found
