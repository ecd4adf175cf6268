"""Declared displays as figures."""
