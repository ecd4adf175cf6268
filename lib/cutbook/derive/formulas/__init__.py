"""Formulas of derived results: numbers in, numbers out."""
