"""Faults and oddities of what a transfer holds."""
