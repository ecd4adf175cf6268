"""What may be said of exposure: by dose and by milligram, from the first profile to the last, and of troughs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from cutbook.catalogue.kinetics import exposure, proportionality, troughs
from cutbook.catalogue.kinetics.exposure import VALUE
from cutbook.display.look.frame import Sentence
from cutbook.display.look.numbers import significant
from cutbook.display.page import Page
from cutbook.display.palette import short_names
from cutbook.display.read.cells import Cells, cell_id
from cutbook.notebook.sentences.arms import by_dose, joined
from cutbook.notebook.sentences.rules import FEWEST
from cutbook.parameters.study.treatment import Arm

_PEAK, _AREA, _RATIO = "CMAX", "AUCLST", "ARAUCLST"
_SAME = (0.8, 1.25)
"""Ratios from the first profile to the last within which nothing accumulates."""

_NEAR = 0.01
"""Share by which the mean of the doses given may differ from the dose that names an arm."""

_NB = "\N{NO-BREAK SPACE}"


class ByArm(NamedTuple):
    """Geometric means of a place by arm, of arms with three values or more, and the cell of the highest dose.

    ``names`` are those of the arms by dose; ``sizes`` how many values each has.
    """

    arms: list[Arm]
    names: list[str]
    values: list[float]
    texts: list[str]
    sizes: list[float]
    link: str


def by_arm(cells: Cells, place: Sequence[str], page: Page) -> ByArm:
    """Return the geometric means of a place by rising dose."""
    found = ByArm([], [], [], [], [], "")
    for arm in by_dose(page.study):
        at = (*place, arm.code)
        if cells.value("n", at) >= FEWEST and cells.value("geomean", at) == cells.value("geomean", at):
            found.arms.append(arm)
            found.names.append(page.study.treatment.short(arm))
            found.values.append(cells.value("geomean", at))
            found.texts.append(cells.text("geomean", at))
            found.sizes.append(cells.value("n", at))
            found = found._replace(link=cell_id(cells.display, at, "geomean"))
    return found


def occasions(cells: Cells, parameter: str) -> dict[str, str]:
    """Return the occasions of a table of parameters with their words, in order."""
    own = cells.rows[cells.rows["parameter"].eq(parameter)]
    return dict(zip(own["visit"], own["visit_words"], strict=True))


def find_exposure(page: Page) -> list[Sentence]:
    """Return what may be said of exposure: one sentence a matrix with profiles, one a matrix with troughs alone."""
    return [*_exposures(page), *_troughs(page)]


def told_of(page: Page) -> set[str]:
    """Return the matrices of which exposure is told, so that nothing else needs to be."""
    tables = (page.cells(one) for one in (exposure.summary, troughs.troughs))
    return {str(name) for cells in tables for name in cells.rows["parameter"].unique()}


def _exposures(page: Page) -> Iterator[Sentence]:
    cells = page.cells(exposure.summary)
    labels = _labels(page)
    for parameter in dict.fromkeys(cells.rows["parameter"]):
        told = occasions(cells, parameter)
        first = next(iter(told))
        peak, area = (by_arm(cells, (parameter, VALUE, code, first), page) for code in (_PEAK, _AREA))
        if not peak.arms:
            continue
        when = f" after {told[first].lower()}" if told[first] else ""
        by_mg = page.cells(proportionality.normalised)
        parts = [
            _per_dose(words, found, by_arm(by_mg, (parameter, proportionality.BY_DOSE, code, ""), page), unit, page)
            for words, found, code in (("Cmax", peak, _PEAK), ("AUClast", area, _AREA))
            for unit in [_unit(cells, parameter, code)]
        ]
        text = "; ".join(filter(None, parts)) + "."
        yield Sentence(
            " ".join(filter(None, [text, _accumulation(cells, parameter, list(told), page)])), peak.link,
            lead=f"{labels.get(parameter, parameter)}{when}:", kind="estimate", is_verbatim=True,
        )  # fmt: skip


def _labels(page: Page) -> dict[str, str]:
    rules = page.study.pharmacokinetics
    return {one.code: one.label for one in rules.matrices} if rules else {}


def _unit(cells: Cells, parameter: str, code: str) -> str:
    own = cells.rows[cells.rows["parameter"].eq(parameter) & cells.rows["level"].eq(code) & cells.rows["unit"].ne("")]
    return f"{_NB}{own['unit'].iloc[0]}" if len(own) else ""


def _per_dose(words: str, found: ByArm, by_dose_given: ByArm, unit: str, page: Page) -> str:
    """Return the means by dose, and those of the values by unit of the dose that each participant was given.

    Where an arm was given another dose than the one that names it, the arms go by their labels, with the doses. Where
    somebody's dose is not known, none is told.
    """
    if not found.arms:
        return ""
    means, where = f"{words} {', '.join(found.texts)}{unit}", f"at {joined(found.names)}"
    if (by_dose_given.arms, by_dose_given.sizes) != (found.arms, found.sizes):
        return f"{means} {where}"
    dose_unit, labels = page.study.treatment.dose_unit, short_names(page)
    given = [value / each for value, each in zip(found.values, by_dose_given.values, strict=True)]
    if any(abs(dose / arm.dose - 1) > _NEAR for dose, arm in zip(given, found.arms, strict=True)):
        doses = joined([f"{float(f'{dose:.3g}'):g}{_NB}{dose_unit}" for dose in given])
        where = f"in the arms {joined([labels[arm.label] for arm in found.arms])}, given {doses}"
    each = ", ".join(significant(value, 2) for value in by_dose_given.values)
    per = f", that is {each} per {dose_unit}" if len(found.arms) > 1 else ""
    return f"{means} {where}{per}"


def _accumulation(cells: Cells, parameter: str, told: list[str], page: Page) -> str:
    """Return the ratio of the areas of the last and the first profile by dose, and whether anything accumulates."""
    ratios = by_arm(cells, (parameter, VALUE, _RATIO, told[-1]), page)
    if len(told) < 2 or not ratios.arms:
        return ""
    is_same = all(_SAME[0] <= value <= _SAME[1] for value in ratios.values)
    words = "No accumulation" if is_same else "From the first profile to the last"
    return f"{words}: AUClast ratio {', '.join(ratios.texts)}."


def _troughs(page: Page) -> Iterator[Sentence]:
    """Yield how far troughs build up and how fast they fall, of matrices without profiles."""
    cells, with_profiles = page.cells(troughs.troughs), set(page.cells(exposure.summary).rows["parameter"])
    for parameter in dict.fromkeys(cells.rows["parameter"]):
        if parameter in with_profiles:
            continue
        risen = by_arm(cells, (parameter, VALUE, "ACCUMULATION", ""), page)
        half = by_arm(cells, (parameter, VALUE, "HALFLIFE", ""), page)
        parts = []
        if risen.arms:
            last, _, first = cells.words((parameter, VALUE, "ACCUMULATION")).lower().partition(" / ")
            parts.append(f"from {first} to {last} by a factor of {', '.join(risen.texts)} at {joined(risen.names)}")
        if half.arms:
            parts.append(f"half-life after the last dose {_span(half.values)} days")
        link = (risen if risen.arms else half).link
        if parts:
            text = "; ".join(parts)
            yield Sentence(
                f"{text[:1].upper()}{text[1:]}.", link, lead=f"{_labels(page).get(parameter, parameter)} troughs.",
                kind="estimate", is_verbatim=True,
            )  # fmt: skip


def _span(values: Sequence[float]) -> str:
    low, high = (significant(value, 2) for value in (min(values), max(values)))
    return low if low == high else f"{low} to {high}"


def finding(page: Page) -> str:
    """Return the title: whether exposure follows the dose, and how troughs of the highest dose stand; or nothing."""
    parts = [part for part in (_slope(page), trough_title(page)) if part]
    return "; ".join(parts)


def _slope(page: Page) -> str:
    """Return what the area of the first profiles says of proportionality, by the rule of its table."""
    cells = page.cells(proportionality.slopes)
    for parameter in dict.fromkeys(cells.rows["parameter"]):
        first = next(iter(occasions(cells, parameter)))
        place = (parameter, proportionality.SLOPE, _AREA, first, "")
        low = cells.value("slope_low", place)
        if low != low:
            continue
        verdict = cells.value("verdict", (parameter, proportionality.VERDICT, _AREA, first, ""))
        label = _labels(page).get(parameter, parameter)
        if verdict == proportionality.PROPORTIONAL:
            return f"{label} exposure is proportional to dose"
        return f"{label} exposure rises with dose, proportionality not shown" if low > 0 else ""
    return ""


def trough_title(page: Page) -> str:
    """Return how the last troughs stand by dose, of the first matrix without profiles; or nothing.

    No higher: the mean at the highest dose is not above that at the dose below it. Rises: every mean is above the one
    before it.
    """
    cells, with_profiles = page.cells(troughs.troughs), set(page.cells(exposure.summary).rows["parameter"])
    for parameter in dict.fromkeys(cells.rows["parameter"]):
        before = [visit for visit in occasions(cells, parameter) if visit.startswith("DOSE")]
        if parameter in with_profiles or not before:
            continue
        last = max(before, key=lambda visit: float(visit.removeprefix("DOSE")))
        found = by_arm(cells, (parameter, VALUE, "TROUGH", last), page)
        label = _labels(page).get(parameter, parameter)
        if len(found.arms) > 1 and found.values[-1] <= found.values[-2]:
            return f"{label} troughs at {found.names[-1]} are no higher than at {found.names[-2]}"
        if len(found.arms) > 1 and all(one < other for one, other in pairwise(found.values)):
            return f"{label} troughs rise with dose"
    return ""
