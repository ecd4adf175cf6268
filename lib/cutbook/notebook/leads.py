"""The displays of the first screen, each below a sentence that says what it shows."""

from __future__ import annotations

from cutbook.catalogue import concentrations, endpoints, thresholds
from cutbook.catalogue.blinding import blind
from cutbook.catalogue.kinds.display import EFFICACY, PHARMACOKINETICS, SAFETY, Display
from cutbook.catalogue.kinds.panels import Profile
from cutbook.catalogue.kinetics import proportionality
from cutbook.catalogue.models import ancova
from cutbook.display import show
from cutbook.display.look.numbers import NOT_APPLICABLE
from cutbook.display.look.opening import Lead
from cutbook.display.page import Page
from cutbook.notebook.sentences.arms import shares, short_by_label
from cutbook.notebook.sentences.efficacy import forest_title
from cutbook.notebook.sentences.exposure import trough_title
from cutbook.notebook.sentences.rules import judge, listed
from cutbook.parameters.study import Threshold
from cutbook.words import capital

LEADS: dict[str, tuple[Display, ...]] = {
    SAFETY: (thresholds.outstanding, thresholds.everybody, blind.worst_case),
    PHARMACOKINETICS: (concentrations.profiles, proportionality.normalised, concentrations.samples),
    EFFICACY: (ancova.forests, endpoints.leading_ratio_course, endpoints.leading_change_course),
}
"""Displays that stand on the first screen of a report, and so nowhere else in it."""


def safety_leads(page: Page) -> tuple[Lead, ...]:
    """Return what stands out by dose, and everybody against the first watched limit."""
    item = thresholds.first_watched(page.study)
    everybody = [Lead(watched_title(page, item), show(thresholds.everybody, page))] if item else []
    worst = (
        [Lead("Worst case: all of them on the drug", show(blind.worst_case, page))]
        if blind.worst_case.rows(page.study)
        else []
    )
    return (Lead(matrix_title(page), show(thresholds.outstanding, page)), *everybody, *worst)


def watched_title(page: Page, item: Threshold) -> str:
    """Return when somebody was first above a watched limit and where the highest value is, or that nobody is above."""
    limit = item.limit_words[1:].strip()
    if thresholds.results_of(page.frames, item).empty:
        return f"{item.label}: no value after the first dose"
    if thresholds.beyond(page.frames, item).empty:
        return f"{item.label}: nobody is above {limit}"
    day = page.cells(thresholds.facts).text("day", ("", f"{item.parameter} first", item.code, "", ""))
    label = str(thresholds.worst(page.frames, item)["TRT01A"].iloc[0])
    first = "" if day == NOT_APPLICABLE else f" first on day {day}"
    return f"{item.label} above {limit}{first}, highest at {short_by_label(page.study).get(label, label)}"


def matrix_title(page: Page) -> str:
    """Return which watched results differ from the control in some arm, by the rule of sentences, and which do not."""
    cells = page.cells(thresholds.outstanding)
    labels: dict[str, bool] = {}
    unit = "cohort" if page.study.treatment.is_of_cohorts else "dose"
    for item in page.study.watched:
        place = ("", item.parameter, item.code, "")
        arms, control = shares(cells, place, page.study)
        if arms and control:
            labels[item.label] = labels.get(item.label, False) or bool(judge(arms, control)[1])
    out, others = ([label for label, is_out in labels.items() if is_out is wanted] for wanted in (True, False))
    if not out:
        return f"{capital(listed(others, 'and'))}: no arm stands out" if others else f"What stands out, by {unit}"
    verb = "stands" if len(out) == 1 else "stand"
    do_not = f"; {listed(others)} {'does' if len(others) == 1 else 'do'} not" if others else ""
    return f"{capital(listed(out))} {verb} out{do_not}"


def pharmacokinetics_leads(page: Page) -> tuple[Lead, ...]:
    """Return the profile or course of every matrix; nothing where concentrations are withheld."""
    if concentrations.samples.why_withheld(page.study):
        return ()
    layers = [layer for layer in concentrations.profiles.rows(page.study) if isinstance(layer, Profile)]
    shown = show(concentrations.profiles, page)
    titles = [_profile_title(layer, page) for layer in layers]
    drawn = [Lead(title, one) for title, one in zip(titles, getattr(shown, "members", ()), strict=False)]
    by_dose = [one for one in getattr(show(proportionality.normalised, page), "members", ()) if one.drawings]
    dots = [Lead(_dots_title(one.title), one) for one in by_dose[:1]]
    return (*drawn, *dots, Lead("Samples", show(concentrations.samples, page)))


def _profile_title(layer: Profile, page: Page) -> str:
    across = "by hours after the dose" if layer.matrix.profile_visits else "over the study"
    found = "" if layer.matrix.profile_visits else trough_title(page)
    is_own = found.startswith(f"{layer.matrix.label} ")
    return found if is_own else f"{layer.matrix.label} {across}"


def _dots_title(title: str) -> str:
    return title.partition(",")[0]


def efficacy_leads(page: Page) -> tuple[Lead, ...]:
    """Return the differences from the control, and the course of the first endpoint that is compared."""
    leading = endpoints.leading(page.study)
    if leading is None:
        return ()
    kinds = (endpoints.leading_ratio_course, endpoints.leading_change_course)
    course = next(display for display in kinds if display.rows(page.study))
    return (
        Lead(forest_title(page), show(ancova.forests, page)),
        Lead(f"Course of {leading.label}", show(course, page)),
    )
