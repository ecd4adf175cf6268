"""How the arms are compared by an endpoint: the models of the study file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cutbook.parameters.base import OneOrMore, Rule, Text, VariableName, left_out

Covariance = Literal["us", "toeph", "adh", "ar1h", "csh", "toep", "ad", "ar1", "cs"]
Adjustment = Literal["dunnett", "holm"]
DoseResponse = Literal["linear", "log_linear", "emax", "trend"]

_FALL_BACK: tuple[Covariance, ...] = ("us", "toeph", "ar1h", "csh", "toep", "ar1", "cs")


class Comparison(Rule):
    """What every comparison of the arms may say of itself."""

    estimand: str = ""
    """What is estimated, and what stands for deaths, missed doses and other intercurrent events: a line under the
    table."""
    factors: list[VariableName] = Field(
        default_factory=list, json_schema_extra=left_out("the baseline value alone adjusts")
    )
    """ADSL variables that stratify."""
    tests: bool = False
    """Standard errors and p values stand beside the differences; left out, intervals alone do."""
    pairs: Literal["control", "all"] = "control"
    """``all`` compares the arms with a dose with each other too."""


class Analysis(Comparison):
    """Comparison of the arms with the control at one visit, by analysis of covariance with the baseline value."""

    visit: Text
    """The id or the label of a visit of the endpoint's schedule."""
    adjustment: Annotated[list[Adjustment], OneOrMore()] = Field(
        default_factory=list, json_schema_extra=left_out("p values are not adjusted")
    )
    """Adjusted p values of the differences from the control: Dunnett's, Holm's."""
    dose_response: Annotated[list[DoseResponse], OneOrMore()] = Field(
        default_factory=list, json_schema_extra=left_out("no dose-response model is fitted")
    )
    """Models of the response by dose, with the same covariates: ``linear`` in the dose, ``log_linear`` in
    ln(dose + lowest dose), ``emax``, and ``trend``, the contrast of the arms that is linear in their order."""
    target: float | None = Field(default=None, json_schema_extra=left_out("no dose is looked for"))
    """Difference from the control, in % on the ratio scale, of which the dose that reaches it is estimated."""


class Repeated(Comparison):
    """Comparison of the arms at every visit, by a mixed model for repeated measures (MMRM) of observed values."""

    visits: list[Text] = Field(
        default_factory=list, json_schema_extra=left_out("all visits of the endpoint's schedule")
    )
    """Ids or labels of visits of the schedule."""
    covariance: Annotated[list[Covariance], OneOrMore()] = Field(default_factory=lambda: list(_FALL_BACK), min_length=1)
    """Structures of the covariance of the visits in the order in which they are tried until one converges."""
    df: Literal["kenward_roger_linear", "kenward_roger", "satterthwaite", "between_within", "residual"] = (
        "kenward_roger_linear"
    )
    """Degrees of freedom; ``kenward_roger_linear`` is what SAS gives."""
    baseline_by_visit: bool = True
    """The effect of the baseline value differs from visit to visit."""
    average: bool = False
    """The average over the visits stands below them."""


class Slope(Comparison):
    """Comparison of the rates of change, by a model with a random intercept and a random slope of each participant."""

    df: Literal["satterthwaite", "kenward_roger"] = "satterthwaite"
    """Degrees of freedom."""


class RowMeans(Rule):
    """Comparison of ordered categories at visits, by the Cochran-Mantel-Haenszel test of row mean scores."""

    visits: list[Text] = Field(min_length=1)
    """Ids or labels of visits of the endpoint's schedule."""
    categories: dict[str, Text] = Field(default_factory=dict, json_schema_extra=left_out("mean scores alone"))
    """Words by score of the categories that are counted, for example ``"4": "No change"``."""
    stratum: VariableName | None = Field(default=None, json_schema_extra=left_out("one stratum"))
    """ADSL variable whose levels are the strata."""
    estimand: str = ""
    """As for ``analysis``."""
