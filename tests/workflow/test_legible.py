"""Letters of 14 px and more, dark enough on their ground (JIS X 8341-3 AA: 4.5 to 1), focus visible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.workflow.conftest import Server
from tests.workflow.hands import enter, examine, press
from tests.workflow.passages import PASSAGE

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

# Walks every element that shows text of its own; icons are glyphs of a font and have a name for screen readers.
FAINT = """() => {
    const rgb = text => { const n = text.match(/[\\d.]+/g).map(Number); return n.length === 3 ? [...n, 1] : n; };
    const light = ([r, g, b]) => { const f = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
        return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b); };
    const ground = node => { for (; node; node = node.parentElement) {
        const c = rgb(getComputedStyle(node).backgroundColor); if (c[3] > 0.5) return c; } return [255, 255, 255, 1]; };
    const bad = [];
    for (const node of document.querySelectorAll("body *")) {
        const own = [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim());
        if (!own || !node.checkVisibility() || node.dataset.testid === "stIconMaterial") continue;
        const box = node.getBoundingClientRect();
        if (box.width < 2 || box.height < 2 || node.closest("script, style, [aria-hidden=true]")) continue;
        const style = getComputedStyle(node);
        const [a, b] = [light(rgb(style.color)), light(ground(node))].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        const size = parseFloat(style.fontSize);
        if (ratio < 4.5 || size < 14) bad.push([node.textContent.trim().slice(0, 30), size, Math.round(ratio * 10) / 10]);
    }
    return bad;
}"""


def faint(page: Page) -> Any:
    page.wait_for_timeout(600)
    return page.evaluate(FAINT)


def test_the_desk_is_legible(page: Page, server: Server) -> None:
    examine(page, server.address, PASSAGE)
    assert faint(page) == []
    press(page, "a")
    page.keyboard.press("1")
    assert faint(page) == []
    page.keyboard.press("h")
    assert faint(page) == []


@pytest.mark.parametrize("name", ["文章を調べる", "先例を探す", "理由を書く", "履歴", "このアプリについて"])
def test_the_pages_are_legible(page: Page, server: Server, name: str) -> None:
    enter(page, server.address)
    page.get_by_role("link", name=name).click()
    page.get_by_role("heading", name=name).wait_for()
    assert faint(page) == []


def test_focus_is_visible(page: Page, server: Server) -> None:
    examine(page, server.address, PASSAGE)
    page.locator("[data-act=confirm]").focus()
    page.keyboard.press("Tab")  # by keyboard: :focus-visible holds
    outline = page.evaluate("getComputedStyle(document.activeElement).outline")
    assert "rgb(0, 0, 0)" in outline
    assert "4px" in outline
