"""Limits that results are watched for: a value beyond one after the first dose stands on the first screen."""

from __future__ import annotations

import re
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, WithJsonSchema

from cutbook.parameters.base import Rule, Text

_LIMIT = re.compile(r"(>=?|<=?|[≥≤])\s*(\d+(?:\.\d+)?)(?:\s*[x×]\s*(ULN|LLN))?")
_SAID = {">": ">", ">=": "≥", "≥": "≥", "<": "<", "<=": "≤", "≤": "≤"}


class Limit(NamedTuple):
    """A limit: ``>``, ``≥``, ``<`` or ``≤`` a number, which is one of values or of multiples of ULN or LLN."""

    sign: str
    number: float
    of: str


def _limit(written: str) -> str:
    if not _LIMIT.fullmatch(written):
        raise ValueError('a limit such as "> 5", ">= 3 x ULN" or "< 0.5 x LLN"')
    return written


class Threshold(Rule):
    """A limit for one parameter of ``findings``."""

    parameter: Text
    """Family and test code, as in ``csf-WBC``."""
    label: Text
    """The reader's words for what is measured."""
    limit: Annotated[str, AfterValidator(_limit), WithJsonSchema({"type": "string", "examples": ["> 5", ">= 3 x ULN"]})]
    """Beyond which a value after the first dose is told: ``> 5``, or ``>= 3 x ULN``, multiples of a limit of normal."""
    unit: str = ""
    """Unit as the reader says it, where the values are the same in it: ``/µL`` for 10⁶/L."""
    first_screen: bool = True
    """Whether it stands on the first screen too; ``false``: in the table of its family alone."""

    @property
    def bound(self) -> Limit:
        """Return the limit."""
        found = _LIMIT.fullmatch(self.limit)
        sign, number, of = found.groups() if found else ("", "nan", "")
        return Limit(_SAID.get(sign, ""), float(number), of or "")

    @property
    def code(self) -> str:
        """Return the limit as results tables name it: ``>5``, ``≥3ULN``."""
        sign, number, of = self.bound
        return f"{sign}{number:g}{of}"

    @property
    def limit_words(self) -> str:
        """Return the limit as it is shown: ``> 5/µL``, ``≥ 3 × ULN``."""
        sign, number, of = self.bound
        unit = f" × {of}" if of else self.unit if self.unit.startswith("/") else f" {self.unit}".rstrip()
        return f"{sign}\N{NO-BREAK SPACE}{number:g}{unit}"

    @property
    def words(self) -> str:
        """Return what is beyond which limit: ``CSF white cells > 5/µL``."""
        return f"{self.label} {self.limit_words}"
