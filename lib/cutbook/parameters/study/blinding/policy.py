"""How the blind of a study is kept: its cohorts, what of the data a blinded reader may see, and who may see more."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from cutbook.parameters.base import DatasetName, Model, OneOrMore, PlacedError, Text, VariableName, left_out
from cutbook.parameters.cut import IsoDate

Variables = Annotated[list[VariableName], Field(min_length=1), OneOrMore()]


class CohortSource(Model):
    """Where the data say in which cohort a participant is."""

    dataset: DatasetName = "suppdm"
    """``dm``, or ``suppdm`` where the cohort is a qualifier."""
    variable: VariableName
    """The variable, or the QNAM of the qualifier."""

    @model_validator(mode="after")
    def _is_of_participants(self) -> CohortSource:
        if self.dataset not in {"dm", "suppdm"}:
            raise ValueError("dm or suppdm, which have one cohort a participant")
        return self


class Cohort(Model):
    """Participants who were randomised together between a dose and its control: the dose is open, who got it is not."""

    code: Text
    """Its value in the data."""
    label: Text
    """The reader's word for it: ``Cohort 3 (60 mg or placebo)``."""
    arms: Annotated[list[Text], Field(min_length=2), OneOrMore()]
    """Codes of the arms between which its participants were randomised, the control first."""
    ratio: list[int] = Field(default_factory=list, json_schema_extra=left_out("no worst case is shown"))
    """How many participants on the drug come to how many on its control, as planned: ``[3, 1]``."""

    @model_validator(mode="after")
    def _compares_two(self) -> Cohort:
        if self.ratio and (len(self.ratio) != 2 or min(self.ratio) < 1):
            raise PlacedError(("ratio",), "two numbers of 1 or more: on the drug, and on its control")
        return self

    @property
    def share_on_drug(self) -> float:
        """The share of its participants who are on the drug as planned; missing where the file does not say."""
        return self.ratio[0] / sum(self.ratio) if self.ratio else float("nan")


class Blinding(Model):
    """The blind: who is shown with whom, what is withheld, and until when."""

    cohort: CohortSource
    """Where the data say who is in which cohort."""
    cohorts: list[Cohort] = Field(min_length=1)
    """The cohorts, in the order in which they are shown."""
    broken: IsoDate | None = Field(default=None, json_schema_extra=left_out("the study is under way"))
    """The day on which the blind is broken for everybody: reports of cuts from that day on are unblinded unless their
    file says otherwise; reports of earlier cuts are blinded."""
    roles: list[Text] = Field(default_factory=list, json_schema_extra=left_out("nobody"))
    """Roles in which a person may make unblinded reports while the blind holds; ``cutbook run`` asks for one."""
    allow: dict[DatasetName, Variables] = Field(
        default_factory=dict, json_schema_extra=left_out("the common list alone, see docs/blinding.md")
    )
    """Variables of the open part of the transfer that blinded reports may read beside those of the common list."""
    withhold: dict[DatasetName, list[VariableName]] = Field(
        default_factory=dict, json_schema_extra=left_out("the common list alone")
    )
    """Variables, or with ``[]`` whole datasets, that could tell the treatment in this study and are not read either."""
    allocations: int = Field(default=20, ge=2, le=1000)
    """How many random allocations a blinded run is tried with, beside the complement of each."""

    @model_validator(mode="after")
    def _cohorts_can_be_told_apart(self) -> Blinding:
        for what in ("code", "label"):
            named = [getattr(cohort, what) for cohort in self.cohorts]
            if twice := sorted({name for name in named if named.count(name) > 1}):
                raise ValueError(f"one cohort a {what}; {', '.join(twice)} stands twice")
        return self
