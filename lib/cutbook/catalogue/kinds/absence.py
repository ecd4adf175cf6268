"""Why there is nothing to show: what was not delivered, not collected, or not named in the study file.

What is absent never counts as "no": a row that rests on it has a reason in the place of its numbers, and a display that
rests on it a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum

from cutbook.derive import Frames
from cutbook.derive.records import has_value
from cutbook.words import capital, in_sentence


class Absence(StrEnum):
    """Why a row has no numbers, as a results table and a cell say it."""

    NOT_DELIVERED = "not delivered"
    NOT_COLLECTED = "not collected"
    WITHHELD = "withheld under the blind"


Why = Callable[[Frames], str]
"""Derived datasets -> why a row has no numbers (an `Absence`), or why a table has nothing (a sentence); else empty."""

_WORDS = {
    "ae": "adverse events",
    "cm": "medicines",
    "dm": "demographics",
    "ds": "disposition",
    "dv": "protocol deviations",
    "eg": "electrocardiograms",
    "ex": "exposure",
    "is": "antibodies against the drug",
    "lb": "laboratory results",
    "mh": "medical history",
    "pc": "concentrations",
    "pp": "delivered pharmacokinetic parameters",
    "pr": "procedures",
    "sv": "visits",
    "vs": "vital signs",
}


def subject_of(dataset: str) -> str:
    """Return what a dataset is about, in the reader's words; its own code where it has none.

    Examples
    --------
    >>> subject_of("eg"), subject_of("restricted/ex"), subject_of("qs")
    ('electrocardiograms', 'exposure', 'dataset QS')
    """
    code = dataset.rpartition("/")[2]
    return _WORDS.get(code, f"dataset {code.upper()}")


def named(dataset: str) -> str:
    """Return a dataset in the reader's words.

    Examples
    --------
    >>> named("eg"), named("qs")
    ('electrocardiograms (EG)', 'dataset QS')
    """
    return f"{subject_of(dataset)} ({dataset.upper()})" if dataset in _WORDS else subject_of(dataset)


def lacking_in_words(lacking: Iterable[tuple[str, str]]) -> str:
    """Return what has no numbers, a sentence a reason; empty where nothing lacks any.

    Parameters
    ----------
    lacking : iterable of (str, str)
        Reason and words of each row.

    Examples
    --------
    >>> lacking_in_words([("not delivered", "Serious"), ("not collected", "Died"), ("not delivered", "Severe")])
    'Not delivered: serious, severe. Not collected: died.'
    """
    words: dict[str, list[str]] = {}
    for reason, row in lacking:
        words.setdefault(reason, []).append(in_sentence(row))
    return " ".join(f"{capital(reason)}: {', '.join(rows)}." for reason, rows in words.items())


def told(_: Frames) -> str:
    """Return no reason: the row has its numbers whatever was delivered."""
    return ""


def untold(frame: str, variable: str, *datasets: str, among: str = "") -> Why:
    """Return what tells why a variable of a derived dataset says nothing.

    Parameters
    ----------
    frame, variable : str
        The derived dataset and its variable; one without a variable is asked for its datasets alone.
    datasets : str
        What it is derived from.
    among : str
        Flag of the records that should have a value.

    Returns
    -------
    callable
        Nothing where a record has a value, or where no record could have one.
    """

    def why(frames: Frames) -> str:
        is_whole = all(frames.is_delivered(name) for name in datasets)
        records = getattr(frames, frame)
        if among:
            records = records[records[among].eq("Y")]
        reason = _reason(frames, datasets, is_whole=is_whole)
        if records.empty or not variable:
            return "" if is_whole else reason
        return "" if has_value(records, variable) else reason

    return why


def _reason(frames: Frames, datasets: Iterable[str], *, is_whole: bool) -> Absence:
    """Return why a variable says nothing: arms stand in DM of blinded reports, and its other variables are open."""
    if any(frames.is_withheld(name, in_part=name != "dm") for name in datasets):
        return Absence.WITHHELD
    return Absence.NOT_COLLECTED if is_whole else Absence.NOT_DELIVERED


def not_delivered(*datasets: str) -> Why:
    """Return what says in a sentence which of some datasets did not come, or are withheld.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> not_delivered("ae", "eg")(SimpleNamespace(is_delivered={"ae"}.__contains__, is_withheld=lambda _: False))
    'Not delivered: electrocardiograms (EG).'
    """

    def why(frames: Frames) -> str:
        lacking = [name for name in datasets if not frames.is_delivered(name)]
        withheld = [name for name in lacking if frames.is_withheld(name)]
        told = [named(name) for name in lacking if name not in withheld]
        return " ".join(
            f"{words}: {', '.join(names)}."
            for words, names in ((capital(Absence.WITHHELD), list(map(named, withheld))), ("Not delivered", told))
            if names
        )

    return why
