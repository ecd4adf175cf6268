"""What the safety report says first: deaths, serious events, results beyond limits, what is above the control.

Each template gives a sentence or keeps silent: where all or none have it, where nothing differs, where few are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from cutbook.catalogue import events, thresholds
from cutbook.display.look.frame import Sentence
from cutbook.display.look.numbers import NOT_APPLICABLE
from cutbook.display.page import Page
from cutbook.display.read.cells import cell_id
from cutbook.notebook.sentences.arms import joined, shares, short_by_label, strip
from cutbook.notebook.sentences.deaths import deaths, serious
from cutbook.notebook.sentences.rules import Judgement, Share, counted, judge, listed
from cutbook.parameters.study import Threshold
from cutbook.vocabulary import TOTAL
from cutbook.words import capital, in_sentence

_MOST_TERMS = 3
_IN_WORDS = {">": "above", "≥": "at least", "<": "below", "≤": "at most"}


def find_safety(page: Page) -> list[Sentence]:
    """Return every sentence that may be said of the safety report."""
    rows = [_row(page, "SER", "serious"), *(_row(page, name, "excess") for name in ("SEVERE", "RELATED", "ACTION"))]
    found = [deaths(page), serious(page), *_limits(page), *rows, _terms(page)]
    return [sentence for sentence in found if sentence]


def unchanged(page: Page) -> str:
    """Return what of all that is watched is not new since the previous cut; empty where nothing is known of it."""
    if page.previous.frames is None:
        return ""
    overview, watched = page.cells(events.overview), page.cells(thresholds.outstanding)
    parts = [
        words
        for variable, words in (("DTHFL", "no further death"), ("SER", "no first serious event"))
        if overview.value("n", ("", variable, "", "", TOTAL)) >= 0
    ]
    if any(("", item.parameter, item.code) in watched.places for item in page.study.watched):
        parts.append("nobody newly beyond a watched limit")
    return f"{capital(listed(parts))}." if parts else ""


def _limits(page: Page) -> Iterator[Sentence | None]:
    """Yield, for each parameter with limits, how many are beyond the first of them."""
    for _, limits in groupby(page.study.watched, key=lambda item: item.parameter):
        yield _limit(next(limits), page)


def _limit(item: Threshold, page: Page) -> Sentence | None:
    cells, place = page.cells(thresholds.outstanding), ("", item.parameter, item.code, "")
    arms, control = shares(cells, place, page.study)
    judged, different = judge(arms, control)
    if judged is Judgement.NONE:
        return None
    limit = f"{_IN_WORDS[item.bound.sign]} {item.limit_words[1:].strip()}"
    link = cell_id(cells.display, (*place, TOTAL), "n")
    text = f"{limit} in {strip(arms, control)}{_farthest(item, page)}."
    is_new, excess = _is_somebody_new(item, page), _excess(arms, control)
    finding = f"{item.label} {said(judged, different, control)}"
    return Sentence(
        text, link, lead=f"{finding}:", kind="limit", is_new=is_new, excess=excess, brief=item.label, finding=finding
    )


def _farthest(item: Threshold, page: Page) -> str:
    facts, worst = page.cells(thresholds.facts), thresholds.worst(page.frames, item)
    value, day = (facts.text(name, ("", item.parameter, item.code, "", "")) for name in ("result", "day"))
    if value == NOT_APPLICABLE or worst.empty:
        return ""
    unit = item.unit or str(worst["AVALU"].iloc[0])
    space = "" if unit.startswith("/") else "\N{NO-BREAK SPACE}"
    arm = short_by_label(page.study).get(str(worst["TRT01A"].iloc[0]), str(worst["TRT01A"].iloc[0]))
    which = "highest" if item.bound.sign in {">", "≥"} else "lowest"
    return f"; {which} {value}{space}{unit} ({arm}{'' if day == NOT_APPLICABLE else f', day {day}'})"


def _is_somebody_new(item: Threshold, page: Page) -> bool:
    if page.previous.frames is None:
        return False
    now, before = (set(thresholds.beyond(own, item)["USUBJID"]) for own in (page.frames, page.previous.frames))
    return bool(now - before)


def said(judged: Judgement, different: Sequence[Share], control: Share | None) -> str:
    """Return what may be said of a row: that it rises with dose, or in which arms it is more frequent."""
    if judged is Judgement.RISES or control is None:
        return judged.value.replace("rises", "rise")
    return f"more often than on {control.arm} at {joined([share.arm for share in different])}"


def _excess(arms: Sequence[Share], control: Share | None) -> float:
    return max((arm.percent - control.percent for arm in arms), default=0.0) if control else 0.0


def _row(page: Page, variable: str, kind: str) -> Sentence | None:
    """Return a row of what stands out by dose, where an arm differs from the control."""
    cells, place = page.cells(thresholds.outstanding), ("", variable, "", "")
    arms, control = shares(cells, place, page.study)
    judged, different = judge(arms, control)
    if judged is Judgement.NONE:
        return None
    lead = f"{cells.words(('', variable, ''))}, {said(judged, different, control).replace('rise ', 'rises ')}:"
    link = cell_id(cells.display, (*place, TOTAL), "n")
    return Sentence(f"{strip(arms, control)}.", link, lead=lead, kind=kind, excess=_excess(arms, control))


def _terms(page: Page) -> Sentence | None:
    """Return the terms that are more frequent than on control at some dose, those farthest above it first."""
    cells = page.cells(events.terms)
    found = []
    for place in (place for place in cells.places if place[1] == "AEDECOD"):
        arms, control = shares(cells, (*place, ""), page.study)
        different = judge(arms, control)[1]
        if different and control:
            top = max(different, key=lambda share: share.percent)
            found.append((top.percent - control.percent, place, top, control))
    if not found:
        return None
    found.sort(key=lambda one: (-one[0], one[1]))
    told = [
        f"{in_sentence(cells.words(place))} {top.count}/{top.size} at {top.arm} ({control.count}/{control.size})"
        for _, place, top, control in found[:_MOST_TERMS]
    ]
    more = f"; {counted(len(found) - _MOST_TERMS, 'further term')}" if len(found) > _MOST_TERMS else ""
    excess, place, _, control = found[0]
    lead, link = f"Events more frequent than on {control.arm}:", cell_id(cells.display, (*place, "", TOTAL), "n")
    return Sentence(f"{listed(told)}{more}.", link, is_verbatim=True, lead=lead, kind="excess", excess=excess)
