"""The study: arms, doses, visits, endpoints, rules and sources, as the study file states them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from cutbook.parameters.base import DatasetName, Model, Name, OptionalCount, Text, VariableName
from cutbook.parameters.data_cut import DataCut
from cutbook.parameters.restricted import Restricted
from cutbook.parameters.schedule import Schedule
from cutbook.parameters.treatment import Treatment

Report = Literal["safety", "pharmacokinetics", "efficacy"]
REPORTS: tuple[Report, ...] = ("safety", "pharmacokinetics", "efficacy")


class Sources(Model):
    """Where transfers lie and what each must hold.

    ``root`` is a folder (absolute, or relative to the project) that holds one folder a transfer.
    ``manifest`` names the transfer's manifest: a file inside the transfer, or, when it starts with
    ``study:``, a file in the study's parameter folder. ``encodings`` overrides ``encoding`` for single datasets.
    ``restricted`` says what lies apart from the rest because it could tell the treatment (none: nothing does).
    """

    root: Text
    model: Literal["sdtm", "adam"] = "sdtm"
    manifest: Text = "manifest.json"
    encoding: Text = "utf-8"
    encodings: dict[DatasetName, str] = Field(default_factory=dict)
    required: list[DatasetName]
    optional: list[DatasetName] = Field(default_factory=list)
    restricted: Restricted | None = None

    @model_validator(mode="after")
    def _can_check_the_open_part(self) -> Sources:
        shared = self.restricted.shared if self.restricted else set()
        if unread := sorted(shared - {*self.required, *self.optional}):
            raise ValueError(f"{', '.join(unread)} of restricted among required or optional")
        return self


class Findings(Model):
    """One family of findings, for example haematology, with the parameters to display.

    ``where`` restricts the records (for example to one position; an empty text accepts a missing value). ``baseline``
    is ``before_first_dose`` (the last value before the first dose; on the day of the first dose only when the time
    proves it or the record has no time and is planned before the dose) or ``day_1`` (the last value on or before study
    day 1).
    """

    id: Name
    label: Text
    dataset: DatasetName
    schedule: Name
    parameters: list[Text] = Field(default_factory=list)
    where: dict[VariableName, list[str]] = Field(default_factory=dict)
    baseline: Literal["before_first_dose", "day_1"] = "before_first_dose"


class Analysis(Model):
    """Comparison of the arms with the control at one visit, by analysis of covariance with the baseline value.

    ``visit`` is the id or the label of a visit of the endpoint's schedule, ``factors`` are ADSL variables that
    stratify. The control is ``treatment.control``.
    """

    visit: Text
    factors: list[VariableName] = Field(default_factory=list)


class Endpoint(Model):
    """One efficacy or pharmacodynamic endpoint, shown by visit with its change from baseline.

    ``scale`` ``ratio`` shows geometric mean ratios to baseline. ``imputation`` ``locf`` carries the last earlier
    post-baseline value to an empty visit.
    """

    paramcd: VariableName
    label: Text
    unit: str = ""
    dataset: DatasetName
    where: dict[VariableName, list[str]]
    schedule: Name
    population: Name = "EFFFL"
    baseline: Literal["before_first_dose", "day_1"] = "before_first_dose"
    scale: Literal["difference", "ratio"] = "difference"
    imputation: Literal["none", "locf"] = "none"
    better: Literal["higher", "lower", "neither"] = "neither"
    analysis: Analysis | None = None
    decimals: int = Field(default=0, ge=0, le=6)


class Characteristic(Model):
    """One baseline characteristic: a DM variable, a SUPPDM QNAM, or a finding's value before treatment.

    ``levels`` maps collected values to the reader's words, in display order; empty for a continuous one.
    ``visitnum`` restricts a finding to these visits. ``statistic`` ``sum`` adds the tests of ``testcd``, and is missing
    unless all are there; ``bmi`` is weight in kg over squared height in m, from WEIGHTBL and HEIGHTBL.
    """

    variable: VariableName
    label: Text
    unit: str = ""
    dataset: DatasetName = "dm"
    testcd: list[str] = Field(default_factory=list)
    visitnum: list[float] = Field(default_factory=list)
    statistic: Literal["value", "sum", "bmi"] = "value"
    levels: dict[str, str] = Field(default_factory=dict)
    decimals: int = Field(default=0, ge=0, le=6)
    is_rounded: bool = False


class Requirement(Model):
    """A participant has at least one post-baseline record with a numeric result that meets ``where``."""

    dataset: DatasetName
    where: dict[VariableName, list[str]]


class Populations(Model):
    """How the populations are defined beyond the common rules; the words are printed with each display.

    ``actual_arm`` is the DM variable that names the arm in which a participant's safety is analysed: ``ACTARMCD`` as
    treated, or ``ARMCD`` where the study's plan analyses safety as assigned.
    """

    actual_arm: Literal["ACTARMCD", "ARMCD"] = "ACTARMCD"
    efficacy: list[Requirement] = Field(default_factory=list)
    safety_text: Text = "Participants who received at least one dose, as treated"
    efficacy_text: Text = "Treated participants with the post-baseline results named in the study file"
    pk_text: Text = "Participants treated with an active dose with at least one quantifiable concentration"


class Flag(Model):
    """A yes/no property of a record kept in a supplemental qualifier."""

    label: Text
    qnam: VariableName
    value: str = "Y"


class AdverseEvents(Model):
    """Rules of the adverse-event displays.

    ``related`` lists the values of AEREL that count as related; an empty text among them counts a missing one.
    ``teae_window_days`` ends treatment emergence that many days after the last dose (None: no end);
    ``sensitivity_windows_days`` are shown beside it. ``order`` of classes and terms: by falling ``frequency``, or as in
    the ``previous_cut``, with a mark at those that would move.
    """

    related: list[str]
    severities: list[str] = Field(default_factory=lambda: ["MILD", "MODERATE", "SEVERE"])
    teae_window_days: OptionalCount = Field(default=None, ge=0)
    sensitivity_windows_days: list[int] = Field(default_factory=list)
    flags: list[Flag] = Field(default_factory=list)
    order: Literal["frequency", "previous_cut"] = "frequency"


class Matrix(Model):
    """One matrix of concentrations: PC.PCSPEC and PCTESTCD, its label and unit.

    ``profile_visits`` are the VISITNUM with a full profile; an empty list means that every visit with at least four
    samples is one.
    """

    specimen: Text
    testcd: Text
    label: Text
    unit: Text
    profile_visits: list[float] = Field(default_factory=list)

    @property
    def code(self) -> str:
        """What names it where results are compared: analyte and specimen as collected."""
        return f"{self.testcd}-{self.specimen}"


class Pharmacokinetics(Model):
    """Matrices to display, and how a value below the limit of quantification enters means."""

    matrices: list[Matrix] = Field(min_length=1)
    blq_rule: Literal["zero", "zero_before_first", "half_lloq", "missing"] = "zero_before_first"


class PooledSites(Model):
    """Small sites analysed as one: a site with fewer than ``minimum`` participants in any arm joins ``pool``."""

    minimum: int = Field(ge=2)
    pool: Text


class Disposition(Model):
    """Where end of study is recorded in DS, and the decodes that are not an end of study.

    ``subcategory``, when given, is the DSSCAT of such records (treatment may end in records of another one).
    """

    category: str = "DISPOSITION EVENT"
    subcategory: str = ""
    completed: list[str] = Field(default_factory=lambda: ["COMPLETED"])
    screen_failure: list[str] = Field(default_factory=lambda: ["SCREEN FAILURE"])
    not_an_end: list[str] = Field(default_factory=list)


class Statistic(Model):
    """Where a statistic stands in the results table: its key columns, all but the population."""

    display: Text
    parameter: str = ""
    variable: str = ""
    level: str = ""
    visit: str = ""
    group: str = ""
    statistic: Text = "n"


class Published(Model):
    """One published number, as printed, and the statistic of the reports that must show the same."""

    label: Text
    value: Text
    source: Text
    is_interim: bool = False
    at: Statistic


class Reproduction(Model):
    """Published results that the reports of these cuts must reproduce; another number fails the run."""

    cuts: list[Text]
    numbers: list[Published] = Field(min_length=1)


class Study(Model):
    """A whole study file."""

    id: Name
    title: Text
    is_synthetic: bool
    statements: list[Text] = Field(default_factory=list)
    reports: list[Report] = Field(default_factory=lambda: list(REPORTS))
    sources: Sources
    treatment: Treatment
    data_cut: DataCut
    disposition: Disposition = Field(default_factory=Disposition)
    pooled_sites: PooledSites | None = None
    populations: Populations = Field(default_factory=Populations)
    characteristics: list[Characteristic] = Field(default_factory=list)
    schedules: dict[Name, Schedule] = Field(default_factory=dict)
    adverse_events: AdverseEvents
    findings: list[Findings] = Field(default_factory=list)
    pharmacokinetics: Pharmacokinetics | None = None
    endpoints: list[Endpoint] = Field(default_factory=list)
    reproduction: Reproduction | None = None

    @model_validator(mode="after")
    def _analyses_name_visits(self) -> Study:
        for item in self.endpoints:
            schedule = self.schedules.get(item.schedule)
            if item.analysis and schedule and schedule.visit(item.analysis.visit) is None:
                known = ", ".join(visit.code for visit in schedule.visits)
                raise ValueError(f"{item.paramcd}.analysis.visit {item.analysis.visit!r}: expected one of {known}")
        return self
