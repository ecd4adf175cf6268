"""Records behind counts as columns of text: participants, adverse events, samples."""

from __future__ import annotations

import pandas as pd

from cutbook.catalogue.kinds.panels import Field
from cutbook.display.look.columns import beside, column, dates, sentences, texts_of, words
from cutbook.parameters.study import Study
from cutbook.records import EVENTS, PARTICIPANTS, SAMPLES

_DEATH = Field("Death", "DTHDTC", or_day="DTHDT")
_FIELDS = {
    EVENTS: (
        Field("Preferred term", "AEDECOD", "sentence"),
        Field("Reported term", "AETERM"),
        Field("Start (day)", "AESTDTC", or_day="ASTDT", beside="ASTDY"),
        Field("End (day)", "AEENDTC", beside="AENDY"),
        Field("Severity", "AESEV", "sentence"),
        Field("Serious", "AESER"),
        Field("Related", "AREL"),
        Field("Treatment-emergent", "TRTEMFL"),
        Field("Rule", "TRTEMRULE"),
    ),
    SAMPLES: (
        Field("Matrix", "MATRIX"),
        Field("Visit", "VISIT", "visit"),
        Field("Nominal time (h)", "NOMTIME"),
        Field("As reported", "AVALC"),
    ),
}
"""Columns of events and samples."""


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
    return {field.label: texts_of(field, chosen) for field in _FIELDS[kind]}


def _course(chosen: pd.DataFrame, study: Study) -> dict[str, list[str]]:
    doses = {"Doses": words(chosen["DOSEN"])} if study.treatment.planned_doses is not None else {}
    return {
        "First dose": dates(chosen["TRTSDT"]),
        "Last dose": dates(chosen["TRTEDT"]),
        **doses,
        "Study": beside(sentences(chosen["EOSSTT"]), sentences(column(chosen, "DCSREAS"))),
        "Death": texts_of(_DEATH, chosen.where(chosen["DTHFL"].eq("Y"))),
    }


def _facts(chosen: pd.DataFrame, study: Study) -> dict[str, list[str]]:
    values = [(item, chosen[item.variable]) for item in study.characteristics]
    return {
        f"{item.label} ({item.unit})" if item.unit else item.label: words(
            own.map(item.levels).fillna(own) if item.levels else own
        )
        for item, own in values
    }
