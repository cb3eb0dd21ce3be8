"""What an inspection found, page by page: in plain words, and as boxes on a picture of the page."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import streamlit as st
from PIL import Image, ImageDraw

from assistant.documents.pdf_picture import Pictures
from assistant.errors import DocumentError
from assistant.redact.inspect_report import Inspection, Leak, State, Trace, check_to_json, words
from assistant.ui.plain import plain

_DPI = 110
_MOST_PIXELS = 4_000_000
_RED, _BLUE, _WHITE, _GREY = (190, 0, 0), (0, 23, 193), (255, 255, 255), (150, 150, 150)
_STATES = {
    State.PASSED: "✓ 合格",
    State.FAILED: "× 不合格",
    State.NOT_RUN: "－ 行わず",
    State.UNFINISHED: "△ 最後まで調べられず",
}
_MOST_TEXT = 200  # characters of what can be read at one place


def show_inspection(inspection: Inspection, pdf: bytes, password: str | None) -> None:
    """The verdict, what was found page by page, and the list of checks."""
    _verdict(inspection)
    traces: tuple[Trace, ...] = (*inspection.leaks, *inspection.notes)
    paged = sorted((trace for trace in traces if trace.page is not None), key=lambda one: one.page or 0)
    if paged:
        _pages(paged, pdf, password)
    whole = [trace for trace in traces if trace.page is None]
    if whole:
        st.subheader("ファイル全体", anchor=False)
        _told(whole)
    with st.expander(f"調べた項目（{len(inspection.checks)}）", key="inspection_checks"):
        st.markdown(checks_table([check_to_json(check) for check in inspection.checks]))
        st.caption(f"{inspection.pages}ページ　SHA-256 {inspection.sha256}")


def checks_table(checks: Iterable[Mapping[str, Any]]) -> str:
    """Checks, as JSON values, in a table: how each went, and what it makes sure of."""
    rows = (
        f"| {_STATES[State(check['state'])]} | {plain(check['name'])} | {plain(check['why'] or _what(check['code']))} |"
        for check in checks
    )
    return "\n".join(("| 結果 | 項目 | 確かめたこと |", "|:--|:--|:--|", *rows))


def _what(code: str) -> str:
    """Of a check this version does not know any more, nothing."""
    known = words().get(code)
    return known.what if known else ""


def _verdict(inspection: Inspection) -> None:
    unfinished = [check for check in inspection.checks if check.state is State.UNFINISHED]
    if inspection.leaks:
        pages = sorted({leak.page for leak in inspection.leaks if leak.page is not None})
        told = (
            f"（{'・'.join(f'{page}ページ' for page in pages[:12])}{'ほか' if len(pages) > 12 else ''}）"
            if pages
            else ""
        )
        st.error(
            f"**伏せたはずの内容が残っています{told}。** このファイルは渡さず、元の文書から「文書を調べる」で作り直してください。",
            icon=":material/gpp_bad:",
        )
    elif unfinished:
        st.warning(
            "**最後まで調べられませんでした。** 見つかったものはありませんが、安全とは言えません。"
            "作成元のソフトで保存し直すか、分けてから、もう一度検査してください。",
            icon=":material/gpp_maybe:",
        )
    else:
        notes = "気を付ける点を下に示します。" if inspection.notes else "気を付ける点もありません。"
        st.success(
            f"**伏せたはずの内容は見つかりませんでした。** {notes}検査で分かるのは、ここに挙げた項目だけです。",
            icon=":material/verified_user:",
        )


def _pages(traces: Sequence[Trace], pdf: bytes, password: str | None) -> None:
    by_page = {page: [*each] for page, each in groupby(traces, key=lambda one: one.page or 0)}
    names = {page: f"{page}ページ（{_count(found)}）" for page, found in by_page.items()}
    st.subheader("ページごと", anchor=False)
    page = st.selectbox("ページ", list(names), format_func=names.__getitem__, key="inspection_page")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        try:
            st.image(_drawn(pdf, password, page, by_page[page]), width="stretch")
            st.caption("赤い実線：残っている所　青い点線：気を付ける所")
        except DocumentError as error:
            st.warning(str(error))
    with right:
        _told(by_page[page])


def _count(found: Sequence[Trace]) -> str:
    leaks = sum(isinstance(one, Leak) for one in found)
    notes = len(found) - leaks
    return "・".join(filter(None, (f"残り {leaks}" if leaks else "", f"注意 {notes}" if notes else "")))


def _told(traces: Sequence[Trace]) -> None:
    for check, each in groupby(
        sorted(traces, key=lambda one: (not isinstance(one, Leak), one.check)), lambda one: one.check
    ):
        found = [*each]
        name, leak = words()[check].name, isinstance(found[0], Leak)
        show = st.error if leak else st.info
        places = "　".join(dict.fromkeys(plain(one.place) for one in found if one.place not in {"", name}))
        show(f"**{plain(name)}**（{len(found)}か所）　{places}")
        texts = [one.text for one in found if one.text.strip()]
        if texts:
            with st.expander("読み取れる文字を見る", key=f"read_{check}_{found[0].page}"):
                st.code(_short("\n".join(dict.fromkeys(texts))), language=None, wrap_lines=True)


def _short(text: str) -> str:
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}…（ほか{len(text) - _MOST_TEXT}字）"


def _drawn(pdf: bytes, password: str | None, number: int, traces: Sequence[Trace]) -> bytes:
    """The page as PNG, with a frame around every place."""
    with Pictures(pdf, password=password) as pictures:
        size = pictures.size(number)
        picture = pictures.draw(number, _DPI, colour=True, most_pixels=_MOST_PIXELS).convert("RGB")
    pen = ImageDraw.Draw(picture)
    across, down = picture.width / max(size.width, 1e-6), picture.height / max(size.height, 1e-6)
    for trace in traces:
        box = trace.box
        if box is None:
            continue
        corners = (
            box.x0 * across - 5,
            (size.height - box.y1) * down - 5,
            box.x1 * across + 5,
            (size.height - box.y0) * down + 5,
        )
        if isinstance(trace, Leak):
            pen.rectangle(corners, outline=_WHITE, width=7)  # it is often a black box that is framed
            pen.rectangle(corners, outline=_RED, width=4)
        else:
            _dashed(pen, corners)
    pen.rectangle((0, 0, picture.width - 1, picture.height - 1), outline=_GREY)  # where the sheet ends
    return _png(picture)


def _dashed(pen: ImageDraw.ImageDraw, corners: tuple[float, float, float, float]) -> None:
    """A broken frame: told apart from the other without its colour."""
    x0, y0, x1, y1 = corners
    step = 10
    for x in range(int(x0), int(x1), step):
        pen.line([(x, y0), (min(x + step // 2, x1), y0)], fill=_BLUE, width=3)
        pen.line([(x, y1), (min(x + step // 2, x1), y1)], fill=_BLUE, width=3)
    for y in range(int(y0), int(y1), step):
        pen.line([(x0, y), (x0, min(y + step // 2, y1))], fill=_BLUE, width=3)
        pen.line([(x1, y), (x1, min(y + step // 2, y1))], fill=_BLUE, width=3)


def _png(picture: Image.Image) -> bytes:
    with io.BytesIO() as out:
        picture.save(out, format="PNG")
        return out.getvalue()
