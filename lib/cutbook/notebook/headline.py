"""The headline: sentences computed from the results table, each bound to the display that holds its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from cutbook.catalogue import concentrations, data, endpoints, events, participants
from cutbook.catalogue.kinds.display import EFFICACY, PHARMACOKINETICS, SAFETY, Display
from cutbook.catalogue.kinds.panels import Model
from cutbook.display.look.frame import Headline, Sentence
from cutbook.display.look.numbers import NOT_APPLICABLE, signed
from cutbook.display.page import Page
from cutbook.display.read.cells import Cells, Place, cell_id
from cutbook.notebook.amounts import amount
from cutbook.parameters.study import Endpoint
from cutbook.vocabulary import ACTIVE, BASELINE, TOTAL, contrast

_FREQUENT = 3
MOST_SENTENCES = 10
"""Sentences of a headline at most."""


def find_safety(page: Page) -> Headline:
    """Return the headline of the safety report: what is new, disposition, events, frequent and serious ones, deaths."""
    disposition, overview = page.cells(participants.disposition), page.cells(events.overview)
    counts = {name: disposition.text("n", place) for name, place in _DISPOSITION.items()}
    entered = page.study.treatment.entered
    sentences = [
        _since(
            page,
            [
                (f"participants {entered}", disposition.step("n", _DISPOSITION["randomised"])),
                ("treatment-emergent events", overview.step("events", _row("TEAE", TOTAL))),
                ("participants with a serious event", overview.step("n", _row("SER", TOTAL))),
                ("deaths", overview.step("n", _row("DTHFL", TOTAL))),
            ],
        ),
        Sentence(
            "{treated} of {randomised} {entered} participants were treated; {completed} completed the study, "
            "{ongoing} are ongoing and {discontinued} discontinued it.".format(**counts, entered=entered),
            cell_id(disposition.display, _DISPOSITION["treated"], "n"),
            _moved(page, disposition.step("n", _DISPOSITION["treated"]), "treated"),
        ),
        _of_events(overview, page, "TEAE", "Any treatment-emergent event"),
        _frequent(page),
        _of_events(overview, page, "SER", "Serious treatment-emergent events"),
        _of_events(overview, page, "DTHFL", "Deaths on study, any cause"),
    ]
    return Headline(tuple(sentence for sentence in sentences if sentence))


def _row(variable: str, group: str, level: str = "") -> Place:
    return ("", variable, level, "", group)


_DISPOSITION = {
    "treated": _row("SAFFL", TOTAL),
    "randomised": _row("RANDFL", TOTAL),
    "completed": _row("EOSSTT", TOTAL, "COMPLETED"),
    "ongoing": _row("EOSSTT", TOTAL, "ONGOING"),
    "discontinued": _row("EOSSTT", TOTAL, "DISCONTINUED"),
}


def _of_events(overview: Cells, page: Page, variable: str, words: str) -> Sentence:
    treatment, place = page.study.treatment, _row(variable, TOTAL)
    control = [treatment.control_arm.code] if treatment.control_arm else []
    shown = [*control, *([ACTIVE] if treatment.total_active else []), *([TOTAL] if treatment.total else [])]
    counts = ", ".join(_of(overview, _row(variable, group)) for group in shown)
    link = cell_id(overview.display, place, "n")
    return Sentence(f"{words}: {counts}.", link, _moved(page, overview.step("n", place), "in all"))


def _of(cells: Cells, place: Sequence[str]) -> str:
    percent = cells.text("pct", place)
    is_shown = percent not in {"NE", NOT_APPLICABLE} and cells.text("n", place) != "0"
    share = f"\u00a0({percent}\u00a0%)" if is_shown else ""
    return f"{cells.group_words(place[-1])} {cells.text('n', place)} of {cells.text('N', place)}{share}"


def _moved(page: Page, step: float, words: str) -> str:
    return f"{signed(step)} {words} since cut {page.previous.cut_id}" if step else ""


def _since(page: Page, steps: Sequence[tuple[str, float]]) -> Sentence | None:
    """Return what is new since the previous cut, or None when that is not published here."""
    previous = page.previous
    if previous.results is None:
        return None
    since = f"cut {previous.cut_id}" + (f" ({previous.cutoff})" if previous.cutoff not in {"", previous.cut_id} else "")
    told = [f"{words} {signed(step)}" for words, step in steps if step]
    past = amount(page.results, "PAST")
    told += [f"{past} change{'' if past == '1' else 's'} of the past"] if past != "0" else []
    text = f"Since {since}: {', '.join(told)}." if told else f"Since {since} no key count has moved."
    return Sentence(text, data.changes.anchor)


def _frequent(page: Page) -> Sentence:
    cells = page.cells(events.terms)
    own = cells.rows[cells.rows["variable"].eq("AEDECOD") & cells.rows["group"].eq(TOTAL)]
    counts = own[own["statistic"].eq("n")].sort_values(["value", "level"], ascending=[False, True]).head(_FREQUENT)
    if counts.empty:
        return Sentence("No treatment-emergent adverse event is recorded.", events.terms.anchor)
    places = [(soc, "AEDECOD", term, "", TOTAL) for soc, term in zip(counts["parameter"], counts["level"], strict=True)]
    terms = ", ".join(
        f"{cells.words(place)} {cells.text('n', place)} of {cells.text('N', place)} ({cells.text('pct', place)}\u00a0%)"
        for place in places
    )
    step = _moved(page, cells.step("n", places[0]), cells.words(places[0]))
    return Sentence(f"Most frequent treatment-emergent terms: {terms}.", cell_id(cells.display, places[0], "n"), step)


def find_pharmacokinetics(page: Page) -> Headline:
    """Return the headline of the pharmacokinetic report: what is new, samples, signs of a mix-up, highest means."""
    cells = page.cells(concentrations.samples)
    words = dict(zip(cells.rows["parameter"], cells.rows["parameter_words"], strict=True))
    steps = [(f"{text} samples", cells.step("n", (code, "SAMPLES", "", "", ""))) for code, text in words.items()]
    sentences = [_since(page, steps)]
    for code, matrix in words.items():
        places = {name: (code, name, "", "", "") for name in ("SAMPLES", "PARTICIPANTS", "BLQ", "PLACEBO", "ALLBLQ")}
        number = {name: cells.text("n", place) for name, place in places.items()}
        samples = (
            f"{matrix}: {number['SAMPLES']} samples of {number['PARTICIPANTS']} participants, of which {number['BLQ']} "
            "below the limit of quantification."
        )
        signs = (
            f"{matrix}, signs of a mix-up: participants on placebo with a quantifiable concentration "
            f"{number['PLACEBO']}, participants on active drug with none after dosing {number['ALLBLQ']}."
        )
        step = cells.step("n", places["SAMPLES"])
        sentences.append(
            Sentence(samples, cell_id(cells.display, places["SAMPLES"], "n"), _moved(page, step, "samples"))
        )
        steps_of_signs = {"on placebo": "PLACEBO", "on active drug": "ALLBLQ"}
        more = [_moved(page, cells.step("n", places[name]), told_as) for told_as, name in steps_of_signs.items()]
        link = cell_id(cells.display, places["PLACEBO"], "n")
        sentences.append(Sentence(signs, link, ", ".join(filter(None, more))))
    told = (*(sentence for sentence in sentences if sentence), *_highest_means(page))
    return Headline(told or (Sentence(concentrations.samples.empty, concentrations.samples.anchor),))


def _highest_means(page: Page) -> list[Sentence]:
    """Return, for every matrix, each arm's highest geometric mean with its visit and time."""
    key, results = concentrations.summary.key, page.results
    means = results[results["display"].eq(key) & results["statistic"].eq("geomean") & results["value"].notna()]
    matrices = page.study.pharmacokinetics.matrices if page.study.pharmacokinetics else []
    sentences = []
    for matrix in matrices:
        own = means[means["parameter"].eq(matrix.code)]
        highest = own.loc[own.groupby("group", sort=False)["value"].idxmax()]
        parts = [
            f"{row['group_words']} {row['text']} {matrix.unit} ({_time(row['visit_words'], row['level'])})"
            for row in highest.to_dict("records")
        ]
        if parts:
            text = f"{matrix.label}, highest geometric mean concentration: {', '.join(parts)}."
            peak = highest.nlargest(1, "value")
            place = tuple(peak[name].item() for name in ("parameter", "variable", "level", "visit", "group"))
            sentences.append(Sentence(text, cell_id(key, place, "geomean")))
    return sentences


def _time(visit: str, level: str) -> str:
    return f"{visit}, {level} h" if level else visit


def find_efficacy(page: Page) -> Headline:
    """Return the headline of the efficacy report: each endpoint at its last visit that at least half have reached."""
    new = _since(page, [("participants treated", _treated_step(page))])
    compared = [
        _comparison(page, layer) for layer in endpoints.comparisons.rows(page.study) if isinstance(layer, Model)
    ]
    courses = [_endpoint_sentence(page, endpoint) for endpoint in page.study.endpoints]
    return Headline(tuple(sentence for sentence in (new, *compared, *courses) if sentence)[:MOST_SENTENCES])


def _treated_step(page: Page) -> float:
    cells = page.cells(participants.demographics)
    return cells.sizes.get(TOTAL, 0.0) - cells.previous.sizes.get(TOTAL, 0.0) if cells.previous else 0.0


def _comparison(page: Page, layer: Model) -> Sentence | None:
    """Return the differences from the control, and what they were where they moved."""
    cells, control = page.cells(endpoints.comparisons), page.study.treatment.control_arm
    if control is None:
        return None
    names = layer.columns[-1].statistics
    unit = "\u00a0%" if layer.is_ratio else ""
    parts, moved, link = [], [], ""
    for arm in page.study.treatment.arms:
        place = (layer.parameter, "DIFF", "", layer.visit, contrast(arm.code, control.code))
        shown, was = (_with_limits(own, names, place, unit) for own in (cells, cells.previous))
        if shown:
            parts.append(f"{arm.label} {shown}")
            link = cell_id(cells.display, place, names[0])
        if was and was != shown:
            moved.append(f"{arm.label} {was}")
    name = next(item.label for item in page.study.endpoints if item.paramcd == layer.parameter)
    difference = f"{name} at {layer.visit_words}, difference from {control.label.lower()} (95\u00a0% CI)"
    change = f"at cut {page.previous.cut_id}: {', '.join(moved)}" if moved else ""
    return Sentence(f"{difference}: {', '.join(parts)}.", link, change) if parts else None


def _with_limits(cells: Cells | None, names: Sequence[str], place: Place, unit: str) -> str:
    """Return an estimate with its limits, empty where a cut has none."""
    centre, low, high = (cells.text(name, place) if cells else NOT_APPLICABLE for name in names)
    return "" if centre == NOT_APPLICABLE else f"{centre}{unit} ({low} to {high})"


def _endpoint_sentence(page: Page, endpoint: Endpoint) -> Sentence:
    is_ratio = endpoint.scale == "ratio"
    display: Display = endpoints.ratios if is_ratio else endpoints.changes
    statistic = "geomean" if is_ratio else "mean"
    cells = page.cells(display).of_parameter(endpoint.paramcd)
    known = endpoints.course_of(endpoint)
    variable, what = next((pair for pair in known if cells.rows["variable"].eq(pair[0]).any()), known[-1])
    visit, visit_words = _last_reached(cells.rows, variable)
    if not visit:
        link = f"{display.anchor.partition('{')[0]}{endpoint.paramcd}"
        return Sentence(f"{endpoint.label}: no values after baseline by the cut-off.", link)
    parts = []
    for arm in page.study.treatment.arms:
        place = (endpoint.paramcd, variable, "", visit, arm.code)
        if cells.text("n", place) not in {"0", NOT_APPLICABLE}:
            parts.append(f"{arm.label} {cells.text(statistic, place)} (n\u00a0=\u00a0{cells.text('n', place)})")
    carried = " (LOCF)" if endpoint.imputation == "locf" else ""
    link = cell_id(display.key, (endpoint.paramcd, variable, "", visit, page.study.treatment.arms[-1].code), statistic)
    return Sentence(f"{endpoint.label} at {visit_words}, {what}{carried}: {', '.join(parts)}.", link)


def _last_reached(own: pd.DataFrame, variable: str) -> tuple[str, str]:
    """Return id and label of the last visit that at least half of those with any have reached."""
    is_counted = own["variable"].eq(variable) & own["statistic"].eq("n") & own["group"].eq(TOTAL)
    counts = own[own["visit"].ne(BASELINE) & is_counted]
    reached = counts[counts["value"].ge(counts["value"].max() / 2) & counts["value"].gt(0)]
    return (str(reached["visit"].iloc[-1]), str(reached["visit_words"].iloc[-1])) if len(reached) else ("", "")


FINDERS: dict[str, Callable[[Page], Headline]] = {
    SAFETY: find_safety,
    PHARMACOKINETICS: find_pharmacokinetics,
    EFFICACY: find_efficacy,
}
"""By report."""
