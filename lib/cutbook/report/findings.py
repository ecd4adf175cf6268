"""The headline: sentences computed from the results table, each bound to the display that holds its numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cutbook.data.past_rules import count_records
from cutbook.display.cells import Cells, Place, cell_id
from cutbook.display.formats import NOT_APPLICABLE, signed
from cutbook.display.frame import Headline, Sentence
from cutbook.display.page import Page
from cutbook.display.tables_of_events import sentence_case
from cutbook.display.words import visit_name
from cutbook.parameters.study import Endpoint
from cutbook.results.visits import shown_course

_FREQUENT = 3
MOST_SENTENCES = 10
"""Sentences of a headline at most."""

_LIMITS = ("estimate", "ci_low", "ci_high")


def find_safety(results: pd.DataFrame, page: Page) -> Headline:
    """Return the headline of the safety report: what is new, disposition, events, frequent and serious ones, deaths."""
    total = page.cut.study.treatment.total
    disposition, overview = page.cells(results, "D1"), page.cells(results, "D4")
    treated, randomised = ("", "SAFFL", "Treated", "", total), ("", "RANDFL", "Randomised", "", total)
    sentences = [
        _since(
            page,
            [
                ("participants randomised", _step(disposition, randomised)),
                ("treatment-emergent events", _step(overview, _row(overview, "TEAE", total), "events")),
                ("participants with a serious event", _step(overview, _row(overview, "SER", total))),
                ("deaths", _step(overview, _row(overview, "DTHFL", total))),
            ],
        ),
        Sentence(
            f"{disposition.text('n', treated)} of "
            f"{disposition.text('n', randomised)} randomised participants were treated; "
            f"{disposition.text('n', ('', 'EOSSTT', 'Completed the study', '', total))} completed the study, "
            f"{disposition.text('n', ('', 'EOSSTT', 'Ongoing', '', total))} are ongoing and "
            f"{disposition.text('n', ('', 'EOSSTT', 'Discontinued the study', '', total))} discontinued it.",
            cell_id("D1", treated, "n"),
            _moved(page, _step(disposition, treated), "treated"),
        ),
        _of_events(overview, page, "TEAE", "Any treatment-emergent event"),
        _frequent(page.cells(results, "D5"), page),
        _of_events(overview, page, "SER", "Serious treatment-emergent events"),
        _of_events(overview, page, "DTHFL", "Deaths on study, any cause"),
    ]
    return Headline(tuple(sentence for sentence in sentences if sentence))


def _of_events(overview: Cells, page: Page, variable: str, words: str) -> Sentence:
    place = _row(overview, variable, page.cut.study.treatment.total)
    text = f"{words}: {_by_group(overview, variable, page)}."
    return Sentence(text, cell_id("D4", place, "n"), _moved(page, _step(overview, place), "in all"))


def _row(overview: Cells, variable: str, group: str) -> Place:
    level = overview.rows.loc[overview.rows["variable"].eq(variable), "level"].iloc[0]
    return ("", variable, str(level), "", group)


def _step(cells: Cells, place: Place, statistic: str = "n") -> float:
    """Return by how much a count moved since the previous cut; 0 when that is not known."""
    if cells.before is None:
        return 0.0
    values = (cells.value(statistic, place), cells.before.value(statistic, place))
    now, before = (0.0 if value != value else value for value in values)
    return now - before


def _moved(page: Page, step: float, words: str) -> str:
    return f"{signed(step)} {words} since cut {page.cut.cut.previous_cut}" if step else ""


def _since(page: Page, steps: Sequence[tuple[str, float]]) -> Sentence | None:
    """Return what is new since the previous cut, or None when that is not published here."""
    if page.previous is None:
        return None
    previous = page.cut.before.cut.cutoff_date if page.cut.before else ""
    name = page.cut.cut.previous_cut
    since = f"cut {name}" + (f" ({previous})" if previous not in {"", name} else "")
    told = [f"{words} {signed(step)}" for words, step in steps if step]
    past = count_records(page.cut.past)
    told += [f"{past} change{'s' if past > 1 else ''} of the past"] if past else []
    text = f"Since {since}: {', '.join(told)}." if told else f"Since {since} no key count has moved."
    return Sentence(text, "T-I2")


def find_pharmacokinetics(results: pd.DataFrame, page: Page) -> Headline:
    """Return the headline of the pharmacokinetic report: what is new, samples, signs of a mix-up, highest means."""
    cells = page.cells(results, "E13")
    matrices = list(dict.fromkeys(cells.rows["parameter"]))
    steps = [(f"{matrix} samples", _step(cells, (matrix, "SAMPLES", "", "", ""))) for matrix in matrices]
    sentences = [_since(page, steps)]
    for matrix in matrices:
        places = {name: (matrix, name, "", "", "") for name in ("SAMPLES", "PARTICIPANTS", "BLQ", "PLACEBO", "ALLBLQ")}
        told = {name: cells.text("n", place) for name, place in places.items()}
        samples = (
            f"{matrix}: {told['SAMPLES']} samples of {told['PARTICIPANTS']} participants, of which {told['BLQ']} below "
            "the limit of quantification."
        )
        signs = (
            f"{matrix}, signs of a mix-up: participants on placebo with a quantifiable concentration "
            f"{told['PLACEBO']}, participants on active drug with none after dosing {told['ALLBLQ']}."
        )
        step = _step(cells, places["SAMPLES"])
        sentences.append(Sentence(samples, cell_id("E13", places["SAMPLES"], "n"), _moved(page, step, "samples")))
        steps_of_signs = {"on placebo": "PLACEBO", "on active drug": "ALLBLQ"}
        more = [_moved(page, _step(cells, places[name]), told_as) for told_as, name in steps_of_signs.items()]
        sentences.append(Sentence(signs, cell_id("E13", places["PLACEBO"], "n"), ", ".join(filter(None, more))))
    shown = [sentence for sentence in sentences if sentence]
    return Headline((*shown, *_highest_means(results, page)))


def _highest_means(results: pd.DataFrame, page: Page) -> list[Sentence]:
    """Return, for every matrix, each arm's highest geometric mean with its visit and time."""
    means = results[results["display"].eq("E2") & results["statistic"].eq("geomean") & results["value"].notna()]
    matrices = page.cut.study.pharmacokinetics.matrices if page.cut.study.pharmacokinetics else []
    sentences = []
    for matrix in matrices:
        own = means[means["parameter"].eq(matrix.label)]
        highest = own.loc[own.groupby("group", sort=False)["value"].idxmax()]
        times = [f"{visit_name(visit)}, {level} h" if level else visit_name(visit)
                 for visit, level in zip(highest["visit"], highest["level"], strict=True)]  # fmt: skip
        parts = [
            f"{group} {text} {matrix.unit} ({time})"
            for group, text, time in zip(highest["group"], highest["text"], times, strict=True)
        ]
        if parts:
            text = f"{matrix.label}, highest geometric mean concentration: {', '.join(parts)}."
            peak = highest.nlargest(1, "value")
            place = tuple(peak[name].item() for name in ("parameter", "variable", "level", "visit", "group"))
            sentences.append(Sentence(text, cell_id("E2", place, "geomean")))
    return sentences


def find_efficacy(results: pd.DataFrame, page: Page) -> Headline:
    """Return the headline of the efficacy report: each endpoint at its last visit that at least half have reached."""
    endpoints = page.cut.study.endpoints
    new = _since(page, [("participants treated", _treated_step(results, page))])
    compared = [_comparison(results, page, endpoint) for endpoint in endpoints if endpoint.analysis]
    courses = [_endpoint_sentence(results, page, endpoint) for endpoint in endpoints]
    return Headline(tuple(sentence for sentence in (new, *compared, *courses) if sentence)[:MOST_SENTENCES])


def _treated_step(results: pd.DataFrame, page: Page) -> float:
    sizes = page.cells(results, "D2")
    total = page.cut.study.treatment.total
    return sizes.sizes.get(total, 0.0) - sizes.before.sizes.get(total, 0.0) if sizes.before else 0.0


def _comparison(results: pd.DataFrame, page: Page, endpoint: Endpoint) -> Sentence | None:
    cells = Cells(results[results["parameter"].eq(endpoint.paramcd)], "F1")
    before = None if page.previous is None else Cells(page.previous, "F1")
    visit = endpoint.analysis.visit if endpoint.analysis else ""
    names = ("diff_pct", "diff_pct_low", "diff_pct_high") if endpoint.scale == "ratio" else _LIMITS
    unit = "\u00a0%" if endpoint.scale == "ratio" else ""
    arms = page.cut.study.treatment.arms
    parts, moved, link = [], [], ""
    for arm in arms:
        place = (endpoint.paramcd, "DIFF", "", visit, arm.label)
        shown, was = (_with_limits(own, names, place, unit) for own in (cells, before))
        if shown:
            parts.append(f"{arm.label} {shown}")
            link = cell_id("F1", place, names[0])
        if was and was != shown:
            moved.append(f"{arm.label} {was}")
    text = f"{endpoint.label} at {visit}, difference from {arms[0].label.lower()} (95\u00a0% CI): {', '.join(parts)}."
    change = f"at cut {page.cut.cut.previous_cut}: {', '.join(moved)}" if moved else ""
    return Sentence(text, link, change) if parts else None


def _with_limits(cells: Cells | None, names: Sequence[str], place: Place, unit: str) -> str:
    """Return an estimate with its limits, empty where a cut has none."""
    centre, low, high = (cells.text(name, place) if cells else NOT_APPLICABLE for name in names)
    return "" if centre == NOT_APPLICABLE else f"{centre}{unit} ({low} to {high})"


def _endpoint_sentence(results: pd.DataFrame, page: Page, endpoint: Endpoint) -> Sentence:
    is_ratio = endpoint.scale == "ratio"
    display, statistic = ("F2", "geomean") if is_ratio else ("F4", "mean")
    own = results[results["display"].eq(display) & results["parameter"].eq(endpoint.paramcd)]
    cells = Cells(own, display)
    variable, what = shown_course(own, endpoint)
    visit = _last_reached(own, variable, page.cut.study.treatment.total)
    link = f"T-{display}-{endpoint.paramcd}"
    if not visit:
        return Sentence(f"{endpoint.label}: no values after baseline by the cut-off.", link)
    arms = [arm.label for arm in page.cut.study.treatment.arms]
    parts = []
    for arm in arms:
        place = (endpoint.paramcd, variable, "", visit, arm)
        if cells.text("n", place) not in {"0", "–"}:
            parts.append(f"{arm} {cells.text(statistic, place)} (n\u00a0=\u00a0{cells.text('n', place)})")
    carried = " (LOCF)" if endpoint.imputation == "locf" else ""
    link = cell_id(display, (endpoint.paramcd, variable, "", visit, arms[-1]), statistic)
    return Sentence(f"{endpoint.label} at {visit}, {what}{carried}: {', '.join(parts)}.", link)


def _last_reached(own: pd.DataFrame, variable: str, total: str) -> str:
    counts = own[
        own["visit"].ne("Baseline") & own["variable"].eq(variable) & own["statistic"].eq("n") & own["group"].eq(total)
    ]
    reached = counts[counts["value"].ge(counts["value"].max() / 2) & counts["value"].gt(0)]
    return str(reached["visit"].iloc[-1]) if len(reached) else ""


def _by_group(cells: Cells, variable: str, page: Page) -> str:
    treatment = page.cut.study.treatment
    placebo = [arm.label for arm in treatment.arms if arm.dose == 0]
    shown = [*placebo, *([treatment.total_active] if treatment.total_active else [])]
    level = cells.rows.loc[cells.rows["variable"].eq(variable), "level"].iloc[0]
    return ", ".join(_of(cells, ("", variable, level, "", group)) for group in [*shown, treatment.total] if group)


def _of(cells: Cells, place: Sequence[str]) -> str:
    percent = cells.text("pct", place)
    is_shown = percent not in {"NE", "–"} and cells.text("n", place) != "0"
    share = f"\u00a0({percent}\u00a0%)" if is_shown else ""
    return f"{place[-1]} {cells.text('n', place)} of {cells.text('N', place)}{share}"


def _frequent(cells: Cells, page: Page) -> Sentence:
    total = page.cut.study.treatment.total
    own = cells.rows[cells.rows["variable"].eq("AEDECOD") & cells.rows["group"].eq(total)]
    counts = own[own["statistic"].eq("n")].sort_values(["value", "level"], ascending=[False, True]).head(_FREQUENT)
    if counts.empty:
        return Sentence("No treatment-emergent adverse event is recorded.", "T-D5")
    places = [(soc, "AEDECOD", term, "", total) for soc, term in zip(counts["parameter"], counts["level"], strict=True)]
    terms = ", ".join(
        f"{sentence_case(place[2])} {cells.text('n', place)} of {cells.text('N', place)} "
        f"({cells.text('pct', place)}\u00a0%)"
        for place in places
    )
    step = _moved(page, _step(cells, places[0]), sentence_case(places[0][2]))
    return Sentence(f"Most frequent treatment-emergent terms: {terms}.", cell_id("D5", places[0], "n"), step)
