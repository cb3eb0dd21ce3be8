"""Find the clause through its neighbours: query, words, scorers, fusion, and what each entry speaks about."""
