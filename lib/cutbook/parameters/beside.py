"""Files beside a study file that belong to it: published numbers and decisions about profiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from cutbook.errors import Fault, ParameterError
from cutbook.parameters.faults import faults_of
from cutbook.parameters.study.kinetics.choices import Choices, Decision
from cutbook.parameters.study.published import read_published
from cutbook.parameters.yaml_text import Document, read_document

PUBLISHED = "published.csv"
"""Name of the table of published numbers beside a study file."""

CHOICES = "pk_choices.yaml"
"""Name of the file of decisions about profiles beside a study file."""


def with_files_beside(document: Document, folder: Path) -> Document:
    """Return a study file with what the files beside it in its folder say.

    Raises
    ------
    ParameterError
        A file beside it has faults, or says what the study file says too.
    """
    return _with_choices(_with_published(document, folder / PUBLISHED), folder / CHOICES)


def _with_published(document: Document, file: Path) -> Document:
    """Return a study file with the published numbers that stand in the table beside it."""
    if not file.is_file():
        return document
    shown = f"{document.shown.rpartition('/')[0]}/{file.name}"
    section = document.tree.get("reproduction")
    if not isinstance(section, dict) or "numbers" in section:
        found = "published numbers in two places" if isinstance(section, dict) else "published numbers for no cut"
        expected = "reproduction: {cuts: [...]} in the study file, and the numbers here"
        raise ParameterError(Fault(shown, found, expected, "mend the study file"))
    numbers = read_published(file, shown)
    return replace(document, tree={**document.tree, "reproduction": {**section, "numbers": numbers}})


def _with_choices(document: Document, file: Path) -> Document:
    """Return a study file with the decisions about profiles that stand in the file beside it."""
    if not file.is_file():
        return document
    shown = f"{document.shown.rpartition('/')[0]}/{file.name}"
    section = document.tree.get("pharmacokinetics")
    if not isinstance(section, dict) or "choices" in section:
        found = "decisions in two places" if isinstance(section, dict) else "decisions about profiles of no matrix"
        expected = "a section pharmacokinetics in the study file, and the decisions here"
        raise ParameterError(Fault(shown, found, expected, "mend the study file"))
    choices = read_document(file, shown).tree
    try:
        decided = Choices.model_validate(choices)
    except ValidationError as error:
        raise ParameterError(faults_of(error, Choices, read_document(file, shown))) from None
    matrices = [str(one["label"]) for one in section.get("matrices") or [] if isinstance(one, dict) and "label" in one]
    unknown = [one for one in (*decided.exclusions, *decided.terminal) if one.matrix not in matrices]
    if unknown:
        raise ParameterError([_of_no_matrix(shown, one, matrices) for one in unknown])
    return replace(document, tree={**document.tree, "pharmacokinetics": {**section, "choices": choices}})


def _of_no_matrix(shown: str, one: Decision, matrices: Sequence[str]) -> Fault:
    """Return the fault of a decision that would change nothing, for no matrix has its label."""
    found = f"{one.matrix!r}, of the decision about {one.participant}, dose {one.dose}"
    return Fault(shown, found, f"a label of a matrix: {', '.join(matrices)}", "mend the label", variable="matrix")
