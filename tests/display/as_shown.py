"""What a reader meets of a trial: the cells, sentences and figures of its three reports, as text.

This is the only module of the guard that calls the library, so that the expectations outlive how displays are made.

A mark follows the text of its cell, or the label of its row or column: ``▲2 was 3 (7.9)``, ``▲ was 40``, ``N was 5``,
``new``. A field of a listing that changed reads ``RECOVERED was NOT RECOVERED``. A row below another one begins with
two spaces for every step.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pandas as pd
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cutbook.catalogue import Display, displays_of
from cutbook.data.checks.records import issue_table
from cutbook.data.staging.previous import PreviousCut
from cutbook.data.staging.staged import StagedCut
from cutbook.derive import Frames
from cutbook.derive.events.anchors import with_anchors
from cutbook.display.draw import drawing
from cutbook.display.look import frame
from cutbook.display.look.numbers import with_text
from cutbook.display.look.opening import Opening
from cutbook.notebook import report as notebook
from cutbook.notebook.signals import completeness, signals
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.study import Study
from cutbook.results.engine import compute_all
from display.pages import NO_PAST
from display.small_trial import Cut, Trial, doses_of
from display.small_trial import trial as small_trial
from given import given_frames

REPORTS = ("safety", "pharmacokinetics", "efficacy")
Line = tuple[str, ...]
_CUTS = {"now": ("C2", "2024-05-01", "C1"), "before": ("C1", "2024-03-01", "")}


@dataclass
class Report:
    """One report as a reader meets it."""

    tables: dict[str, list[Line]] = field(default_factory=dict)
    said: dict[str, Line] = field(default_factory=dict)
    first: list[Line] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    signals: list[tuple[str, str]] = field(default_factory=list)
    completeness: list[str] = field(default_factory=list)


def as_shown(trial: Trial, report: str) -> dict[str, list[Line]]:
    """Return, by id of the table or listing on the page, its heading line and its rows."""
    return reported(trial, report).tables


@cache
def small(report: str) -> Report:
    """Return a report of the small trial."""
    return reported(small_trial(), report)


def reported(trial: Trial, report: str) -> Report:
    """Return a report: its tables as :func:`as_shown` gives them, what is said about them, and all the rest."""
    made = _report(trial, report)
    with _captured() as drawn:
        shown = [made.show(display) for display in displays_of(report) if display.anchor]
    reader = _read(shown)
    found = Report(reader.tables, reader.said)
    found.first = _first_screen(made.opening, reader.ids)
    found.figures = _figures(shown, drawn)
    found.signals, found.completeness = signals(made.page), completeness(made.page)
    return found


_SAID = frozenset(
    {
        "A0",
        "A7",
        "D0",
        "D0F",
        "D0I",
        "D1",
        "D3",
        "D4",
        "D5",
        "E13",
        "E2",
        "E3",
        "E7",
        "E8",
        "E9",
        "F1",
        "F1M",
        "F2",
        "F4",
    }
)
"""Displays from whose results the first sentences are said."""


def first_screen(trial: Trial, report: str) -> list[Line]:
    """Return the first screen of a report alone, nothing else of it computed; sentences lead to ids."""

    def said(name: str) -> tuple[Display, ...]:
        return tuple(display for display in displays_of(name) if display.key in _SAID)

    with patch.object(notebook, "displays_of", said):
        return _first_screen(_report(trial, report, said).opening, {})


def _first_screen(opening: Opening, ids: Mapping[str, str]) -> list[Line]:
    """Return title and line, then box by box its heading and its sentences: lead, text, and where they lead."""
    lines: list[Line] = [(_plain(opening.title),), (_plain(opening.line),)]
    for box in opening.boxes:
        lines.append((box.heading,))
        lines += [(_plain(one.lead), _plain(one.text), ids.get(one.link, one.link)) for one in box.sentences]
    return [*lines, *((_plain(lead.title),) for lead in opening.leads)]


def results(trial: Trial, report: str) -> pd.DataFrame:
    """Return the results table of a report."""
    return _report(trial, report).compute()


def not_shown(trial: Trial, name: str, *statistics: str) -> list[Line]:
    """Return results that stand on no page: the columns with their N, and each row as it would read; of some alone."""
    table = results(trial, "safety")
    own = table[table["display"].eq(name)]
    return _wide(own[own["statistic"].isin(["N", *statistics])] if statistics else own, name)


_KINDS = {"SERIOUS": "Serious: ", "NONSERIOUS": "Not serious: "}


def _wide(results: pd.DataFrame, name: str) -> list[Line]:
    """Return results as a table: counts as ``n of N (%)``, person-years with four decimals, others as text."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in results.to_dict("records"):
        label = _KINDS.get(row["variable"], "") + row["row_words"]
        found.setdefault((label, row["group_words"]), {})[row["statistic"]] = (
            f"{row['value']:.4f}" if row["statistic"] == "sum" else row["text"]
        )
    groups = list(dict.fromkeys(group for _, group in found))
    labels = [label for label in dict.fromkeys(label for label, _ in found) if label]
    head = (name, *(f"{group}, N = {found['', group]['N']}" for group in groups))
    return [head, *((label, *(_in_words(found[label, group]) for group in groups)) for label in labels)]


def _in_words(cell: dict[str, str]) -> str:
    return "{n} of {N} ({pct})".format(**cell) if "n" in cell else next(iter(cell.values()))


def _report(trial: Trial, name: str, shown: Callable[[str], Sequence[Display]] = displays_of) -> notebook.Report:
    study, cut, before = Study.model_validate(trial.study), trial.now, trial.before
    past = trial.past if before else trial.past.iloc[:0]
    tables = {
        "received": cut.received, "issues": trial.issues, "audit": cut.audit, "removed": trial.removed,
        "modified": trial.modified, "kept": trial.kept, "past": past,
    }  # fmt: skip
    published = {} if before is None else {name: _published(before, study, shown(name))}
    parameters = _parameters("now", has_previous=before is not None)
    staged = StagedCut(
        study=study, cut=parameters, datasets={}, **tables,
        stamps={"extracted": "2024-05-04", "rendered": "2024-05-05T06:00:00Z", "code": "commit 0123456789ab",
                "is_verified": "yes", "previous": "", "history": ""},
        previous=PreviousCut(parameters.previous_cut, published=published),
        history=(("C1", published),) if published else (),
    )  # fmt: skip
    made = notebook.Report.of(name, staged)
    made.frames = _frames(cut, study, tables)
    if before is not None:
        earlier = _frames(before, study, {})
        made.previous = replace(made.previous, frames=earlier, cutoff=_CUTS["before"][1])
    return made


def _published(cut: Cut, study: Study, shown: Sequence[Display]) -> pd.DataFrame:
    staged = {"received": cut.received, "audit": cut.audit, "issues": issue_table([]), "past": NO_PAST}
    signs = {display.key: display.not_estimable for display in shown}
    return with_text(compute_all(shown, _frames(cut, study, staged), study), signs)


def _frames(cut: Cut, study: Study, staged: dict[str, pd.DataFrame]) -> Frames:
    names = ("adsl", "adlb", "advs", "adeg", "adpc", "adeff")
    doses = doses_of(cut.adsl)
    done = doses.rename(columns={"DOSEOCC": "OCC"})
    dated = {"doses": doses, "procedures": done, "adae": with_anchors(cut.adae, done, done)}
    return given_frames(study, staged=staged, **dated, **{name: getattr(cut, name) for name in names})


def _parameters(which: str, *, has_previous: bool) -> CutParameters:
    name, cutoff, previous = _CUTS[which]
    return CutParameters(
        study="mini", cut_id=name, cutoff_date=cutoff, transfer=name, previous_cut=previous if has_previous else ""
    )


def _read(shown: list[Any]) -> _Reader:
    reader = _Reader()
    for one in shown:
        reader.feed(one._repr_html_())
        reader.close_cell()
    return reader


_PADDING = re.compile("[\N{THREE-PER-EM SPACE}\N{FOUR-PER-EM SPACE}\N{FIGURE SPACE}\N{PUNCTUATION SPACE}]")


def _plain(text: str) -> str:
    """Return a text without the blanks that align it; other runs of blanks are one."""
    return " ".join(_PADDING.sub("", text).replace("\N{NO-BREAK SPACE}", " ").split())


_TOLD = ("h3", "summary", "li")


class _Reader(HTMLParser):
    """Collects the tables of a page, what is said about each display, and the text of every element with an id."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[Line]] = {}
        self.said: dict[str, Line] = {}
        self.ids: dict[str, str] = {}
        self._own = self._whole = ""
        self._cell: SimpleNamespace | None = None
        self._is_behind = False
        self._level = ""
        self._part = ""
        self._head = _Head()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        classes = facts.get("class", "").split()
        if "display" in classes and re.match("[TFL]-", facts["id"]):
            self.close_cell()
            self._own, self._is_behind, self._part = facts["id"], False, ""
            self.tables[self._own], self.said[self._own] = [], ()
        elif "records" in classes:
            self.close_cell()
            self._is_behind = True
        elif tag == "div" and "brief" in classes:
            self.close_cell()
            self._whole, self._own = self._own, f"{self._own}, {'rare' if 'rare' in classes else 'brief'}"
            self.tables[self._own], self.said[self._own] = [], ()
        elif tag == "thead" and not self._is_behind:
            self._head = _Head(is_open=True)
            self.tables[self._own].append(())
        elif not self._is_behind:
            self._begin(tag, facts, is_said=tag in _TOLD or (tag == "p" and classes[:1] in (["population"], ["empty"])))

    def _begin(self, tag: str, facts: dict[str, str], *, is_said: bool) -> None:
        if is_said or tag in {"tr", "td", "th"}:
            self.close_cell()
        if is_said:
            self._part = tag
            self.said[self._own] = (*self.said[self._own], "")
        elif tag == "tr":
            level = re.search(r"level-(\d)", facts.get("class", ""))
            self._level = "  " * int(level[1]) if level else ""
            if not self._head.is_open:
                self.tables[self._own].append(())
        elif tag in {"td", "th"}:
            self._cell = SimpleNamespace(text="", mark="", was="", into="text", id=facts.get("id", ""), facts=facts)
        elif tag == "small" and self._part == "summary":
            self._part = ""
        elif self._cell:
            self._into(tag, facts)

    def _into(self, tag: str, facts: dict[str, str]) -> None:
        if self._cell is None:
            return
        if tag == "small":
            self._cell.text += ", "
        elif tag == "svg":
            self._cell.text += facts["aria-label"]
        elif tag == "polyline":
            self._cell.text += f" at {facts['points']}"
        is_before = tag == "del" or (tag == "i" and self._cell.into == "mark")
        self._cell.into = {"b": "mark", "ins": "text"}.get(tag, "was" if is_before else self._cell.into)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"table", "section", "thead"}:
            self.close_cell()
        if tag == "table" and self._whole:
            self._own, self._whole = self._whole, ""
        if tag == "thead" and self._head.is_open:
            self.tables[self._own][-1] = self._head.line
            self._head = _Head()
        self._part = "" if tag in {"h3", "summary", "li", "p"} else self._part
        if self._cell and tag in {"b", "del"}:
            self._cell.into = "text"

    def handle_data(self, data: str) -> None:
        if self._cell:
            setattr(self._cell, self._cell.into, getattr(self._cell, self._cell.into) + data)
        elif self._part:
            *rest, last = self.said[self._own]
            self.said[self._own] = (*rest, _plain(f"{last}{data}"))

    def close_cell(self) -> None:
        """End the cell that is read: cells have no end tag of their own."""
        if self._cell is None:
            return
        one, self._cell = self._cell, None
        parts = [_plain(one.text), _plain(one.mark), f"was {_plain(one.was)}" if one.was else ""]
        rows = self.tables[self._own]
        text = " ".join(filter(None, parts))
        if self._head.is_open:
            self._head.add(text, one.facts)
            return
        rows[-1] = (*rows[-1], text if rows[-1] else self._level + text)
        if one.id:
            self.ids[one.id] = _plain(one.text)


@dataclass
class _Head:
    """The headings of a table: those below one that stands over several are said with it, in its place."""

    is_open: bool = False
    line: Line = ()
    below: list[tuple[int, str]] = field(default_factory=list)

    def add(self, text: str, facts: Mapping[str, str]) -> None:
        """Add a heading; one over several keeps their places free."""
        if facts.get("scope") == "colgroup":
            self.below += [(len(self.line) + at, text) for at in range(int(facts["colspan"]))]
            self.line += ("",) * int(facts["colspan"])
        elif self.below and "rowspan" not in facts:
            place, words = self.below.pop(0)
            self.line = (*self.line[:place], f"{words} {text}", *self.line[place + 1 :])
        else:
            self.line = (*self.line, text)


@contextmanager
def _captured() -> Iterator[list[Figure]]:
    """Give the panels that are drawn meanwhile; their pictures stay blank."""
    drawn: list[Figure] = []

    def svg(panel: Figure) -> tuple[Markup, int]:
        drawn.append(panel)
        return Markup("<svg></svg>"), 0

    with patch.object(drawing, "svg", svg), patch.object(drawing, "png", lambda _: b"x"):
        yield drawn


_PLACES = ("drawings", "wide", "narrow", "folded")


def _figures(shown: list[Any], drawn: list[Figure]) -> dict[str, Any]:
    """Return, by id of the figure, its alternative text, the lines of its data, and what stands on its axes.

    ``panels`` are those of every screen, ``wide`` and ``narrow`` those of a wide page and of a phone, ``folded`` the
    closed ones.
    """
    flat = [member for one in shown for member in getattr(one, "members", [one])]
    pictures = iter(drawn)
    return {
        one.key: SimpleNamespace(
            alt=_plain(one.alt),
            data=one.data.splitlines(),
            **{
                _NAMED.get(name, name): [_panel(axis) for _ in getattr(one, name) for axis in next(pictures).axes]
                for name in _PLACES
            },
        )
        for one in flat
        if isinstance(one, frame.Figure)
    }


_NAMED = {"drawings": "panels"}


def _panel(axis: Axes) -> list[Any]:
    """Return the heading of a panel with its scale, then its bands, lines and points, and the names at their ends."""
    said = [(text.get_gid(), text.get_text()) for text in axis.texts]
    scale = "" if axis.get_yscale() == "linear" else f"({axis.get_yscale()})"
    heading = tuple(" ".join(words for gid, words in said if gid == name) for name in ("head", "second"))
    bands = [(one.get_label(), _edges(one)) for one in axis.collections]
    lines = [(_kind(line), _points(line)) for line in axis.lines if len(line.get_xdata())]
    others = [(gid, words) for gid, words in said if gid not in {"head", "second", None}]
    return [(*heading, scale), *bands, *lines, *others]


def _edges(band: Any) -> list[tuple[float, float, float]]:
    """Return place, lower and upper edge of a band wherever it is drawn."""
    found: dict[float, list[float]] = {}
    for path in band.get_paths():
        for x, y in path.vertices:
            found.setdefault(_round(x), []).append(_round(y))
    return [(x, min(ys), max(ys)) for x, ys in sorted(found.items())]


def _kind(line: Any) -> str:
    """Return what a line is: what it is called, the arm that it is named after, or points, or a thin line."""
    if line.get_gid():
        return str(line.get_gid())
    if not line.get_label().startswith("_"):
        return str(line.get_label())
    return "open points" if line.get_markerfacecolor() == "none" else "thin line"


def _points(line: Any) -> list[tuple[float, float]]:
    return [(_round(x), _round(y)) for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)]


def _round(value: float) -> float:
    return float(f"{value:.4g}")
