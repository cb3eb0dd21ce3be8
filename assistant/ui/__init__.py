"""Streamlit pages and components. No rule of law in here: what is shown was decided below."""
