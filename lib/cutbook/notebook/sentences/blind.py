"""What blinded reports say of the blind on their first screen: what is withheld, the proof, and what is complete."""

from __future__ import annotations

from collections.abc import Iterator

from cutbook.catalogue.blinding import blind
from cutbook.catalogue.kinds.absence import subject_of
from cutbook.catalogue.kinds.display import PHARMACOKINETICS, SAFETY
from cutbook.display.look.frame import Sentence
from cutbook.display.page import Page
from cutbook.display.read.cells import cell_id
from cutbook.notebook.sentences.rules import listed
from cutbook.parameters.study.sources import Restricted
from cutbook.published.manifest import certificate_of
from cutbook.vocabulary import TOTAL
from cutbook.words import in_sentence

_TOLD = ("DTHFL", "SER", "SEVERE")
"""Rows of the worst case that the first screen says."""

_NAMED = {"dm": "the arms", "ex": "treatment and amount of doses"}


def under_the_blind(page: Page) -> tuple[Sentence, ...]:
    """Return what holds under the blind; nothing in any other report."""
    rules = page.study.sources.restricted
    if not page.study.is_masked or rules is None:
        return ()
    attended = _attended(page) if page.report == PHARMACOKINETICS else _worst_case(page)
    certificate = certificate_of(page.cut.stamps.get("blind", ""))
    proven = (Sentence(certificate.words, "", lead="Proven:"),) if certificate else ()
    return (*attended, _withheld(rules), *proven)


def _worst_case(page: Page) -> Iterator[Sentence]:
    """Yield in which cohort each outstanding event would be most frequent if whoever had it had been on the drug."""
    if page.report != SAFETY or not blind.worst_case.rows(page.study):
        return
    cells, told = page.cells(blind.worst_case), []
    for place in cells.places:
        if place[1] not in _TOLD:
            continue
        cohorts = [(cells.value("pct_drug", (*place, "", arm.code)), arm) for arm in page.study.treatment.arms]
        known = [(percent, arm) for percent, arm in cohorts if percent > 0]
        if known:
            _, arm = max(known, key=lambda one: one[0])
            count, of = (cells.text(name, (*place, "", arm.code)) for name in ("n_drug", "N_drug"))
            told.append(f"{in_sentence(cells.words(place))} {count} of {of} ({page.study.treatment.short(arm)})")
    if told:
        lead = "Worst case, if all of them had been on the drug:"
        yield Sentence(f"{listed(told)}.", blind.worst_case.anchor, lead=lead)


def _withheld(rules: Restricted) -> Sentence:
    parts = [_NAMED.get(name) or f"{', '.join(names)} of {name.upper()}" for name, names in rules.variables.items()]
    for name, where in rules.records.items():
        values = [value for accepted in where.values() for value in accepted]
        parts.append(listed(values) if values else subject_of(name))
    text = f"{listed(list(dict.fromkeys(parts)))}. A cohort holds participants on drug and on control together."
    return Sentence(text, blind.withheld.anchor, is_verbatim=True, lead="Withheld:", kind="rest")


def _attended(page: Page) -> Iterator[Sentence]:
    """Yield how many came to the visit that the fewest came to, of those who were due."""
    cells = page.cells(blind.attendance)
    shares = []
    for visit in page.study.visits:
        due, came = (("", f"{name}_{visit.code}", "", "", TOTAL) for name in ("DUE", "ATT"))
        number, of = cells.value("n", came), cells.value("n", due)
        if of > 0 and number == number:
            shares.append((number / of, visit.label, number, of, came))
    if not shares:
        return
    if all(share == 1 for share, *_ in shares):
        text = f"everybody who was due came to each of {len(shares)} visits."
        yield Sentence(text, blind.attendance.anchor, lead="Visits attended:")
        return
    _, label, number, of, place = min(shares, key=lambda one: one[0])
    whole = sum(share == 1 for share, *_ in shares)
    text = f"{label} had the fewest, {number:.0f} of {of:.0f} who were due; {whole} of {len(shares)} visits had all."
    yield Sentence(text, cell_id(cells.display, place, "n"), lead="Visits attended:")
