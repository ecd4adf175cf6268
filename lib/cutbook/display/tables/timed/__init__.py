"""Tables of events for the time in which they could happen."""
