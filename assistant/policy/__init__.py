"""The city's 運用基準 as data: from what was found and where it stands, to decision, grounds, provisos and reason."""
