"""The people that reports are made for."""

from results.people import adae, adsl, study

__all__ = ["adae", "adsl", "study"]
