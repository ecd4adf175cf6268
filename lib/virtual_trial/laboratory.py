"""Blood and urine: haematology, chemistry, coagulation and dipstick, correlated within a person as organs make them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate

from .case import Case
from .facts import fact, table
from .findings import Occasion, Result, finding, measured, occasion, range_indicator, worded
from .record import Record, Value
from .stream import Stream, clipped, rounded
from .visits import Visit

LOWEST_REPORTED = {"BILI": 4.0}
PERSISTENCE = 0.5
INNOVATION = math.sqrt(1 - PERSISTENCE**2)
REPORTED_RISES = {
    "Blood creatine phosphokinase increased": {"CK": 4.5, "AST": 1.3},
    "Alanine aminotransferase increased": {"ALT": 4.0, "AST": 2.8},
}
"""Factors on blood tests at the visit from which an adverse event was reported."""


@dataclass(frozen=True, slots=True, eq=False)
class Analyte:
    """One blood test: unit, reference range and variability of one sex."""

    code: str
    name: str
    category: str
    specimen: str
    unit: str
    decimals: int
    us_unit: str
    us_factor: float
    us_decimals: int
    low: float
    high: float
    mean: float
    between: float
    within: float
    is_log: bool
    organ: str
    loading: float
    rank: float


@cache
def analytes(sex: str) -> tuple[Analyte, ...]:
    """All blood tests with the reference ranges of a sex."""
    end = sex.lower()
    return tuple(
        Analyte(
            code=row["code"],
            name=row["name"],
            category=row["category"],
            specimen=row["specimen"],
            unit=row["unit"],
            decimals=int(row["decimals"]),
            us_unit=row["us_unit"],
            us_factor=float(row["us_factor"]),
            us_decimals=int(row["us_decimals"]),
            low=float(row[f"low_{end}"]),
            high=float(row[f"high_{end}"]),
            mean=float(row[f"mean_{end}"]),
            between=float(row["between"]),
            within=float(row["within"]),
            is_log=row["scale"] == "log",
            organ=row["factor_name"],
            loading=float(row["loading"]),
            rank=float(rank),
        )
        for rank, row in enumerate(table(fact("laboratory.analytes")))
    )


def laboratory(case: Case) -> list[Record]:
    """Return records of LB from blood and urine; screen failures have none."""
    if not case.person.is_randomised:
        return []
    visits = [visit for visit in case.visits if visit.has("B")]
    tests = analytes(case.person.traits.sex)
    values = levels(case, visits)
    is_us, found = case.person.site.is_conventional, list[Record]()
    for visit in visits:
        source = {"LBNAM": "CENTRAL LABORATORY", "LBREFID": f"{case.person.subjid}-B{visit.number:g}-1"}
        when = occasion(case, "lb", visit, visit.dose_minute - 110, "laboratory", source)
        found += [_blood(when, test, values[(test.code, visit.number)], is_us=is_us) for test in tests]
        found += _urine(case, visit)
    return found


def _course(draws: Stream, name: str, visits: list[Visit]) -> tuple[float, list[float]]:
    """Person's score and its deviation at each visit: a normal one, first-order autoregressive."""
    own = [draws.normal(f"lab.{name}.{visit.number}") for visit in visits]
    deviations = accumulate(own, lambda last, new: PERSISTENCE * last + INNOVATION * new)
    return draws.normal(f"lab.{name}"), list(deviations)


def levels(case: Case, visits: list[Visit]) -> dict[tuple[str, float], float]:
    """Value of every blood test at these visits, by code and visit number, in standard units, not rounded."""
    tests = analytes(case.person.traits.sex)
    organs = {organ: _course(case.draws, organ, visits) for organ in sorted({test.organ for test in tests})}
    found = {}
    for test in tests:
        own, organ, rest = _course(case.draws, test.code, visits), organs[test.organ], math.sqrt(1 - test.loading**2)
        between = clipped(test.loading * organ[0] + rest * own[0], -2.2, 2.2) * test.between
        for visit, of_organ, of_test in zip(visits, organ[1], own[1], strict=True):
            within = clipped(test.loading * of_organ + rest * of_test, -3, 3) * test.within
            value = test.mean * math.exp(between + within) if test.is_log else test.mean + between + within
            found[(test.code, visit.number)] = value
    for key, factor in _factors(case, visits).items():
        found[key] *= factor
    for visit in visits:
        _share_white_cells(found, visit.number)
    return found


def _share_white_cells(found: dict[tuple[str, float], float], visit: float) -> None:
    """Neutrophils and lymphocytes never exceed 94 % of the white cells."""
    parts = found[("NEUT", visit)] + found[("LYM", visit)]
    scale = min(1.0, 0.94 * found[("WBC", visit)] / parts)
    found[("NEUT", visit)] *= scale
    found[("LYM", visit)] *= scale


def rise_visit(case: Case, term: str) -> Visit:
    """Return the visit whose blood test is reported as this adverse event."""
    return case.draws.pick(f"rise.{term}", [v for v in case.visits if v.has("B") and v.date > case.person.day1])


def _factors(case: Case, visits: list[Visit]) -> dict[tuple[str, float], float]:
    """Factors on values, by code and visit number: wasting on creatinine, and what was reported as adverse event."""
    found = {("CREAT", visit.number): _wasting(case, visit) for visit in visits}
    for term, rises in REPORTED_RISES.items():
        if term in case.share.events:
            peak = rise_visit(case, term).date
            for visit in visits:
                left = math.exp((peak - visit.date) / 12) if visit.date >= peak else 0.0
                for code, rise in rises.items():
                    key = (code, visit.number)
                    found[key] = found.get(key, 1.0) * (1 + (rise - 1) * left)
    return found


def _wasting(case: Case, visit: Visit) -> float:
    """Creatinine falls as muscle is lost."""
    months = (visit.date - case.person.day1) / 30.44
    return clipped(1 + 0.004 * min(case.share.alsfrs_change, 0) * months, 0.6, 1.0)


def blood_range(case: Case, test: Analyte, high: float) -> dict[str, Value]:
    """Return reference range of a test as reported and in standard units, with this upper limit."""
    return dict(_range_of(test, high, is_us=case.person.site.is_conventional))


@lru_cache(maxsize=1024)
def _range_of(test: Analyte, high: float, *, is_us: bool) -> dict[str, Value]:
    factor, decimals = (test.us_factor, test.us_decimals) if is_us else (1.0, test.decimals)
    return {
        "LBORNRLO": f"{test.low * factor:.{decimals}f}",
        "LBORNRHI": f"{high * factor:.{decimals}f}",
        "LBSTNRLO": test.low,
        "LBSTNRHI": high,
    }


def _blood(when: Occasion, test: Analyte, value: float, *, is_us: bool) -> Record:
    result = _converted(test, f"{value * test.us_factor:.{test.us_decimals}f}") if is_us else _standard(test, value)
    number = float(result.number) if result.number != "" else test.low
    return finding(when, result, test.rank, _about(test, range_indicator(number, test.low, test.high), is_us=is_us))


@lru_cache(maxsize=1024)
def _about(test: Analyte, indicator: str, *, is_us: bool) -> Mapping[str, Value]:
    """Return what every result of a test has that lies so to its reference range."""
    place = {"LBCAT": test.category, "LBSPEC": test.specimen, "LBNRIND": indicator}
    return {**_range_of(test, test.high, is_us=is_us), **place}


@lru_cache(maxsize=1 << 16)
def _converted(test: Analyte, collected: str) -> Result:
    """Return a result that was collected in conventional units."""
    standard = rounded(float(collected) / test.us_factor, test.decimals)
    text = f"{standard:.{test.decimals}f}"
    return Result(test.code, test.name, collected, test.us_unit, text, standard, test.unit)


def _standard(test: Analyte, value: float) -> Result:
    """Return a result that was collected in standard units."""
    number = rounded(value, test.decimals)
    lowest = LOWEST_REPORTED.get(test.code, 0.0)
    if number < lowest:
        return Result(test.code, test.name, f"<{lowest:.0f}", test.unit, f"<{lowest:.0f}", "", test.unit)
    return measured(test.code, test.name, number, test.decimals, test.unit)


def _urine(case: Case, visit: Visit) -> list[Record]:
    source = {"LBNAM": "CENTRAL LABORATORY", "LBREFID": f"{case.person.subjid}-U{visit.number:g}-1"}
    found, when = [], occasion(case, "lb", visit, visit.dose_minute - 100, "laboratory", source)
    for rank, (code, name, weights) in enumerate(
        (("PROT", "Protein", (86, 10, 4)), ("OCCBLD", "Occult Blood", (90, 7, 3)), ("KETONES", "Ketones", (92, 6, 2)))
    ):
        text = case.draws.weighted(f"urine.{code}.{visit.number}", ("NEGATIVE", "TRACE", "1+"), weights)
        indicator = "NORMAL" if text == "NEGATIVE" else "ABNORMAL"
        more = {"LBCAT": "URINALYSIS", "LBSPEC": "URINE", "LBNRIND": indicator}
        found.append(finding(when, worded(code, name, text), 50 + rank, more))
    return found
