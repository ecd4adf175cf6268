"""Displays about the data, in every report: what was received, what the cut did, what changed since the last one."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from cutbook.catalogue.display import NONE_KNOWN, PHARMACOKINETICS, REPORTS, SAFETY, Display
from cutbook.catalogue.layers import Signal
from cutbook.catalogue.panels import Changes, Field, Listing, Past, PublishedNumbers, Trends
from cutbook.derive import Frames

_DASH = "A missing value is shown as –."
_MOST = 500
_LISTED = f"At most {_MOST} records are shown; a footnote then says how many there are."
_LONG = 10


def _table(name: str) -> Callable[[Frames], pd.DataFrame]:
    return lambda frames: frames.staged[name]


def _verdict(frames: Frames) -> tuple[str, ...]:
    if frames.is_verified:
        return ("Hash and row count of every file that was read equal the transfer's manifest.",)
    return (
        (
            "Row counts unverified: the transfer came without a manifest, so a truncated file cannot be told from a "
            "whole one."
        ),
    )


received = Display(
    id="T-A1",
    title="Data received",
    question="What was received, and is it what the sender sent?",
    whom="All files of the transfer, before the cut.",
    columns="none",
    rows=lambda _: [
        Listing(
            records=_table("received"),
            fields=(
                Field("File", "FILE"),
                Field("Dataset", "DATASET"),
                Field("Rows", "ROWS", "count", is_number=True),
                Field("Participants", "PARTICIPANTS", "count", is_number=True),
                Field("Latest date", "LATEST"),
                Field("SHA-256, first 12", "SHA256", "hash"),
                Field("Verdict", "VERDICT"),
            ),
            says_more=_verdict,
        )
    ],
    order="Files as in the manifest of the transfer, then files that it does not name.",
    missing="A file that was not read has no number of participants; – stands instead.",
    counterpart="clinDataReview (partly), safetyGraphics (partly), clinsight (partly)",
    source=("transfer {transfer}",),
    stub="File",
    empty="The transfer holds no file.",
    reports=REPORTS,
)


issues = Display(
    id="L-A7",
    title="Findings in the data{ (number)}",
    question="What is odd in the data and did not stop the run?",
    whom="All participants, before the cut.",
    columns="none",
    rows=lambda _: [
        Listing(
            title="Findings in the data",
            records=_table("issues"),
            fields=(
                Field("Dataset", "DATASET"),
                Field("Variable", "VARIABLE"),
                Field("Row", "ROW", "whole", is_number=True),
                Field("Key", "KEY"),
                Field("Finding", "FINDING", is_verbatim=True),
            ),
            most=_MOST,
            folds_beyond=_LONG,
            is_counted_in_title=True,
        )
    ],
    order="By kind of finding, then as in the file. Folded when there are more than 10.",
    missing=f"{_DASH} Without findings a sentence says so. {_LISTED}",
    counterpart="FDA ST&F IG (partly), gsm (partly), aNCA (partly: duplicate doses)",
    source=("transfer {transfer}",),
    stub="Dataset",
    empty="Nothing odd was found in the data.",
    reports=REPORTS,
)

audit = Display(
    id="T-A3",
    title="What the data cut did",
    question="How was each dataset cut, and what did that remove or change?",
    whom="All datasets.",
    columns="none",
    rows=lambda _: [
        Listing(
            records=_table("audit"),
            fields=(
                Field("Dataset", "DATASET"),
                Field("Rule", "RULE"),
                Field("Rows before", "BEFORE", "count", is_number=True),
                Field("Rows after", "AFTER", "count", is_number=True),
                Field("Removed", "REMOVED", "count", is_number=True, opens="L-A3R"),
                Field("Modified", "MODIFIED", "count", is_number=True, opens="L-A4"),
            ),
        )
    ],
    order="Datasets as received.",
    missing="A record without a date, or whose date is partial, is kept unless even the earliest moment that its "
    "known parts allow lies after the cut-off.",
    notes=(
        (
            "A cut-off without a time is the end of that day. Partial dates count as early as their known parts allow; "
            "records without a date are kept."
        ),
    ),
    counterpart="datacutr (partly)",
    source=("cut audit",),
    stub="Dataset",
    empty="The transfer holds no dataset.",
    reports=REPORTS,
)


def _cut_records(name: str, title: str) -> Listing:
    return Listing(
        title=title,
        records=_table(name),
        fields=(
            Field("Dataset", "DATASET"),
            Field("Key", "KEY"),
            Field("Variable", "VARIABLE"),
            Field("Value", "VALUE", is_verbatim=True),
            Field("Reason", "REASON"),
        ),
        most=_MOST,
        folds_beyond=0,
        is_counted_in_title=True,
    )


removed = Display(
    id="L-A3R",
    title="Records removed by the data cut{ (number)}",
    question="Which records did the cut remove, and why?",
    whom="All participants.",
    columns="none",
    rows=lambda _: [_cut_records("removed", "Records removed by the data cut")],
    order="By dataset as received, then as in the file.",
    missing=f"{_DASH} Without removed records a sentence says so. {_LISTED}",
    counterpart="datacutr (partly)",
    source=("cut audit",),
    stub="Dataset",
    empty="The data cut removed no record.",
    reports=REPORTS,
)
kept = Display(
    id="L-A3K",
    title="Records kept although their date does not prove them early enough{ (number)}",
    question="Which records were kept on a date that is missing, impossible, or too partial to be sure?",
    whom="All participants.",
    columns="none",
    rows=lambda _: [_cut_records("kept", "Records kept although their date does not prove them early enough")],
    order="By dataset as received, then as in the file.",
    missing=f"{_DASH} When every date is proof a sentence says so. {_LISTED}",
    counterpart=f"{NONE_KNOWN} (asked for in datacutr issue 240)",
    source=("cut audit",),
    stub="Dataset",
    empty="Every record that was kept is dated by the cut-off.",
    reports=REPORTS,
)


def _is_study_day(changes: pd.DataFrame) -> pd.Series:
    return changes["VARIABLE"].astype("str").str.fullmatch(r".+DY")


def _rolled_back(frames: Frames) -> pd.DataFrame:
    changes = frames.staged["modified"]
    return changes[~_is_study_day(changes)]


def _blanked_days(frames: Frames) -> tuple[str, ...]:
    days = int(_is_study_day(frames.staged["modified"]).sum())
    told = (
        "1 study day was blanked with them; it is"
        if days == 1
        else f"{days} study days were blanked with them; they are"
    )
    return (f"{told} in the audit file.",) if days else ()


modified = Display(
    id="L-A4",
    title="Information learnt after the cut-off and rolled back",
    question="Which values of kept records were not known yet, and what stands in their place?",
    whom="All participants.",
    columns="none",
    rows=lambda _: [
        Listing(
            records=_rolled_back,
            fields=(
                Field("Dataset", "DATASET"),
                Field("Key", "KEY"),
                Field("Variable", "VARIABLE"),
                Field("Old", "OLD", is_verbatim=True),
                Field("New", "NEW", is_verbatim=True),
                Field("Reason", "REASON"),
            ),
            most=_MOST,
            folds_beyond=0,
            says_more=_blanked_days,
        )
    ],
    order="By dataset as received, then as in the file.",
    missing=f"{_DASH} When nothing was rolled back a sentence says so. {_LISTED}",
    counterpart="datacutr (partly: deaths only)",
    source=("cut audit",),
    stub="Dataset",
    empty="Nothing had to be rolled back.",
    reports=REPORTS,
)

changes = Display(
    id="T-I2",
    title="What changed since the previous cut",
    question="Which key counts moved since the previous cut as published?",
    whom="All participants.",
    columns="none",
    rows=lambda _: [Changes()],
    order="As in those displays; counts that are gone come last. Unchanged ones are left out.",
    missing="A count that one of the cuts does not have is 0 there. Without a previous cut a sentence says so.",
    counterpart="clinDataReview (partly), clinsight (partly), cards (partly: a function)",
    source=("results of both cuts",),
    reports=REPORTS,
)
past = Display(
    id="L-I2P",
    title="The past changed{ (number)}",
    question="What does this cut tell of the time up to the previous cut-off otherwise than the previous cut did?",
    whom="All participants: records dated by the previous cut-off.",
    columns="none",
    rows=lambda _: [Past()],
    order="By dataset, then as in the file; removed records last. More than 10 records of a topic that changed alike "
    "are one line; the number in the title counts records.",
    missing="A record without a date that proves it later is listed as not seen then. Values that run on while a "
    "participant is in the study, and the status of what had not ended, are no change. Datasets without participants, "
    "and those that the cut keeps whole, are left out. Without a previous cut a sentence says so.",
    source=("both transfers after their cuts",),
    stub="Dataset",
    reports=REPORTS,
)
trends = Display(
    id="T-I2T",
    title="Key counts over all cuts",
    question="How did the key counts go from cut to cut?",
    whom="All participants.",
    columns="none",
    rows=lambda _: [Trends()],
    order="As in the displays that hold the counts: those of I2.",
    missing="A count that a cut did not show is 0 there; a rate that it did not show is left out, and so is a cut "
    "that is not published here.",
    source=("results of all cuts",),
    is_folded=True,
    reports=REPORTS,
)
published = Display(
    id="T-I6",
    title="Published results and this report",
    question="Does the report show the numbers that were published for this study?",
    whom="As each number says.",
    columns="none",
    rows=lambda _: [PublishedNumbers()],
    order="As in the study file: the numbers that this report shows. The index of the set has all of them.",
    missing="A statistic that is absent is said to be not shown, and is a difference; a difference keeps the set from "
    "being published. At other cuts a sentence says when the comparison is due.",
    counterpart="cards and PKNCA, in their tests",
    source=("results of this report",),
    stub="Result",
    reports=REPORTS,
)

signals = Display(
    id="I3",
    title="Signals: participants whom a row counts that it did not count at the previous cut",
    question="Who is new among those whom a reader must not miss?",
    columns="none",
    rows=lambda _: [
        Signal("serious", "D4", "SER", "{} newly with a serious treatment-emergent event since cut {}."),
        Signal("death", "D4", "DTHFL", "{} newly recorded as dead since cut {}."),
        Signal("mixup", "E13", "PLACEBO", "{} newly on placebo with a quantifiable concentration since cut {}."),
        Signal(
            "mixup", "E13", "ALLBLQ", "{} newly on active drug without any quantifiable concentration since cut {}."
        ),
    ],
    order="As named here.",
    missing="Nothing is a signal when the previous cut is not published here: what is new is then not known.",
    source=("results of both cuts",),
    reports=(SAFETY, PHARMACOKINETICS),
)
