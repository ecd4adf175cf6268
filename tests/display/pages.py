"""Pages of a second cut of the small study, and its frames with every column that displays show."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from cutbook.display import Page
from cutbook.display.formats import with_text
from cutbook.results.adverse_events import overview_results, term_results
from cutbook.results.participants import demographics_results, disposition_results, exposure_results

NO_PAST = pd.DataFrame(
    columns=["DATASET", "KEY", "CHANGE", "VARIABLE", "OLD", "NEW", "RULE", "USUBJID", "TOPIC", "VISIT", "TURN"],
    dtype="str",
)


def a_page(study, report="safety", *, previous=None, previous_cut="C1", stamps=None, **more):
    """Return a page; ``previous`` is the results table of the previous cut, ``book`` and ``before`` as in Page."""
    cut = SimpleNamespace(
        study="mini", cut_id="C2", cutoff_date="2024-05-01", previous_cut=previous_cut, transfer="C2", revision=1
    )
    known = {
        "extracted": "2024-05-04",
        "rendered": "2024-05-05T06:00:00Z",
        "code": "commit 0123456789ab",
        "is_verified": "yes",
        **(stamps or {}),
    }
    staged = SimpleNamespace(
        study=study,
        cut=cut,
        stamps=known,
        previous={} if previous is None else {report: previous},
        history=more.pop("history", ()),
        past=more.pop("past", NO_PAST),
        before=more.pop("staged_before", None),
        received=pd.DataFrame({"FILE": ["dm.xpt", "ae.xpt"]}),
        issues=pd.DataFrame({"FINDING": ["odd", "odd", "odd"]}),
        audit=pd.DataFrame({"REMOVED": [4.0, 1.0], "MODIFIED": [7.0, 0.0]}),
    )
    return Page(report, staged, more.pop("book", None), more.pop("before", None))


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
    parts = [
        disposition_results(adsl, study),
        demographics_results(adsl, study),
        exposure_results(adsl, study),
        overview_results(adae, adsl, study),
        term_results(adae, adsl, study),
    ]
    return with_text(pd.concat(parts, ignore_index=True))


def body(table):
    """Return the rows of a table as texts."""
    return [(row.label, *map(str, row.cells)) for row in table.rows]
