"""Around documents: opening, waiting, handing out, looking into."""
