"""The catalogue: what every display shows, to whom it answers which question, declared once."""

from cutbook.catalogue import concentrations, data, endpoints, events, listings, measurements, participants
from cutbook.catalogue.kinds.display import EFFICACY, PHARMACOKINETICS, SAFETY, Display

DISPLAYS: tuple[Display, ...] = tuple(
    value
    for topic in (data, participants, events, measurements, concentrations, listings, endpoints)
    for name, value in vars(topic).items()
    if isinstance(value, Display) and not name.startswith("_")
)
"""Every display, topic by topic in the order of their files."""

FRAMES = {
    SAFETY: ("adae", "adlb", "advs", "adeg"),
    PHARMACOKINETICS: ("adpc",),
    EFFICACY: ("adeff",),
}
"""Derived datasets whose records stand behind the counts of a report, beside the participants."""

__all__ = ["DISPLAYS", "FRAMES", "Display", "displays_of"]


def displays_of(report: str) -> tuple[Display, ...]:
    """Return the displays of a report, in the order of the catalogue."""
    return tuple(display for display in DISPLAYS if report in display.reports)
