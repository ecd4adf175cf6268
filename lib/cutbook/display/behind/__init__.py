"""The records and values behind counts, and how a count leads to them."""
