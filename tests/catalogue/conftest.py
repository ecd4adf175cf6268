"""The people that displays are declared for."""

from results.people import adae, adsl, study

__all__ = ["adae", "adsl", "study"]
