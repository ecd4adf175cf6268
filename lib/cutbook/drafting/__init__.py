"""Drafting a study file from a transfer: every decision by its rule, with its evidence, and the questions that stay."""
