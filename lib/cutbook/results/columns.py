"""The columns of a display: arms, pooled arms, everybody, each with its members."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cutbook.derive.participants.assignment import MISSING_ARM
from cutbook.parameters.study import Study
from cutbook.vocabulary import ACTIVE, MISSING, TOTAL, contrast


@dataclass(frozen=True)
class Groups:
    """The columns of a display.

    Attributes
    ----------
    members : frame
        USUBJID and group (code), one row a participant and column: a participant stands in the arm and in each pooled
        column.
    sizes : Series
        Participants by code, columns in display order.
    """

    members: pd.DataFrame
    sizes: pd.Series

    @property
    def codes(self) -> list[str]:
        """Codes of the columns in display order."""
        return [str(code) for code in self.sizes.index]

    def complete(self, places: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
        """Return every place in every column, with N, what was found there, its ``keys`` and how many RECORDS they are.

        Parameters
        ----------
        places : frame
            Result columns that name the rows, in their order; no row twice.
        found : frame
            Some of those columns, group, keys (lists), and any numbers; missing where nothing was found.
        """
        columns = pd.DataFrame({"group": self.codes, "N": self.sizes.to_numpy("float64")}).astype({"group": "str"})
        full = places.merge(columns, how="cross").merge(found, how="left", validate="one_to_one")
        keys = [own if isinstance(own, list) else [] for own in full["keys"]]
        return full.assign(keys=pd.Series(keys, dtype="object"), RECORDS=[float(len(own)) for own in keys])


def arm_codes(study: Study) -> dict[str, str]:
    """Return the code of every arm by the label that ADSL holds, ``MISSING`` for participants without an arm."""
    return {**{arm.label: arm.code for arm in study.treatment.arms}, MISSING_ARM: MISSING}


def group_words(study: Study) -> dict[str, str]:
    """Return the words of every column and difference by its code."""
    treatment, control = study.treatment, study.treatment.control_arm
    words = {arm.code: arm.label for arm in treatment.arms} | {MISSING: MISSING_ARM}
    words |= {ACTIVE: treatment.pooled_active, TOTAL: treatment.total}
    labels = {arm.code: arm.label for arm in treatment.arms}
    if control:
        words |= {contrast(code, control.code): f"{label} − {control.label}" for code, label in words.items()}
    words |= {
        contrast(high, low): f"{labels[high]} − {labels[low]}"
        for place, high in enumerate(labels)
        for low in list(labels)[:place]
    }
    return words


def groups_of(study: Study, *, is_missing_there: bool = False) -> list[str]:
    """Return the codes of all columns: arms in the order of the study file, missing arm, all active, everybody."""
    treatment = study.treatment
    pooled = [code for code, label in ((ACTIVE, treatment.pooled_active), (TOTAL, treatment.total)) if label]
    return [*(arm.code for arm in treatment.arms), *([MISSING] if is_missing_there else []), *pooled]


def groups_by_arm(study: Study) -> dict[str, tuple[str, ...]]:
    """Return the columns in which the participants of each arm count, by the code of the arm, empty without one."""
    pooled = groups_of(study)[len(study.treatment.arms) :]
    everybody = [code for code in pooled if code == TOTAL]
    counted = {arm.code: (arm.code, *(pooled if arm.is_active else everybody)) for arm in study.treatment.arms}
    return {**counted, MISSING: (MISSING, *everybody), "": tuple(everybody)}


def treatment_groups(people: pd.DataFrame, study: Study, *, by: str = "TRT01A", is_active_only: bool = False) -> Groups:
    """Return the columns of a display.

    Parameters
    ----------
    people : frame
        One row a participant of the population: USUBJID and ``by``.
    study : Study
        Arms, and the labels of the pooled columns (one without a label is no column).
    by : str
        ``TRT01A`` as treated or ``TRT01P`` as planned.
    is_active_only : bool
        Arms with a dose alone, without pooled columns.

    Returns
    -------
    Groups
        A column ``MISSING`` stands after the arms only when someone has no arm. Participants with an empty ``by``
        (screen failures) stand in the column of everybody alone.
    """
    arms = people[by].map(arm_codes(study)).astype("str").fillna("").tolist()
    counted = groups_by_arm(study)
    pairs = [(name, code) for name, arm in zip(people["USUBJID"], arms, strict=True) for code in counted[arm]]
    members = pd.DataFrame(pairs, columns=["USUBJID", "group"], dtype="str")
    active = [arm.code for arm in study.treatment.arms if arm.is_active]
    codes = active if is_active_only else groups_of(study, is_missing_there=MISSING in arms)
    sizes = members.groupby("group")["USUBJID"].nunique().reindex(codes, fill_value=0)
    return Groups(members[members["group"].isin(codes)], sizes)
