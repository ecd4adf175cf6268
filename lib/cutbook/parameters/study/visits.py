"""The analysis visits of a study: named once, and put together to schedules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from cutbook.parameters.base import Model, Name, Numbers, Rule, Text, left_out


class Visit(Model):
    """One analysis visit: chosen by VISITNUM, or by a window of study days."""

    id: Name | None = Field(default=None, json_schema_extra=left_out("made of VISITNUM or of the day"))
    """Names the visit in this file, and where results are compared from cut to cut, whatever its label says; left out,
    it is made of VISITNUM (``V6``) or of the day of the window (``D56``)."""
    label: Text
    """The reader's word for it."""
    visitnum: Numbers = Field(default_factory=list, json_schema_extra=left_out("its records are found by day"))
    """VISITNUM of the records that belong to it."""
    first_day: int | None = Field(default=None, json_schema_extra=left_out("no first day"))
    """First study day of its window; left out, there is no first one."""
    last_day: int | None = Field(default=None, json_schema_extra=left_out("no last day"))
    """Last study day of its window; left out, there is no last one."""
    target_day: int | None = Field(default=None, json_schema_extra=left_out("of several records the last counts"))
    """Study day at which it is planned. It chooses no records of the visit, neither with a window nor with VISITNUM: of
    several that belong to it, the nearest to this day counts, of equally near ones the later."""

    @model_validator(mode="before")
    @classmethod
    def _is_described(cls, written: object) -> object:
        if isinstance(written, str):
            raise ValueError(f"the id of one of visits, and {written!r} is none")
        return written

    @property
    def code(self) -> str:
        """The id, stated or made."""
        if self.id:
            return self.id
        if self.visitnum:
            return f"V{self.visitnum[0]:g}"
        days = (self.target_day, self.first_day, self.last_day)
        return f"D{next((day for day in days if day is not None), 0)}"


class Schedule(Rule):
    """Analysis visits in order, written as a list of the ids of ``visits`` where nothing else needs to be said."""

    by: Literal["visitnum", "day"] = Field(
        default="visitnum", json_schema_extra=left_out("`visitnum` where every visit has one, else `day`")
    )
    """Whether records join a visit by VISITNUM or by study day."""
    visits: list[Visit] = Field(min_length=1)
    """The visits, by their ids, or described here."""

    @model_validator(mode="after")
    def _visits_can_be_told_apart(self) -> Schedule:
        codes = [visit.code for visit in self.visits]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            raise ValueError(f"one visit an id; {', '.join(twice)} stands twice")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return what an editor accepts: ids of visits, or a section whose visits are ids or descriptions."""
        section = handler.resolve_ref_schema(handler(schema))
        ids = {"type": "array", "minItems": 1, "items": {"type": "string"}}
        visits = section["properties"]["visits"]
        section["properties"]["visits"] = {**visits, "items": {"anyOf": [{"type": "string"}, visits["items"]]}}
        return {"anyOf": [ids, section], "description": section.get("description", "")}

    def visit(self, named: str) -> Visit | None:
        """Return the visit with this id or label."""
        return next((visit for visit in self.visits if named in (visit.code, visit.label)), None)


def with_visits(written: Mapping[str, Any]) -> dict[str, Any]:
    """Return a study file in which every schedule describes its visits instead of naming them.

    Parameters
    ----------
    written : mapping
        The file as it is written; what is not as it should be stays as it is, and is told by who checks it.
    """
    schedules = written.get("schedules")
    if not isinstance(schedules, Mapping):
        return dict(written)
    by_id = _visit_by_id(written.get("visits", []))
    return {**written, "schedules": {name: _described(schedule, by_id) for name, schedule in schedules.items()}}


def _visit_by_id(visits: object) -> Callable[[str], object]:
    """Return what gives the description of a visit, or its id alone where there is none.

    Where the descriptions cannot be read, every id is taken for one, so that one fault is told and not one a visit.
    """
    if not isinstance(visits, list) or not all(isinstance(visit, Mapping) for visit in visits):
        return lambda name: {"id": name, "label": name}
    known = {visit["id"]: visit for visit in visits if isinstance(visit.get("id"), str)}
    return lambda name: known.get(name, name)


def _described(schedule: object, visit_by_id: Callable[[str], object]) -> object:
    section = {"visits": schedule} if isinstance(schedule, list) else schedule
    if not isinstance(section, Mapping) or not isinstance(section.get("visits"), list):
        return section
    visits = [visit_by_id(visit) if isinstance(visit, str) else visit for visit in section["visits"]]
    by = section.get("by") or _by(visits)
    return {**section, "by": by, "visits": visits}


def _by(visits: Sequence[object]) -> str:
    """Return how records join visits that do not say it: by VISITNUM where every visit has one."""
    return "visitnum" if all(isinstance(visit, Mapping) and visit.get("visitnum") for visit in visits) else "day"
