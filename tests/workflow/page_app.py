"""Nothing but the page view of the case in the address, for the browser."""

from __future__ import annotations

import streamlit as st

from assistant.ui.page.mount import page_view_of
from assistant.ui.shell import enter

st.set_page_config(layout="wide", initial_sidebar_state="expanded")
_, actor = enter()
with st.container(key="desk_page"):
    page_view_of(st.query_params["case"], actor)
