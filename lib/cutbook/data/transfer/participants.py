"""One participant, one spelling: identifiers that differ only by blanks, case or characters that do not show."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cutbook.data.characters import without_unseen
from cutbook.data.checks.records import IN_LIST, Issue, counted_words, key_at
from cutbook.data.wording import quoted

Frames = Mapping[str, pd.DataFrame]

_BASE = ("dm", "adsl")
_WORDS = (
    "Participant spelt in another way",
    "the same participant, as only blanks, case or characters that do not show differ",
)


def same_participants(datasets: Frames) -> tuple[dict[str, pd.DataFrame], list[Issue]]:
    """Return the datasets with each participant in one spelling, and an issue for each dataset that had others.

    The spelling of USUBJID is the most frequent one of DM (or ADSL); of participants who are not there, and where two
    are as frequent, the most frequent one of all datasets, then the first by alphabet.

    Parameters
    ----------
    datasets : mapping of str to frame
        As read; not changed. A name may have the folder of its part before it: ``restricted/dm``.

    Returns
    -------
    dict of str to frame
        The same frames where nothing was spelt in another way.
    list of Issue
        At the first such record.
    """
    spellings = _spellings(datasets)
    if not spellings:
        return dict(datasets), []
    unified: dict[str, pd.DataFrame] = {}
    issues: list[Issue] = []
    for name, frame in datasets.items():
        rows = np.flatnonzero(frame["USUBJID"].isin(list(spellings))) if _has_participants(frame) else np.empty(0, int)
        unified[name] = frame.assign(USUBJID=frame["USUBJID"].replace(spellings)) if len(rows) else frame
        if len(rows):
            issues.append(_issue(name, frame, unified[name], rows))
    return unified, issues


def _spellings(datasets: Frames) -> dict[str, str]:
    """Return the spelling to use by each spelling that is another one."""
    counted = [
        frame["USUBJID"].value_counts().rename_axis("SPELLING").reset_index(name="ALL").assign(IS_BASE=_is_base(name))
        for name, frame in datasets.items()
        if _has_participants(frame)
    ]
    if not counted:
        return {}
    found = pd.concat(counted, ignore_index=True)
    found = found.assign(BASE=found["ALL"].where(found["IS_BASE"], 0)).groupby("SPELLING", as_index=False).sum()
    found = found.assign(SAME=without_unseen(found["SPELLING"]))
    found = found[found.duplicated("SAME", keep=False)].sort_values(
        ["BASE", "ALL", "SPELLING"], ascending=[False, False, True]
    )
    chosen = found.groupby("SAME", sort=False)["SPELLING"].transform("first")
    is_other = found["SPELLING"].ne(chosen)
    return dict(zip(found.loc[is_other, "SPELLING"], chosen[is_other], strict=True))


def _is_base(name: str) -> bool:
    return name in _BASE


def _has_participants(frame: pd.DataFrame) -> bool:
    return "USUBJID" in frame and frame["USUBJID"].dtype == "str"


def _issue(name: str, frame: pd.DataFrame, unified: pd.DataFrame, rows: np.ndarray) -> Issue:
    first = int(rows[0])
    written, taken = frame["USUBJID"].iloc[first], unified["USUBJID"].iloc[first]
    people = unified["USUBJID"].iloc[rows].nunique()
    kind, consequence = _WORDS
    first_one = f"first {quoted(written)} for {quoted(taken)}"
    finding = f"{kind}: {counted_words(len(rows), people)}, {first_one}; {consequence}."
    key = key_at(name.rpartition("/")[2], unified, first)
    return Issue(name, "USUBJID", first + 1, key, finding, IN_LIST, *_WORDS, len(rows), people)
