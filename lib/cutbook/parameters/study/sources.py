"""Where the transfers of a study lie, and what each must hold."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from cutbook.parameters.base import DatasetName, Model, Name, OneOrMore, Text, VariableName, left_out

RestrictedVariables = Annotated[list[VariableName], Field(min_length=1), OneOrMore()]
RestrictedValues = Annotated[list[Text], Field(min_length=1), OneOrMore()]


class Restricted(Model):
    """What of a transfer could tell the treatment, and therefore lies in a part of its own that only some may open.

    The part holds a ``manifest.json`` and datasets named as in the open part.
    """

    folder: Name = "restricted"
    """Sub-folder of the transfer that is this part."""
    root: str = ""
    """A folder (absolute, or relative to the project) that holds this part in a folder of the transfer's name; it takes
    the place of ``folder``."""
    variables: dict[DatasetName, RestrictedVariables] = Field(default_factory=dict)
    """Restricted columns of a dataset: the open part leaves them out or blank."""
    records: dict[DatasetName, dict[VariableName, RestrictedValues]] = Field(default_factory=dict)
    """Restricted records of a dataset, which the open part does not hold: all where nothing is said (``{}``), otherwise
    those whose variables have one of the values."""

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


class Sources(Model):
    """Where transfers lie and what each must hold."""

    root: Text
    """Folder (absolute, or relative to the project) that holds one folder a transfer."""
    model: Literal["sdtm", "adam"] = "sdtm"
    """The standard of the datasets."""
    studyid: Annotated[list[Text], OneOrMore()] = Field(
        default_factory=list, json_schema_extra=left_out("an unknown STUDYID is listed, and stops nothing")
    )
    """STUDYID of the records; those of another study stop the run. Left out, a STUDYID is listed as odd that neither
    the id nor the title nor a statement of this file has. It governs the records only: ``study`` of the manifest must
    be the ``id`` of this file, whatever stands here."""
    manifest: Text = "manifest.json"
    """The transfer's manifest: a file inside the transfer, or, when it starts with ``study:``, a file in the study's
    parameter folder, which serves one transfer only."""
    encoding: Text = "utf-8"
    """How text is encoded."""
    encodings: dict[DatasetName, str] = Field(default_factory=dict, json_schema_extra=left_out("`encoding` for all"))
    """Another encoding for single datasets."""
    required: list[DatasetName]
    """Datasets without which nothing is rendered."""
    optional: list[DatasetName] = Field(
        default_factory=list, json_schema_extra=left_out("only those of `required` are read")
    )
    """Datasets that are read where they are delivered."""
    restricted: Restricted | None = Field(default=None, json_schema_extra=left_out("nothing lies apart"))
    """What lies apart because it could tell the treatment; left out, nothing does."""

    @property
    def apart(self) -> set[str]:
        """Datasets that lie in the restricted part alone."""
        return self.restricted.whole if self.restricted else set()

    @model_validator(mode="after")
    def _can_check_the_open_part(self) -> Sources:
        shared = self.restricted.shared if self.restricted else set()
        if unread := sorted(shared - {*self.required, *self.optional}):
            raise ValueError(f"{', '.join(unread)} of restricted among required or optional")
        return self
