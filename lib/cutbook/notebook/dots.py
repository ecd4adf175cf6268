"""The picture that a mail shows of the safety report: who is beyond the first watched limit, a dot a participant."""

from __future__ import annotations

from itertools import groupby

from cutbook.catalogue import thresholds
from cutbook.catalogue.kinds.display import SAFETY
from cutbook.display.page import Page
from cutbook.display.read.cells import Place
from cutbook.notebook.sentences.arms import shares
from cutbook.notebook.sentences.rules import Share
from cutbook.parameters.study import Threshold
from cutbook.published.headline import DotRow, HeadlineDots
from cutbook.words import capital

_IN_WORDS = {">": "above", "≥": "at least", "<": "below", "≤": "at most"}


def dots(page: Page) -> HeadlineDots | None:
    """Return participants beyond the first watched limit that anybody is beyond, by arm, the control first.

    The next limit of the same parameter in the same direction is told with it. None where nobody is beyond a limit.
    """
    if page.report != SAFETY:
        return None
    for _, limits in groupby(page.study.watched, key=lambda item: item.parameter):
        first, *others = limits
        further = next((item for item in others if _is_farther(item, first)), None)
        rows = _rows(page, first, further)
        if any(row.n for row in rows):
            title = f"{first.label} ever {_limit(first)}"
            return HeadlineDots(title=title, more=_limit(further) if further else "", rows=rows)
    return None


def _is_farther(item: Threshold, first: Threshold) -> bool:
    """Return whether everybody beyond a limit is beyond the first one too."""
    (sign, number, of), (own, limit, own_of) = item.bound, first.bound
    is_beyond = number > limit if own in {">", "≥"} else number < limit
    return (sign, of) == (own, own_of) and is_beyond


def _rows(page: Page, first: Threshold, further: Threshold | None) -> tuple[DotRow, ...]:
    more = {one.arm: one.count for one in _shares(page, further)} if further else {}
    return tuple(
        DotRow(words=capital(one.arm), n=one.count, N=one.size, n_more=more.get(one.arm, 0))
        for one in _shares(page, first)
    )


def _shares(page: Page, item: Threshold) -> list[Share]:
    place: Place = ("", item.parameter, item.code, "")
    arms, control = shares(page.cells(thresholds.outstanding), place, page.study)
    return [*([control] if control else []), *arms]


def _limit(item: Threshold) -> str:
    return f"{_IN_WORDS[item.bound.sign]} {item.limit_words[1:].strip()}"
