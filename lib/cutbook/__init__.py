"""Cutbook: safety, pharmacokinetic and efficacy reports of a trial, one set a data cut."""
