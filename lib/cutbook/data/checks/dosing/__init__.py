"""Doses: which records of EX tell them, of which drug, how much, how often, and to whom."""
