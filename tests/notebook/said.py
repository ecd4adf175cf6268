"""What reports say of results given by a test: headlines, signals, completeness, and the files beside a report."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cutbook.catalogue import data, participants
from cutbook.display.look.frame import Sentence
from cutbook.display.look.numbers import with_text
from cutbook.display.look.opening import Box, Opening
from cutbook.notebook import closing
from cutbook.notebook import signals as told
from cutbook.results.engine import compute
from cutbook.results.layers.signals import rows_of_signal
from cutbook.results.table import results_table


def page_of(results, page):
    """Return the page with these results, the amounts of its data, and the signals against its previous cut."""
    amounts = compute(participants.people, page.frames, page.study)
    layers = data.signals.rows(page.study)
    rows = [row for layer in layers for row in rows_of_signal(layer, results, page.previous.results)]
    signals = results_table([{**row, "display": data.signals.key} for row in rows])
    return replace(page, results=pd.concat([results, with_text(amounts), with_text(signals)], ignore_index=True))


OPENING = Opening(
    "Safety: interim analysis",
    "4 treated.",
    (
        Box("New since C1", "news", (Sentence("10 mg.", "T-D5", "+1", lead="One death:", kind="death", is_new=True),)),
        Box("Key findings", "findings", (Sentence("1 of 2 on placebo.", "T-D4"),)),
    ),
)
"""A first screen with something new and something known."""


def signals(results, page):
    return told.signals(page_of(results, page))


def completeness(page):
    return told.completeness(page_of(results_table([]), page))


def finish(results, page, results_to=""):
    return closing.finish(OPENING, replace(page, results=results), results_to)


def headline_file(results, page):
    return closing.headline_file(OPENING, page_of(results, page))
