"""The end of a report: its results table, the records behind its counts and its headline, written beside it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cutbook.display.behind.records import RecordBook
from cutbook.display.look.frame import Headline, Stamps
from cutbook.display.page import Page
from cutbook.notebook.signals import completeness, signals
from cutbook.published.headline import (
    FORMAT,
    HEADLINE,
    HeadlineFile,
    HeadlineSentence,
    HeadlineSignal,
    write_headline,
)
from cutbook.published.software import versions

_RESULTS, _RECORDS = ".results.parquet", ".records.parquet"


def finish(headline: Headline, page: Page, results_to: str = "") -> Stamps:
    """Return the closing section of a report, after writing what lies beside it.

    Parameters
    ----------
    headline : Headline
        The first sentences.
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
        write_headline(file.with_name(page.report + HEADLINE), headline_file(headline, page))
    cut = page.cut.cut
    pairs = (
        ("Study, cut, revision", f"{cut.study}, {cut.cut_id}, {cut.revision}"),
        ("Transfer", cut.transfer),
        ("Files received", str(len(page.cut.received))),
        ("Statistics in the results table", str(len(results))),
        *versions().items(),
    )
    return Stamps("end", "Manifest", tuple(pairs), report=page.report)


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


def headline_file(headline: Headline, page: Page) -> HeadlineFile:
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
        sentences=tuple(
            HeadlineSentence(
                text=sentence.text, link=sentence.link, change=sentence.change, is_verbatim=sentence.is_verbatim
            )
            for sentence in headline.sentences
        ),
        signals=tuple(HeadlineSignal(kind=kind, text=text) for kind, text in signals(page)),
        completeness=tuple(completeness(page)),
    )
