"""How much an oddity of the data weighs in this study."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from cutbook.parameters.base import DatasetName, Model, PlacedError, VariableName

Weight = Literal["stop", "first lines", "list"]


class Oddity(Model):
    """Where the oddities of one variable stand, other than by the common rule. What is at fault always stops a run."""

    dataset: DatasetName
    """The dataset in which something is odd, as the list of findings in the data names it."""
    variable: VariableName | Literal[""] = ""
    """The variable in which it is; left out, oddities of the dataset that name no variable, for example that it was not
    provided."""
    weight: Weight
    """``stop`` ends the run with exit code 3; ``first lines`` says it in the first sentences of every page that reads
    the dataset; ``list`` leaves it in the list of findings."""
    reason: str = ""
    """Why, shown in the list of findings; ``list`` needs one, for it takes an oddity off the first lines."""

    @model_validator(mode="after")
    def _is_lowered_with_a_reason(self) -> Self:
        if self.weight == "list" and not self.reason.strip():
            raise PlacedError(("reason",), "a written reason, which the page shows, where weight is list")
        return self
