"""What reports say of results given by a test: headlines, signals, completeness, and the files beside a report."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cutbook.catalogue import data, participants
from cutbook.display.look.numbers import with_text
from cutbook.notebook import closing
from cutbook.notebook import headline as findings
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


def find_safety(results, page):
    return findings.find_safety(page_of(results, page))


def find_pharmacokinetics(results, page):
    return findings.find_pharmacokinetics(page_of(results, page))


def signals(results, page):
    return told.signals(page_of(results, page))


def completeness(page):
    return told.completeness(page_of(results_table([]), page))


def finish(results, headline, page, results_to=""):
    return closing.finish(headline, replace(page, results=results), results_to)


def headline_file(results, headline, page):
    return closing.headline_file(headline, page_of(results, page))
