"""Records behind counts as columns of text: participants, adverse events, samples."""

from __future__ import annotations

import pandas as pd

from cutbook.display.formats import NOT_APPLICABLE
from cutbook.display.words import beside, column, dates, sentences, words
from cutbook.parameters.study import Study
from cutbook.records import EVENTS, SAMPLES
from cutbook.words import visit_name


def record_texts(kind: str, chosen: pd.DataFrame, study: Study) -> dict[str, list[str]]:
    """Return the columns of records of one kind by heading, as text.

    Parameters
    ----------
    kind : str
        One of those of `cutbook.records`.
    chosen : frame
        Records of ADSL, ADAE or ADPC.
    study : Study
        Words of the characteristics.
    """
    if kind == EVENTS:
        return _event(chosen)
    if kind == SAMPLES:
        return _sample(chosen)
    return _course(chosen, study) | _facts(chosen, study)


def _course(chosen: pd.DataFrame, study: Study) -> dict[str, list[str]]:
    doses = {"Doses": words(chosen["DOSEN"])} if study.treatment.planned_doses is not None else {}
    return {
        "First dose": dates(chosen["TRTSDT"]),
        "Last dose": dates(chosen["TRTEDT"]),
        **doses,
        "Study": beside(sentences(chosen["EOSSTT"]), sentences(column(chosen, "DCSREAS"))),
        "Death": [
            NOT_APPLICABLE if flag != "Y" else text for flag, text in zip(chosen["DTHFL"], _deaths(chosen), strict=True)
        ],
    }


def _deaths(chosen: pd.DataFrame) -> list[str]:
    collected = words(chosen["DTHDTC"]) if "DTHDTC" in chosen else dates(chosen["DTHDT"])
    return [text if flag == "Y" else NOT_APPLICABLE for flag, text in zip(chosen["DTHFL"], collected, strict=True)]


def _facts(chosen: pd.DataFrame, study: Study) -> dict[str, list[str]]:
    return {
        f"{item.label} ({item.unit})" if item.unit else item.label: words(_in_words(chosen[item.variable], item.levels))
        for item in study.characteristics
    }


def _in_words(values: pd.Series, levels: dict[str, str]) -> pd.Series:
    return values.map(levels).fillna(values) if levels else values


def starts(events: pd.DataFrame) -> list[str]:
    """Return when events began: as collected, or the day of analysis where only that was delivered."""
    return words(events["AESTDTC"]) if "AESTDTC" in events else dates(events["ASTDT"])


def _event(chosen: pd.DataFrame) -> dict[str, list[str]]:
    return {
        "Preferred term": sentences(chosen["AEDECOD"]),
        "Reported term": words(column(chosen, "AETERM")),
        "Start (day)": beside(starts(chosen), words(chosen["ASTDY"])),
        "End (day)": beside(words(column(chosen, "AEENDTC")), words(chosen["AENDY"])),
        "Severity": sentences(column(chosen, "AESEV")),
        "Serious": words(column(chosen, "AESER")),
        "Related": words(chosen["AREL"]),
        "Treatment-emergent": words(chosen["TRTEMFL"]),
        "Rule": words(column(chosen, "TRTEMRULE")),
    }


def _sample(chosen: pd.DataFrame) -> dict[str, list[str]]:
    return {
        "Matrix": words(chosen["MATRIX"]),
        "Visit": [visit_name(visit) for visit in words(chosen["VISIT"])],
        "Nominal time (h)": words(chosen["NOMTIME"]),
        "As reported": words(chosen["AVALC"]),
    }
