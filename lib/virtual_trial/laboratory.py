"""Blood and urine: haematology, chemistry, coagulation and dipstick, correlated within a person as organs make them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from virtual_trial.case import Case
from virtual_trial.facts import fact, table
from virtual_trial.findings import Moment, Result, finding, range_indicator
from virtual_trial.record import Record, Value
from virtual_trial.stream import Stream, clipped, rounded
from virtual_trial.visits import Visit

LOWEST_REPORTED = {"BILI": 4.0}
PERSISTENCE = 0.5


@dataclass(frozen=True, slots=True)
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
        )
        for row in table(fact("laboratory.analytes"))
    )


def laboratory(case: Case) -> list[Record]:
    """Records of LB from blood and urine; screen failures have none."""
    if not case.person.is_randomised:
        return []
    found: list[Record] = []
    for visit in case.visits:
        if visit.has("B"):
            found += [_blood(case, visit, test, rank) for rank, test in enumerate(analytes(case.person.traits.sex))]
            found += _urine(case, visit)
    return found


def _shared(draws: Stream, test: Analyte, key: str) -> float:
    own = draws.normal(f"lab.{test.code}.{key}")
    if not test.loading:
        return own
    return test.loading * draws.normal(f"lab.{test.organ}.{key}") + math.sqrt(1 - test.loading**2) * own


def level(case: Case, visit: Visit, test: Analyte) -> float:
    """Value of a blood test at a visit, in standard units, not yet rounded."""
    now = _shared(case.draws, test, f"{visit.number}")
    previous = [other for other in case.visits if other.has("B") and other.date < visit.date]
    if previous:
        before = _shared(case.draws, test, f"{previous[-1].number}")
        now = PERSISTENCE * before + math.sqrt(1 - PERSISTENCE**2) * now
    score = clipped(_shared(case.draws, test, "person"), -2.2, 2.2) * test.between + clipped(now, -3, 3) * test.within
    value = test.mean * math.exp(score) if test.is_log else test.mean + score
    return value * _wasting(case, visit, test)


def _wasting(case: Case, visit: Visit, test: Analyte) -> float:
    """Creatinine falls as muscle is lost."""
    if test.code != "CREAT":
        return 1.0
    months = (visit.date - case.person.day1) / 30.44
    return clipped(1 + 0.004 * min(case.share.alsfrs_change, 0) * months, 0.6, 1.0)


def _blood(case: Case, visit: Visit, test: Analyte, rank: float) -> Record:
    value = level(case, visit, test)
    result = _result(case, test, value)
    low, high = test.low, test.high
    number = float(result.number) if result.number != "" else low
    is_us = case.person.site.is_conventional
    factor, decimals = (test.us_factor, test.us_decimals) if is_us else (1.0, test.decimals)
    more: dict[str, Value] = {
        "LBCAT": test.category,
        "LBSPEC": test.specimen,
        "LBNAM": "CENTRAL LABORATORY",
        "LBREFID": f"{case.person.subjid}-B{visit.number:g}-1",
        "LBORNRLO": f"{low * factor:.{decimals}f}",
        "LBORNRHI": f"{high * factor:.{decimals}f}",
        "LBSTNRLO": low,
        "LBSTNRHI": high,
        "LBNRIND": range_indicator(number, low, high),
    }
    return finding(case, "lb", result, Moment(visit, visit.dose_minute - 110, rank, "laboratory"), more)


def _result(case: Case, test: Analyte, value: float) -> Result:
    if case.person.site.is_conventional:
        collected = f"{value * test.us_factor:.{test.us_decimals}f}"
        standard = rounded(float(collected) / test.us_factor, test.decimals)
        text = f"{standard:.{test.decimals}f}"
        return Result(test.code, test.name, collected, test.us_unit, text, standard, test.unit)
    number = rounded(value, test.decimals)
    lowest = LOWEST_REPORTED.get(test.code, 0.0)
    if number < lowest:
        return Result(test.code, test.name, f"<{lowest:.0f}", test.unit, f"<{lowest:.0f}", "", test.unit)
    text = f"{number:.{test.decimals}f}"
    return Result(test.code, test.name, text, test.unit, text, number, test.unit)


def _urine(case: Case, visit: Visit) -> list[Record]:
    found = []
    for rank, (code, name, weights) in enumerate(
        (("PROT", "Protein", (86, 10, 4)), ("OCCBLD", "Occult Blood", (90, 7, 3)), ("KETONES", "Ketones", (92, 6, 2)))
    ):
        text = case.draws.weighted(f"urine.{code}.{visit.number}", ("NEGATIVE", "TRACE", "1+"), weights)
        more: dict[str, Value] = {
            "LBCAT": "URINALYSIS",
            "LBSPEC": "URINE",
            "LBNAM": "CENTRAL LABORATORY",
            "LBREFID": f"{case.person.subjid}-U{visit.number:g}-1",
            "LBNRIND": "NORMAL" if text == "NEGATIVE" else "ABNORMAL",
        }
        when = Moment(visit, visit.dose_minute - 100, 50 + rank, "laboratory")
        found.append(finding(case, "lb", Result(code, name, text, "", text, "", ""), when, more))
    return found
