"""A chat turn: what is being asked, which sources, what answer, which citations."""
