"""Other allocations of the participants of a blinded study, and the restricted part of a transfer under each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from cutbook.parameters.study import Study
from cutbook.parameters.study.blinding.policy import Blinding, Cohort
from cutbook.parameters.study.sources import Restricted
from cutbook.records import key_variables, sequence_variable

Allocation = Mapping[str, str]
"""Code of the arm by participant."""


def random_allocations(cohorts: Mapping[str, str], blinding: Blinding, seed: int) -> Iterator[Allocation]:
    """Yield random allocations within the cohorts, as many as the study file asks for, each with its complement.

    In the complement everybody has the next arm of the cohort: of two arms, the one that they did not have.

    Parameters
    ----------
    cohorts : mapping of str to str
        Code of the cohort by participant.
    blinding : Blinding
        The arms of each cohort, at which ratio, and how many allocations.
    seed : int
        The same allocations are drawn for the same seed.
    """
    draw = np.random.default_rng(seed)
    for _ in range(blinding.allocations):
        drawn: dict[str, str] = {}
        for cohort in blinding.cohorts:
            people = sorted(name for name, code in cohorts.items() if code == cohort.code)
            drawn |= zip(people, draw.permutation(_arms(cohort, len(people))).tolist(), strict=True)
        yield drawn
        following = {cohort.code: _next(cohort.arms) for cohort in blinding.cohorts}
        yield {name: following[cohorts[name]][arm] for name, arm in drawn.items()}


def _arms(cohort: Cohort, size: int) -> list[str]:
    """Return an arm for each of a cohort's participants, the first one, the control, as often as the ratio says."""
    on_drug, control = cohort.ratio or [1, 1]
    cycle = [cohort.arms[0]] * control + [cohort.arms[1 + at % (len(cohort.arms) - 1)] for at in range(on_drug)]
    return [cycle[at % len(cycle)] for at in range(size)]


def _next(arms: Sequence[str]) -> dict[str, str]:
    return {arm: arms[(at + 1) % len(arms)] for at, arm in enumerate(arms)}


def restricted_part(
    opened: Mapping[str, pd.DataFrame], allocation: Allocation, study: Study
) -> dict[str, pd.DataFrame]:
    """Return the restricted part of a transfer under an allocation: arms, treatments and doses, samples and results.

    Parameters
    ----------
    opened : mapping of str to frame
        The open part.
    allocation : mapping of str to str
        Code of the arm by participant.
    study : Study
        The study file as it is written: arms, doses, and what is restricted.
    """
    rules = study.sources.restricted or Restricted()
    arms = {arm.code: arm for arm in study.treatment.arms}
    part = {}
    for name, variables in rules.variables.items():
        frame = opened.get(name, pd.DataFrame({"USUBJID": []}))
        own = frame[[*key_variables(name, frame.columns)]]
        arm = own["USUBJID"].map(allocation).map(arms)
        part[name] = own.assign(**{variable: arm.map(lambda one, v=variable: _told(one, v)) for variable in variables})
    treated = [name for name, code in sorted(allocation.items()) if code in arms and arms[code].is_active]
    for name, where in rules.records.items():
        number = sequence_variable(name, [f"{name.upper()}SEQ"]) or f"{name.upper()}SEQ"
        values = {variable: accepted[0] for variable, accepted in where.items()}
        result = {f"{name.upper()}STRESN": [float(at) for at in range(len(treated))]}
        part[name] = pd.DataFrame({"USUBJID": treated, number: 1.0, **values, **result})
    return part


def _told(arm: object, variable: str) -> object:
    """Return what a variable says of an arm: its code, its dose, or its label."""
    if arm != arm or arm is None:
        return None
    return getattr(arm, "code" if variable.endswith("CD") else "dose" if variable.endswith("DOSE") else "label")
