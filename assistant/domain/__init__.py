"""The nouns: what a document, a provision, a source, a finding and a proposal are. No behaviour of any room."""
