"""Oddities of the data among the first sentences of the pages that read what is odd, one sentence a kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cutbook.catalogue import data
from cutbook.catalogue.kinds.display import EFFICACY, PHARMACOKINETICS
from cutbook.data.checks.kinds import Told, kind_sentence, kinds_of
from cutbook.data.checks.records import ON_FIRST_LINES
from cutbook.display.look.frame import Headline, Sentence
from cutbook.display.look.numbers import NOT_APPLICABLE, signed
from cutbook.display.page import Page
from cutbook.display.read.cells import Cells
from cutbook.parameters.study import Study

_BY_EVERY_REPORT = frozenset({"dm", "ds", "ex"})
_CONCENTRATIONS = frozenset({"pc", "pp"})


def with_oddities(headline: Headline, page: Page) -> Headline:
    """Return the first sentences of a report, after them those about the oddities that it must say there."""
    return replace(headline, sentences=(*headline.sentences, *first_lines(page)))


def first_lines(page: Page) -> tuple[Sentence, ...]:
    """Return a sentence for each kind of oddity that stands on the first lines and touches what the report reads.

    Its numbers are those of the listing of oddities, to which it leads; it names no participant.
    """
    issues = page.frames.staged["issues"]
    heavy = kinds_of(issues)
    heavy = heavy[heavy["WEIGHT"].eq(ON_FIRST_LINES)]
    cells = page.cells(data.issues)
    touched = [kind for kind in heavy.to_dict("records") if is_read(kind["DATASET"], page.report, page.study)]
    return tuple(_sentence(kind, cells, page.previous.cut_id) for kind in touched)


def is_read(dataset: str, report: str, study: Study) -> bool:
    """Return whether a report reads a dataset; qualifiers and ADaM datasets count as the domain that they are about.

    Safety reads all but concentrations; pharmacokinetics DM, DS, EX and concentrations; efficacy DM, DS, EX and the
    datasets of its endpoints, of the baseline characteristics and of the efficacy population.
    """
    domain = _domain(dataset)
    if domain in _BY_EVERY_REPORT:
        return True
    if report == PHARMACOKINETICS:
        return domain in _CONCENTRATIONS
    if report != EFFICACY:
        return domain not in _CONCENTRATIONS
    read = [item.dataset for item in study.endpoints]
    read += [item.dataset for item in study.characteristics]
    read += [item.dataset for item in study.populations.efficacy]
    return domain in {_domain(name) for name in read}


def _domain(dataset: str) -> str:
    """Return the domain that a dataset is about: ``ex`` of ``restricted/ex``, ``ae`` of ``suppae`` and ``adae``."""
    name = dataset.rpartition("/")[2].removeprefix("supp")
    own = name.removeprefix("ad")
    return "dm" if name == "adsl" else own or name


def _sentence(kind: Mapping[Any, Any], cells: Cells, previous: str) -> Sentence:
    places = [("", variable, kind["CODE"], "", "") for variable in ("RECORDS", "PARTICIPANTS")]
    numbers = ("" if (text := cells.text("n", place)) == NOT_APPLICABLE else text for place in places)
    told = Told(*(kind[name] for name in ("DATASET", "VARIABLE", "KIND", "CONSEQUENCE")))
    step = cells.step("n", places[0])
    moved = f"{signed(step)} {'record' if abs(step) == 1 else 'records'}"
    change = f"{moved} since cut {previous}" if step and cells.previous else ""
    return Sentence(kind_sentence(told, *numbers), data.issues.anchor, change, is_verbatim=True)
