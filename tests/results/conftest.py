"""The people that results are counted for."""

from results.people import adae, adsl, study

__all__ = ["adae", "adsl", "study"]
