"""What a person's hands do: start, paste, press, drag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

DEPARTMENT, NAME = "建設局用地課", "見本 花子"


def enter(page: Page, address: str) -> None:
    """Opens the app; answers who sits here if it asks."""
    page.goto(address)
    page.locator('[data-testid="stSidebarNavLink"]').first.wait_for()
    page.locator("textarea, input[type=text]").first.wait_for()
    if page.get_by_role("button", name="始める").count():
        page.get_by_role("textbox", name="所属").fill(DEPARTMENT)
        page.get_by_role("textbox", name="氏名").fill(NAME)
        page.get_by_role("button", name="始める").click()
        page.get_by_role("textbox", name="調べたい文章").wait_for()


def examine(page: Page, address: str, passage: str) -> str:
    """Pastes a passage, waits for the desk; the id of the case."""
    enter(page, address)
    field = page.get_by_role("textbox", name="調べたい文章")
    field.fill(passage)
    field.press("Control+Enter")
    page.locator(".os-desk .os-current").first.wait_for(timeout=120_000)
    page.wait_for_url("**case=*")
    return page.url.split("case=")[1]


def saved(page: Page) -> None:
    """Waits until every painted act is written."""
    page.locator(".os-saving", has_text="記録済み").wait_for()


def press(page: Page, key: str) -> None:
    """A key, and what it did is written."""
    page.keyboard.press(key)
    saved(page)


def current(page: Page) -> str:
    """The text of the current finding, as the card says it."""
    return page.locator(".os-card .os-quote").inner_text().strip("「」")


def drag(page: Page, words: str) -> None:
    """Selects these words in the passage with the mouse."""
    run = page.evaluate(
        """words => {
            const walker = document.createTreeWalker(document.querySelector(".os-passage-text"), NodeFilter.SHOW_TEXT);
            const nodes = [];
            let all = "";
            while (walker.nextNode()) { nodes.push([all.length, walker.currentNode]); all += walker.currentNode.data; }
            const at = all.indexOf(words);
            const place = (offset, end) => {
                const [base, node] = nodes.filter(([start]) => end ? start < offset : start <= offset).at(-1);
                return [node, offset - base];
            };
            const range = document.createRange();
            range.setStart(...place(at, false));
            range.setEnd(...place(at + words.length, true));
            range.startContainer.parentElement.scrollIntoView({block: "center"});
            const boxes = [...range.getClientRects()].filter(box => box.width);
            const [first, last] = [boxes[0], boxes.at(-1)];
            return {x0: first.left + 1, y0: first.top + first.height / 2, x1: last.right - 1, y1: last.top + last.height / 2};
        }""",
        words,
    )
    page.mouse.move(run["x0"], run["y0"])
    page.mouse.down()
    page.mouse.move((run["x0"] + run["x1"]) / 2, run["y1"], steps=3)
    page.mouse.move(run["x1"], run["y1"], steps=3)
    page.mouse.up()


def paint_times(page: Page, keys: str) -> list[float]:
    """Milliseconds from each key press to the frame that shows what it did."""
    times: list[float] = []
    for key in keys:
        told: Any = page.evaluate(
            """key => new Promise(done => {
                const target = document.querySelector(".os-passage");
                const start = performance.now();
                target.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, composed: true, cancelable: true}));
                requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
            })""",
            key,
        )
        times.append(float(told))
    return times
