"""Changes of records in words: one line a record, variables by what they hold, values as the two cuts tell them."""

from __future__ import annotations

import re

import pandas as pd

RECORD = ["DATASET", "KEY", "TURN", "CHANGE"]
"""What names a changed record among the changes of the past."""

_RESULT = re.compile(r"[A-Z]{2}(?:STRESN|STRESC|ORRES)|AVALC?")
_WORDS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (_RESULT.pattern, ""),
        ("[A-Z]{2}SER", "serious"),
        ("[A-Z]{2}SDTH", "results in death"),
        ("[A-Z]{2}SHOSP", "leads to hospital"),
        ("[A-Z]{2}SLIFE", "life-threatening"),
        ("[A-Z]{2}(?:SEV|TOXGR)", "severity"),
        ("AREL|[A-Z]{2}REL", "related"),
        ("[A-Z]{2}RELNST", "other cause"),
        ("[A-Z]{2}OUT", "outcome"),
        ("[A-Z]{2}ACN", "action taken"),
        ("[A-Z]{2}TERM", "reported term"),
        ("[A-Z]{2}(?:DECOD|PTCD)", "coded term"),
        ("[A-Z]{2}(?:BODSYS|SOC|LLT|HLT|HLGT)", "class of the term"),
        ("[A-Z]{2}STDTC|ASTDTM?", "start"),
        ("[A-Z]{2}ENDTC|AENDTM?", "end"),
        ("RFSTDTC|RFXSTDTC|TRTSDTM?", "first dose"),
        ("RFICDTC", "consent"),
        ("DTHFL", "died"),
        ("DTHDTC?", "date of death"),
        ("(?:ACT)?ARM(?:CD)?|TRT01[AP]N?", "arm"),
        ("[A-Z]{2}TRT", "treatment"),
        ("[A-Z]{2}DOSE", "dose"),
        ("[A-Z]{2}DOSU", "unit of the dose"),
        ("[A-Z]{2}DTC|ADTM?", "date"),
        ("VISIT(?:NUM)?|AVISITN?", "visit"),
        ("[A-Z]{2}(?:OR|ST)NR(?:LO|HI)|ANR(?:LO|HI)", "reference range"),
        ("[A-Z]{2}NRIND|ANRIND", "against the reference range"),
        ("[A-Z]{2}(?:OR|ST)RESU|AVALU", "unit"),
        ("[A-Z]{2}STAT", "done"),
        ("[A-Z]{2}REASND", "reason not done"),
        ("[A-Z]{2}SPEC", "specimen"),
    )
)
"""What a variable holds, in the reader's words: the first pattern that its name matches; empty: the result itself."""

_LAST_ZEROS = r"^(-?\d+)(?:\.0+|(\.\d*[1-9])0+)$"
_NOTHING, _ARROW = "–", "→"


def words_of(variable: str) -> str:
    """Return what a variable holds in words; its name where nothing better is known; empty for a result itself.

    Examples
    --------
    >>> words_of("AESER"), words_of("LBSTRESN"), words_of("QSEVLINT")
    ('serious', '', 'QSEVLINT')
    """
    return next((words for pattern, words in _WORDS if pattern.fullmatch(variable)), variable)


def plain(texts: pd.Series) -> pd.Series:
    """Return values so that the same number reads the same, however many decimals it was written with."""
    return texts.str.replace(_LAST_ZEROS, r"\1\2", regex=True)


def told_records(past: pd.DataFrame) -> pd.DataFrame:
    """Return one row a changed record, with what changed of it in words.

    Parameters
    ----------
    past : frame
        Changes of the past: one row a new or removed record, or a changed field.

    Returns
    -------
    frame
        The first row of each record, in the order given, without VARIABLE, OLD and NEW, and WHAT: ``serious: N → Y;
        severity: MILD → SEVERE``; of a new or removed record the date that it has. Fields that hold the same in other
        words, as a result as text and as number, are said once.
    """
    fields = past.assign(WORDS=past["VARIABLE"].map(words_of), WAS=plain(past["OLD"]), IS=plain(past["NEW"]))
    fields = fields.drop_duplicates([*RECORD, "WORDS", "WAS", "IS"])
    fields = fields.assign(WHAT=[_told(*row) for row in fields[["CHANGE", "WORDS", "WAS", "IS"]].to_numpy("object")])
    what = fields.groupby(RECORD, sort=False)["WHAT"].agg(lambda parts: "; ".join(filter(None, dict.fromkeys(parts))))
    first = fields.drop_duplicates(RECORD).drop(columns=["VARIABLE", "OLD", "NEW", "WORDS", "WAS", "IS", "WHAT"])
    return first.assign(WHAT=what.to_numpy("object")).astype({"WHAT": "str"})


def _told(change: str, words: str, was: str, now: str) -> str:
    if change != "changed":
        dated = now if change == "new" else was
        return f"dated {dated}" if dated else ""
    return f"{words}{': ' if words else ''}{was or _NOTHING} {_ARROW} {now or _NOTHING}"
