"""What nobody answered about a study file stands on the first screen of every report."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cutbook.notebook.report import Report
from reported import as_first


@pytest.mark.parametrize(
    ("guesses", "said"),
    [
        (0, ()),
        (1, ("1 question about the study file unanswered: guesses, marked GUESS there, are in use.",)),
        (7, ("7 questions about the study file unanswered: guesses, marked GUESS there, are in use.",)),
    ],
)
@pytest.mark.parametrize("name", ["safety", "pharmacokinetics", "efficacy"])
def test_every_report_says_how_many_questions_are_unanswered(staged, name: str, guesses: int, said: tuple[str, ...]):
    cut = as_first(staged("C1"))
    guessed = replace(cut, study=cut.study.model_copy(update={"guesses": guesses}))
    report = Report.of(name, guessed)
    assert tuple(line for line in report.opening.statements if "GUESS" in line) == said
    assert all(line in report.opening._repr_html_() for line in said)
