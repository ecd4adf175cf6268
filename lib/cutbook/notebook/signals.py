"""What a reader must not miss: new serious events, deaths, mixed-up samples; and how complete the data are."""

from __future__ import annotations

from cutbook.catalogue import data
from cutbook.catalogue.kinds.numbers import Signal
from cutbook.display.page import Page
from cutbook.display.read.cells import Place
from cutbook.notebook.amounts import amount


def signals(page: Page) -> list[tuple[str, str]]:
    """Return kind and sentence of every kind of participants of whom some are new since the previous cut.

    Nothing is a signal when the previous cut is not published here: what is new is then not known.
    """
    cells = page.cells(data.signals)
    found = []
    for layer in data.signals.rows(page.study):
        if isinstance(layer, Signal) and cells.value("n", place := _place(layer)) > 0:
            people = _many(cells.text("n", place), "participant")
            found.append((layer.kind, layer.words.format(people, page.previous.cut_id)))
    return found


def _place(layer: Signal) -> Place:
    return (layer.display, layer.variable, layer.kind, "", "")


def completeness(page: Page) -> list[str]:
    """Return what was received, what was found odd, and what the cut did, a sentence each."""
    checked = "as the manifest says" if page.frames.is_verified else "row counts unverified"
    files, issues, removed, modified, past = (
        _many(amount(page.results, variable), thing)
        for variable, thing in (
            ("FILES", "file"), ("ISSUES", "finding"), ("REMOVED", "record"), ("MODIFIED", "value"), ("PAST", "change"),
        )
    )  # fmt: skip
    heavy = amount(page.results, "FIRST_LINES")
    of_them = "" if heavy == "0" else f", {heavy} of them on the first lines of the reports that read the dataset"
    return [
        f"{files} received, {checked}; {issues} in the data{of_them}.",
        f"The data cut removed {removed} and rolled back {modified}.",
        *([f"{past} of the past since cut {page.previous.cut_id}."] if page.previous.frames else []),
    ]


def _many(number: str, thing: str) -> str:
    return f"{number} {thing}" if number == "1" else f"{number} {thing}s"
