"""Concentrations with their nominal and actual times."""
