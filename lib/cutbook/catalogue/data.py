"""Displays about the data, in every report: what was received, what the cut did, what changed since the last one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from cutbook.catalogue.kinds.display import NO_MARKS, NONE_KNOWN, PHARMACOKINETICS, SAFETY, Display
from cutbook.catalogue.kinds.numbers import Signal
from cutbook.catalogue.kinds.panels import Comparison, Field, Listing
from cutbook.data.checks.kinds import kinds_of
from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES
from cutbook.derive import Frames
from cutbook.parameters.study import Study

_DASH = "A missing value is shown as –."
_MOST = 500
_LISTED = f"At most {_MOST} records are shown; a footnote then says how many there are."

_count = partial(Field, form="count", is_number=True)
_verbatim = partial(Field, is_verbatim=True)
_DATASET, _KEY, _VARIABLE = Field("Dataset", "DATASET"), Field("Key", "KEY"), Field("Variable", "VARIABLE")
_REASON = Field("Reason", "REASON")
_RECORD = (_DATASET, _KEY, _VARIABLE, _verbatim("Value", "VALUE"), _REASON)
_CHANGE = (_DATASET, _KEY, _VARIABLE, _verbatim("Old", "OLD"), _verbatim("New", "NEW"), _REASON)
_ODDITY = (
    _DATASET,
    _VARIABLE,
    _verbatim("Stands", "STANDS"),
    Field("Row", "ROW", "whole", is_number=True),
    _KEY,
    _verbatim("Finding", "FINDING"),
    _count("Records", "RECORDS"),
    _count("Participants", "PARTICIPANTS"),
)

_FILE = (
    Field("File", "FILE"),
    _DATASET,
    _count("Rows", "ROWS"),
    _count("Participants", "PARTICIPANTS"),
    Field("Latest date", "LATEST"),
    Field("SHA-256, first 12", "SHA256", "hash"),
    Field("Verdict", "VERDICT"),
)
_CUT = (
    _DATASET,
    Field("Rule", "RULE"),
    _count("Rows before", "BEFORE"),
    _count("Rows after", "AFTER"),
    _count("Removed", "REMOVED", opens="L-A3R"),
    _count("Modified", "MODIFIED", opens="L-A4"),
)

_display = partial(Display, whom="All participants.")
_of_transfer = partial(_display, source=("transfer {transfer}",))
_of_cut = partial(_display, order="By dataset as received, then as in the file.", source=("cut audit",))
_mixup = partial(Signal, "mixup", "E13")
_long = partial(Listing, most=_MOST, folds_beyond=0)
_NOTHING = {
    "removed": "The data cut removed no record.",
    "kept": "Every record that was kept is dated by the cut-off.",
}


def shown_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that the report may show: all, unless they say of themselves that it may not."""
    return table[table["IS_SHOWN"]] if "IS_SHOWN" in table else table


def not_shown(table: pd.DataFrame) -> tuple[str, ...]:
    """Return how many rows the report does not show, in a sentence, if there are any."""
    number = len(table) - len(shown_rows(table))
    kept = "1 line is left out: it is" if number == 1 else f"{number} lines are left out: they are"
    return (f"{kept} about records that this report does not show.",) if number else ()


def _table(name: str) -> Callable[[Frames], pd.DataFrame]:
    return lambda frames: shown_rows(frames.staged[name])


def _left_out(name: str) -> Callable[[Frames], tuple[str, ...]]:
    return lambda frames: not_shown(frames.staged[name])


def _nothing_in(name: str) -> Callable[[Frames], str]:
    """Return what says of an empty listing whether there is nothing, or nothing that the report may show."""
    return lambda frames: "No line that this report shows." if len(frames.staged[name]) else _NOTHING[name]


def _verdict(study: Study, frames: Frames) -> tuple[str]:
    return (
        f"Hash and row count of every file that was read equal {_manifest_of(study)}."
        if frames.is_verified
        else "Row counts unverified: the transfer came without a manifest, so a truncated file cannot be told from a "
        "whole one.",
    )


def _manifest_of(study: Study) -> str:
    """Return the manifest that vouches for the transfer, and where it lies."""
    name = study.sources.manifest
    beside = name.removeprefix("study:")
    where = "in the folder of the transfer" if beside == name else "beside the study file, not in the transfer"
    apart = "; those of the restricted part equal its own manifest" if study.sources.restricted else ""
    return f"the manifest {beside}, which lies {where}{apart}"


received = _of_transfer(
    id="T-A1",
    marks=NO_MARKS,
    title="Data received",
    is_folded=True,
    question="What was received, and is it what the sender sent?",
    whom="All files of the transfer, before the cut.",
    rows=lambda study: [Listing(_table("received"), _FILE, says_more=partial(_verdict, study))],
    order="Files as in the manifest of the transfer, then files that it does not name.",
    missing="A file that was not read has no number of participants; – stands instead.",
    counterpart="clinDataReview (partly), safetyGraphics (partly), clinsight (partly)",
    empty="The transfer holds no file.",
)

_STANDS = {ON_FIRST_LINES: "first lines", IN_LIST: "list"}


def _oddities(frames: Frames) -> pd.DataFrame:
    """Return the oddities, where each stands and why, and at the first of a kind its CODE, RECORDS and PARTICIPANTS."""
    issues = shown_rows(frames.staged["issues"])
    kinds = kinds_of(issues)[["CODE", "RECORDS", "PARTICIPANTS"]].reindex(issues.index)
    why = (", by the study file: " + issues["REASON"]).where(issues["REASON"].ne(""), "")
    return issues.assign(STANDS=issues["WEIGHT"].map(_STANDS) + why, **kinds.assign(CODE=kinds["CODE"].fillna("")))


issues = _of_transfer(
    id="L-A7",
    title="Findings in the data{ (number)}",
    question="What is odd in the data and did not stop the run?",
    whom="All participants, before the cut.",
    rows=lambda _: [_long(_oddities, _ODDITY, folds_beyond=10, level="CODE", says_more=_left_out("issues"))],
    order="Those on the first lines, then those of the list; by kind of finding, then as in the file. "
    "Folded when there are more than 10.",
    missing=f"{_DASH} Without findings a sentence says so. {_LISTED}",
    notes="Records and participants are those of a kind of finding; further lines of the kind show –. "
    "What stands on the first lines is said there by every report that reads the dataset.",
    counterpart="FDA ST&F IG (partly), gsm (partly), aNCA (partly: duplicate doses)",
    empty="Nothing odd was found in the data.",
)

audit = _of_cut(
    id="T-A3",
    marks=NO_MARKS,
    title="What the data cut did",
    is_folded=True,
    question="How was each dataset cut, and what did that remove or change?",
    whom="All datasets.",
    rows=lambda _: [Listing(_table("audit"), _CUT)],
    order="Datasets as received.",
    missing="A record without a date, or whose date is partial, is kept unless even the earliest moment that its "
    "known parts allow lies after the cut-off.",
    notes="A cut-off without a time is the end of that day. Partial dates count as early as their known parts allow; "
    "records without a date are kept.",
    counterpart="datacutr (partly)",
    empty="The transfer holds no dataset.",
)

removed = _of_cut(
    id="L-A3R",
    title="Records removed by the data cut{ (number)}",
    is_folded=True,
    question="Which records did the cut remove, and why?",
    rows=lambda _: [
        _long(_table("removed"), _RECORD, says_more=_left_out("removed"), says_empty=_nothing_in("removed"))
    ],
    missing=f"{_DASH} Without removed records a sentence says so. {_LISTED}",
    counterpart="datacutr (partly)",
    empty=_NOTHING["removed"],
)
kept = _of_cut(
    id="L-A3K",
    title="Records kept although their date does not prove them early enough{ (number)}",
    is_folded=True,
    question="Which records were kept on a date that is missing, impossible, or too partial to be sure?",
    rows=lambda _: [_long(_table("kept"), _RECORD, says_more=_left_out("kept"), says_empty=_nothing_in("kept"))],
    missing=f"{_DASH} When every date is proof a sentence says so. {_LISTED}",
    counterpart=f"{NONE_KNOWN} (asked for in datacutr issue 240)",
    empty=_NOTHING["kept"],
)


def _is_study_day(changes: pd.DataFrame) -> pd.Series:
    return changes["VARIABLE"].astype("str").str.fullmatch(r".+DY")


def _rolled_back(frames: Frames) -> pd.DataFrame:
    return shown_rows(frames.staged["modified"]).loc[lambda changes: ~_is_study_day(changes)]


def _blanked_days(frames: Frames) -> tuple[str, ...]:
    days = int(_is_study_day(shown_rows(frames.staged["modified"])).sum())
    blanked, they = ("1 study day was", "it is") if days == 1 else (f"{days} study days were", "they are")
    said = (f"{blanked} blanked with them; {they} in the audit file.",) if days else ()
    return said + not_shown(frames.staged["modified"])


modified = _of_cut(
    id="L-A4",
    title="Information learnt after the cut-off and rolled back",
    is_folded=True,
    question="Which values of kept records were not known yet, and what stands in their place?",
    rows=lambda _: [_long(_rolled_back, _CHANGE, says_more=_blanked_days)],
    missing=f"{_DASH} When nothing was rolled back a sentence says so. {_LISTED}",
    counterpart="datacutr (partly: deaths only)",
    empty="Nothing had to be rolled back.",
)

changes = _display(
    id="T-I2",
    title="What changed since the previous cut",
    question="Which key counts moved since the previous cut as published?",
    rows=lambda _: [Comparison.CHANGES],
    order="As in those displays; counts that are gone come last. Unchanged ones are left out.",
    missing="A count that one of the cuts does not have is 0 there. Without a previous cut a sentence says so.",
    counterpart="clinDataReview (partly), clinsight (partly), cards (partly: a function)",
    source=("results of both cuts",),
)
past = _display(
    id="L-I2P",
    title="The past changed{ (number)}",
    stub="Dataset",
    question="What does this cut tell of the time up to the previous cut-off otherwise than the previous cut did?",
    whom="All participants: records dated by the previous cut-off.",
    rows=lambda _: [Comparison.PAST],
    order="Became fatal; other news of a death; became serious, severe, related; no longer that; entered late; "
    "withdrawn; treatment; endpoints; other analysed values; routine: a record by the first that holds for it. Within "
    "each by dataset, then as in the file. More than 10 records of a topic that changed alike are one line; the number "
    "in the title counts records.",
    missing="A record without a date that proves it later is listed as not seen then. Values that run on while a "
    "participant is in the study, and the status of what had not ended, are no change. Datasets without participants, "
    "and those that the cut keeps whole, are left out. Without a previous cut a sentence says so.",
    source=("both transfers after their cuts",),
)
trends = _display(
    id="T-I2T",
    title="Key counts over all cuts",
    question="How did the key counts go from cut to cut?",
    rows=lambda _: [Comparison.TRENDS],
    order="As in the displays that hold the counts: those of I2.",
    missing="A count that a cut did not show is 0 there; one that it could not tell and a rate that it did not show "
    "are left out, and so is a cut that is not published here.",
    source=("results of all cuts",),
    is_folded=True,
)
published = _display(
    id="T-I6",
    marks=NO_MARKS,
    title="Published results and this report",
    is_folded=True,
    question="Does the report show the numbers that were published for this study?",
    whom="As each number says.",
    rows=lambda _: [Comparison.PUBLISHED],
    order="As in the study file: the numbers that this report shows. The index of the set has all of them.",
    missing="A statistic that is absent is said to be not shown, and is a difference; a difference keeps the set from "
    "being published. At other cuts a sentence says when the comparison is due.",
    counterpart="cards and PKNCA, in their tests",
    source=("results of this report",),
    stub="Result",
)

_NEWLY_ON_PLACEBO = _mixup("PLACEBO", "{} newly on placebo with a quantifiable concentration since cut {}.")

signals = Display(
    id="I3",
    title="Signals: participants whom a row counts that it did not count at the previous cut",
    question="Who is new among those whom a reader must not miss?",
    rows=lambda study: [
        Signal("serious", "D4", "SER", "{} newly with a serious treatment-emergent event since cut {}."),
        Signal("death", "D4", "DTHFL", "{} newly recorded as dead since cut {}."),
        *([] if all(arm.is_active for arm in study.treatment.arms) else [_NEWLY_ON_PLACEBO]),
        _mixup("ALLBLQ", "{} newly on active drug without any quantifiable concentration since cut {}."),
    ],
    order="As named here.",
    missing="Nothing is a signal when the previous cut is not published here: what is new is then not known.",
    source=("results of both cuts",),
    reports=(SAFETY, PHARMACOKINETICS),
)
