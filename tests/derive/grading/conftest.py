"""The people whose results are judged."""

from results.people import adsl

__all__ = ["adsl"]
