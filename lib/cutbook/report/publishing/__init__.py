"""From checked reports to a published set."""
