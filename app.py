"""Page list and wiring of the app: `streamlit run app.py`, or `osumitsuki app`."""

from __future__ import annotations


def main() -> None:
    """One run of the script: settle the page, run it."""
    from assistant.settings import silence_telemetry

    silence_telemetry()  # before anything that would read the environment is imported

    import streamlit as st

    from assistant.ui import places

    st.set_page_config(page_title="お墨付き", page_icon="🖋️", layout="wide", initial_sidebar_state="expanded")
    st.navigation([places.page(name) for name in places.NAMES], position="sidebar", expanded=True).run()


if __name__ == "__main__":  # a spawned worker imports this file and must not run the app (design.md D8)
    main()
