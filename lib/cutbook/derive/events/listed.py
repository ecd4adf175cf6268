"""An adverse event in the few words that a listing has room for."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import pandas as pd

from cutbook.parameters.study import Flag, Study
from cutbook.words import sentence_case

_Record = dict[Hashable, Any]
_NOT_SERIOUS, _NOT_STATED = "Not serious", "Serious, no criterion stated"


def events_in_words(
    events: pd.DataFrame, doses: pd.DataFrame, study: Study, criteria: Mapping[str, str]
) -> pd.DataFrame:
    """Return adverse events with what a listing says of each.

    Parameters
    ----------
    events : frame
        Some of ADAE.
    doses : frame
        USUBJID, DOSEOCC, ADY of every dose given.
    study : Study
        Names the flags that tell a relation to something else than the study drug.
    criteria : mapping of str to str
        Words by variable of the criteria of seriousness.

    Returns
    -------
    frame
        With PERSON (arm, age, sex) · EVENT (term, as reported) · BEGAN (study day, days since the last dose on or
        before it; as collected where the day is not complete) · WHY (criteria of seriousness) · RELATION · ENDED
        (outcome, with the day of the end). Missing where nothing was collected.
    """
    last = _last_doses(events, doses)
    records = events.assign(_DOSE=last["DOSEOCC"], _AFTER=last["AFTER"]).to_dict("records")
    told = {
        "PERSON": [_joined((_text(one, "TRT01A"), _number(one.get("AGE")), _text(one, "SEX"))) for one in records],
        "EVENT": [_event(one) for one in records],
        "BEGAN": [_began(one) for one in records],
        "WHY": [_why(one, criteria) for one in records],
        "RELATION": [_relation(one, study.adverse_events.flags) for one in records],
        "ENDED": [_joined((_words(one, "AEOUT"), _day(one, "AEN", "AEENDTC"))) for one in records],
    }
    return events.assign(**{name: pd.Series(texts, index=events.index, dtype="str") for name, texts in told.items()})


def _last_doses(events: pd.DataFrame, doses: pd.DataFrame) -> pd.DataFrame:
    """Return number of the last dose on or before the first day of each event, and the days since (AFTER)."""
    days = pd.to_numeric(events["ASTDY"]) if "ASTDY" in events else pd.Series(float("nan"), index=events.index)
    onsets = pd.DataFrame({"USUBJID": events["USUBJID"], "ROW": range(len(events)), "DAY": days})
    pairs = onsets.merge(doses[["USUBJID", "DOSEOCC", "ADY"]], on="USUBJID")
    before = pairs[pairs["ADY"].le(pairs["DAY"])].sort_values(["ADY", "DOSEOCC"], kind="stable")
    last = before.drop_duplicates("ROW", keep="last").set_index("ROW")
    found = pd.DataFrame({"DOSEOCC": last["DOSEOCC"], "AFTER": last["DAY"] - last["ADY"]})
    return found.reindex(range(len(events))).set_axis(events.index)


def _event(record: _Record) -> str | None:
    term, reported = _words(record, "AEDECOD"), _text(record, "AETERM")
    if not term or not reported or term.casefold() == reported.casefold():
        return term or reported
    return f"{term} ({reported})"


def _began(record: _Record) -> str | None:
    day = _day(record, "AST", "AESTDTC")
    is_known = day is not None and day.startswith("day ")
    since = _number(record["_AFTER"]) if is_known else None
    after = f"{since} {'day' if since == '1' else 'days'} after dose {_number(record['_DOSE'])}" if since else None
    outside = "not treatment-emergent" if _text(record, "TRTEMFL") == "N" else None
    told = _joined((day, after, outside))
    return told and told[0].upper() + told[1:]


def _day(record: _Record, prefix: str, collected: str) -> str | None:
    """Return the study day of a complete date; a partial date as collected."""
    number = None if _text(record, f"{prefix}DTF") else _number(record.get(f"{prefix}DY"))
    return f"day {number}" if number else _text(record, collected)


def _why(record: _Record, criteria: Mapping[str, str]) -> str | None:
    serious = _text(record, "AESER")
    if serious != "Y":
        return _NOT_SERIOUS if serious else None
    found = [words for variable, words in criteria.items() if _text(record, variable) == "Y"]
    return _sentence(found) if found else _NOT_STATED


def _relation(record: _Record, flags: Iterable[Flag]) -> str | None:
    others = [flag.label for flag in flags if _text(record, flag.qnam) == "Y"]
    return _joined((_words(record, "AEREL"), *(f"{words[:1].lower()}{words[1:]}" for words in others)))


def _sentence(words: Iterable[str]) -> str:
    """Return words joined by commas, only the first with a capital."""
    first, *others = words
    return ", ".join([first, *(f"{other[:1].lower()}{other[1:]}" for other in others)])


def _joined(parts: Iterable[str | None]) -> str | None:
    return ", ".join(filter(None, parts)) or None


def _text(record: _Record, name: str) -> str | None:
    value = record.get(name)
    return value if isinstance(value, str) and value else None


def _words(record: _Record, name: str) -> str | None:
    text = _text(record, name)
    return sentence_case(text) if text else None


def _number(value: object) -> str | None:
    return (
        f"{float(value):.0f}".replace("-", "\N{MINUS SIGN}")
        if isinstance(value, (int, float)) and value == value
        else None
    )
