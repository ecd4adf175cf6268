"""The arms of a study: their doses, the control, and the pooled columns."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator, model_validator

from cutbook.parameters.base import Model, Numbers, OptionalCount, Text, Values, left_out
from cutbook.vocabulary import POOLED_CODES

Allocation = Literal["randomised", "sequential", "single", "cohorts"]


class Arm(Model):
    """One treatment arm."""

    code: Text
    """Its code in DM.ARMCD and ACTARMCD."""
    label: Text
    """The reader's word for it."""
    dose: float = Field(ge=0)
    """The dose of the drug, in ``dose_unit``; 0 is placebo."""
    doses: Numbers = Field(default_factory=list, examples=[[54, 81]], json_schema_extra=left_out("`dose` alone"))
    """Doses that are planned in an arm of several, for example of a titration; any other dose given is told."""

    @field_validator("doses")
    @classmethod
    def _are_amounts(cls, doses: list[float]) -> list[float]:
        if any(dose < 0 for dose in doses):
            raise ValueError("planned doses of 0 or more")
        return doses

    @property
    def is_active(self) -> bool:
        """Whether the arm receives a dose of the drug."""
        return self.dose > 0


class Treatment(Model):
    """Arms in display order, the control, and the pooled columns."""

    compound: Text
    """Name of the drug."""
    dose_unit: Text
    """Unit of the doses."""
    drugs: Values = Field(default_factory=list, json_schema_extra=left_out("found in EX, see there"))
    """Values of EXTRT that are the study drug; its placebo counts with it, and other drugs in EX are not counted.
    Without it, all records count when EX holds one drug besides placebo, else those named after ``compound``."""
    open_records: Literal["doses", "periods"] | None = Field(
        default=None, json_schema_extra=left_out("`periods` where most records with an end last longer than a day")
    )
    """What a record of EX is that has neither a frequency nor an end: one of single ``doses``, or of ``periods``, which
    go on until the next record, the end of the study or the cut-off. The whole transfer tells it where it is left
    out."""
    planned_doses: OptionalCount = Field(default=None, ge=1, json_schema_extra=left_out("no planned number"))
    """Doses a participant is planned to receive; left out where that is not a fixed number."""
    dose_days: list[int] = Field(default_factory=list, json_schema_extra=left_out("doses are compared with no plan"))
    """Study days on which the planned doses are due, one a dose."""
    dose_windows: list[int] = Field(default_factory=list, json_schema_extra=left_out("no dose may be off"))
    """By how many days each of them may be early or late."""
    allocation: Allocation = "randomised"
    """How participants come into an arm: ``randomised``; ``sequential`` into one cohort after the other; or ``single``,
    a study of one arm. In the last two the pages speak of enrolment instead of randomisation. ``cohorts`` is what
    blinded reports show of a randomised study: each of several arms at once. No study file says it."""
    arms: list[Arm] = Field(min_length=1)
    """The arms, in the order in which they are shown."""
    control: str = Field(default="", json_schema_extra=left_out("the one arm with dose 0"))
    """Code of the arm with which the others are compared. Left out, it is the one arm with dose 0; with several of
    them, or none, nothing is compared."""
    total_active: str = Field(default="", json_schema_extra=left_out("no such column"))
    """Heading of the column that pools the arms with a dose; left out, there is no such column."""
    total: str = "All participants"
    """Heading of the column of everybody; an empty text leaves it out."""
    not_assigned: list[str] = Field(
        default_factory=list, json_schema_extra=left_out("every code must be that of an arm")
    )
    """Arm codes of participants who were never assigned, for example of screen failures."""

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
        if self.allocation == "single" and len(self.arms) > 1:
            raise ValueError(f"one arm where allocation is single; there are {len(self.arms)}")
        return self

    @model_validator(mode="after")
    def _plan_has_a_day_for_every_dose(self) -> Treatment:
        days, windows = self.dose_days, self.dose_windows
        if days and len(days) != self.planned_doses:
            raise ValueError(f"dose_days: one study day for each of planned_doses; there are {len(days)}")
        if days != sorted(set(days)):
            raise ValueError("dose_days: rising study days")
        if len(windows) not in {0, len(days)}:
            raise ValueError(f"dose_windows: as many as dose_days, or none; there are {len(windows)}")
        return self if windows or not days else self.model_copy(update={"dose_windows": [0] * len(days)})

    @property
    def control_arm(self) -> Arm | None:
        """The arm with which the others are compared; None when there is no such arm."""
        if self.control:
            return next(arm for arm in self.arms if arm.code == self.control)
        without_dose = [arm for arm in self.arms if not arm.is_active]
        return without_dose[0] if len(without_dose) == 1 else None

    def short(self, arm: Arm) -> str:
        """Return an arm in a few letters, ``placebo`` or ``40 mg``; its label where its dose does not tell it apart.

        Of a cohort, the dose of which not everybody has, it is the label without what stands in brackets.
        """
        if self.is_of_cohorts:
            return arm.label.partition(" (")[0]
        if not arm.is_active:
            return arm.label.lower() if arm is self.control_arm else arm.label
        alike = [other for other in self.arms if other.dose == arm.dose]
        return f"{arm.dose:g}\N{NO-BREAK SPACE}{self.dose_unit}" if len(alike) == 1 else arm.label

    @property
    def is_of_cohorts(self) -> bool:
        """Whether its arms are cohorts of which nobody may know who got what."""
        return self.allocation == "cohorts"

    @property
    def pooled_active(self) -> str:
        """Heading of the column of all arms with a dose; empty where it would repeat that of everybody."""
        is_twice = bool(self.total) and all(arm.is_active for arm in self.arms)
        return "" if is_twice else self.total_active

    @property
    def entered(self) -> str:
        """What participants who came into an arm are called: randomised, or enrolled."""
        return "randomised" if self.allocation in {"randomised", "cohorts"} else "enrolled"
