"""The end of a report: its results table, the records behind its counts and its headline, written beside it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cutbook.display.behind.records import RecordBook
from cutbook.display.look.frame import Stamps
from cutbook.display.look.opening import Opening
from cutbook.display.page import Page
from cutbook.display.read.cells import UNTOLD
from cutbook.notebook.amounts import amount
from cutbook.notebook.dots import dots
from cutbook.notebook.signals import completeness, signals
from cutbook.published.headline import (
    FORMAT,
    HEADLINE,
    HeadlineFile,
    HeadlineSentence,
    HeadlineSignal,
    write_headline,
)
from cutbook.published.manifest import certificate_of
from cutbook.published.software import versions
from cutbook.words import ISOLATE, without_isolates

_RESULTS, _RECORDS = ".results.parquet", ".records.parquet"


def finish(opening: Opening, page: Page, results_to: str = "") -> Stamps:
    """Return the closing section of a report, after writing what lies beside it.

    Parameters
    ----------
    opening : Opening
        The first screen.
    page : Page
        The report.
    results_to : str
        File to write the results table to, ``<report>.results.parquet``; the records behind the counts and the headline
        go beside it. Empty: write nothing.
    """
    results = page.results
    if results_to:
        file = Path(results_to)
        results.to_parquet(file)
        records_behind(results, page.book).to_parquet(file.with_name(page.report + _RECORDS))
        write_headline(file.with_name(page.report + HEADLINE), headline_file(opening, page))
    cut, stamps, study = page.cut.cut, page.cut.stamps, page.study
    screened, treated = (amount(results, name) for name in ("SCREENED", "SAFFL"))
    certificate = certificate_of(stamps.get("blind", ""))
    treated = f"who was treated {treated}" if treated in UNTOLD else f"{treated} treated"
    pairs = (
        ("Study", f"{cut.study}: {study.title}"),
        ("Data cut", f"{cut.cut_id}, revision {cut.revision}"),
        ("Cut-off", cut.cutoff_date),
        ("Data extracted", stamps["extracted"] or "not stated"),
        ("Rendered (UTC)", stamps["rendered"]),
        ("Code", stamps["code"] or "not stated"),
        ("Previous cut", cut.previous_cut or "none"),
        ("Participants", f"{screened} screened, {treated}"),
        ("Class", cut.audience.upper()),
        *((("Blind", certificate.words),) if certificate else ()),
        ("Status", cut.status),
        ("Purpose", cut.purpose or "not stated"),
        ("Transfer", cut.transfer),
        ("Files received", str(len(page.cut.received))),
        ("Statistics in the results table", str(len(results))),
        *versions().items(),
    )
    synthetic = ("Synthetic data: no real participant is in this report.",) if study.is_synthetic else ()
    return Stamps("end", "About this report", pairs, (*synthetic, *study.statements), report=page.report)


def records_behind(results: pd.DataFrame, book: RecordBook) -> pd.DataFrame:
    """Return every record behind a count, each once.

    Returns
    -------
    frame
        KEY as in the column ``keys`` of the results table, USUBJID, then the columns of the participants, adverse
        events, samples or values; those of other kinds are missing.
    """
    keys = {key for some in results["keys"] for key in some}
    kinds = [*book.kinds.values(), book.findings]
    chosen = [frame[frame["KEY"].isin(keys)].drop_duplicates("KEY") for frame in kinds if len(frame)]
    known = [frame.dropna(axis="columns", how="all") for frame in chosen if len(frame)]
    below = pd.concat(known, ignore_index=True) if known else pd.DataFrame(columns=["KEY", "USUBJID"])
    return below[["KEY", "USUBJID", *(name for name in below if name not in {"KEY", "USUBJID"})]]


def headline_file(opening: Opening, page: Page) -> HeadlineFile:
    """Return what pages and mails say of a report: sentences with their change, signals, and how complete the data are.

    Nothing in it identifies a participant.
    """
    cut = page.cut.cut
    return HeadlineFile(
        format=FORMAT,
        study=cut.study,
        cut=cut.cut_id,
        previous=cut.previous_cut,
        report=page.report,
        is_compared=page.previous.results is not None,
        title=without_isolates(opening.title),
        line=without_isolates(opening.line),
        sentences=tuple(
            HeadlineSentence(
                text=without_isolates(sentence.text),
                link=sentence.link,
                change=without_isolates(sentence.change),
                is_verbatim=sentence.is_verbatim or ISOLATE in sentence.lead + sentence.text + sentence.change,
                lead=without_isolates(sentence.lead),
                is_new=sentence.is_new,
                kind=sentence.kind,
                brief=without_isolates(sentence.brief),
                finding=without_isolates(sentence.finding),
            )
            for sentence in opening.sentences
        ),
        signals=tuple(HeadlineSignal(kind=kind, text=text) for kind, text in signals(page)),
        completeness=tuple(completeness(page)),
        dots=dots(page),
    )
