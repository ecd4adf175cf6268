"""Displays of tolerability beside the overview: relation, doses and procedures, special interest, rates, courses."""
