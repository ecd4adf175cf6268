"""Records behind counts as columns of text: participants, adverse events, samples."""

from __future__ import annotations

import pandas as pd

from cutbook.display.formats import NOT_APPLICABLE
from cutbook.display.words import beside, column, dates, sentences, words
from cutbook.parameters.study import Study
from cutbook.records import EVENTS, PARTICIPANTS
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
    if kind == PARTICIPANTS:
        return _course(chosen, study) | _facts(chosen, study)
    return _event(chosen) if kind == EVENTS else _sample(chosen)


def _course(chosen: pd.DataFrame, study: Study) -> dict[str, list[str]]:
    doses = {"Doses": words(chosen["DOSEN"])} if study.treatment.planned_doses is not None else {}
    return {
        "First dose": dates(chosen["TRTSDT"]),
        "Last dose": dates(chosen["TRTEDT"]),
        **doses,
        "Study": beside(sentences(chosen["EOSSTT"]), sentences(column(chosen, "DCSREAS"))),
        "Death": _deaths(chosen),
    }


def _deaths(chosen: pd.DataFrame) -> list[str]:
    collected = _collected(chosen, "DTHDTC", "DTHDT")
    return [text if flag == "Y" else NOT_APPLICABLE for flag, text in zip(chosen["DTHFL"], collected, strict=True)]


def _facts(chosen: pd.DataFrame, study: Study) -> dict[str, list[str]]:
    values = [(item, chosen[item.variable]) for item in study.characteristics]
    return {
        f"{item.label} ({item.unit})" if item.unit else item.label: words(
            own.map(item.levels).fillna(own) if item.levels else own
        )
        for item, own in values
    }


def _collected(chosen: pd.DataFrame, name: str, day: str) -> list[str]:
    """Return dates as collected, or the days of analysis where only those were delivered."""
    return words(chosen[name]) if name in chosen else dates(chosen[day])


def _event(chosen: pd.DataFrame) -> dict[str, list[str]]:
    return {
        "Preferred term": sentences(chosen["AEDECOD"]),
        "Reported term": words(column(chosen, "AETERM")),
        "Start (day)": beside(_collected(chosen, "AESTDTC", "ASTDT"), words(chosen["ASTDY"])),
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
