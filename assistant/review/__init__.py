"""States of a finding, who decided what, and the one append-only log that says so (design.md D3, D13, D14)."""
