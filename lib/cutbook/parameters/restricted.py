"""The restricted part of a transfer, as the study file states it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from cutbook.parameters.base import DatasetName, Model, Name, Text, VariableName

Variables = Annotated[list[VariableName], Field(min_length=1)]
Values = Annotated[list[Text], Field(min_length=1)]


class Restricted(Model):
    """What of a transfer could tell the treatment, and therefore lies in a part of its own that only some may open.

    The part is the sub-folder ``folder`` of the transfer, or, when ``root`` is given, a folder of the transfer's name
    in that root (absolute, or relative to the project). It holds a ``manifest.json`` and datasets named as in the open
    part. ``variables`` are the restricted columns of a dataset, which the open part leaves out or blank; ``records``
    are the restricted records, which the open part does not hold: all where nothing is said, otherwise those whose
    variables have one of the values.
    """

    folder: Name = "restricted"
    root: str = ""
    variables: dict[DatasetName, Variables] = Field(default_factory=dict)
    records: dict[DatasetName, dict[VariableName, Values]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_one_kind_a_dataset(self) -> Restricted:
        if both := sorted(self.variables.keys() & self.records.keys()):
            raise ValueError(f"a dataset under variables or under records, not {', '.join(both)} under both")
        return self

    @property
    def whole(self) -> set[str]:
        """Datasets of which every record is restricted."""
        return {name for name, where in self.records.items() if not where}

    @property
    def shared(self) -> set[str]:
        """Datasets that lie in both parts."""
        return {*self.variables, *self.records} - self.whole
