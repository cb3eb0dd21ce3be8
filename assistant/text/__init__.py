"""Compare loosely, point back exactly: folding with an offset map, numbers, eras, sentences, words."""
