"""The people that displays are made for, and the events that befell them."""

import pytest

from display.pages import with_courses, with_facts
from results.people import adae, adsl, study

__all__ = ["adae", "adsl", "study"]


@pytest.fixture
def people(adsl):
    """Return participants with all that the lists of records say of them."""
    return with_courses(adsl)


@pytest.fixture
def events(adae):
    """Return their adverse events with all that the lists of records say of them."""
    return with_facts(adae)
