"""Codes that no list knows: what is not exactly a code of the standard or the study file never counts in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from cutbook.data.characters import looks_like
from cutbook.data.checks.records import ON_FIRST_LINES, Issue, kind_issue
from cutbook.data.wording import first_few, quoted
from cutbook.parameters.study import Study
from cutbook.record_names import text_of
from cutbook.records import meets

ENDS = frozenset(
    {"ADVERSE EVENT", "COMPLETED", "DEATH", "DISEASE RELAPSE", "FAILURE TO MEET CONTINUATION CRITERIA"}
    | {"FAILURE TO MEET RANDOMIZATION CRITERIA", "LACK OF EFFICACY", "LACK OF QUALIFYING EVENT", "LOST TO FOLLOW-UP"}
    | {"NON-COMPLIANCE WITH STUDY DRUG", "NON-COMPLIANCE WITH STUDY SCHEDULE", "OTHER", "PHYSICIAN DECISION"}
    | {"PREGNANCY", "PROGRESSIVE DISEASE", "PROTOCOL DEVIATION", "PROTOCOL VIOLATION", "RECOVERY", "SCREEN FAILURE"}
    | {"SCREENING NOT COMPLETED", "SITE TERMINATED BY SPONSOR", "STUDY TERMINATED BY SPONSOR", "TECHNICAL PROBLEMS"}
    | {"WITHDRAWAL BY PARENT/GUARDIAN", "WITHDRAWAL BY SUBJECT", "TRIAL SCREEN FAILURE", "SYMPTOMATIC DETERIORATION"}
)
"""Reasons for an end: CDISC controlled terminology, codelist NCOMPLT (C66727), with words of its earlier versions."""

MILESTONES = frozenset(
    {"ELIGIBILITY CRITERIA MET", "ENROLLED", "ENTERED INTO TRIAL", "INFORMED ASSENT OBTAINED"}
    | {"INFORMED CONSENT OBTAINED", "INFORMED CONSENT REVOKED", "PROTOCOL AMENDMENT CONSENT OBTAINED", "RANDOMIZED"}
    | {"TREATMENT UNBLINDED"}
)
"""Milestones: CDISC controlled terminology, codelist PROTMLST (C114118)."""

OUTCOMES = (
    "FATAL", "NOT RECOVERED/NOT RESOLVED", "RECOVERED/RESOLVED", "RECOVERED/RESOLVED WITH SEQUELAE",
    "RECOVERING/RESOLVING", "UNKNOWN",
)  # fmt: skip
ACTIONS = (
    "DOSE INCREASED", "DOSE NOT CHANGED", "DOSE RATE REDUCED", "DOSE REDUCED", "DRUG INTERRUPTED", "DRUG WITHDRAWN",
    "NOT APPLICABLE", "NOT EVALUABLE", "UNKNOWN",
)  # fmt: skip
_EVENTS = ("DISPOSITION EVENT", "PROTOCOL MILESTONE", "OTHER EVENT")
_YES_NO = ("Y", "N")
_CRITERION = "AES(?:DTH|HOSP|LIFE|DISAB|CONG|MIE|CAN|OD)"


class _Coded(NamedTuple):
    """Codes of a variable (a pattern of its name), what becomes of others, and whether it may be blank."""

    variable: str
    codes: Iterable[str]
    consequence: str
    may_be_blank: bool = True


def code_issues(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return an issue for each variable with codes that no list knows, or blank where a code decides what counts.

    The lists are those of the standard (CDISC controlled terminology: NY, AEOUT C66768, AEACN C66767, NCOMPLT, ND) and
    of the study file. A code that differs by capitals, blanks or letters of another script from one that is known is
    another one: the issue says what it reads like.
    """
    for dataset, frame in datasets.items():
        if "USUBJID" in frame and not dataset.startswith(("supp", "ad")):
            for coded in _coded(dataset, study):
                yield from _unknown(dataset, frame, coded)
    yield from _ends(datasets.get("ds", pd.DataFrame()), study)


def _coded(dataset: str, study: Study) -> Iterator[_Coded]:
    letters, rules = dataset[:2].upper(), study.adverse_events
    yield _Coded(f"{letters}STAT", ("NOT DONE",), "counted as done")
    yield _Coded(f"{letters}(?:BLFL|LOBXFL)", _YES_NO, "counted as no such flag")
    yield _Coded(f"{letters}OCCUR", _YES_NO, "counted as having occurred")
    if dataset == "dm":
        yield _Coded("DTHFL", _YES_NO, "counted as alive unless a date of death or another dataset tells it")
    if dataset == "ae":
        yield _Coded("AESER", _YES_NO, "counted as not serious", may_be_blank=False)
        yield _Coded(_CRITERION, _YES_NO, "counted as not met")
        related = (*rules.related, *rules.not_related)
        yield _Coded("AEREL", related, "counted as not related")
        yield _Coded("AEACN", ACTIONS, "counted as not withdrawing the drug", may_be_blank=False)
        yield _Coded(
            "AEOUT", OUTCOMES, "counted as not fatal, unless recorded as resulting in death", may_be_blank=False
        )
    if dataset == "ds":
        known = (study.disposition.category, *_EVENTS)
        yield _Coded("DSCAT", known, "counted as no end of study", may_be_blank=False)


def _unknown(dataset: str, frame: pd.DataFrame, coded: _Coded) -> Iterator[Issue]:
    """Return an issue about unknown codes of each variable of a pattern, and one about blank ones."""
    for variable in (str(name) for name in frame.columns if re.fullmatch(coded.variable, str(name))):
        stated = text_of(frame[variable])
        yield from unknown_issue((dataset, variable), frame, stated, set(coded.codes), coded.consequence)
        if not coded.may_be_blank and stated.ne("").any():
            words = ("Blank", coded.consequence)
            yield from kind_issue((dataset, variable), frame, stated.eq(""), words, ON_FIRST_LINES)


def unknown_issue(
    place: tuple[str, str], frame: pd.DataFrame, stated: pd.Series, codes: set[str], consequence: str
) -> Iterator[Issue]:
    """Return the one issue about values that are stated and no code."""
    is_unknown = stated.ne("") & ~stated.isin(codes)
    found = first_few(_told(str(one), codes) for one in stated[is_unknown].drop_duplicates())
    words = (f"Code that no list knows, {found}", consequence)
    yield from kind_issue(place, frame, is_unknown, words, ON_FIRST_LINES)


def _told(value: str, codes: Iterable[str]) -> str:
    r"""Return a value in quotes, with the code that it reads like.

    Examples
    --------
    >>> _told("y", ["Y", "N"]), _told("SOME", ["Y", "N"])
    ('"y" for "Y"', '"SOME"')
    >>> print(_told(chr(0x423), ["Y"]))
    "\u0423" for "Y"
    """
    likes = [code for code in codes if looks_like(value) == looks_like(code)]
    written = quoted(value) if value.isascii() or not likes else f'"{ascii(value)[1:-1]}"'
    return f"{written} for {quoted(likes[0])}" if likes else written


def _ends(ds: pd.DataFrame, study: Study) -> Iterator[Issue]:
    """Return the issues about reasons for an end, and about milestones where one of them is the entry."""
    if not {"USUBJID", "DSDECOD", "DSCAT"} <= set(ds.columns):
        return
    rules, stated = study.disposition, text_of(ds["DSDECOD"])
    is_end = meets(ds, {"DSCAT": [rules.category]})
    ends = {*ENDS, *rules.completed, *rules.screen_failure, *rules.not_an_end}
    shown = "shown as a reason for discontinuing where it ends the study"
    yield from unknown_issue(("ds", "DSDECOD"), ds, stated.where(is_end, ""), ends, shown)
    is_blank = is_end & stated.eq("")
    words = ("Blank in a disposition event", "counted as no end of study")
    yield from kind_issue(("ds", "DSDECOD"), ds, is_blank, words, ON_FIRST_LINES)
    is_milestone = meets(ds, {"DSCAT": ["PROTOCOL MILESTONE"]})
    entry = study.data_cut.included
    own = entry.where.get("DSDECOD", []) if entry.dataset == "ds" else []
    if own:
        consequence = "counted as no entry into the study"
        yield from unknown_issue(
            ("ds", "DSDECOD"), ds, stated.where(is_milestone, ""), {*MILESTONES, *ENDS, *own}, consequence
        )
        is_blank = is_milestone & stated.eq("")
        yield from kind_issue(("ds", "DSDECOD"), ds, is_blank, ("Blank in a milestone", consequence), ON_FIRST_LINES)
