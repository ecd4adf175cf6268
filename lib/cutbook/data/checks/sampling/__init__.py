"""Samples of concentrations: the dose that each refers to, and what is odd about their times."""
