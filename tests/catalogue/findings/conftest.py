"""The people of whom measurements are."""

from results.people import adae, adsl, study

__all__ = ["adae", "adsl", "study"]
