"""Deaths of which several sources tell different dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from cutbook.data.checks.contradictions.times import ends_before_start
from cutbook.data.checks.records import ON_FIRST_LINES, Issue, counted
from cutbook.data.wording import MOST_NAMED
from cutbook.dates import earliest, latest_possible
from cutbook.record_names import text_of
from cutbook.records import meets

_KIND = "Dates of death that differ"
_RULE = "the first complete date of DM, DS and AE, in this order, counts, of several in one of them the earliest"


def death_issues(datasets: Mapping[str, pd.DataFrame]) -> Iterator[Issue]:
    """Return one issue about all participants of whom DM, DS and AE tell dates of death that exclude each other."""
    told = told_deaths(datasets)
    bounds = told.assign(FIRST=earliest(told["DATE"]), LAST=latest_possible(told["DATE"])).groupby("USUBJID")
    is_odd = bounds["FIRST"].max() > bounds["LAST"].min()
    odd = told[told["USUBJID"].isin(is_odd.index[is_odd])]
    if odd.empty:
        return
    people = odd["USUBJID"].drop_duplicates()
    words = [f"{person}: {_dates(odd[odd['USUBJID'].eq(person)])}" for person in people.iloc[:MOST_NAMED]]
    words += [f"{len(people) - MOST_NAMED} more"] if len(people) > MOST_NAMED else []
    finding = f"{_KIND}: {counted(odd['USUBJID'])} ({'; '.join(words)}); {_RULE}."
    first = odd.iloc[0]
    key = f"dm/{first['USUBJID']}"
    place = (str(first["SOURCE"]).lower(), str(first["VARIABLE"]), int(first["ROW"]) + 1, key)
    yield Issue(*place, finding, ON_FIRST_LINES, _KIND, _RULE, len(odd), len(people))


def told_deaths(datasets: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the dates of death that are told: SOURCE (DM, DS, AE), VARIABLE, ROW (from 0), USUBJID, DATE (text)."""
    dm, ds, ae = (datasets.get(name, pd.DataFrame()) for name in ("dm", "ds", "ae"))
    ended = _column(ae, "AEENDTC").mask(ends_before_start(_column(ae, "AESTDTC"), _column(ae, "AEENDTC")), "")
    is_fatal = meets(ae, {"AEOUT": ["FATAL"]}) | meets(ae, {"AESDTH": ["Y"]})
    parts = [
        _part(dm, "DTHDTC", _column(dm, "DTHDTC")),
        _part(ds[meets(ds, {"DSDECOD": ["DEATH"]})], "DSSTDTC", _column(ds, "DSSTDTC")),
        _part(ae[is_fatal], "AEENDTC", ended),
    ]
    told = pd.concat([part.assign(SOURCE=name) for name, part in zip(("DM", "DS", "AE"), parts, strict=True)])
    return told[told["DATE"].ne("")].astype({"DATE": "str", "USUBJID": "str"}).reset_index(drop=True)


def _part(frame: pd.DataFrame, variable: str, dates: pd.Series) -> pd.DataFrame:
    people = _column(frame, "USUBJID")
    return pd.DataFrame({"VARIABLE": variable, "ROW": frame.index, "USUBJID": people, "DATE": dates.loc[frame.index]})


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    return text_of(frame[name]) if name in frame else pd.Series("", index=frame.index, dtype="str")


def _dates(own: pd.DataFrame) -> str:
    """Return the dates of one participant in words, by source."""
    dates = own.groupby("SOURCE", sort=False)["DATE"]
    return ", ".join(f"{source} {' and '.join(sorted(part.unique()))}" for source, part in dates)
