"""Pages of a second cut of the small study, and its frames with every column that displays show."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from cutbook.catalogue import events, participants
from cutbook.data.checks.records import Issue, issue_table
from cutbook.display import Page
from cutbook.display.behind.records import RecordBook
from cutbook.results.previous import Previous
from cutbook.results.table import results_table
from given import given_frames, texts_of

NO_PAST = pd.DataFrame(
    columns=["DATASET", "KEY", "CHANGE", "VARIABLE", "OLD", "NEW", "RULE", "USUBJID", "TOPIC", "VISIT", "TURN"],
    dtype="str",
)
NO_RECORDS = RecordBook({}, pd.DataFrame(), {}, {}, {}, None)
_DISPLAYS = (
    participants.disposition,
    participants.demographics,
    participants.exposure,
    events.overview,
    events.terms,
)


def a_page(study, report="safety", *, results=None, previous=None, before=None, previous_cut="C1", stamps=None, **more):
    """Return a page.

    ``results`` are those of this cut; ``previous`` is the results table of the previous cut, ``before`` its frames, and
    ``frames`` those of this one.
    """
    cut = SimpleNamespace(
        study="mini",
        cut_id="C2",
        cutoff_date="2024-05-01",
        previous_cut=previous_cut,
        transfer="C2",
        revision=1,
        audience="unblinded",
        status="draft",
        purpose="",
    )
    known = {
        "extracted": "2024-05-04",
        "rendered": "2024-05-05T06:00:00Z",
        "code": "commit 0123456789ab",
        "is_verified": "yes",
        **(stamps or {}),
    }
    past = more.pop("past", NO_PAST)
    staged = {
        "past": past,
        "received": pd.DataFrame({"FILE": ["dm.xpt", "ae.xpt"]}),
        "issues": issue_table(more.pop("issues", [Issue("dm", "", None, "", "odd")] * 3)),
        "audit": pd.DataFrame({"REMOVED": [4.0, 1.0], "MODIFIED": [7.0, 0.0]}),
    }
    nobody = pd.DataFrame(columns=["USUBJID", "SAFFL", "TRT01A"], dtype="str")
    frames = more.pop("frames", None) or given_frames(study, staged=staged, adsl=nobody)
    frames.is_verified = known["is_verified"] == "yes"
    frames.staged = {**frames.staged, "past": past}
    own = SimpleNamespace(study=study, cut=cut, stamps=known, past=past, received=staged["received"])
    earlier = Previous(previous_cut, more.pop("cutoff", ""), before, previous, more.pop("statement", ""))
    table = results_table([]) if results is None else results
    return Page(report, own, frames, table, more.pop("book", NO_RECORDS), earlier, more.pop("history", ()))


def with_courses(adsl):
    """Return the participants with the dates that listings show."""
    return adsl.assign(
        TRTSDT=pd.Timestamp("2024-01-01"), TRTEDT=pd.Timestamp("2024-01-15"), DTHDT=pd.NaT, DTHDY=float("nan"),
        DTHCAUS=None, TRT01AN=1.0,
    )  # fmt: skip


def with_facts(adae):
    """Return the events with the columns that listings show."""
    return adae.assign(
        AETERM=adae["AEDECOD"], AESTDTC="2024-01-02", ASTDY=2.0, AENDY=float("nan"), ASTDT=pd.Timestamp("2024-01-02"),
        AESEQ=range(len(adae)), TRT01A="10 mg", TRT01AN=2.0, AGE=40.0, SEX="F", TRTEMRULE="after the first dose",
    )  # fmt: skip


def results_of(adae, adsl, study):
    """Return the results of a small safety report."""
    return texts_of(*_DISPLAYS, study=study, adsl=adsl, adae=adae)


def body(table):
    """Return the rows of a table as texts."""
    return [(row.label, *map(str, row.cells)) for row in table.rows]
