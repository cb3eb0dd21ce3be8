"""Long work: where it runs, how far it is, how it is stopped and taken up again."""
