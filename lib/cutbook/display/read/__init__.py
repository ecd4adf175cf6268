"""Cells read from the results table, with their change since the previous cut."""
