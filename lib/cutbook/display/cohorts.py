"""Words about arms as blinded reports say them, in which cohorts stand in their place."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from cutbook.display.look.frame import Displays, Figure, Table
from cutbook.parameters.study import Study
from cutbook.words import END_OF_ISOLATE, ISOLATE

_COLLECTED = re.compile(f"({ISOLATE}[^{END_OF_ISOLATE}]*{END_OF_ISOLATE})")
"""Text as collected, which stays as it is."""

_WORDS = (
    (re.compile(r"\bas treated\b"), "by cohort"),
    (re.compile(r"\b(?:actual|planned) arm\b"), "cohort"),
    (re.compile(r"\bdose by dose\b"), "cohort by cohort"),
    (re.compile(r"\b([Aa])n arm\b"), r"\1 cohort"),
    (re.compile(r"\barm(s?)\b"), r"cohort\1"),
    (re.compile(r"\bArm(s?)\b"), r"Cohort\1"),
)


def of_cohorts(words: str, study: Study) -> str:
    """Return words about arms as the reports of a study say them.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> of_cohorts("By actual arm: one panel an arm, arms by dose.", SimpleNamespace(is_masked=True))
    'By cohort: one panel a cohort, cohorts by dose.'
    """
    return words_of_cohorts(words) if study.is_masked else words


def words_of_cohorts(words: str) -> str:
    """Return words about arms as blinded reports say them; collected text within them stays as it is."""
    parts = _COLLECTED.split(words)
    return "".join(part if at % 2 else _said(part) for at, part in enumerate(parts))


def said_of_cohorts(shown: Any, study: Study) -> Any:  # noqa: ANN401 - whatever a display is shown as
    """Return a display with titles, populations and footnotes as the reports of a study say them."""
    if isinstance(shown, Displays):
        return replace(shown, members=tuple(said_of_cohorts(one, study) for one in shown.members))
    if not isinstance(shown, Table | Figure):
        return shown
    return replace(
        shown,
        title=of_cohorts(shown.title, study),
        population=of_cohorts(shown.population, study),
        footnotes=tuple(of_cohorts(note, study) for note in shown.footnotes),
        **_headed(shown, study),
    )


def _headed(shown: Table | Figure, study: Study) -> dict[str, Any]:
    """Return the headings of a table that say what stands below them; those of arms are labels of the study file."""
    if not isinstance(shown, Table):
        return {}
    columns = (
        column if column.code else replace(column, label=of_cohorts(column.label, study)) for column in shown.columns
    )
    return {"stub": of_cohorts(shown.stub, study), "columns": tuple(columns)}


def _said(words: str) -> str:
    for pattern, said in _WORDS:
        words = pattern.sub(said, words)
    return words
