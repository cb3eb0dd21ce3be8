"""Worked passages (作業例) and the script that trains the labeller of `assistant/learn/` on them."""
