"""One row an adverse event."""
