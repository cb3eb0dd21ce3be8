"""墨塗りした文書を作る: what is still open, how it is to look, the file, its checks and its certificate."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from pathlib import PurePath

import streamlit as st

from assistant.corpus.city import City
from assistant.domain.finding import Decision, Finding
from assistant.errors import ReviewRefused
from assistant.propose.wire import to_json
from assistant.redact.certificate import certificate_from_json
from assistant.redact.certificate_page import certificate_html
from assistant.redact.marks import is_open
from assistant.redact.options import BoxColour, Options
from assistant.redact.remaining import remaining_of
from assistant.redact.secrets import secrets_of
from assistant.review.actor import Actor
from assistant.review.case import Case
from assistant.review.files import FileRole, Release
from assistant.text.folding import folded_text
from assistant.ui.desk.view import clock_words
from assistant.ui.documents.looking import checks_table
from assistant.ui.documents.making import Making, as_decided, begin, making_of
from assistant.ui.guard import guard
from assistant.ui.page.mount import call_to
from assistant.ui.page.view import home_of
from assistant.ui.plain import plain
from assistant.ui.running import Assistant, the_assistant

_EVERY = 0.7  # seconds between two looks
_STANDARD = 48.0  # points: four characters of ordinary size and the room around them
_MOST_REMAINING = 10  # words told one by one
_LEAST_SECRET = 2  # letters; one letter stands in any name
_COLOURS = {BoxColour.BLACK: "黒く塗る", BoxColour.WHITE: "白い枠にする"}


@st.fragment
def release_of(case_id: str, actor: Actor) -> None:
    """The section beneath the page view. Only this piece runs again, so the page above stays where it is."""
    assistant = the_assistant()
    with st.container(key="release"):
        st.subheader("墨塗りした文書を作る", anchor=False)
        making = making_of(case_id)
        if making is not None and not making.over:
            _moving(case_id)
            return
        with guard():
            case = assistant.desk.case(case_id, actor)
            if making is not None and making.trouble:
                _failed(making)
            for note in making.notes if making is not None else ():
                st.info(plain(note), icon=":material/info:")
            if case.releases:
                _released(assistant, actor, case, case.releases[-1])
            _make(assistant, actor, case)


def _moving(case_id: str) -> None:
    @st.fragment(run_every=_EVERY)
    def moving() -> None:
        making = making_of(case_id)
        if making is None or making.over:
            st.rerun(scope="app")
        share = min(making.done / making.of, 1.0) if making.of else 0.0
        pages = f"（{making.done}／{making.of}ページ）" if making.of else ""
        st.progress(share, text=f"{making.step}{pages}　{making.seconds}秒経過")
        if st.button("中止する", key=f"release_cancel_{case_id}", disabled=making.cancelled):
            making.cancel()

    moving()


def _failed(making: Making) -> None:
    if making.leaked:
        st.error(f"**ファイルは渡せません。** {making.trouble}", icon=":material/gpp_bad:")
    else:
        st.error(making.trouble or "", icon=":material/error:")


def _make(assistant: Assistant, actor: Actor, case: Case) -> None:
    """What is open, and one click to look again; or the choices and the button."""
    open_ = [finding for finding in case.findings if is_open(finding)]
    if open_ or case.unread_pages:
        st.warning(_open_words(assistant.city, open_, case.unread_pages), icon=":material/pending_actions:")
        with st.container(horizontal=True):
            if st.button("次の未確定のところへ", type="primary", key=f"release_next_{case.id}"):
                call_to(case.id, _next_open(case, open_))
                st.rerun(scope="app")
            if st.button("もう一度確かめる", key=f"release_look_{case.id}"):
                st.rerun(scope="fragment")
        return
    withheld = sum(f.decision is Decision.WITHHOLD and not _rejected(f) for f in case.findings)
    st.markdown(
        f"すべて確定しています（{assistant.city.labels.withhold} **{withheld}**件）。"
        "作ると、残っていないかを自動で検査します。一つでも見つかれば、ファイルは渡しません。"
    )
    if _seen_remaining(case):
        _choices(assistant, actor, case)
    st.download_button(
        "確定した判断を書き出す（JSON。コマンド「osumitsuki redact」に渡せます）",
        data=lambda: json.dumps(to_json(as_decided(case)), ensure_ascii=False, indent=1),
        file_name=f"{_mark(assistant.city)}{case.id}_判断.json",
        mime="application/json",
        type="tertiary",
        key=f"release_findings_{case.id}",
        on_click="ignore",
    )


def _seen_remaining(case: Case) -> bool:
    """Whether no withheld words stand in what is disclosed, or the person says that they may."""
    remaining = remaining_of(as_decided(case))
    if not remaining:
        return True
    st.warning(
        "**伏せた言葉と同じ言葉が、開示する部分にも残ります。** 見落としでないかを確かめてください。"
        "伏せるときは、上の紙面で候補の判断を変えるか、なぞって加えます。",
        icon=":material/find_in_page:",
    )
    for number, one in enumerate(remaining[:_MOST_REMAINING]):
        left, right = st.columns([5, 2], vertical_alignment="center")
        pages = "・".join(map(str, one.pages[:12])) + ("ほか" if len(one.pages) > 12 else "")
        left.text(f"「{' '.join(one.text.split())[:40]}」　{pages}ページ")
        if right.button(
            f"{one.pages[0]}ページを見る", key=f"release_look_{case.id}_{number}", width="stretch"
        ):
            call_to(case.id, one.pages[0])
            st.rerun(scope="app")
    if len(remaining) > _MOST_REMAINING:
        st.caption(f"ほか{len(remaining) - _MOST_REMAINING}件")
    # another set of words asks anew
    told = hashlib.sha256(repr(remaining).encode()).hexdigest()[:12]
    return st.checkbox("これらの言葉が残ってよいことを確かめました", key=f"release_may_stay_{case.id}_{told}")


def _choices(assistant: Assistant, actor: Actor, case: Case) -> None:
    latest = case.releases[-1] if case.releases else None
    again = latest is not None
    name, note = _file_name(assistant.city, case)
    with st.form(f"release_{case.id}", border=False):
        left, middle, right = st.columns(3)
        labels = left.checkbox("枠の上に根拠条項を書く", key=f"release_labels_{case.id}")
        standard = left.checkbox(
            "枠の幅をそろえる",
            key=f"release_width_{case.id}",
            help="文字数から氏名などを推し量られないようにします。",
        )
        colour = middle.radio(
            "塗り方",
            list(_COLOURS),
            format_func=_COLOURS.__getitem__,
            horizontal=True,
            key=f"release_colour_{case.id}",
        )
        stamp = right.text_input(
            "各ページの余白に書く言葉（任意）",
            placeholder=f"例：{assistant.city.labels.partial} {{page}}/{{pages}}",
            key=f"release_stamp_{case.id}",
        )
        told = st.text_input("ファイル名", value=name, key=f"release_name_{case.id}_{name}")
        if note:
            st.caption(note)
        label = "今の判断で作り直す" if again else "墨塗りした文書を作る"
        primary = not again or (latest is not None and latest.stale)
        sent = st.form_submit_button(
            label, type="primary" if primary else "secondary", key=f"release_do_{case.id}"
        )
    if sent:
        options = Options(
            labels=labels,
            standard_width=_STANDARD if standard else 0.0,
            colour=colour,
            stamp=_stamped(assistant.city, stamp.strip()),
        )
        begin(assistant, actor, case.id, options, _tidy_name(told) or name)
        st.rerun(scope="fragment")


def _rejected(finding: Finding) -> bool:
    return finding.decided is not None and finding.decided.state == "rejected"


def _open_words(city: City, open_: Sequence[Finding], unread: Sequence[int]) -> str:
    """What has to be settled first, counted as the desk names it."""
    labels = city.labels
    names = {
        Decision.WITHHOLD: f"{labels.withhold}候補",
        Decision.ASK: labels.ask,
        Decision.DISCLOSE: f"{labels.disclose}候補",
    }
    counts = {decision: sum(one.decision is decision for one in open_) for decision in names}
    kinds = "・".join(f"{names[decision]} {count}" for decision, count in counts.items() if count)
    told = []
    if open_:
        told.append(
            f"まだ決まっていない候補が**{len(open_)}件**あります（{kinds}）。上の紙面で確定してください。"
        )
        if counts[Decision.ASK]:
            told.append(f"{labels.ask}は、{labels.withhold}か{labels.disclose}かを「変更」で決めます。")
    if unread:
        pages = "・".join(f"{page}ページ" for page in unread[:20]) + ("ほか" if len(unread) > 20 else "")
        told.append(f"目で確かめていないページが**{len(unread)}ページ**あります（{pages}）。")
    return " ".join(told)


def _next_open(case: Case, open_: Sequence[Finding]) -> int:
    """The first page that something waits on; an ask that was confirmed as one is gone through with the others."""
    return min((*(home_of(finding) for finding in open_), *case.unread_pages))


def _stamped(city: City, stamp: str) -> str:
    """What comes of the invented sample says so on every page."""
    if not city.fictional:
        return stamp
    return f"【{city.labels.fictional}】{stamp}"


def _file_name(city: City, case: Case) -> tuple[str, str]:
    """The name to offer, and a sentence where the title itself holds what is withheld. Raises what `secrets_of` raises."""
    mark = _mark(city)
    stem = _tidy_name(PurePath(case.proposal.document.name).stem if case.proposal else case.title)
    folded = folded_text(stem, variants=True)
    try:
        secrets = [folded_text(one.text, variants=True) for one in secrets_of(as_decided(case))]
    except ReviewRefused:
        secrets = []  # told where the file is made
    if any(len(secret) >= _LEAST_SECRET and secret in folded for secret in secrets):
        neutral = f"{mark}墨塗り_{date.today():%Y%m%d}.pdf"
        return neutral, "元のファイル名に伏せる言葉が入っているため、別の名前にしました。"
    return f"{mark}{stem}_墨塗り.pdf", ""


def _mark(city: City) -> str:
    """What a file of the invented sample is called by."""
    return f"{city.labels.fictional}_" if city.fictional else ""


def _tidy_name(name: str) -> str:
    """A name every system takes."""
    kept = "".join("_" if letter in '\\/:*?"<>|' or not letter.isprintable() else letter for letter in name)
    return kept.strip(" .")[:120]


def _released(assistant: Assistant, actor: Actor, case: Case, release: Release) -> None:
    """The file that was found clean, to take away."""
    when = clock_words(release.at)
    if release.stale:
        st.warning(
            f"前に作ったファイル（{when}）は**古くなっています**。そのあとで判断が変わりました。下の「今の判断で作り直す」を押してください。",
            icon=":material/history:",
        )
    else:
        st.success(
            f"**墨塗りした文書ができました**（{when}・{plain(release.by)}）。検査で、伏せた内容は見つかりませんでした。",
            icon=":material/verified_user:",
        )
    kept = assistant.desk.file(case.id, actor, FileRole.REDACTED)
    if kept is None:
        st.error("ファイルが見つかりません。作り直してください。")
        return
    stem = kept.name.removesuffix(".pdf")
    with st.container(horizontal=True):
        st.download_button(
            "墨塗りした文書（PDF）を受け取る" if not release.stale else "古いファイル（PDF）を受け取る",
            data=kept.body,
            file_name=kept.name,
            mime=kept.media_type,
            type="secondary" if release.stale else "primary",
            key=f"release_pdf_{case.id}",
            on_click="ignore",
        )
        st.download_button(
            "証明書（印刷用）",
            data=lambda: _printable(release),
            file_name=f"{stem}_証明書.html",
            mime="text/html; charset=utf-8",
            key=f"release_paper_{case.id}",
            on_click="ignore",
        )
        st.download_button(
            "証明書（JSON）",
            data=lambda: json.dumps(dict(release.certificate), ensure_ascii=False, indent=1),
            file_name=f"{stem}_証明書.json",
            mime="application/json",
            key=f"release_json_{case.id}",
            on_click="ignore",
        )
    st.caption("証明書には、文書の言葉は入りません。決裁の書類に添えられます。")
    with st.expander(
        f"検査した項目（{len(release.certificate.get('checks', ()))}）", key=f"release_checks_{case.id}"
    ):
        _checks(release)


def _checks(release: Release) -> None:
    st.markdown(checks_table(release.certificate.get("checks", ())))


def _printable(release: Release) -> str:
    """The certificate as a page of its own."""
    return certificate_html(certificate_from_json(json.dumps(dict(release.certificate))))
