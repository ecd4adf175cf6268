"""The first screen of a report, put together from its sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cutbook.catalogue.kinds.display import EFFICACY, PHARMACOKINETICS, SAFETY
from cutbook.display.look.frame import Sentence, assets
from cutbook.display.look.opening import Box, Lead, Opening
from cutbook.display.page import Page
from cutbook.notebook.leads import efficacy_leads, pharmacokinetics_leads, safety_leads
from cutbook.notebook.oddities import first_lines
from cutbook.notebook.sentences import efficacy, exposure, lines, pharmacokinetics, safety
from cutbook.notebook.sentences.blind import under_the_blind
from cutbook.notebook.sentences.ranking import MOST, MOST_NEW, ranked

_TITLES = {SAFETY: "Safety", PHARMACOKINETICS: "Pharmacokinetics", EFFICACY: "Efficacy"}


@dataclass(frozen=True)
class _Way:
    """How the first screen of a report is made."""

    find: Callable[[Page], list[Sentence]]
    line: Callable[[Page], str]
    unchanged: Callable[[Page], str]
    title: Callable[[Page], str] = lambda _: ""
    leads: Callable[[Page], tuple[Lead, ...]] = lambda _: ()


def opening(page: Page) -> Opening:
    """Return the first screen of a report."""
    way, cut = _WAYS[page.report], page.cut
    statements = [cut.stamps[name] for name in ("previous", "history") if cut.stamps[name]]
    if cut.stamps["is_verified"] != "yes":
        statements.insert(0, "Row counts unverified: the transfer came without a manifest.")
    if guesses := cut.study.guesses:
        words = f"{guesses} questions" if guesses > 1 else "1 question"
        statements.insert(0, f"{words} about the study file unanswered: guesses, marked GUESS there, are in use.")
    return Opening(
        way.title(page) or _title(page),
        way.line(page),
        _boxes(page, [*way.find(page), *first_lines(page)]),
        tuple(statements),
        way.leads(page),
        live=assets() if page.is_explored else "",
    )


def _title(page: Page) -> str:
    purpose = page.cut.cut.purpose
    return f"{_TITLES[page.report]}: {purpose[:1].lower()}{purpose[1:]}" if purpose else _TITLES[page.report]


def _boxes(page: Page, found: Sequence[Sentence]) -> tuple[Box, ...]:
    """Return what is new, or that nothing is, then what holds as before."""
    news = ranked((one for one in found if one.is_new), MOST_NEW)
    rest = ranked((one for one in found if not one.is_new), max(MOST - len(news), 0))
    boxes = []
    since = page.previous.cut_id
    if news:
        boxes.append(Box(f"New since {since}", "news", news))
    elif unchanged := _WAYS[page.report].unchanged(page):
        boxes.append(Box(f"Since {since}", "calm", (Sentence(unchanged, ""),)))
    if rest:
        boxes.append(Box("Key findings", "findings", rest))
    if held := under_the_blind(page):
        boxes.append(Box("Under the blind", "calm", held))
    return tuple(boxes)


_WAYS = {
    SAFETY: _Way(safety.find_safety, lines.safety_line, safety.unchanged, leads=safety_leads),
    PHARMACOKINETICS: _Way(
        pharmacokinetics.find_pharmacokinetics,
        lines.pharmacokinetics_line,
        pharmacokinetics.unchanged,
        title=exposure.finding,
        leads=pharmacokinetics_leads,
    ),
    EFFICACY: _Way(
        efficacy.find_efficacy, lines.efficacy_line, efficacy.unchanged, title=efficacy.finding, leads=efficacy_leads
    ),
}
