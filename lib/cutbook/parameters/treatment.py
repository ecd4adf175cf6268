"""The arms of a study: their doses, the control, and the pooled columns."""

from __future__ import annotations

from pydantic import Field, model_validator

from cutbook.parameters.base import Model, OptionalCount, Text
from cutbook.vocabulary import POOLED_CODES


class Arm(Model):
    """One treatment arm: its code in DM.ARMCD and ACTARMCD, the reader's label and the dose (0 is placebo)."""

    code: Text
    label: Text
    dose: float = Field(ge=0)

    @property
    def is_active(self) -> bool:
        """Whether the arm receives a dose of the drug."""
        return self.dose > 0


class Treatment(Model):
    """Arms in display order, the control, and the labels of the pooled columns (empty: no such column).

    ``control`` is the code of the arm with which the others are compared. Where it is left out it is the one arm with
    dose 0; with several of them, or none, no arm is the control.
    """

    compound: Text
    dose_unit: Text
    planned_doses: OptionalCount = Field(default=None, ge=1)
    arms: list[Arm] = Field(min_length=1)
    control: str = ""
    total_active: str = ""
    total: str = "All participants"
    not_assigned: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _arms_can_be_told_apart(self) -> Treatment:
        codes = [arm.code for arm in self.arms]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            raise ValueError(f"one arm a code; {', '.join(twice)} stands twice")
        if reserved := sorted(POOLED_CODES & set(codes)):
            raise ValueError(
                f"arm code {', '.join(reserved)} is kept for a column of its own; give the arm another code"
            )
        labels = [arm.label for arm in self.arms]
        if twice := sorted({label for label in labels if labels.count(label) > 1}):
            raise ValueError(f"one arm a label; {', '.join(twice)} stands twice")
        if self.control and self.control not in codes:
            raise ValueError(f"control {self.control!r}: expected the code of an arm, one of {', '.join(codes)}")
        return self

    @property
    def control_arm(self) -> Arm | None:
        """The arm with which the others are compared; None when there is no such arm."""
        if self.control:
            return next(arm for arm in self.arms if arm.code == self.control)
        without_dose = [arm for arm in self.arms if not arm.is_active]
        return without_dose[0] if len(without_dose) == 1 else None
