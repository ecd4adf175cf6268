"""Results: declared displays computed into one long table."""
