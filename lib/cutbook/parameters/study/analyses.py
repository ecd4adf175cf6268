"""What is analysed of events, measurements, concentrations and endpoints."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, WithJsonSchema, model_validator
from pydantic_core import CoreSchema

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
from cutbook.parameters.study.judging import Derived
from cutbook.parameters.study.kinetics.choices import Choices
from cutbook.parameters.study.kinetics.nca import Cap, NonCompartmental
from cutbook.parameters.study.safety.procedures import Interests
from cutbook.standards.specimens import is_blood

Replicates = Literal["mean", "first", "last"]

Timing = Literal["before_first_dose", "day_1"]

BelowLimitRule = Literal["zero", "zero_before_first", "half_lloq", "missing"]

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

NOT_RELATED = (
    "NOT RELATED", "UNRELATED", "UNLIKELY RELATED", "UNLIKELY", "NOT SUSPECTED", "REMOTE", "NONE", "NO", "N",
    "NOT APPLICABLE",
)  # fmt: skip
"""Values of AEREL that count as not related where the study file names none."""

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
    not_related: Values = Field(default_factory=lambda: list(NOT_RELATED))
    """Values of AEREL that count as not related; one that stands in neither list counts so too, and is told."""
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
    interest: Interests = Field(default_factory=list, json_schema_extra=left_out("no event is of special interest"))
    """Events of special interest, in the order shown."""
    occasion_days: int = Field(default=7, ge=0)
    """An event belongs to a dose when it began on its day or within so many days after it."""
    common_from: int = Field(default=2, ge=1)
    """An event is common that so many participants of one arm with a dose had."""
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


class Baseline(Model):
    """Which record is the baseline: of several that can be, the last. Written short: the word for the time."""

    time: Timing = "before_first_dose"
    """A value before the first dose (on the day of the first dose only when the time proves it, or the record has no
    time and is planned before the dose), or, ``day_1``, on or before study day 1."""
    visit: str = Field(default="", json_schema_extra=left_out("the time decides"))
    """VISIT or VISITNUM as collected: a value of that visit, whenever it was taken."""
    flag: VariableName | None = Field(default=None, json_schema_extra=left_out("the time decides"))
    """A variable of the record that says so by ``Y``, for example LBBLFL."""

    @model_validator(mode="before")
    @classmethod
    def _may_be_short(cls, written: object) -> object:
        return {"time": written} if isinstance(written, str) else written

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        told = [self.time != "before_first_dose", self.visit != "", self.flag is not None]
        if sum(told) > 1 or self.visit != self.visit.strip():
            raise ValueError("a time, a visit or a flag; one of them")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return what an editor accepts: the word for a time, or the section."""
        section = handler.resolve_ref_schema(handler(schema))
        return {"anyOf": [section["properties"]["time"], section], "description": section.get("description", "")}

    @property
    def words(self) -> str:
        """Which value it is, in the reader's words."""
        if self.flag:
            return f"the last value with {self.flag} Y, as delivered"
        if self.visit:
            return f"the last value of visit {self.visit}"
        return (
            "the last value on or before study day 1"
            if self.time == "day_1"
            else "the last value before the first dose"
        )


_BASELINES = ("day_1", {"visit": "SCREENING"}, {"flag": "LBBLFL"})
"""Every form in which a baseline may be written, for pages and editors."""


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
    units: dict[str, Text] = Field(
        default_factory=dict,
        examples=[{"GLUC": "mmol/L"}],
        json_schema_extra=left_out("the unit that most results of a test have"),
    )
    """Unit in which a test is shown, by test code, for example ``GLUC: mmol/L``. Results in another unit are converted
    where the conversion is known, and listed; otherwise they stop the run."""
    replicates: Replicates | None = Field(
        default=None, json_schema_extra=left_out("`mean` of numbered replicates, else `last`")
    )
    """What stands for several results of one moment: their ``mean``, the ``first`` or the ``last`` by their number.
    Left out, results numbered as replicates (--REPNUM) stand by their mean, and of others the last."""
    baseline: Baseline = Field(
        default_factory=Baseline, examples=list(_BASELINES), json_schema_extra=left_out("before_first_dose")
    )
    """Which record is the baseline: ``before_first_dose``, ``day_1``, a named visit, or a flag that was delivered."""
    derived: list[Derived] = Field(default_factory=list, json_schema_extra=left_out("none is computed"))
    """Parameters that are computed of others of the same moment."""
    fluid: Literal["blood", "csf", "other"] | None = Field(
        default=None, json_schema_extra=left_out("told by LBSPEC in `where`; LB without one is `blood`")
    )
    """What the results of LB are of: criteria judge those of ``blood``, and those of ``csf``, cerebrospinal fluid, have
    displays of their own."""

    @property
    def codes(self) -> list[str]:
        """Test codes in the order shown, those computed too; empty where all that are collected are shown."""
        computed = [item.paramcd for item in self.derived]
        return list(dict.fromkeys([*self.parameters, *computed])) if self.parameters else []

    @property
    def selects(self) -> dict[str, list[str]]:
        """Which records of its dataset it shows, as a condition."""
        code = f"{self.dataset[:2].upper()}TESTCD"
        return {**self.where, **({code: self.parameters} if self.parameters else {})}

    @property
    def fluid_of(self) -> str:
        """What the results are of: ``blood``, ``csf`` or ``other``."""
        if self.fluid:
            return self.fluid
        specimens = set(self.where.get("LBSPEC", ["BLOOD"]))
        if not self.dataset.endswith("lb"):
            return "other"
        if specimens == {"CEREBROSPINAL FLUID"}:
            return "csf"
        return "blood" if all(is_blood(specimen) for specimen in specimens) else "other"


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
    profile_visits: Numbers = Field(default_factory=list, json_schema_extra=left_out("courses are drawn by study day"))
    """VISITNUM with a full profile, drawn by hours after the dose; left out, courses are drawn by study day, and every
    dose after which at least ``min_samples`` samples were planned is a profile for the analysis."""
    nca: NonCompartmental | None = Field(default=None, json_schema_extra=left_out("as `nca` of the section says"))
    """How its profiles are analysed, where that is not as for the others."""

    @property
    def selects(self) -> dict[str, list[str]]:
        """Which records of PC it shows, as a condition."""
        return {"PCSPEC": [self.specimen], "PCTESTCD": [self.testcd]}

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
    does. A number among them, for example 0 where no limit was delivered, is the whole result."""
    blq_rule: BelowLimitRule = "zero_before_first"
    """What stands for a value below the limit in means: 0; 0 before the first dose and nothing after it; half the
    limit; nothing. In the median of all samples it is the lowest."""
    nca: NonCompartmental = Field(default_factory=NonCompartmental, json_schema_extra=left_out("the usual settings"))
    """How profiles are analysed."""
    caps: list[Cap] = Field(default_factory=list, json_schema_extra=left_out("no limit is drawn"))
    """Exposures that the next dose should not exceed."""
    choices: Choices = Field(default_factory=Choices, json_schema_extra=left_out("the file `pk_choices.yaml`, if any"))
    """Decisions about profiles; they stand in ``pk_choices.yaml`` beside the study file, not here."""

    def settings_of(self, matrix: Matrix) -> NonCompartmental:
        """Return how the profiles of a matrix are analysed."""
        return matrix.nca or self.nca
