"""What a record is about, in few words: whose it is, its topic and its visit."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from cutbook.record_names import text_of
from cutbook.records import record_keys

TOPIC_COLUMNS = ("USUBJID", "TOPIC", "VISIT", "TURN")

_TOPICS = tuple(map(re.compile, ("[A-Z]{2}DECOD", "[A-Z]{2}TERM", "[A-Z]{2}TRT", "[A-Z]{2}TEST", "PARAM", "QLABEL")))
_VISITS = (re.compile("AVISIT"), re.compile("VISIT"))


def with_topics(
    changes: pd.DataFrame, now: Mapping[str, pd.DataFrame], previous: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Return changes of records with what each record is about, as this cut tells it, else as the previous one did.

    Parameters
    ----------
    changes : frame
        DATASET and KEY of each change.
    now, previous : mapping of str to frame
        The datasets of this cut and of the previous one.

    Returns
    -------
    frame
        As given, with USUBJID, TOPIC (dictionary term, reported term, treatment, test or qualifier, the first that is
        known) and VISIT (as analysed, else as collected): text, empty where there is none. TURN is empty throughout:
        no two records of a dataset share a key.
    """
    parts = [pd.DataFrame({"USUBJID": "", "TOPIC": "", "VISIT": ""}, index=[], dtype="str")]
    for name, keys in changes.groupby("DATASET", sort=False)["KEY"]:
        sides = [side[str(name)] for side in (now, previous) if str(name) in side]
        parts += [_topics(str(name), side, set(keys)) for side in sides]
    known = pd.concat(parts)
    own = known[~known.index.duplicated()].reindex(changes["KEY"])
    told = {name: own[name].astype("str").fillna("").to_numpy() for name in ("USUBJID", "TOPIC", "VISIT")}
    return changes.assign(**told, TURN="")


def _topics(name: str, frame: pd.DataFrame, wanted: set[str]) -> pd.DataFrame:
    keys = record_keys(name, frame)
    keys = keys[keys.isin(wanted)]
    own = frame.loc[keys.index]
    named = {
        "USUBJID": text_of(own["USUBJID"]),
        "TOPIC": _first_known(own, _TOPICS),
        "VISIT": _first_known(own, _VISITS),
    }
    return pd.DataFrame(named).set_axis(keys, axis="index")


def _first_known(frame: pd.DataFrame, patterns: tuple[re.Pattern[str], ...]) -> pd.Series:
    """Return for each record the first text that is not empty among the variables of these names."""
    found = pd.Series("", index=frame.index, dtype="str")
    for pattern in patterns:
        for variable in filter(pattern.fullmatch, frame.columns):
            found = found.mask(found.eq(""), text_of(frame[variable]))
    return found
