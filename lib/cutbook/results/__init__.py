"""The results table and the statistics of every display."""
