"""Records behind counts as columns of text: participants, adverse events, samples."""

from __future__ import annotations

import pandas as pd

from cutbook.catalogue.kinds.panels import Field
from cutbook.display.look.columns import texts_of, words
from cutbook.parameters.study import Study
from cutbook.records import EVENTS, PARTICIPANTS, SAMPLES

_DOSES, _DEATH = Field("Doses", "DOSEN"), Field("Death", "DTHDTC", or_day="DTHDT")
_FIELDS = {
    PARTICIPANTS: (
        Field("First dose", "TRTSDT", "day"),
        Field("Last dose", "TRTEDT", "day"),
        _DOSES,
        Field("Study", "EOSSTT", "sentence", beside="DCSREAS"),
    ),
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
"""Columns of the records of each kind."""


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
    hidden = () if study.treatment.planned_doses is not None else (_DOSES,)
    told = {field.label: texts_of(field, chosen) for field in _FIELDS[kind] if field not in hidden}
    return told | _facts(chosen, study) if kind == PARTICIPANTS else told


def _facts(chosen: pd.DataFrame, study: Study) -> dict[str, list[str]]:
    facts = {
        f"{item.label} ({item.unit})" if item.unit else item.label: words(chosen[item.variable].replace(item.levels))
        for item in study.characteristics
    }
    return {"Death": texts_of(_DEATH, chosen.where(chosen["DTHFL"].eq("Y"))), **facts}
