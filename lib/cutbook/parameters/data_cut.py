"""The data cut: who is in, how each dataset is cut, and what is rolled back."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from cutbook.parameters.base import DatasetName, Model, VariableName


class Inclusion(Model):
    """Which records date a participant's entry: ``where`` maps a variable to the accepted values."""

    dataset: DatasetName
    date: VariableName
    where: dict[VariableName, list[str]] = Field(default_factory=dict)


class CutRule(Model):
    """How one dataset is cut.

    ``none`` keeps every row; ``participant`` keeps the rows of included participants; ``date`` keeps, in addition,
    only rows dated by the cut-off, ``date`` naming the variables in order of preference; ``special_dm`` is the
    participant rule with deaths after the cut-off blanked.
    """

    rule: Literal["none", "participant", "date", "special_dm"]
    date: list[VariableName] = Field(default_factory=list)

    @model_validator(mode="after")
    def _dates_belong_to_the_date_rule(self) -> Self:
        if (self.rule == "date") != bool(self.date):
            raise ValueError("the rule 'date' names at least one date variable, and no other rule names any")
        return self


class RollBack(Model):
    """One variable that must not tell what was learnt after the cut-off.

    When ``date`` of a kept record lies after the cut-off, each variable of ``reset`` gets its value there (empty text
    is missing, ``{cutoff}`` the day of the cut-off). ``date_from`` names the dataset whose ``date`` decides for all
    records of a participant, for example ``dm``; the record's own date decides when it is left out. ``where`` restricts
    the rule to records with these values (empty text is missing). Of two rules for one variable the first wins.
    """

    dataset: DatasetName
    date: VariableName
    date_from: DatasetName | None = None
    where: dict[VariableName, list[str]] = Field(default_factory=dict)
    reset: dict[VariableName, str] = Field(min_length=1)


class DataCut(Model):
    """The rules by which a transfer is cut.

    ``included`` dates randomisation. ``screened``, when given, also keeps participants who were screened but not yet
    randomised by the cut-off, without their study days, and without arm and DM qualifiers unless ``screen_failed``
    dates their failure by then.
    ``undated_qualifiers`` names, by supplemental dataset, the qualifiers that tell what is known at extraction (for
    example flags of completers) and carry no date to cut by: their rows are removed.
    """

    included: Inclusion
    screened: Inclusion | None = None
    screen_failed: Inclusion | None = None
    rules: dict[DatasetName, CutRule]
    roll_back: list[RollBack] = Field(default_factory=list)
    undated_qualifiers: dict[DatasetName, list[VariableName]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _screened_participants_show_no_arm(self) -> Self:
        if self.screened and "special_dm" not in {rule.rule for rule in self.rules.values()}:
            raise ValueError("'screened' needs a dataset with the rule 'special_dm', which blanks the arm")
        return self
