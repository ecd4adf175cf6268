"""A project of one's own: what it starts with and how it is written."""
