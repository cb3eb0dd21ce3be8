"""The desk: one component that shows a passage with its findings, and the way its acts reach the record."""
