"""One click to the clipboard: as a table (HTML and tab-separated) and as text."""
