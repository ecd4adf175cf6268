"""What is analysed of events, measurements, concentrations and endpoints."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from cutbook.parameters.base import (
    Condition,
    DatasetName,
    Model,
    Name,
    Numbers,
    Rule,
    Text,
    Values,
    VariableName,
    left_out,
)

Replicates = Literal["mean", "first", "last"]

Baseline = Literal["before_first_dose", "day_1"]

_END_OF_STUDY = ("end of study", "null", "none", "~", "")
_DAYS = re.compile(r"(\d+)(?: days?(?: after the last dose)?)?")


def _days_of(written: object) -> object:
    """Return the days after the last dose that a text states, None for the end of study, or what is written."""
    if written in _END_OF_STUDY:
        return None
    found = _DAYS.fullmatch(written) if isinstance(written, str) else None
    if isinstance(written, str) and not found:
        raise ValueError('"end of study", or days after the last dose, for example "28 days"')
    return int(found[1]) if found else written


Until = Annotated[
    int | None,
    Field(ge=0),
    BeforeValidator(_days_of),
    WithJsonSchema({"anyOf": [{"const": "end of study"}, {"type": "integer", "minimum": 0}, {"type": "string"}]}),
]
"""An end of treatment emergence: days after the last dose, None for the end of study."""


SEVERE_GRADE = 3
"""The grade of CTCAE from which an event is severe."""

BELOW_LIMIT = (
    "BLQ", "BLOQ", "BLLOQ", "BQL", "LLOQ", "LLQ", "BELOW", "NOT DETECTED", "NOT DETECTABLE", "UNDETECTED",
    "UNDETECTABLE", "NONE DETECTED",
)  # fmt: skip
"""Words that mean below the limit of quantification where the study file names none."""


class Flag(Model):
    """A yes/no property of a record kept in a supplemental qualifier."""

    label: Text
    """The reader's words for it."""
    qnam: VariableName
    """The qualifier."""
    value: str = "Y"
    """Its value where the property holds."""


class AdverseEvents(Rule):
    """Rules of the adverse-event displays."""

    related: Values
    """Values of AEREL that count as related; an empty text among them counts a missing one."""
    severities: list[str] = Field(default_factory=lambda: ["MILD", "MODERATE", "SEVERE"])
    """Values of AESEV, or of AETOXGR where AESEV is not collected, from the least to the most severe; grades are
    ``["1", "2", "3", "4", "5"]``."""
    teae_window_days: Until = Field(
        default=None,
        alias="until",
        json_schema_extra=left_out("to the end of study or the cut-off"),
    )
    """When treatment emergence ends: ``end of study``, or days after the last dose, for example ``28 days``."""
    sensitivity_windows_days: list[int] = Field(default_factory=list)
    """Other ends, in days after the last dose, that are shown beside it."""
    flags: list[Flag] = Field(default_factory=list)
    """Further properties of an event."""
    order: Literal["frequency", "previous_cut"] = "frequency"
    """Order of classes and terms: by falling ``frequency``, or as in the ``previous_cut``, with a mark at those that
    would move."""

    @property
    def is_graded(self) -> bool:
        """Whether severities are grades, as CTCAE has them, and not words."""
        return all(severity.isdecimal() for severity in self.severities)

    @property
    def severe_from(self) -> int:
        """Place from which a severity counts as severe: grade 3, or the last of the words."""
        return SEVERE_GRADE if self.is_graded else len(self.severities)

    def severity_words(self, severity: str) -> str:
        """Return a severity as it is shown."""
        return f"Grade {severity}" if self.is_graded else severity.capitalize()


class Findings(Rule):
    """One family of measurements, for example haematology, with the parameters to display."""

    id: Name
    """Names the family where results are compared from cut to cut."""
    label: Text
    """The reader's words for it."""
    dataset: DatasetName
    """The dataset that holds it."""
    schedule: Name
    """One of ``schedules``: the visits at which it is shown."""
    parameters: Values = Field(default_factory=list, json_schema_extra=left_out("all that are collected"))
    """Test codes in the order shown; left out, all that are collected."""
    where: Condition = Field(default_factory=dict, json_schema_extra=left_out("all records of the dataset"))
    """Restricts the records, for example to one position."""
    replicates: Replicates | None = Field(
        default=None, json_schema_extra=left_out("`mean` of numbered replicates, else `last`")
    )
    """What stands for several results of one moment: their ``mean``, the ``first`` or the ``last`` by their number.
    Left out, results numbered as replicates (--REPNUM) stand by their mean, and of others the last."""
    baseline: Baseline = "before_first_dose"
    """The last value before the first dose (on the day of the first dose only when the time proves it, or the record
    has no time and is planned before the dose), or, ``day_1``, on or before study day 1."""


class Matrix(Model):
    """One analyte in one matrix of concentrations."""

    specimen: Text
    """PC.PCSPEC."""
    testcd: Text
    """PC.PCTESTCD."""
    label: Text
    """The reader's words for it."""
    unit: Text
    """Unit in which it is shown."""
    profile_visits: Numbers = Field(
        default_factory=list, json_schema_extra=left_out("visits with at least four samples")
    )
    """VISITNUM with a full profile; left out, every visit with at least four samples is one."""

    @property
    def code(self) -> str:
        """What names it where results are compared: analyte and specimen as collected."""
        return f"{self.testcd}-{self.specimen}"


class Pharmacokinetics(Rule):
    """Concentrations to display, and how a value below the limit of quantification enters means."""

    matrices: list[Matrix] = Field(min_length=1)
    """What is measured, in the order shown."""
    below_limit: Values = Field(default_factory=lambda: list(BELOW_LIMIT))
    """Words in a result that mean below the limit of quantification, in capitals or not; what begins with ``<`` always
    does."""
    blq_rule: Literal["zero", "zero_before_first", "half_lloq", "missing"] = "zero_before_first"
    """What stands for a value below the limit: 0; 0 before the first value above it and nothing after it; half the
    limit; nothing."""


class Analysis(Rule):
    """Comparison of the arms with the control at one visit, by analysis of covariance with the baseline value."""

    visit: Text
    """The id or the label of a visit of the endpoint's schedule."""
    factors: list[VariableName] = Field(
        default_factory=list, json_schema_extra=left_out("the baseline value alone adjusts")
    )
    """ADSL variables that stratify."""


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
    schedule: Name
    """One of ``schedules``: the visits at which it is shown."""
    population: Name = "EFFFL"
    """Flag of the population that counts."""
    baseline: Baseline = "before_first_dose"
    """As for ``findings``."""
    replicates: Replicates | None = Field(default=None, json_schema_extra=left_out("as for `findings`"))
    """As for ``findings``."""
    scale: Literal["difference", "ratio"] = "difference"
    """``ratio`` shows geometric mean ratios to baseline."""
    imputation: Literal["none", "locf"] = "none"
    """``locf`` carries the last earlier post-baseline value to an empty visit."""
    better: Literal["higher", "lower", "neither"] = "neither"
    """Which direction is good."""
    analysis: Analysis | None = Field(default=None, json_schema_extra=left_out("arms are not compared"))
    """How arms are compared; left out, they are not."""
    decimals: int = Field(default=0, ge=0, le=6)
    """Decimals of its values."""
