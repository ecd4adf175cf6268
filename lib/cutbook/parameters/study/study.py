"""The study: arms, doses, visits, endpoints, rules and sources, as the study file states them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import Field, model_validator

from cutbook.parameters.base import Model, Name, PlacedError, Text, left_out
from cutbook.parameters.study.analyses import AdverseEvents, Findings, Pharmacokinetics
from cutbook.parameters.study.blinding.policy import Blinding
from cutbook.parameters.study.data_cut import DataCut, with_standard_rules
from cutbook.parameters.study.endpoints import Endpoint, JointRank, Survival
from cutbook.parameters.study.judging import Judging
from cutbook.parameters.study.kinetics.antibodies import Immunogenicity
from cutbook.parameters.study.oddities import Oddity
from cutbook.parameters.study.participants import Characteristic, Disposition, PooledSites, Populations
from cutbook.parameters.study.published import Reproduction
from cutbook.parameters.study.safety.procedures import Procedure
from cutbook.parameters.study.sources import Sources
from cutbook.parameters.study.thresholds import Threshold
from cutbook.parameters.study.treatment import Treatment
from cutbook.parameters.study.visits import Schedule, Visit, with_visits
from cutbook.vocabulary import POOLED_CODES, REPORTS, Report

_SCHEDULES = {"clinic": ["WEEK4", "WEEK8"], "efficacy": {"by": "day", "visits": ["WEEK8"]}}
"""Both forms in which a schedule may be written, for pages and editors."""


class Study(Model):
    """A whole study file."""

    id: Name
    """Name of the study, and of its folder of parameters."""
    title: Text
    """Title of the pages."""
    is_synthetic: bool
    """Whether the data are invented; every page then says so."""
    statements: list[Text] = Field(default_factory=list)
    """Sentences that every page shows, for example where the data come from."""
    reports: list[Report] = Field(default_factory=lambda: list(REPORTS))
    """The reports that are rendered."""
    sources: Sources
    """Where transfers lie, and what each must hold."""
    treatment: Treatment
    """Arms, doses, the control and the pooled columns."""
    blinding: Blinding | None = Field(default=None, json_schema_extra=left_out("the study is not blinded"))
    """How the blind is kept; with it, reports of cuts before the blind is broken are blinded unless asked otherwise."""
    data_cut: DataCut
    """What was known at the cut-off."""
    disposition: Disposition = Field(default_factory=Disposition)
    """Where the end of study is recorded."""
    pooled_sites: PooledSites | None = Field(default=None, json_schema_extra=left_out("no sites are pooled"))
    """Small sites analysed as one; left out, none are."""
    populations: Populations = Field(default_factory=Populations)
    """Who is counted."""
    characteristics: list[Characteristic] = Field(
        default_factory=list, json_schema_extra=left_out("the table has no rows")
    )
    """Rows of the table of demographics and baseline characteristics."""
    visits: list[Visit] = Field(default_factory=list)
    """The analysis visits, each named once."""
    schedules: dict[Name, Schedule] = Field(
        default_factory=dict, examples=[_SCHEDULES], json_schema_extra=left_out("no visits to show")
    )
    """The visits at which something is measured, by a name of your own."""
    adverse_events: AdverseEvents = Field(default_factory=lambda: AdverseEvents(related=[]))
    """Rules of adverse events; a study that reads AE needs it."""
    procedure: Procedure | None = Field(
        default=None, json_schema_extra=left_out("events are counted after doses alone")
    )
    """The procedure after which adverse events are counted, where it is more than a dose."""
    findings: list[Findings] = Field(default_factory=list, json_schema_extra=left_out("no measurements are shown"))
    """Laboratory, vital signs, ECG and other measurements, family by family."""
    thresholds: list[Threshold] = Field(default_factory=list, json_schema_extra=left_out("no limits are watched"))
    """Limits of ``findings``: participants beyond one stand on the first screen of the safety report, and in the table
    of their family."""
    judging: Judging = Field(default_factory=Judging, json_schema_extra=left_out("the usual readings and windows"))
    """How results of ``findings`` are judged."""
    pharmacokinetics: Pharmacokinetics | None = Field(
        default=None, json_schema_extra=left_out("no concentrations are shown")
    )
    """Concentrations; left out, none are shown."""
    immunogenicity: Immunogenicity = Field(
        default_factory=Immunogenicity, json_schema_extra=left_out("the standard's tests, and four times the titre")
    )
    """Antibodies against the drug."""
    endpoints: list[Endpoint] = Field(default_factory=list, json_schema_extra=left_out("no endpoints are shown"))
    """Efficacy and pharmacodynamic endpoints."""
    joint_rank: JointRank | None = Field(default=None, json_schema_extra=left_out("nobody is ranked"))
    """Function and survival together."""
    survival: Survival | None = Field(default=None, json_schema_extra=left_out("survival is not analysed"))
    """Time until death."""
    oddities: list[Oddity] = Field(default_factory=list, json_schema_extra=left_out("the common rule holds"))
    """Where oddities of the data stand, other than by the common rule."""
    guesses: int = Field(default=0, ge=0, json_schema_extra=left_out("the lines that are marked"))
    """Lines of the file marked GUESS, as ``cutbook init --accept`` marks what nobody answered: they are counted when
    the file is read, and every page says how many there are. Remove the mark of a line to confirm it."""
    reproduction: Reproduction | None = Field(default=None, json_schema_extra=left_out("nothing is compared"))
    """Published numbers that must be reproduced; left out, there are none."""

    @property
    def watched(self) -> list[Threshold]:
        """The limits that stand on the first screen."""
        return [item for item in self.thresholds if item.first_screen]

    @property
    def is_masked(self) -> bool:
        """Whether it is the study file as blinded reports know it: its arms are the cohorts."""
        return self.treatment.is_of_cohorts

    def withholds(self, dataset: str, where: Mapping[str, Sequence[str]] | None = None) -> bool:
        """Return whether blinded reports see no record of a dataset, or none that meets a condition."""
        rules = self.sources.restricted
        if not self.is_masked or rules is None or dataset not in rules.records:
            return False
        secret, asked = rules.records[dataset], where or {}
        return all(name in asked and set(asked[name]) <= set(values) for name, values in secret.items())

    @model_validator(mode="before")
    @classmethod
    def _is_written_out(cls, written: object) -> object:
        return with_standard_rules(with_visits(written)) if isinstance(written, dict) else written

    @model_validator(mode="after")
    def _screened_participants_show_no_arm(self) -> Study:
        if self.data_cut.screened and not self.data_cut.hides_arms:
            keys = ("data_cut", "screened")
            raise PlacedError(keys, "a dataset with the rule special_dm, which blanks the arm, among data_cut.rules")
        return self

    @model_validator(mode="after")
    def _cohorts_hold_arms(self) -> Study:
        if self.is_masked and self.blinding is None:
            raise PlacedError(("treatment", "allocation"), "randomised, sequential or single")
        codes = [arm.code for arm in self.treatment.arms]
        for number, cohort in enumerate(() if self.blinding is None or self.is_masked else self.blinding.cohorts):
            keys = ("blinding", "cohorts", number)
            if unknown := next((code for code in cohort.arms if code not in codes), ""):
                raise PlacedError((*keys, "arms", cohort.arms.index(unknown)), f"one of {', '.join(codes)}")
            if cohort.code in {*codes, *POOLED_CODES}:
                raise PlacedError((*keys, "code"), "the code of a cohort, which no arm has")
        return self

    @model_validator(mode="after")
    def _oddities_name_what_is_read_once(self) -> Study:
        known: set[tuple[str, str]] = set()
        read = {*self.sources.required, *self.sources.optional, *self.sources.apart}
        for number, rule in enumerate(self.oddities):
            if rule.dataset not in read:
                raise PlacedError(("oddities", number, "dataset"), "a dataset of sources.required or sources.optional")
            if (rule.dataset, rule.variable) in known:
                keys = ("oddities", number, "variable")
                raise PlacedError(keys, f"one weight for {'.'.join(filter(None, (rule.dataset, rule.variable)))}")
            known.add((rule.dataset, rule.variable))
        return self

    @model_validator(mode="after")
    def _procedure_names_what_there_is(self) -> Study:
        procedure = self.procedure
        if procedure is None:
            return self
        if procedure.dataset and procedure.dataset not in {*self.sources.required, *self.sources.optional}:
            raise PlacedError(("procedure", "dataset"), "a dataset of sources.required or sources.optional")
        if procedure.related and procedure.related not in {flag.qnam for flag in self.adverse_events.flags}:
            raise PlacedError(("procedure", "related"), "the qnam of a flag of adverse_events.flags")
        return self

    @model_validator(mode="after")
    def _thresholds_name_parameters_once(self) -> Study:
        known = {f"{family.id}-{code}" for family in self.findings for code in family.codes}
        open_families = {family.id for family in self.findings if not family.parameters}
        told: set[tuple[str, str]] = set()
        for number, item in enumerate(self.thresholds):
            if item.parameter not in known and item.parameter.partition("-")[0] not in open_families:
                words = "family and test code of findings, for example csf-WBC"
                raise PlacedError(("thresholds", number, "parameter"), words)
            if (item.parameter, item.code) in told:
                raise PlacedError(("thresholds", number, "limit"), f"each limit of {item.parameter} once")
            told.add((item.parameter, item.code))
        return self

    @model_validator(mode="after")
    def _analyses_name_visits(self) -> Study:
        for number, item in enumerate(self.endpoints):
            schedule = self.schedules.get(item.schedule)
            for keys, visit in _visits_named(item) if schedule else ():
                if schedule and schedule.visit(visit) is None:
                    known = ", ".join(visit.code for visit in schedule.visits)
                    raise PlacedError(("endpoints", number, *keys), f"one of {known}")
        return self

    @model_validator(mode="after")
    def _joint_rank_names_an_endpoint(self) -> Study:
        known = [item.paramcd for item in self.endpoints]
        if self.joint_rank and self.joint_rank.endpoint not in known:
            raise PlacedError(
                ("joint_rank", "endpoint"), f"one of {', '.join(known) or 'endpoints, of which there are none'}"
            )
        return self

    @model_validator(mode="after")
    def _slopes_are_of_differences(self) -> Study:
        for number, item in enumerate(self.endpoints):
            if item.slope and item.scale == "ratio":
                raise PlacedError(("endpoints", number, "slope"), "none for an endpoint on the scale ratio")
        return self


def _visits_named(item: Endpoint) -> list[tuple[tuple[str | int, ...], str]]:
    """Return the visits that the analyses of an endpoint name, each with where it stands."""
    named: list[tuple[tuple[str | int, ...], str]] = []
    if item.analysis:
        named.append((("analysis", "visit"), item.analysis.visit))
    for key, section in (("repeated", item.repeated), ("row_means", item.row_means)):
        named += [((key, "visits", place), visit) for place, visit in enumerate(section.visits if section else ())]
    return named
