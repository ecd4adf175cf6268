"""What a reader meets of a trial: the cells, sentences and figures of its three reports, as text.

This is the only module of the guard that calls the library, so that the expectations outlive how displays are made.

A mark follows the text of its cell, or the label of its row or column: ``▲2 was 3 (7.9)``, ``▲ was 40``, ``N was 5``,
``new``. A field of a listing that changed reads ``RECOVERED was NOT RECOVERED``. A row below another one begins with
two spaces for every step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from cutbook.catalogue import displays_of
from cutbook.data.checks.records import issue_table
from cutbook.data.staging.previous import PreviousCut
from cutbook.data.staging.staged import StagedCut
from cutbook.derive import Frames
from cutbook.display.look import frame
from cutbook.display.look.numbers import with_text
from cutbook.notebook import report as notebook
from cutbook.notebook.signals import completeness, signals
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.study import Study
from cutbook.results.engine import compute_all
from display.pages import NO_PAST
from display.small_trial import Cut, Trial
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
    headline: list[Line] = field(default_factory=list)
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
    found.headline = [
        (_plain(one.text), _plain(one.change), reader.ids.get(one.link, one.link)) for one in made.headline.sentences
    ]
    found.figures = _figures(shown, drawn)
    found.signals, found.completeness = signals(made.page), completeness(made.page)
    return found


def results(trial: Trial, report: str) -> pd.DataFrame:
    """Return the results table of a report."""
    return _report(trial, report).compute()


def not_shown(trial: Trial, name: str) -> list[Line]:
    """Return results that stand on no page: the columns with their N, and each row as it would read."""
    table = results(trial, "safety")
    return _wide(table[table["display"].eq(name)], name)


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


def _report(trial: Trial, name: str) -> notebook.Report:
    study, cut, before = Study.model_validate(trial.study), trial.now, trial.before
    past = trial.past if before else trial.past.iloc[:0]
    tables = {
        "received": cut.received, "issues": trial.issues, "audit": cut.audit, "removed": trial.removed,
        "modified": trial.modified, "kept": trial.kept, "past": past,
    }  # fmt: skip
    published = {} if before is None else {name: _published(before, study, name)}
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


def _published(cut: Cut, study: Study, name: str) -> pd.DataFrame:
    staged = {"received": cut.received, "audit": cut.audit, "issues": issue_table([]), "past": NO_PAST}
    signs = {display.key: display.not_estimable for display in displays_of(name)}
    return with_text(compute_all(displays_of(name), _frames(cut, study, staged), study), signs)


def _frames(cut: Cut, study: Study, staged: dict[str, pd.DataFrame]) -> Frames:
    names = ("adsl", "adae", "adlb", "advs", "adeg", "adpc", "adeff")
    return given_frames(study, staged=staged, **{name: getattr(cut, name) for name in names})


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


_SAID = ("h3", "summary", "li")


class _Reader(HTMLParser):
    """Collects the tables of a page, what is said about each display, and the text of every element with an id."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[Line]] = {}
        self.said: dict[str, Line] = {}
        self.ids: dict[str, str] = {}
        self._own = ""
        self._cell: SimpleNamespace | None = None
        self._is_behind = False
        self._level = ""
        self._part = ""

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
        elif not self._is_behind:
            self._begin(tag, facts, is_said=tag in _SAID or (tag == "p" and classes[:1] in (["population"], ["empty"])))

    def _begin(self, tag: str, facts: dict[str, str], *, is_said: bool) -> None:
        if is_said or tag in {"tr", "td", "th"}:
            self.close_cell()
        if is_said:
            self._part = tag
            self.said[self._own] = (*self.said[self._own], "")
        elif tag == "tr":
            level = re.search(r"level-(\d)", facts.get("class", ""))
            self._level = "  " * int(level[1]) if level else ""
            self.tables[self._own].append(())
        elif tag in {"td", "th"}:
            self._cell = SimpleNamespace(text="", mark="", was="", into="text", id=facts.get("id", ""))
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
        self._cell.into = {"b": "mark", "i": "was", "del": "was", "ins": "text"}.get(tag, self._cell.into)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"table", "section"}:
            self.close_cell()
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
        rows[-1] = (*rows[-1], text if rows[-1] else self._level + text)
        if one.id:
            self.ids[one.id] = _plain(one.text)


@contextmanager
def _captured() -> Iterator[list[Figure]]:
    """Give the figures that are drawn meanwhile; their pictures stay blank."""
    drawn: list[Figure] = []

    def draw(canvas: FigureCanvasAgg) -> None:
        canvas.get_renderer()
        drawn.append(canvas.figure)

    with patch.object(FigureCanvasAgg, "draw", draw):
        yield drawn


def _figures(shown: list[Any], drawn: list[Figure]) -> dict[str, Any]:
    """Return, by id of the figure, its alternative text, the lines of its data, and what stands on its axes."""
    flat = [member for one in shown for member in getattr(one, "members", [one])]
    figures = [one for one in flat if isinstance(one, frame.Figure)]
    pictures = iter(drawn)
    return {
        one.key: SimpleNamespace(
            alt=_plain(one.alt),
            data=one.data.splitlines(),
            panels=[_panel(axis) for axis in next(pictures).axes] if one.image else [],
        )
        for one in figures
    }


def _panel(axis: Axes) -> list[Any]:
    """Return the title and the words of both axes of a panel, then its intervals by arm, and its lines and points."""
    scale = " (log)" if axis.get_yscale() == "log" else ""
    words = (axis.get_title(loc="left"), axis.get_xlabel(), axis.get_ylabel() + scale)
    heading = tuple(text.replace("\n", " ") for text in words)
    bars = [(one.get_label(), _intervals(axis, one)) for one in axis.containers]
    inside = {line for one in axis.containers for line in (one[0], *one[1])}
    others = [line for line in axis.lines if line not in inside and len(line.get_xdata())]
    return [heading, *bars, *((_kind(line), _points(line)) for line in others)]


def _intervals(axis: Axes, container: Any) -> list[tuple[str, float, float, float]]:
    """Return visit, centre, lower and upper end of every point of an arm."""
    visits = [label.get_text() for label in axis.get_xticklabels()]
    line, _, (bars,) = container
    ends = [(segment[0][1], segment[1][1]) for segment in bars.get_segments()]
    points = zip(line.get_xdata(), line.get_ydata(), ends, strict=True)
    return [(visits[round(x)], _round(y), _round(low), _round(high)) for x, y, (low, high) in points]


def _kind(line: Any) -> str:
    """Return what a line is: a ring, points, or a line with its width and style."""
    if line.get_marker() == "o" and line.get_markerfacecolor() == "none":
        return "ring" if line.get_markersize() == 7 else "open points"
    if list(line.get_xdata()) == [0, 1]:
        return f"level {line.get_linestyle()}"
    return "bold line" if line.get_linewidth() > 1.5 else "thin line"


def _points(line: Any) -> list[tuple[float, float]]:
    return [(_round(x), _round(y)) for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)]


def _round(value: float) -> float:
    return float(f"{value:.4g}")
