"""Answers and precedents to read: every sentence with its sources, opening verbatim beside it."""
