"""Participants who were treated: a missing or a later date of entry does not make them unknown."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

import pandas as pd

from cutbook.data.checks.dosing.drugs import is_dose
from cutbook.data.checks.records import ON_FIRST_LINES, Issue, key_at, kind_issue
from cutbook.data.wording import first_few, row_list
from cutbook.dates import earliest, latest_possible
from cutbook.errors import Fault
from cutbook.parameters.study.data_cut import DataCut, Inclusion
from cutbook.records import meets

_WITHOUT_ENTRY = "Treated, but without a dated record of entry"


def first_doses(datasets: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Return when each participant was dosed first, at the earliest, by USUBJID; missing where no dose has a date."""
    ex = datasets.get("ex", pd.DataFrame())
    if not {"USUBJID", "EXSTDTC"} <= set(ex.columns):
        return pd.Series(index=pd.Index([], dtype="str"), dtype="datetime64[s]")
    given = ex[is_dose(ex) & ex["USUBJID"].notna()]
    return earliest(given["EXSTDTC"]).groupby(given["USUBJID"]).min()


def treated_by(datasets: Mapping[str, pd.DataFrame], moment: pd.Timestamp) -> pd.Index[str]:
    """Return the participants with a dose that nothing proves later than a moment."""
    first = first_doses(datasets)
    return first.index[~(first > moment)]


def entry_faults(datasets: Mapping[str, pd.DataFrame], rules: DataCut) -> list[Fault]:
    """Return a fault when somebody was treated without a dated entry and the study file refuses that."""
    ex, is_odd = _without_entry(datasets, rules.included)
    if rules.treated_without_entry == "keep" or not is_odd.any():
        return []
    rows = is_odd.to_numpy().nonzero()[0]
    people = ex.loc[is_odd, "USUBJID"].drop_duplicates()
    return [
        Fault(
            "ex",
            found=f"doses of {first_few(people)} without a dated record of entry in {row_list(rows + 1)}",
            expected=f"a dated record of {_words(rules.included)} for everybody treated",
            remedy="complete it at the source, or write data_cut.treated_without_entry: keep into the study file",
            variable="USUBJID",
            row=int(rows[0]) + 1,
            key=key_at("ex", ex, int(rows[0])),
        )
    ]


def entry_issues(datasets: Mapping[str, pd.DataFrame], rules: DataCut) -> Iterator[Issue]:
    """Return an issue about participants treated without a dated entry, and one about those treated before theirs."""
    ex, is_odd = _without_entry(datasets, rules.included)
    kept = f"no record of {_words(rules.included)} dates it; they are kept, and their day of entry is missing"
    yield from kind_issue(("ex", "USUBJID"), ex, is_odd, (_WITHOUT_ENTRY, kept), ON_FIRST_LINES)
    if len(ex):
        entered = _entries(datasets, rules.included).reindex(ex["USUBJID"].to_numpy()).set_axis(ex.index)
        is_early = is_dose(ex) & (latest_possible(ex["EXSTDTC"]) < entered.dt.floor("D"))
        words = (f"Dose before the day of entry ({_words(rules.included)})", "both dates are used as they are")
        yield from kind_issue(("ex", "EXSTDTC"), ex, is_early, words, ON_FIRST_LINES)


def unknown_issues(datasets: Mapping[str, pd.DataFrame], rules: DataCut) -> Iterator[Issue]:
    """Return an issue about participants whom no date lets into the data: none of entry, of screening, or of a dose."""
    dm, inclusions = datasets.get("dm", pd.DataFrame()), [rules.included, *([rules.screened] if rules.screened else [])]
    if "USUBJID" not in dm or not all(_is_dated(datasets, inclusion) for inclusion in inclusions):
        return
    dated = [_entries(datasets, inclusion).index for inclusion in inclusions]
    is_known = dm["USUBJID"].isin([*itertools.chain(*dated), *first_doses(datasets).index])
    is_expected = pd.Series(rules.screened is not None, index=dm.index)
    if rules.included.where:
        frame = datasets[rules.included.dataset]
        is_expected |= dm["USUBJID"].isin(frame.loc[meets(frame, rules.included.where), "USUBJID"])
    asked = " or ".join(_words(inclusion) for inclusion in inclusions)
    words = ("Neither entry, screening nor a dose is dated", f"no date of {asked}; not among the participants")
    yield from kind_issue(("dm", "USUBJID"), dm, is_expected & ~is_known, words, ON_FIRST_LINES)


def _without_entry(datasets: Mapping[str, pd.DataFrame], included: Inclusion) -> tuple[pd.DataFrame, pd.Series]:
    """Return EX, and which of its records tell a dose of somebody in DM without a dated entry."""
    ex, dm = datasets.get("ex", pd.DataFrame()), datasets.get("dm", pd.DataFrame())
    if not {"USUBJID", "EXSTDTC"} <= set(ex.columns) or "USUBJID" not in dm or not _is_dated(datasets, included):
        return ex.iloc[:0], pd.Series(dtype="bool")
    is_known = ex["USUBJID"].isin(dm["USUBJID"])
    return ex, is_dose(ex) & is_known & ~ex["USUBJID"].isin(_entries(datasets, included).index)


def _is_dated(datasets: Mapping[str, pd.DataFrame], included: Inclusion) -> bool:
    frame = datasets.get(included.dataset, pd.DataFrame())
    return {"USUBJID", included.date} <= set(frame.columns) and frame[included.date].dtype == "str"


def _entries(datasets: Mapping[str, pd.DataFrame], included: Inclusion) -> pd.Series:
    """Return the earliest moment that each participant's entry can mean by USUBJID; who has none is not there."""
    frame = datasets[included.dataset]
    records = frame[meets(frame, included.where)]
    first: pd.Series = earliest(records[included.date]).groupby(records["USUBJID"]).min().dropna()
    return first


def _words(included: Inclusion) -> str:
    conditions = [f"{variable} {' or '.join(values)}" for variable, values in included.where.items()]
    return " and ".join([f"{included.dataset.upper()}.{included.date}", *conditions])
