"""The catalogue: what every display shows, to whom it answers which question, declared once."""

from cutbook.catalogue import (
    concentrations,
    data,
    endpoints,
    events,
    listings,
    measurements,
    moved,
    participants,
    thresholds,
)
from cutbook.catalogue.blinding import blind
from cutbook.catalogue.findings import categories, csf, grades, laboratory, liver
from cutbook.catalogue.kinds.display import EFFICACY, PHARMACOKINETICS, SAFETY, Display
from cutbook.catalogue.kinetics import (
    antibodies,
    certainty,
    exposure,
    heart,
    proportionality,
    response,
    sampling,
    troughs,
    worked,
)
from cutbook.catalogue.models import ancova, changes, doses, outcomes, repeated, scores, slopes
from cutbook.catalogue.safety import courses, interest, medication, occasions, people, rates, relation, terms

_KINETICS = (exposure, proportionality, certainty, troughs, response, heart, antibodies, sampling, worked)
_SAFETY = (terms, relation, interest, occasions, rates, people, medication, courses)
_FINDINGS = (csf, laboratory, grades, liver, categories)
_MODELS = (ancova, changes, doses, repeated, slopes, scores, outcomes)

DISPLAYS: tuple[Display, ...] = tuple(
    value
    for topic in (
        data,
        participants,
        thresholds,
        events,
        *_SAFETY,
        *_FINDINGS,
        measurements,
        concentrations,
        *_KINETICS,
        blind,
        listings,
        endpoints,
        *_MODELS,
        moved,
    )
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
