"""Where the transfers of a study lie, and what each must hold."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from cutbook.parameters.base import DatasetName, Model, Name, OneOrMore, PlacedError, Text, VariableName, left_out
from cutbook.vocabulary import Report

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

    reports: dict[DatasetName, Annotated[list[Report], OneOrMore()]] = Field(
        default_factory=dict, json_schema_extra=left_out("no report lists them")
    )
    """Reports that list the restricted records of a dataset among changes of the past, oddities and what the data cut
    did, for example ``pc: pharmacokinetics``. Displays show what they are made of all the same."""

    @model_validator(mode="after")
    def _is_one_kind_a_dataset(self) -> Restricted:
        if both := sorted(self.variables.keys() & self.records.keys()):
            raise ValueError(f"a dataset under variables or under records, not {', '.join(both)} under both")
        return self

    @model_validator(mode="after")
    def _lists_restricted_records_only(self) -> Restricted:
        if unknown := sorted(self.reports.keys() - self.records.keys()):
            raise PlacedError(("reports", unknown[0]), "a dataset of sources.restricted.records")
        return self

    @property
    def whole(self) -> set[str]:
        """Datasets of which every record is restricted."""
        return {name for name, where in self.records.items() if not where}

    @property
    def shared(self) -> set[str]:
        """Datasets that lie in both parts."""
        return {*self.variables, *self.records} - self.whole


class Default(Model):
    """What a variable holds where a transfer leaves it blank, or leaves it out. Written short: a constant."""

    value: str = Field(default="", json_schema_extra=left_out("no constant"))
    """A constant, for example the unit of all doses."""
    variable: VariableName | None = Field(default=None, alias="from", json_schema_extra=left_out("no copy"))
    """Another variable of the same record, whose value is copied."""
    occasion: str = Field(default="", json_schema_extra=left_out("no dose decides"))
    """A text in which ``{day}`` stands for the study day of the dose that the record refers to, and ``{dose}`` for its
    number, 1 for the first: ``DAY {day}``."""

    @model_validator(mode="before")
    @classmethod
    def _may_be_short(cls, written: object) -> object:
        return {"value": str(written)} if isinstance(written, str | int | float) else written

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if sum(map(bool, (self.value, self.variable, self.occasion))) != 1:
            raise ValueError('a constant, "from" a variable, or "occasion" of a dose; one of them')
        named = re.findall(r"\{(\w*)\}", self.occasion)
        if (self.occasion and not named) or set(named) - {"day", "dose"}:
            raise PlacedError(("occasion",), "a text with {day} or {dose}, and no other word in braces")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return what an editor accepts: a constant, or the section."""
        section = handler.resolve_ref_schema(handler(schema))
        return {"anyOf": [{"type": ["string", "number"]}, section], "description": section.get("description", "")}


_DEFAULTS = {
    "ex": {"EXDOSU": "mg"},
    "pc": {"PCSTRESC": {"from": "PCSTRESN"}, "VISIT": {"occasion": "DAY {day}"}},
}
"""Every form in which a default may be written, for pages and editors."""


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
    defaults: dict[DatasetName, dict[VariableName, Default]] = Field(
        default_factory=dict, examples=[_DEFAULTS], json_schema_extra=left_out("blank stays blank")
    )
    """What a lean transfer lacks, by dataset and variable, for example ``ex: {EXDOSU: mg}`` or ``pc: {PCSTRESC: {from:
    PCSTRESN}}``: it stands where the variable is blank or not delivered, and every use is listed among the oddities
    with its number of records. DOMAIN alone takes the place of another value too, for a dataset is of one domain."""
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

    @model_validator(mode="after")
    def _gives_to_what_is_read(self) -> Sources:
        read = {*self.required, *self.optional, *self.apart}
        if unread := next((name for name in self.defaults if name not in read), ""):
            raise PlacedError(("defaults", unread), "a dataset of sources.required or sources.optional")
        return self
