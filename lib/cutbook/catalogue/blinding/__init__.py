"""Displays that blinded reports need: what is withheld, what is complete all the same, and the worst case."""
