"""Declared displays as tables and listings."""
