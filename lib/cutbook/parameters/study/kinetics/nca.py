"""How profiles are analysed without compartments, when a terminal line is believed, and limits of exposure."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cutbook.parameters.base import Model, Numbers, OptionalNumber, Rule, Text, left_out

BelowLimit = Literal["keep", "drop", "half_lloq"] | Annotated[float, Field(ge=0)]
"""What stands for a sample below the limit: 0, nothing, half of the limit, or a number."""

_STANDARD = left_out("of PKNCA and common plans of analysis")


class Acceptance(Model):
    """When a terminal line, and what is extrapolated with it, is accepted; a value of null is no rule.

    A profile that fails is flagged. Nothing is deleted: summaries stand for all profiles and for the accepted ones.
    """

    adj_r2: OptionalNumber = Field(default=0.9, ge=0, le=1)
    """Least adjusted r²."""
    span: OptionalNumber = Field(default=2.0, ge=0)
    """Fewest half-lives that the line covers."""
    points: OptionalNumber = Field(default=3.0, ge=2)
    """Fewest points of the line."""
    extrapolated: OptionalNumber = Field(default=20.0, ge=0, le=100)
    """Largest percentage of the area to infinity that lies behind the last quantifiable sample."""
    back_extrapolated: OptionalNumber = Field(default=20.0, ge=0, le=100)
    """The same before the first sample after a bolus."""


class NonCompartmental(Rule):
    """Settings of the non-compartmental analysis of profiles."""

    route: Literal["extravascular", "iv_bolus", "iv_infusion"] = "extravascular"
    """How the dose reaches what was sampled; a dose into the cerebrospinal fluid is ``extravascular`` in plasma."""
    method: Literal["linear_up_log_down", "linear", "log"] = "linear_up_log_down"
    """Rule of areas: logarithmic where concentrations fall, linear throughout, or logarithmic after the peak."""
    times: Literal["actual", "nominal"] = "actual"
    """Clock of the analysis. A sample without an actual time stands at its nominal one."""
    intervals: Numbers = Field(
        default_factory=list, examples=[[24]], json_schema_extra=left_out("no area to a fixed time")
    )
    """Hours after the dose to which an area is computed besides those to the last sample and to infinity."""
    tau: OptionalNumber = Field(default=None, gt=0, json_schema_extra=left_out("no dosing interval in profiles"))
    """Hours between doses where profiles cover whole dosing intervals: the sample before the next dose then closes the
    area of the dose before it. Left out, that sample is the trough of the dose before it and no part of its areas."""
    blq_first: BelowLimit = "keep"
    """What stands for a sample below the limit before the first quantifiable one; ``keep`` is 0."""
    blq_middle: BelowLimit = "drop"
    """The same between quantifiable samples."""
    blq_last: BelowLimit = "keep"
    """The same after the last quantifiable one."""
    min_points: int = Field(default=3, ge=2)
    """Fewest points of a terminal line."""
    allow_tmax: bool = False
    """Whether the highest concentration may be one of them."""
    adj_r2_factor: float = Field(default=1e-4, ge=0)
    """Of the lines whose adjusted r² is within this of the best, the one with most points is taken."""
    min_samples: int = Field(default=4, ge=1)
    """Samples with a result after a dose from which on they are a profile."""
    acceptance: Acceptance = Field(default_factory=Acceptance, json_schema_extra=_STANDARD)
    """When a terminal line is accepted."""


class Cap(Rule):
    """An exposure that the next dose should not exceed, for example that of the NOAEL."""

    matrix: Text
    """Label of the matrix."""
    parameter: Text
    """Code of the parameter, for example CMAX or AUCLST."""
    limit: float = Field(gt=0)
    """In the unit in which the parameter is shown."""
    label: Text
    """What it is, in the reader's words."""
