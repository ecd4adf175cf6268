"""How results are judged: parameters that are computed, readings of criteria, windows and shares of the displays."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from cutbook.parameters.base import Model, Rule, Text, VariableName, left_out

Formula = Literal["fridericia", "without_blood"]

_NEEDED = 2


class Derived(Model):
    """A parameter that is computed of others of the same moment, where it was not delivered."""

    paramcd: VariableName
    """Its code, beside those of ``parameters``."""
    label: Text
    """The reader's words for it."""
    formula: Formula
    """``fridericia``: QT by the cube root of RR in seconds. ``without_blood``: white cells less the red cells by
    ``ratio``, at least 0, as in a puncture that bled."""
    of: list[VariableName]
    """The two test codes that it is computed of, in this order: QT and RR; white and red cells."""
    agrees_with: VariableName | None = Field(
        default=None, examples=["HR"], json_schema_extra=left_out("nothing is compared")
    )
    """The heart rate, with which RR must agree within 10 %; where it does not, nothing is computed, and it is told."""
    ratio: float = Field(default=700.0, gt=0)
    """Red cells for one white cell of the blood."""
    traumatic_from: float = Field(default=500.0, gt=0)
    """Red cells, in the unit of the results, from which a puncture counts as traumatic in the listing of samples."""

    @model_validator(mode="after")
    def _names_two(self) -> Self:
        if len(self.of) != _NEEDED:
            raise ValueError("two test codes in `of`")
        return self


class Judging(Rule):
    """How results are judged, and which of them stand in the displays of the safety report."""

    reading: Literal["lab_only", "worst_case"] = "lab_only"
    """Grades of CTCAE that only symptoms tell apart: as if there were none (``lab_only``), or the higher one."""
    calcium: Literal["corrected", "as_measured"] = "corrected"
    """Whether calcium is graded after correction for the albumin of the same sample, where there is one."""
    liver_window_days: int = Field(default=30, ge=0)
    """Days after an increased transaminase within which an increased bilirubin is a potential case of Hy's law."""
    events_within_days: int = Field(default=14, ge=0)
    """Adverse events that began so many days before or after a result stand beside it."""
    least_share_of_visit: float = Field(default=10.0, ge=0, le=100)
    """A visit with values of less than so many percent of the participants in every arm is left out of tables."""
