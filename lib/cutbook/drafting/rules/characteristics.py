"""Rows of the table of demographics and baseline characteristics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from cutbook.drafting.decision import Decision, Value
from cutbook.drafting.evidence import HALF, Evidence, column, counted, tally, usual_decimals
from cutbook.words import capital, sentence_case

_WORDS = {"SEX": "Sex", "RACE": "Race", "ETHNIC": "Ethnicity", "COUNTRY": "Country"}
_SEXES = {"M": "Male", "F": "Female", "U": "Unknown", "UNDIFFERENTIATED": "Undifferentiated", "INTERSEX": "Intersex"}
_PROPER = {
    "AMERICAN INDIAN OR ALASKA NATIVE": "American Indian or Alaska Native",
    "BLACK OR AFRICAN AMERICAN": "Black or African American",
    "NATIVE HAWAIIAN OR OTHER PACIFIC ISLANDER": "Native Hawaiian or other Pacific Islander",
    "HISPANIC OR LATINO": "Hispanic or Latino",
    "NOT HISPANIC OR LATINO": "Not Hispanic or Latino",
}
"""Terms of CDISC's code lists RACE and ETHNIC that hold names."""

_BODY = {"WEIGHT": ("WEIGHTBL", "Weight", "kg"), "HEIGHT": ("HEIGHTBL", "Height", "cm")}
_MOST_LEVELS = 20
_LONGEST_NAME = 8


def decide_characteristics(evidence: Evidence) -> Iterator[Decision]:
    """Yield a decision a row of the table."""
    yield from _age(evidence)
    for variable, label in _WORDS.items():
        yield from _levels(evidence, variable, label)
    yield from _body(evidence)
    yield from _subject_characteristics(evidence)


def _row(name: str, value: dict[str, Value], rule: str, found: str) -> Decision:
    return Decision(f"characteristics.{name}", {"variable": name, **value}, rule, found)


def _age(evidence: Evidence) -> Iterator[Decision]:
    ages = evidence.number("dm", "AGE").dropna()
    if len(ages):
        unit = next(iter(tally(evidence.text("dm", "AGEU"))), "YEARS").lower()
        value: dict[str, Value] = {"label": "Age", "unit": unit}
        decimals = usual_decimals(ages)
        yield _row("AGE", value | ({"decimals": decimals} if decimals else {}), "AGE of DM", f"{len(ages)} have one")


def _levels(evidence: Evidence, variable: str, label: str) -> Iterator[Decision]:
    counts = tally(evidence.text("dm", variable))
    if len(counts) < 2 or len(counts) > _MOST_LEVELS:
        return
    words = {name: _SEXES.get(name, sentence_case(name)) if variable == "SEX" else _shown(name) for name in counts}
    yield _row(variable, {"label": label, "levels": words}, "variables of DM that are not constant", counted(counts))


def _shown(name: str) -> str:
    """Return a level as shown; a code of a country or another short one stays."""
    return name if len(name) <= 3 else _PROPER.get(name, sentence_case(name))


def _body(evidence: Evidence) -> Iterator[Decision]:
    made = []
    for code, (name, label, unit) in _BODY.items():
        chosen = evidence.text("vs", "VSTESTCD").eq(code)
        numbers = evidence.number("vs", "VSSTRESN")[chosen].dropna()
        if not len(numbers):
            continue
        units = tally(evidence.text("vs", "VSSTRESU")[chosen])
        stated = next(iter(units), unit)
        value: dict[str, Value] = {"label": label, "unit": stated, "dataset": "vs", "testcd": code}
        decimals = usual_decimals(numbers)
        value |= {"decimals": decimals} if decimals else {}
        made += [name] if stated == unit else []
        found = f"{len(numbers):,} results in {counted(units) or 'no unit'}"
        asked = f"{label} has several units: are its results comparable?" if len(units) > 1 else ""
        made_row = _row(name, value, "WEIGHT and HEIGHT of VS", found)
        yield replace(made_row, confidence="guess", question=asked) if asked else made_row
    if len(made) == len(_BODY):
        bmi: dict[str, Value] = {
            "label": "Body mass index", "unit": "kg/m²", "dataset": "vs", "statistic": "bmi", "decimals": 1,
        }  # fmt: skip
        yield _row("BMIBL", bmi, "weight and height, where both are there", "computed of the two rows above")


def _subject_characteristics(evidence: Evidence) -> Iterator[Decision]:
    """Yield a row a test of SC: numbers where half of its results are, else levels by frequency."""
    codes = evidence.text("sc", "SCTESTCD")
    rule = "tests of SC, numbers or levels by frequency"
    for code in sorted(tally(codes)):
        rows = evidence.frame("sc")[codes.eq(code)]
        if len(code) > _LONGEST_NAME or not code[:1].isalpha():
            continue
        label = capital(next(iter(tally(column(rows, "SCTEST"))), code))
        numbers = pd.to_numeric(column(rows, "SCSTRESN"), errors="coerce").dropna()
        texts = tally(column(rows, "SCSTRESC"))
        value: dict[str, Value] = {"label": sentence_case(label), "dataset": "sc", "testcd": code}
        if len(numbers) >= HALF * len(rows):
            unit = next(iter(tally(column(rows, "SCSTRESU"))), "")
            decimals = usual_decimals(numbers)
            value |= ({"unit": unit.lower()} if unit else {}) | ({"decimals": decimals} if decimals else {})
            yield _row(code, value, rule, f"{len(numbers)} numbers")
        elif 1 < len(texts) <= _MOST_LEVELS:
            value |= {"levels": {name: _shown(name) for name in texts}}
            yield _row(code, value, rule, counted(texts))
