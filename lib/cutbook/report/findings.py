"""The headline: sentences computed from the results table, each bound to the display that holds its numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cutbook.display.cells import Cells
from cutbook.display.formats import NOT_APPLICABLE, fixed, whole
from cutbook.display.frame import Headline, Sentence
from cutbook.display.page import Page
from cutbook.parameters.study import Endpoint
from cutbook.results.visits import shown_course

_FREQUENT = 3
_LIMITS = ("estimate", "ci_low", "ci_high")


def find_safety(results: pd.DataFrame, page: Page) -> Headline:
    """Return the headline of the safety report: disposition, events, most frequent terms, serious events, deaths."""
    total = page.cut.study.treatment.total
    disposition, overview = Cells(results, "D1"), Cells(results, "D4")
    sentences = [
        Sentence(
            f"{disposition.text('n', ('', 'SAFFL', 'Treated', '', total))} of "
            f"{disposition.text('n', ('', 'RANDFL', 'Randomised', '', total))} randomised participants were treated; "
            f"{disposition.text('n', ('', 'EOSSTT', 'Completed the study', '', total))} completed the study, "
            f"{disposition.text('n', ('', 'EOSSTT', 'Ongoing', '', total))} are ongoing and "
            f"{disposition.text('n', ('', 'EOSSTT', 'Discontinued the study', '', total))} discontinued it.",
            "T-D1",
        ),
        Sentence(f"Any treatment-emergent event: {_by_group(overview, 'TEAE', page)}.", "T-D4"),
        Sentence(_frequent(results, total), "T-D5"),
        Sentence(f"Serious treatment-emergent events: {_by_group(overview, 'SER', page)}.", "T-D4"),
        Sentence(f"Deaths on study, any cause: {_by_group(overview, 'DTHFL', page)}.", "L-D9-deaths"),
    ]
    return Headline(tuple(sentences))


def find_pharmacokinetics(results: pd.DataFrame, page: Page) -> Headline:
    """Return the headline of the pharmacokinetic report: samples, signs of a mix-up, highest means."""
    cells = Cells(results, "E13")
    sentences = []
    for matrix in dict.fromkeys(cells.rows["parameter"]):
        numbers = {
            name: cells.text("n", (matrix, name, "", "", ""))
            for name in ("SAMPLES", "PARTICIPANTS", "BLQ", "PLACEBO", "ALLBLQ")
        }
        sentences.append(
            Sentence(
                f"{matrix}: {numbers['SAMPLES']} samples of {numbers['PARTICIPANTS']} participants, of which "
                f"{numbers['BLQ']} below the limit of quantification.",
                "L-E1",
            )
        )
        sentences.append(
            Sentence(
                f"{matrix}, signs of a mix-up: participants on placebo with a quantifiable concentration "
                f"{numbers['PLACEBO']}, participants on active drug with none after dosing {numbers['ALLBLQ']}.",
                "T-E13",
            )
        )
    return Headline((*sentences, *_highest_means(results, page)))


def _highest_means(results: pd.DataFrame, page: Page) -> list[Sentence]:
    """Return, for every matrix, each arm's highest geometric mean with its visit and time."""
    means = results[results["display"].eq("E2") & results["statistic"].eq("geomean") & results["value"].notna()]
    matrices = page.cut.study.pharmacokinetics.matrices if page.cut.study.pharmacokinetics else []
    sentences = []
    for place, matrix in enumerate(matrices, start=1):
        own = means[means["parameter"].eq(matrix.label)]
        highest = own.loc[own.groupby("group", sort=False)["value"].idxmax()]
        times = [f"{visit.capitalize()}, {level} h" if level else visit.capitalize()
                 for visit, level in zip(highest["visit"], highest["level"], strict=True)]  # fmt: skip
        parts = [
            f"{group} {text} {matrix.unit} ({time})"
            for group, text, time in zip(highest["group"], highest["text"], times, strict=True)
        ]
        if parts:
            text = f"{matrix.label}, highest geometric mean concentration: {', '.join(parts)}."
            sentences.append(Sentence(text, f"T-E2-{place}"))
    return sentences


def find_efficacy(results: pd.DataFrame, page: Page) -> Headline:
    """Return the headline of the efficacy report: each endpoint at its last visit that at least half have reached."""
    endpoints = page.cut.study.endpoints
    compared = [_comparison(results, page, endpoint) for endpoint in endpoints if endpoint.analysis]
    courses = [_endpoint_sentence(results, page, endpoint) for endpoint in endpoints]
    return Headline((*(sentence for sentence in compared if sentence), *courses))


def _comparison(results: pd.DataFrame, page: Page, endpoint: Endpoint) -> Sentence | None:
    cells = Cells(results[results["parameter"].eq(endpoint.paramcd)], "F1")
    visit = endpoint.analysis.visit if endpoint.analysis else ""
    names = ("diff_pct", "diff_pct_low", "diff_pct_high") if endpoint.scale == "ratio" else _LIMITS
    unit = "\u00a0%" if endpoint.scale == "ratio" else ""
    parts = []
    for arm in page.cut.study.treatment.arms:
        centre, low, high = (cells.text(name, (endpoint.paramcd, "DIFF", "", visit, arm.label)) for name in names)
        parts += [] if centre == NOT_APPLICABLE else [f"{arm.label} {centre}{unit} ({low} to {high})"]
    control = page.cut.study.treatment.arms[0].label.lower()
    text = f"{endpoint.label} at {visit}, difference from {control} (95\u00a0% CI): {', '.join(parts)}."
    return Sentence(text, f"T-F1-{endpoint.paramcd}") if parts else None


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


def _frequent(results: pd.DataFrame, total: str) -> str:
    own = results[results["display"].eq("D5") & results["variable"].eq("AEDECOD") & results["group"].eq(total)]
    wide = own.pivot_table(index="level", columns="statistic", values="value", aggfunc="max").reset_index()
    if wide.empty:
        return "No treatment-emergent adverse event is recorded."
    first = wide.sort_values(["n", "level"], ascending=[False, True]).head(_FREQUENT)
    terms = ", ".join(
        f"{term.capitalize()} {whole(count)} of {whole(size)} ({fixed(percent, 1)}\u00a0%)"
        for term, count, size, percent in first[["level", "n", "N", "pct"]].itertuples(index=False)
    )
    return f"Most frequent treatment-emergent terms: {terms}."
