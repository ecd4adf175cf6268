"""Decisions about profiles stand in a file of their own beside the study file."""

from __future__ import annotations

import shutil

import pytest

from cutbook.errors import ParameterError
from cutbook.parameters.project import Project, list_cuts, read_study

DECISION = """
exclusions:
  - {participant: S1, matrix: Plasma, dose: 1, time: 4, reason: Haemolysed, by: A. Reviewer, date: "2019-02-01"}
terminal:
  - {participant: S2, matrix: Plasma, dose: 5, use: [6, 8, 24], reason: Clear, by: A. Reviewer, date: "2019-02-01"}
"""


@pytest.fixture
def home(project, tmp_path):
    """Return a project with the virtual trial's parameters, without decisions."""
    shutil.copytree(project / "parameters" / "tofersen", tmp_path / "parameters" / "tofersen")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "parameters" / "tofersen" / "pk_choices.yaml").unlink()
    return Project(tmp_path)


def written(home, text):
    (home.parameters / "tofersen" / "pk_choices.yaml").write_text(text, encoding="utf-8")
    return home


def test_without_the_file_nothing_is_decided(home):
    choices = read_study(home, "tofersen").pharmacokinetics.choices
    assert (choices.exclusions, choices.terminal) == ([], [])


def test_decisions_are_read_with_who_when_and_why_and_the_file_is_no_cut(home):
    choices = read_study(written(home, DECISION), "tofersen").pharmacokinetics.choices
    assert [(one.participant, one.time, one.reason, one.by, one.date) for one in choices.exclusions] == [
        ("S1", 4.0, "Haemolysed", "A. Reviewer", "2019-02-01")
    ]
    assert [(one.dose, one.use) for one in choices.terminal] == [(5, [6.0, 8.0, 24.0])]
    assert "pk_choices" not in list_cuts(home, "tofersen")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (DECISION.replace("reason: Haemolysed, ", ""), "reason"),
        (DECISION.replace("use: [6, 8, 24], ", ""), "use, or leave_out"),
        (DECISION.replace("dose: 1", "dose: first"), "dose"),
    ],
)
def test_a_decision_that_says_too_little_is_a_fault_of_that_file(home, text, told):
    with pytest.raises(ParameterError) as error:
        read_study(written(home, text), "tofersen")
    assert "pk_choices.yaml" in str(error.value)
    assert told in str(error.value)


def test_decisions_in_two_places_are_a_fault(home):
    file = home.parameters / "tofersen" / "study.yaml"
    text = file.read_text(encoding="utf-8").replace("  blq_rule:", "  choices: {exclusions: []}\n  blq_rule:")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match="decisions in two places"):
        read_study(written(home, DECISION), "tofersen")


def test_a_decision_about_a_matrix_that_is_not_there_is_a_fault_and_not_without_effect(home):
    with pytest.raises(ParameterError) as error:
        read_study(written(home, DECISION.replace("S2, matrix: Plasma", "S2, matrix: plasma")), "tofersen")
    (fault,) = error.value.faults
    assert (fault.variable, fault.found) == ("matrix", "'plasma', of the decision about S2, dose 5")
    assert fault.expected == "a label of a matrix: Plasma, CSF"
