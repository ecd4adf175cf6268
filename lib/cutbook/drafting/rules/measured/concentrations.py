"""Concentrations: matrices and analytes, units, days with a profile, and what lies below the limit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pandas as pd

from cutbook.data.checks.dosing.drugs import is_dose
from cutbook.dates import date_part
from cutbook.drafting.decision import Confidence, Decision, Value
from cutbook.drafting.evidence import HALF, Evidence, column, counted, tally
from cutbook.words import sentence_case

_ENOUGH_TIMES = 4
_ENOUGH_PEOPLE = 3
_BELOW = re.compile(r"\s*<|BL?L?O?Q|LLO?Q|BELOW", re.IGNORECASE)
_NO_NAME = re.compile(r"[^A-Za-z0-9]+")


def decide_pharmacokinetics(evidence: Evidence) -> Iterator[Decision]:
    """Yield the section ``pharmacokinetics``, where concentrations came."""
    names: dict[str, int] = {}
    for specimen, code in _analytes(evidence):
        name = _NO_NAME.sub("_", f"{code}_{specimen}")
        names[name] = names.get(name, 0) + 1
        yield from _matrix(evidence, specimen, code, name if names[name] == 1 else f"{name}_{names[name]}")
    if names:
        yield from _below(evidence)


def _analytes(evidence: Evidence) -> list[tuple[str, str]]:
    """Return each specimen and test with samples, urine aside: it is collected over hours, not at one."""
    specimens, codes = evidence.text("pc", "PCSPEC"), evidence.text("pc", "PCTESTCD")
    pairs = pd.DataFrame({"SPEC": specimens, "CODE": codes}).drop_duplicates()
    known = [(str(spec), str(code)) for spec, code in pairs.itertuples(index=False) if spec and code]
    return [(spec, code) for spec, code in known if "URINE" not in spec.upper()]


def _matrix(evidence: Evidence, specimen: str, code: str, called: str) -> Iterator[Decision]:
    frame = evidence.frame("pc")
    chosen = evidence.text("pc", "PCSPEC").eq(specimen) & evidence.text("pc", "PCTESTCD").eq(code)
    rows = frame[chosen]
    name = next(iter(tally(column(rows, "PCTEST"))), code)
    label = f"{name if _is_code(name) else sentence_case(name)}, {_lower(specimen)}"
    key = f"pharmacokinetics.matrices.{called}"
    value: dict[str, Value] = {"specimen": specimen, "testcd": code, "label": label}
    profiles, said = _profile_visits(evidence, rows)
    value |= {"profile_visits": list(profiles)} if profiles else {}
    found = f"{len(rows):,} records; {said}"
    yield Decision(key, value, "each PCSPEC with each PCTESTCD", found)
    yield _unit(evidence, rows, key, specimen, code)


def _is_code(name: str) -> bool:
    return bool(re.search(r"\d", name)) or len(name) <= 4


def _lower(specimen: str) -> str:
    return specimen.lower() if len(specimen) > 3 else specimen


def _unit(evidence: Evidence, rows: pd.DataFrame, key: str, specimen: str, code: str) -> Decision:
    rule = "PCSTRESU, else PCORRESU, else the unit of CMAX in PP"
    for variable in ("PCSTRESU", "PCORRESU"):
        counts = tally(column(rows, variable))
        if counts:
            several = f"In which of its units is {code} in {_lower(specimen)} shown?" if len(counts) > 1 else ""
            sureness: Confidence = "guess" if several else "sure"
            return Decision(
                f"{key}.unit", next(iter(counts)), rule, f"{variable}: {counted(counts)}", sureness, several
            )
    peaks = evidence.text("pp", "PPTESTCD").eq("CMAX")
    counts = tally(evidence.text("pp", "PPSTRESU")[peaks])
    asked = f"In which unit are the concentrations of {code} in {_lower(specimen)}? The records do not say."
    if counts:
        return Decision(f"{key}.unit", next(iter(counts)), rule, f"CMAX: {counted(counts)}", "likely", asked)
    return Decision(f"{key}.unit", "ng/mL", rule, "no unit delivered; the usual one", "guess", asked)


def _profile_visits(evidence: Evidence, rows: pd.DataFrame) -> tuple[list[float], str]:
    """Return the visits with a profile: four nominal times in three participants; without VISITNUM days of a dose."""
    times = _nominal(rows)
    if "VISITNUM" in rows and rows["VISITNUM"].notna().any():
        visits, words = pd.to_numeric(rows["VISITNUM"], errors="coerce"), "VISITNUM"
    else:
        visits, words = dose_days(evidence, rows), "days of a dose, for VISITNUM did not come"
    told = pd.DataFrame({"WHO": column(rows, "USUBJID"), "VISIT": visits, "TIME": times}).dropna()
    told = told[told["TIME"].ne("")]
    counts = told.groupby(["VISIT", "WHO"])["TIME"].nunique()
    enough = counts[counts.ge(_ENOUGH_TIMES)].groupby("VISIT").size()
    found = [float(visit) for visit in enough[enough.ge(_ENOUGH_PEOPLE)].index]
    return found, f"profiles by {words}: {len(found)}"


def _nominal(rows: pd.DataFrame) -> pd.Series:
    for variable in ("PCTPTNUM", "PCTPT", "PCELTM"):
        said = column(rows, variable)
        if said.ne("").any():
            return said
    return column(rows, "PCDTC")


def dose_days(evidence: Evidence, rows: pd.DataFrame) -> pd.Series:
    """Return the study day of the dose that each sample refers to: that of PCRFTDTC, else the last before it."""
    ex = evidence.frame("ex")
    who = column(rows, "USUBJID")
    stated = date_part(column(rows, "PCRFTDTC"))
    sampled = date_part(column(rows, "PCDTC"))
    given = ex[is_dose(ex)] if len(ex) else ex
    days = pd.DataFrame({"WHO": column(given, "USUBJID"), "DAY": date_part(column(given, "EXSTDTC"))}).dropna()
    asked = pd.DataFrame({"ROW": rows.index, "WHO": who, "DAY": stated.fillna(sampled)}).dropna().sort_values("DAY")
    found = pd.merge_asof(asked, days.sort_values("DAY").assign(DOSE=lambda known: known["DAY"]), on="DAY", by="WHO")
    number = (found["DOSE"] - evidence.first_dose_of(found["WHO"])).dt.days + 1
    return pd.Series(number.to_numpy(dtype="float64"), index=found["ROW"].to_numpy()).reindex(rows.index)


def _below(evidence: Evidence) -> Iterator[Decision]:
    rule = "PCLLOQ and results that begin with <; zeros without a limit are asked about"
    results = evidence.text("pc", "PCSTRESC")
    results = results.where(results.ne(""), evidence.text("pc", "PCORRES"))
    said = int(results.str.contains(_BELOW.pattern, regex=True, case=False).sum())
    numbers = evidence.number("pc", "PCSTRESN").fillna(pd.to_numeric(results, errors="coerce"))
    zeros, smallest = int(numbers.eq(0).sum()), numbers[numbers.gt(0)].min()
    limits = evidence.number("pc", "PCLLOQ").dropna()
    key, asked = "pharmacokinetics.below_limit", ""
    limit = f"PCLLOQ {limits.min():g}" if len(limits) else "no PCLLOQ"
    if zeros and not len(limits):
        found = f"{zeros:,} of {len(numbers):,} results are 0, {limit}; the smallest other is {smallest:g}"
        asked = f"What does a concentration of 0 mean? {found}. As a guess: below the limit."
        value: Value = 0 if not said else [0, *_words_of(results)]
        yield Decision(key, value, rule, found, "guess", asked)
    else:
        yield Decision(key, None, rule, f"{said:,} results say so, {limit}, {zeros:,} are 0")
    asked = "What stands for a value below the limit in means: zero, zero_before_first, half_lloq or missing?"
    yield Decision("pharmacokinetics.blq_rule", "zero_before_first", "the usual rule", "no plan", "guess", asked)


def _words_of(results: pd.Series) -> Sequence[Value]:
    words = results[results.str.contains(_BELOW.pattern, regex=True, case=False)].str.upper().drop_duplicates()
    return [word for word in words if not word.startswith("<")]


def occasion_defaults(evidence: Evidence) -> Iterator[Decision]:
    """Yield the visits of samples that came without one: the day of the dose that each refers to."""
    if "pc" not in evidence.datasets or evidence.filled("pc", "VISITNUM") >= HALF:
        return
    rule = "the dose occasion as a visit where samples have none"
    for variable, text in (("VISITNUM", "{day}"), ("VISIT", "DAY {day}")):
        if evidence.filled("pc", variable) < HALF:
            found = f"{variable} is filled in {evidence.filled('pc', variable):.0%}"
            yield Decision(f"sources.defaults.pc.{variable}", {"occasion": text}, rule, found, "likely")
