"""The chat port and what every call shares: prompts as data, the endpoint rule, token estimate, reading a reply."""
