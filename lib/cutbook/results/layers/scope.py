"""What the layers of one display are computed from."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.layers import Records
from cutbook.catalogue.kinds.populations import Population
from cutbook.derive import Frames
from cutbook.parameters.study import Study
from cutbook.results.columns import Groups, treatment_groups
from cutbook.vocabulary import ACTIVE

COUNTED = ["USUBJID", "KEY"]


@dataclass(frozen=True)
class Scope:
    """A display with its columns, and the derived datasets of this cut and, where it is here, of the previous one.

    Attributes
    ----------
    display : Display
        The declaration.
    study : Study
        The study file.
    frames, previous : Frames
        Derived datasets; ``previous`` is None when the transfer of that cut is not here.
    groups : Groups
        Columns, with their members in the display's population.
    """

    display: Display
    study: Study
    frames: Frames
    previous: Frames | None
    groups: Groups

    def records(self, records: Records) -> pd.DataFrame:
        """Return the records of a layer, those that meet the display's conditions."""
        return meeting(records(self.frames), self.display)

    @property
    def compared(self) -> list[str]:
        """Codes of the columns that are compared with the control: arms with a dose, then all of them together."""
        active = {arm.code for arm in self.study.treatment.arms if arm.is_active} | {ACTIVE}
        return [code for code in self.groups.codes if code in active]


def columns_of(display: Display, frames: Frames, study: Study, population: Population | None = None) -> Groups:
    """Return the columns of a display by arm."""
    members = meeting((population or display.population).members(frames.adsl), display)
    return treatment_groups(members, study, by=display.arm, is_active_only=display.is_active_only)


def meeting(records: pd.DataFrame, display: Display) -> pd.DataFrame:
    """Return the records that meet the display's conditions on the variables that they have."""
    for variable, accepted in display.conditions.items():
        if variable in records:
            records = records[records[variable].isin(accepted)]
    return records
