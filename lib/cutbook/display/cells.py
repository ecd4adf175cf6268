"""Reading the text of a cell from the results table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cutbook.display.formats import NOT_APPLICABLE, whole
from cutbook.display.frame import Column

_PLACE = ("parameter", "variable", "level", "visit", "group")


class Cells:
    """The texts of one display, by parameter, variable, level, visit, group and statistic."""

    def __init__(self, results: pd.DataFrame, display: str) -> None:
        own = results[results["display"].eq(display)]
        self.rows = own[own["variable"].ne("POPULATION")]
        sizes = own[own["variable"].eq("POPULATION")]
        self.sizes = dict(zip(sizes["group"], sizes["value"], strict=True))
        place = zip(*(own[column] for column in (*_PLACE, "statistic")), strict=True)
        self._texts: dict[tuple[str, ...], str] = dict(zip(place, own["text"], strict=True))

    @property
    def groups(self) -> list[str]:
        """Column labels in order."""
        return list(self.sizes)

    @property
    def size(self) -> float:
        """Participants in the widest column."""
        return max(self.sizes.values(), default=0.0)

    def places(self, *columns: str) -> list[tuple[str, ...]]:
        """Return the different rows of the display by these columns, in order."""
        return list(dict.fromkeys(zip(*(self.rows[column] for column in columns), strict=True)))

    def columns(self, groups: Sequence[str] | None = None) -> tuple[Column, ...]:
        """Return the columns with their N."""
        return tuple(
            Column(group, f"N = {whole(self.sizes[group])}" if group in self.sizes else "")
            for group in (self.groups if groups is None else groups)
        )

    def text(self, statistic: str, place: Sequence[str]) -> str:
        """Return one statistic as shown; ``place`` is parameter, variable, level, visit, group. A dash when absent."""
        return self._texts.get((*place, statistic), NOT_APPLICABLE)

    def count(self, place: Sequence[str]) -> str:
        """Return ``n (%)``, or the bare count when it is 0 or has no percentage."""
        count = self.text("n", place)
        percent = self.text("pct", place)
        return count if count in {"0", NOT_APPLICABLE} or percent == NOT_APPLICABLE else f"{count} ({percent})"

    def events(self, place: Sequence[str]) -> str:
        """Return ``n (%) [events]``, or ``0``."""
        count = self.count(place)
        events = self.text("events", place)
        return count if events in {"0", NOT_APPLICABLE} else f"{count} [{events}]"

    def pair(self, first: str, second: str, place: Sequence[str]) -> str:
        """Return ``first (second)``, for example mean (SD)."""
        return f"{self.text(first, place)} ({self.text(second, place)})" if self._is_there(place) else NOT_APPLICABLE

    def span(self, first: str, second: str, place: Sequence[str]) -> str:
        """Return ``first, second``, for example minimum, maximum."""
        return f"{self.text(first, place)}, {self.text(second, place)}" if self._is_there(place) else NOT_APPLICABLE

    def if_any(self, statistic: str, place: Sequence[str]) -> str:
        """Return one statistic as shown, a dash where nobody has a value."""
        return self.text(statistic, place) if self._is_there(place) else NOT_APPLICABLE

    def _is_there(self, place: Sequence[str]) -> bool:
        return self.text("n", place) not in {"0", NOT_APPLICABLE}
