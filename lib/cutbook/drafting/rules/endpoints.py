"""Endpoints that the data may hold: totals of questionnaires; which of them count, no data tell."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cutbook.drafting.decision import Decision
from cutbook.drafting.evidence import HALF, Evidence, column, tally
from cutbook.drafting.rules.measured.findings import BIOMARKERS
from cutbook.drafting.rules.measured.visits import find_visits

_TOTAL = "TOTAL|SCORE|OVERALL|GLOBAL"
_SEVERAL = 2


def decide_endpoints(evidence: Evidence) -> Iterator[Decision]:
    """Yield the question about endpoints, where totals of QS or results of RE were collected at several visits."""
    found = list(_totals(evidence))
    if found:
        asked = (
            f"Which are endpoints, in which direction, population and imputation? Candidates: {'; '.join(found)}. "
            "docs/study.md shows how one is written."
        )
        rule = "totals with several visits"
        yield Decision("endpoints", None, rule, f"collected at several visits: {len(found)}", "guess", asked)


def _totals(evidence: Evidence) -> Iterator[str]:
    yield from _biomarkers(evidence)
    planned = {visit.number for visit in find_visits(evidence)}
    for dataset in ("qs", "re"):
        letters = dataset.upper()
        codes, names = evidence.text(dataset, f"{letters}TESTCD"), evidence.text(dataset, f"{letters}TEST")
        numbers, visits = evidence.number(dataset, f"{letters}STRESN"), evidence.number(dataset, "VISITNUM")
        is_total = names.str.contains(_TOTAL, case=False, regex=True) if dataset == "qs" else codes.ne("")
        for code in sorted(tally(codes[is_total])):
            own = codes.eq(code)
            if numbers[own].notna().mean() >= HALF and len(planned & {*visits[own]}) >= _SEVERAL:
                rows = evidence.frame(dataset)[own]
                yield f"{letters} {code} ({next(iter(tally(column(rows, f'{letters}TEST'))), code)})"


def _biomarkers(evidence: Evidence) -> Iterator[str]:
    rows = evidence.text("lb", "LBCAT").str.contains(BIOMARKERS.pattern, case=False, regex=True)
    tests = pd.DataFrame({"CODE": evidence.text("lb", "LBTESTCD"), "NAME": evidence.text("lb", "LBTEST")})[rows]
    for code, name in sorted({*tests.itertuples(index=False, name=None)}):
        yield f"LB {code} ({name})"
