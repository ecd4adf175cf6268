"""Endpoints of the study file: what is measured, and which models compare the arms."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cutbook.parameters.base import Condition, DatasetName, Name, Rule, Text, VariableName, left_out
from cutbook.parameters.study.analyses import Baseline, Replicates
from cutbook.parameters.study.endpoints.comparisons import Analysis, Repeated, RowMeans, Slope


class Endpoint(Rule):
    """One efficacy or pharmacodynamic endpoint, shown by visit with its change from baseline."""

    paramcd: VariableName
    """Names the endpoint where results are compared from cut to cut."""
    label: Text
    """The reader's words for it."""
    unit: str = ""
    """Unit of its values."""
    dataset: DatasetName
    """The dataset that holds it."""
    where: Condition
    """Which of its records."""
    is_sum: bool = False
    """The tests that ``where`` names are items of one moment, and the value is their sum; missing where one item is."""
    schedule: Name
    """One of ``schedules``: the visits at which it is shown."""
    population: Name = "EFFFL"
    """Flag of the population that counts."""
    baseline: Baseline = Field(default_factory=Baseline, json_schema_extra=left_out("before_first_dose"))
    """As for ``findings``."""
    replicates: Replicates | None = Field(default=None, json_schema_extra=left_out("as for `findings`"))
    """As for ``findings``."""
    scale: Literal["difference", "ratio"] = "difference"
    """``ratio`` shows geometric mean ratios to baseline."""
    imputation: Literal["none", "locf"] = "none"
    """``locf`` carries the last earlier post-baseline value to an empty visit."""
    has_course: bool = True
    """The course of every participant is drawn."""
    better: Literal["higher", "lower", "neither"] = "neither"
    """Which direction is good."""
    analysis: Analysis | None = Field(default=None, json_schema_extra=left_out("arms are not compared at one visit"))
    """How arms are compared at the visit that matters; left out, they are not."""
    repeated: Repeated | None = Field(default=None, json_schema_extra=left_out("no such model is fitted"))
    """How arms are compared at every visit, by a model for repeated measures."""
    slope: Slope | None = Field(default=None, json_schema_extra=left_out("no such model is fitted"))
    """How rates of change a month are compared; for endpoints on the scale ``difference``."""
    row_means: RowMeans | None = Field(default=None, json_schema_extra=left_out("no such test is made"))
    """How ordered categories are compared."""
    decimals: int = Field(default=0, ge=0, le=6)
    """Decimals of its values."""

    @property
    def selects(self) -> dict[str, list[str]]:
        """Which records of its dataset it shows, as a condition."""
        return {**self.where}
