"""What a change of the past means to a reader, in the order in which he must see it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from cutbook.data.comparing.told import RECORD, words_of
from cutbook.parameters.study import AdverseEvents, Study
from cutbook.records import meets, record_keys

RANKS = (
    "became fatal",
    "changed what is known of a death",
    "became serious",
    "became severe",
    "became related",
    "no longer fatal, serious, severe or related",
    "entered late",
    "withdrawn",
    "changed who was treated, with what or when",
    "changed a value of an endpoint",
    "changed a value that is analysed",
    "routine",
)
"""What a change means: the first that holds for one of its fields; so lines are ordered."""

_FATAL, _DEATH, _SERIOUS, _SEVERE, _RELATED, _LESS, *_OTHERS = range(len(RANKS))
_LATE, _WITHDRAWN, _TREATED, _ENDPOINT, _ANALYSED, _ROUTINE = _OTHERS
_YES = {"AESDTH": _FATAL, "DTHFL": _FATAL, "AESER": _SERIOUS}
_TREATMENT = re.compile(
    r"(?:ACT)?ARM(?:CD)?|TRT01[AP]N?|EX(?:TRT|DOSE|DOSU|STDTC|ENDTC)|RFX?STDTC|TRTSDTM?|DSDECOD|DSSTDTC"
)
_OF_DEATH = re.compile(r"DTHDTC?|DTHCAUS\w*|DTHDY|AESDTH")
_EVENT = frozenset({"AEDECOD", "AESTDTC", "ASTDT", "TRTEMFL"})
_STATES = ("AESDTH", "AESER", "AEOUT", "AESEV", "AETOXGR", "AEREL", "DTHFL")


def with_ranks(past: pd.DataFrame, study: Study, datasets: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the changes of the past with RANK, the place of each record's first meaning in `RANKS`.

    Parameters
    ----------
    past : frame
        Changes of the past.
    study : Study
        Words of severity and relation, endpoints, findings.
    datasets : mapping of str to frame
        Of this cut: what an event that entered late is, and which results are of an endpoint.
    """
    told = pd.concat([past, _entered(past, datasets)], ignore_index=True)
    keys = {key for item in study.endpoints for key in _keys_of(item.dataset, item.where, datasets)}
    columns = zip(*(told[name] for name in ("DATASET", "KEY", "CHANGE", "VARIABLE", "OLD", "NEW")), strict=True)
    ranks = [
        rank_of(study, (dataset, change), (variable, old, new), is_of_endpoint=key in keys)
        for dataset, key, change, variable, old, new in columns
    ]
    first = told.assign(RANK=ranks).groupby(RECORD)["RANK"].min()
    place = pd.MultiIndex.from_frame(past[RECORD])
    return past.assign(RANK=first.reindex(place).to_numpy("int64"))


def rank_of(study: Study, record: tuple[str, str], field: tuple[str, str, str], *, is_of_endpoint: bool = False) -> int:
    """Return the place in `RANKS` of a changed field (variable, old, new) of a record (dataset, change)."""
    dataset, change = record
    variable, old, new = field
    now, before = (_state(variable, value, study.adverse_events) for value in (new, old))
    is_changed = change == "changed"
    rules = (
        (now is not None and now != before, now),
        (dataset == "dd" or (is_changed and _OF_DEATH.fullmatch(variable)), _DEATH),
        (change == "new", _LATE),
        (change == "removed", _WITHDRAWN),
        (before is not None and now != before, _LESS),
        (_TREATMENT.fullmatch(variable), _TREATED),
        (is_of_endpoint and not words_of(variable), _ENDPOINT),
        (variable in _EVENT or _is_analysed(study, dataset, variable), _ANALYSED),
    )
    return next((rank for holds, rank in rules if holds and rank is not None), _ROUTINE)


def _is_analysed(study: Study, dataset: str, variable: str) -> bool:
    """Return whether a variable is the result of a dataset that displays are made of."""
    analysed = {item.dataset for item in study.findings} | {item.dataset for item in study.endpoints}
    analysed |= {"pc"} if study.pharmacokinetics else set()
    return not words_of(variable) and dataset.removeprefix("ad") in {name.removeprefix("ad") for name in analysed}


def _state(variable: str, value: str, rules: AdverseEvents) -> int | None:
    """Return what a value says of an event: fatal, serious, severe, related; None where it says none of them."""
    grade = int(value) if variable == "AETOXGR" and value.isdecimal() else 0
    severe = rules.severities[rules.severe_from - 1 :]
    holds = (
        (value == "Y" and variable in _YES, _YES.get(variable)),
        ((variable == "AEOUT" and value == "FATAL") or grade == len("12345"), _FATAL),
        (variable == "DTHDTC" and value != "", _FATAL),
        (variable in {"AESEV", "AETOXGR"} and value in severe, _SEVERE),
        (variable == "AEREL" and value in rules.related, _RELATED),
    )
    return next((state for is_so, state in holds if is_so), None)


def _keys_of(name: str, where: Mapping[str, list[str]], datasets: Mapping[str, pd.DataFrame]) -> list[str]:
    if name not in datasets:
        return []
    keys: list[str] = record_keys(name, datasets[name])[meets(datasets[name], where)].tolist()
    return keys


def _entered(past: pd.DataFrame, datasets: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return what records that entered late say of themselves, a row a variable."""
    parts = [past.iloc[:0]]
    for key, own in past[past["CHANGE"].eq("new")].groupby("DATASET", sort=False):
        name = str(key)
        if name in datasets and (known := [one for one in _STATES if one in datasets[name]]):
            rows = datasets[name].assign(KEY=record_keys(name, datasets[name]))[["KEY", *known]]
            long = own.drop(columns=["VARIABLE", "OLD", "NEW"]).merge(rows, on="KEY")
            melted = long.melt([column for column in own if column in long], known, "VARIABLE", "NEW")
            parts.append(melted.assign(OLD="", NEW=melted["NEW"].astype("str").fillna("")))
    return pd.concat(parts, ignore_index=True)
