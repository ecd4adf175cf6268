"""Who is counted, how a study ends for a participant, and what is known of everybody at baseline."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cutbook.parameters.base import Condition, DatasetName, Model, Numbers, Rule, Text, Values, VariableName, left_out


class Characteristic(Rule):
    """One baseline characteristic: a DM variable, a SUPPDM QNAM, or a finding's value before treatment."""

    variable: VariableName
    """The DM variable, the QNAM, or a name for what is found in another dataset."""
    label: Text
    """The reader's word for it."""
    unit: str = ""
    """Unit of its values."""
    dataset: DatasetName = "dm"
    """The dataset that holds it."""
    testcd: Values = Field(default_factory=list, json_schema_extra=left_out("none; only DM and SUPPDM do without"))
    """Test codes, where the dataset holds findings."""
    visitnum: Numbers = Field(
        default_factory=list, json_schema_extra=left_out("all visits: the last value before the first dose")
    )
    """Restricts a finding to these visits."""
    statistic: Literal["value", "sum", "bmi"] = "value"
    """``sum`` adds the tests of ``testcd``, and is missing unless all are there; ``bmi`` is weight in kg over squared
    height in m, from WEIGHTBL (kg) and HEIGHTBL (cm), which must be rows of this list, above it: without them every
    value is missing."""
    levels: dict[str, str] = Field(default_factory=dict, json_schema_extra=left_out("summarised as numbers"))
    """Collected values and the reader's words for them, in the order shown; left out for a continuous one."""
    decimals: int = Field(default=0, ge=0, le=6)
    """Decimals of its values."""
    is_rounded: bool = False
    """Whether values are rounded to ``decimals`` before they are summarised."""

    @property
    def selects(self) -> dict[str, list[str]]:
        """Which findings of its dataset it is of, as a condition without visits; empty where it is of none."""
        return {f"{self.dataset[:2].upper()}TESTCD": self.testcd} if self.testcd else {}


class Requirement(Model):
    """A participant has at least one post-baseline record with a numeric result that meets a condition."""

    dataset: DatasetName
    """The dataset that holds such records."""
    where: Condition
    """Which of its records."""


class Populations(Rule):
    """How the populations are defined beyond the common rules; the words are printed with each display."""

    actual_arm: Literal["ACTARMCD", "ARMCD"] = "ACTARMCD"
    """The DM variable that names the arm in which a participant's safety is analysed: ``ACTARMCD`` as treated, or
    ``ARMCD`` where the study's plan analyses safety as assigned."""
    efficacy: list[Requirement] = Field(
        default_factory=list, json_schema_extra=left_out("no requirement: everybody treated")
    )
    """What a treated participant must have to count for efficacy; all of them."""
    safety_text: Text = "Participants who received at least one dose, as treated"
    """Definition of the safety population, as printed."""
    efficacy_text: Text = "Treated participants with the post-baseline results named in the study file"
    """Definition of the efficacy population, as printed."""
    pk_text: Text = "Participants treated with an active dose with at least one quantifiable concentration"
    """Definition of the pharmacokinetic population, as printed."""


class PooledSites(Rule):
    """Small sites analysed as one."""

    minimum: int = Field(ge=2)
    """A site with fewer participants than this in any arm joins the pool."""
    pool: Text
    """Name of the pooled site."""


class Disposition(Rule):
    """Where the end of study is recorded in DS."""

    category: str = "DISPOSITION EVENT"
    """DSCAT of such records."""
    subcategory: str = ""
    """DSSCAT of such records, where treatment may end in records of another one."""
    completed: Values = Field(default_factory=lambda: ["COMPLETED"])
    """DSDECOD of a completed study."""
    screen_failure: Values = Field(default_factory=lambda: ["SCREEN FAILURE"])
    """DSDECOD of a screening that failed."""
    not_an_end: Values = Field(default_factory=list, json_schema_extra=left_out("all other records are an end"))
    """DSDECOD of such records that end nothing."""
