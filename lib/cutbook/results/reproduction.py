"""Published numbers beside those that the reports show."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cutbook.parameters.study import Reproduction

_PLACE = ("display", "parameter", "variable", "level", "visit", "group", "statistic")
_ABSENT = "not shown"
_MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Reproduced:
    """A published number, as printed, and the number that the reports show in its place.

    Attributes
    ----------
    label, source, published, shown : str
        What it is, where it was published, both numbers as text; ``not shown`` where the reports have none.
    """

    label: str
    source: str
    published: str
    shown: str

    @property
    def is_shown(self) -> bool:
        """Whether the reports have the statistic."""
        return self.shown != _ABSENT

    @property
    def is_match(self) -> bool:
        """Whether both are the same."""
        return self.published == self.shown


def statement_of_copies(copies: int) -> str:
    """Return why nothing is compared when the data hold a simulated trial several times; empty when they are it.

    Examples
    --------
    >>> statement_of_copies(10)
    'The data are 10 copies of the trial: published results are compared with the trial itself only.'
    """
    if copies == 1:
        return ""
    return f"The data are {copies} copies of the trial: published results are compared with the trial itself only."


def reproduced(results: pd.DataFrame, reproduction: Reproduction) -> list[Reproduced]:
    """Return every published number beside the number shown.

    Parameters
    ----------
    results : results table
        With text; of one report, or of all of them below each other.
    reproduction : Reproduction
        Published numbers and where they must appear.
    """
    place = zip(*(results[column] for column in _PLACE), strict=True)
    texts = dict(zip(place, results["text"], strict=True))
    return [
        Reproduced(
            f"{number.label} (interim result)" if number.is_interim else number.label,
            number.source,
            number.value.replace("-", _MINUS),
            texts.get(tuple(getattr(number.at, column) for column in _PLACE), _ABSENT),
        )
        for number in reproduction.numbers
    ]
