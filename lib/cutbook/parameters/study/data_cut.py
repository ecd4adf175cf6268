"""The data cut: who is in, how each dataset is cut, and what is rolled back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from cutbook.parameters.base import Condition, DatasetName, Model, Rule, VariableName, Variables, left_out

_TRIAL_DESIGN = frozenset({"ta", "te", "ti", "ts", "tv", "tm", "td", "tx"})
_DATED_BY_START = frozenset(
    {"ae", "ag", "be", "ce", "cm", "ds", "dv", "ec", "ex", "ho", "ml", "pr", "se", "su", "sv"}
)  # fmt: skip
_OF_PARTICIPANTS = frozenset({"relrec", "co"})
_WORDS = ("none", "participant", "special_dm")
_LETTERS_OF_A_DOMAIN = 2
_RULES = {
    "ae": "AESTDTC",
    "lb": ["LBDTC", "LBENDTC"],
    "sc": "participant",
    "xr": "none",
    "dm": {"rule": "special_dm"},
    "ds": {"rule": "date", "date": "DSSTDTC"},
}
"""Every form in which a rule may be written, for pages and editors."""


class Inclusion(Model):
    """Which records date a participant's entry."""

    dataset: DatasetName
    """The dataset that holds them."""
    date: VariableName
    """The variable that dates entry."""
    where: Condition = Field(default_factory=dict, json_schema_extra=left_out("all its records"))
    """Which of its records do."""


class CutRule(Model):
    """How one dataset is cut. Written short: a date variable or a list of them, or the word of a kind."""

    rule: Literal["none", "participant", "date", "special_dm"]
    """``none`` keeps every row; ``participant`` keeps the rows of included participants; ``date`` keeps of these only
    the rows dated by the cut-off; ``special_dm`` is the participant rule with deaths after the cut-off blanked."""
    date: Variables = Field(default_factory=list, json_schema_extra=left_out("none; the rule `date` needs one"))
    """The variables that date a row, in order of preference."""

    @model_validator(mode="before")
    @classmethod
    def _may_be_short(cls, written: object) -> object:
        if isinstance(written, str) and written in _WORDS:
            return {"rule": written}
        return {"rule": "date", "date": written} if isinstance(written, str | list) else written

    @model_validator(mode="after")
    def _dates_belong_to_the_date_rule(self) -> Self:
        if (self.rule == "date") != bool(self.date):
            raise ValueError("the rule 'date' names at least one date variable, and no other rule names any")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return what an editor accepts: the short forms, or the section."""
        section = handler.resolve_ref_schema(handler(schema))
        choices = [{"enum": list(_WORDS)}, *section["properties"]["date"]["anyOf"], section]
        return {"anyOf": choices, "description": section.get("description", "")}


class RollBack(Rule):
    """Variables that must not tell what was learnt after the cut-off. Of two rules for one variable the first wins."""

    dataset: DatasetName
    """The dataset whose records are set back."""
    date: VariableName
    """When this date of a kept record lies after the cut-off, the record is set back."""
    date_from: DatasetName | None = Field(default=None, json_schema_extra=left_out("the own date of the record"))
    """Dataset whose ``date`` decides for all records of a participant, for example ``dm``; left out, the record's own
    date decides."""
    where: Condition = Field(default_factory=dict, json_schema_extra=left_out("all kept records"))
    """Restricts the rule to these records."""
    reset: dict[VariableName, str] = Field(min_length=1)
    """What each variable gets: a value, an empty text for missing, or ``{cutoff}`` for the day of the cut-off."""


class DataCut(Rule):
    """The rules by which a transfer is cut."""

    included: Inclusion
    """Dates randomisation or enrolment."""
    screened: Inclusion | None = Field(default=None, json_schema_extra=left_out("only those of `included` are kept"))
    """Also keeps participants screened and not yet randomised by the cut-off, without their study days, and without arm
    and qualifiers of DM."""
    screen_failed: Inclusion | None = Field(
        default=None, json_schema_extra=left_out("arm and qualifiers of failures are blanked too")
    )
    """Dates the failure of a screened participant, whose arm and qualifiers of DM then stay."""
    treated_without_entry: Literal["keep", "refuse"] = "keep"
    """What becomes of participants with a dose by the cut-off and no dated record of entry by then: ``keep`` keeps them
    with their records and says so on the first lines; ``refuse`` stops the run."""
    rules: dict[DatasetName, CutRule] = Field(
        default_factory=dict, examples=[_RULES], json_schema_extra=left_out("as the standard dates them")
    )
    """Datasets that are not cut as the standard dates them (--STDTC of events and interventions, --DTC of findings,
    MHDTC, PPRFTDTC; DM with deaths blanked, SUPP--, RELREC and CO with their participant, trial design not at all)."""
    roll_back: list[RollBack] = Field(
        default_factory=list, json_schema_extra=left_out("only deaths, where DM is cut by `special_dm`")
    )
    """What is set back."""
    undated_qualifiers: dict[DatasetName, Variables] = Field(
        default_factory=dict, json_schema_extra=left_out("no row is removed")
    )
    """By supplemental dataset, the qualifiers that tell what is known at extraction (for example flags of completers)
    and carry no date to cut by: their rows are removed."""

    @property
    def hides_arms(self) -> bool:
        """Whether a dataset is cut so that participants not yet randomised show no arm."""
        return "special_dm" in {rule.rule for rule in self.rules.values()}


def with_standard_rules(written: Mapping[str, Any]) -> dict[str, Any]:
    """Return a study file whose SDTM datasets all have a cut rule: their own, or that of the standard.

    Parameters
    ----------
    written : mapping
        The file as it is written; what is not as it should be stays as it is, and is told by who checks it.
    """
    cut, sources = written.get("data_cut"), written.get("sources")
    if not isinstance(cut, Mapping) or not isinstance(sources, Mapping) or sources.get("model", "sdtm") != "sdtm":
        return dict(written)
    rules = cut.get("rules", {})
    listed = [names for key in ("required", "optional") if isinstance(names := sources.get(key), list)]
    read = [name for names in listed for name in names if isinstance(name, str)]
    standard = {name: rule.model_dump() for name in read if (rule := standard_rule(name))}
    return {**written, "data_cut": {**cut, "rules": standard | rules if isinstance(rules, dict) else rules}}


def standard_rule(dataset: str) -> CutRule | None:
    """Return how a dataset of SDTM is cut where the study file says nothing; None for one that the standard lacks.

    Source: SDTMIG 3.4, the general observation classes and their timing variables.

    Examples
    --------
    >>> standard_rule("ae").date, standard_rule("lb").date, standard_rule("mh").date, standard_rule("suppae").rule
    (['AESTDTC'], ['LBDTC'], ['MHDTC'], 'participant')
    """
    if dataset == "dm":
        return CutRule(rule="special_dm")
    if dataset in _TRIAL_DESIGN:
        return CutRule(rule="none")
    if dataset in _OF_PARTICIPANTS or dataset.startswith("supp"):
        return CutRule(rule="participant")
    if len(dataset) != _LETTERS_OF_A_DOMAIN:
        return None
    if dataset == "pp":
        return CutRule(rule="date", date=["PPRFTDTC"])
    timing = "STDTC" if dataset in _DATED_BY_START else "DTC"
    return CutRule(rule="date", date=[f"{dataset.upper()}{timing}"])
