"""The analysis visits of a study."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from cutbook.parameters.base import Model, Name, Text


class Visit(Model):
    """One analysis visit: chosen by VISITNUM, or by a window of study days with a target day.

    ``id`` names it where results are compared from cut to cut, whatever its label says; left out, it is made of
    VISITNUM (``V6``) or of the day of the window (``D56``).
    """

    id: Name | None = None
    label: Text
    visitnum: list[float] = Field(default_factory=list)
    first_day: int | None = None
    last_day: int | None = None
    target_day: int | None = None

    @property
    def code(self) -> str:
        """The id, stated or made."""
        if self.id:
            return self.id
        if self.visitnum:
            return f"V{self.visitnum[0]:g}"
        days = (self.target_day, self.first_day, self.last_day)
        return f"D{next((day for day in days if day is not None), 0)}"


class Schedule(Model):
    """Analysis visits in order. ``by`` says whether records join a visit by VISITNUM or by study day."""

    by: Literal["visitnum", "day"]
    visits: list[Visit] = Field(min_length=1)

    @model_validator(mode="after")
    def _visits_can_be_told_apart(self) -> Schedule:
        codes = [visit.code for visit in self.visits]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            raise ValueError(f"one visit an id; {', '.join(twice)} stands twice")
        return self

    def visit(self, named: str) -> Visit | None:
        """Return the visit with this id or label."""
        return next((visit for visit in self.visits if named in (visit.code, visit.label)), None)
