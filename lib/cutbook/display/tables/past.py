"""The table of the past that changed: what the previous cut did not know of its own time, or read otherwise."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from typing import Any

import pandas as pd

from cutbook.catalogue.data import not_shown, shown_rows
from cutbook.catalogue.kinds.display import Display
from cutbook.data.comparing.past_rules import count_records
from cutbook.data.comparing.ranks import RANKS, with_ranks
from cutbook.data.comparing.told import plain, words_of
from cutbook.display.look.attributes import anchor
from cutbook.display.look.collected import collected
from cutbook.display.look.columns import words
from cutbook.display.look.elements import Cell, CellLike, Column, Row
from cutbook.display.look.frame import Table
from cutbook.display.look.numbers import NOT_APPLICABLE
from cutbook.display.page import Page
from cutbook.words import visit_name

MOST_ROWS = 200
"""Changes of the past that the page lists at most; a footnote then says how many there are."""

MOST_ALIKE = 10
"""Records that change in the same way are listed one by one up to this number, and in one line beyond it."""

_LONG = 10
_KEY = ["DATASET", "KEY", "TURN", "CHANGE"]
_RECORD = ["DATASET", "KEY", "TURN", "CHANGE", "WAS", "IS", "RULE"]
_ALIKE = ["DATASET", "TOPIC", "RANK", "CHANGE", "VARIABLE", "WAS", "IS", "RULE"]
_RESULT = "result"
_NUMBER = "no.\N{NO-BREAK SPACE}"
_COLUMNS = tuple(
    Column(label, is_number=False, is_verbatim=label in {"Record", "Then", "Now"})
    for label in ("Participant", "Record", "What it means", "What changed", "Then", "Now", "Why it is the past")
)


def table_of_the_past(display: Display, _: object, page: Page) -> Table:
    """Return what this cut tells of the time up to the previous cut-off otherwise than that cut did.

    Fields of a record that changed alike share a line; so do more than `MOST_ALIKE` records of one topic.
    """
    whole = page.frames.staged["past"]
    past = shown_rows(whole)
    number = count_records(past)
    told = _told(with_ranks(past, page.study, page.frames.datasets))
    rows = _rows(told.head(MOST_ROWS), page)
    title = display.title.partition("{")[0] + (f" ({number})" if number else "")
    left_out = not_shown(whole.drop_duplicates(_KEY))
    notes, empty = (*_notes(told, rows, number), *left_out), _no_past(page, is_whole=not left_out)
    return page.table(display, _COLUMNS, rows, title=title, footnotes=notes, empty=empty, is_folded=len(told) > _LONG)


def _told(past: pd.DataFrame) -> pd.DataFrame:
    """Return one row a line: fields that changed alike, and records that changed alike where they are many, as one.

    MANY and PEOPLE count the records and participants of a line.
    """
    records = past.assign(WAS=plain(past["OLD"]), IS=plain(past["NEW"])).groupby(_RECORD, sort=False)
    fields = records[["OLD", "NEW", "USUBJID", "TOPIC", "VISIT", "RANK"]].first()
    fields = fields.assign(VARIABLE=records["VARIABLE"].agg(_in_words)).reset_index()
    alike = fields.groupby(_ALIKE, sort=False)
    counted = fields.assign(MANY=alike["KEY"].transform("size"), PEOPLE=alike["USUBJID"].transform("nunique"))
    is_one_by_one = counted["CHANGE"].ne("changed") | counted["MANY"].le(MOST_ALIKE)
    counted.loc[is_one_by_one, ["MANY", "PEOPLE"]] = 1
    lines = counted[is_one_by_one | ~counted.duplicated(_ALIKE)]
    return lines.assign(MEANS=lines["RANK"].map(dict(enumerate(RANKS)))).sort_values("RANK", kind="stable")


def _in_words(variables: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words_of(one) or _RESULT for one in variables if one))


def _rows(told: pd.DataFrame, page: Page) -> tuple[Row, ...]:
    known = frozenset(page.frames.adsl["USUBJID"])
    texts = zip(*(words(told[name]) for name in ("DATASET", "MEANS", "VARIABLE", "OLD", "NEW", "RULE")), strict=True)
    lines = zip(told.to_dict("records"), texts, strict=True)
    return tuple(Row(label, (_participant(row, known), _record(row), *line)) for row, (label, *line) in lines)


def _participant(row: dict[Hashable, Any], known: Collection[str]) -> CellLike:
    name, people = str(row["USUBJID"]), row["PEOPLE"]
    if people != 1:
        return f"{people} participants"
    shown = collected(name)
    return Cell(shown, link=f"P.{anchor(shown)}") if name in known else shown or NOT_APPLICABLE


def _record(row: dict[Hashable, Any]) -> str:
    """Return what a line is about: topic and visit, with what tells a participant's records apart."""
    topic = collected(str(row["TOPIC"]))
    if row["MANY"] != 1:
        return ": ".join(filter(None, [topic, f"{row['MANY']} records"]))
    number = str(row["KEY"]).removeprefix(f"{row['DATASET']}/{row['USUBJID']}").removeprefix("/")
    parts = [topic, collected(visit_name(str(row["VISIT"]))), _NUMBER + collected(number) if number else ""]
    return ", ".join(filter(None, parts)) or NOT_APPLICABLE


def _notes(told: pd.DataFrame, rows: Sequence[Row], number: int) -> tuple[str, ...]:
    notes = []
    if any(_NUMBER in str(row.cells[1]) for row in rows):
        notes.append(
            "No.: what tells the records of a participant apart, the sequence number or, without one, the visit."
        )
    if told["MANY"].head(MOST_ROWS).gt(1).any():
        notes.append(f"More than {MOST_ALIKE} records of a topic that changed alike are one line.")
    if len(told) > MOST_ROWS:
        notes.append(f"The first {MOST_ROWS} of {len(told)} lines are shown; all {number} records are in past.parquet.")
    return tuple(notes)


def _no_past(page: Page, *, is_whole: bool) -> str:
    """Return why there is nothing of the past: of all records, or of those that the report may show."""
    previous = page.previous
    if not previous.cut_id:
        return "This is the first cut of the study."
    if previous.frames is None:
        return previous.statement or f"The transfer of cut {previous.cut_id} is not here, so nothing can be compared."
    if not is_whole:
        return f"No record of this report reads otherwise now than at cut {previous.cut_id}, or has come late since."
    return (
        f"Nothing that was known at cut {previous.cut_id} reads otherwise now, and nothing dated before it has come "
        "since."
    )
