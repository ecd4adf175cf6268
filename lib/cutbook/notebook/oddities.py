"""Oddities of the data among the first sentences of the pages that read what is odd, one sentence a kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cutbook.catalogue import data
from cutbook.catalogue.data import shown_rows
from cutbook.catalogue.kinds.absence import subject_of
from cutbook.data.checks.kinds import Told, kind_sentence, kinds_of
from cutbook.data.checks.records import ON_FIRST_LINES
from cutbook.display.look.frame import Sentence
from cutbook.display.look.numbers import NOT_APPLICABLE, signed
from cutbook.display.page import Page
from cutbook.display.read.cells import Cells
from cutbook.notebook.reading import is_read
from cutbook.words import capital, in_sentence


def first_lines(page: Page) -> tuple[Sentence, ...]:
    """Return a sentence for each kind of oddity that stands on the first lines and touches what the report reads.

    Its numbers are those of the listing of oddities, to which it leads; it names no participant
    and no code: variables stand there.
    """
    issues = shown_rows(page.frames.staged["issues"])
    heavy = kinds_of(issues)
    heavy = heavy[heavy["WEIGHT"].eq(ON_FIRST_LINES)]
    cells = page.cells(data.issues)
    touched = [kind for kind in heavy.to_dict("records") if is_read(kind["DATASET"], page.report, page.study)]
    return tuple(_sentence(kind, cells, page.previous.cut_id) for kind in touched)


def _sentence(kind: Mapping[Any, Any], cells: Cells, previous: str) -> Sentence:
    places = [("", variable, kind["CODE"], "", "") for variable in ("RECORDS", "PARTICIPANTS")]
    records, people = ("" if (text := cells.text("n", place)) == NOT_APPLICABLE else text for place in places)
    dataset, variable, finding, consequence = (kind[name] for name in ("DATASET", "VARIABLE", "KIND", "CONSEQUENCE"))
    told = Told(dataset, variable, in_sentence(finding), consequence)
    step = cells.step("n", places[0])
    moved = f"{signed(step)} {'record' if abs(step) == 1 else 'records'}"
    change = f"{moved} since cut {previous}" if step and cells.previous else ""
    said = kind_sentence(told, records, people, place=capital(subject_of(dataset)))
    return Sentence(said, data.issues.anchor, change, is_verbatim=True, kind="oddity")
