"""Which displays of the reports will have something to show, and why the others will not, told without rendering."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cutbook.catalogue import displays_of
from cutbook.catalogue.kinds.absence import lacking_in_words
from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.exposure import Dots, EachValue, Fits, Judged, Parameters
from cutbook.catalogue.kinds.layers import Count, CountBy, Tally
from cutbook.catalogue.kinds.panels import (
    ByVisit,
    Comparison,
    Course,
    Layer,
    Listing,
    Model,
    Panel,
    Profile,
    RecordIndex,
    ShareMatrix,
)
from cutbook.data.staging.staged import StagedCut
from cutbook.derive import Frames
from cutbook.notebook.report import Report
from cutbook.parameters.study import Study


class Outlook(NamedTuple):
    """One display of a report: whether it will have something to show, and otherwise the sentence in its place."""

    report: str
    display: str
    has_something: bool
    reason: str


def outlook(cut: StagedCut) -> list[Outlook]:
    """Return every display of the study's reports, but for comparisons, which need what is published.

    Parameters
    ----------
    cut : StagedCut
        The cut, whose datasets are derived as for its reports; nothing is computed or drawn.
    """
    return [told for name in cut.study.reports for told in _of_report(Report.of(name, cut))]


def _of_report(report: Report) -> Iterator[Outlook]:
    displays, study = displays_of(report.name), report.cut.study
    for display in displays:
        layers = list(display.rows(study))
        if display.anchor and not any(isinstance(layer, Comparison) for layer in layers):
            alike = [layer for other in displays if other.key == display.key for layer in other.rows(study)]
            reason = _reason(display, layers, alike, report.frames, study)
            yield Outlook(report.name, display.id, not reason, reason)


def _reason(display: Display, layers: Sequence[Layer], alike: Sequence[Layer], frames: Frames, study: Study) -> str:
    """Return the sentence that will stand for a display; ``alike`` are the layers whose results it shows too."""
    if why := display.why_nothing(study, frames):
        return why
    if why := _all_untold(layers, frames):
        return why
    nested = [layer for layer in layers if isinstance(layer, CountBy) and len(layer.by) > 1]
    told = list(dict.fromkeys(_why(layer, display, alike, frames) for layer in nested or layers))
    return "" if "" in told else " ".join(told) or display.empty


def _all_untold(layers: Sequence[Layer], frames: Frames) -> str:
    """Return why no row of a table by arm has numbers; empty where one has."""
    rows = [row for layer in layers for row in (layer.counts if isinstance(layer, ShareMatrix) else (layer,))]
    there = [row for row in rows if not isinstance(row, Count) or row.is_there(frames)]
    lacking = [(row.why(frames), row.words) for row in there if isinstance(row, Count)]
    is_whole = len(lacking) == len(there) and all(reason for reason, _ in lacking)
    return lacking_in_words(lacking) if is_whole else ""


def _why(layer: Layer, display: Display, alike: Sequence[Layer], frames: Frames) -> str:
    if isinstance(layer, Panel) and (why := layer.why_empty(frames)):
        return why
    if isinstance(layer, Listing) and layer.says_empty and layer.records(frames).empty:
        return layer.says_empty(frames)
    if isinstance(layer, Course) and layer.drawn is None:
        return "" if any(_has_records(other, frames) for other in alike if other != layer) else display.empty
    own = layer.empty if isinstance(layer, Panel) else ""
    return "" if _has_records(layer, frames) else (own.format(reason="no data") or display.empty)


def _has_records(layer: Layer, frames: Frames) -> bool:
    """Return whether a layer has records; rows by arm stand with or without them, but for terms within classes."""
    if isinstance(layer, (Course, Profile, Dots, Fits)):
        return layer.drawn is not None and not layer.drawn(frames).empty
    if isinstance(layer, Judged):
        return not layer.estimates(frames).empty
    if isinstance(layer, RecordIndex):
        return not (frames.adsl if layer.kind == "participants" else frames.adae).empty
    if isinstance(layer, Tally):
        return not layer.among(frames).empty
    if isinstance(layer, (Listing, ByVisit, Model, Parameters, EachValue)) or (
        isinstance(layer, CountBy) and len(layer.by) > 1
    ):
        return not layer.records(frames).empty
    return True
