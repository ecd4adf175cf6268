"""Headings of columns: the name of a drug stands once, above its doses, and an arm in a few letters where few fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from cutbook.display.look.elements import Column
from cutbook.parameters.study import Study
from cutbook.words import capital


def abbreviated(columns: Sequence[Column], study: Study) -> tuple[Column, ...]:
    """Return columns of arms with their labels in a few letters: the code of the control, the dose of another arm.

    An arm whose dose does not tell it apart keeps its label; cohorts go by their name without the dose.
    """
    treatment = study.treatment
    if treatment.is_of_cohorts:
        names = {arm.code: treatment.short(arm) for arm in treatment.arms}
        return tuple(replace(column, abbr=names.get(column.code, "")) for column in columns)
    control = treatment.control_arm
    short = {arm.code: f"{arm.dose:g}" for arm in treatment.arms if arm.is_active and treatment.short(arm) != arm.label}
    short |= {control.code: control.code} if control and not control.is_active else {}
    return tuple(replace(column, abbr=short.get(column.code, "")) for column in columns)


def headed(columns: Sequence[Column], study: Study) -> tuple[Column, ...]:
    """Return columns in which the name of a drug stands once above neighbours whose labels begin with it.

    A drug is what the study file names: ``compound``, and values of ``drugs``. A label that is the name alone, or the
    only one that begins with it, stays as it is.

    Parameters
    ----------
    columns : sequence of Column
        Those of arms and pooled arms have a code.
    study : Study
        The study file.
    """
    names = sorted({study.treatment.compound, *study.treatment.drugs}, key=len, reverse=True)
    found: list[Column] = []
    for drug, own in groupby(columns, key=lambda column: _drug_of(column, names)):
        alike = list(own)
        found += [_below(column, drug) for column in alike] if drug and len(alike) > 1 else alike
    return tuple(found)


def _drug_of(column: Column, names: Sequence[str]) -> str:
    """Return the name with which the label of an arm begins, as it stands there; empty where none does."""
    label = column.label.casefold() if column.code else ""
    return next((column.label[: len(name)] for name in names if label.startswith(f"{name.casefold()} ")), "")


def _below(column: Column, drug: str) -> Column:
    return replace(column, label=capital(column.label[len(drug) + 1 :]), spanner=drug)
