"""Which records the rules of a cut remove: participants who entered later, and records dated later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import pandas as pd

from cutbook.data.checks.dosing.entry import treated_by
from cutbook.dates import earliest, is_valid_partial, latest_possible
from cutbook.parameters.study.data_cut import DataCut, Inclusion
from cutbook.record_names import text_of
from cutbook.records import meets

FLAG_COLUMNS = ("VARIABLE", "VALUE", "REASON")


@lru_cache(maxsize=64)
def cut_moment(cutoff: str) -> pd.Timestamp:
    """Return the last moment before the cut: a cut-off without a time means 23:59:59 of that day.

    Examples
    --------
    >>> str(cut_moment("2022-06-04")), str(cut_moment("2022-06-04T10:30"))
    ('2022-06-04 23:59:59', '2022-06-04 10:30:59')
    """
    return pd.Timestamp(latest_possible(pd.Series([cutoff])).iloc[0])


def first_moments(dates: pd.Series) -> pd.Series:
    """Return the earliest moment that each date can mean, of ISO 8601 text or of dates already typed."""
    if pd.api.types.is_datetime64_any_dtype(dates):
        return dates.astype("datetime64[s]")
    return earliest(dates)


def entry_dates(datasets: Mapping[str, pd.DataFrame], inclusion: Inclusion) -> pd.Series:
    """Return the first date (ISO 8601 text, empty when missing) of each participant who has a record of entry.

    Parameters
    ----------
    datasets : mapping of str to frame
        The transfer.
    inclusion : Inclusion
        Which records date the entry.

    Returns
    -------
    Series of str
        Index USUBJID, in the order of the dataset.
    """
    frame = datasets[inclusion.dataset]
    records = frame[meets(frame, inclusion.where) & frame["USUBJID"].notna()]
    order = first_moments(records[inclusion.date]).sort_values(kind="stable").index
    first = records.loc[order].drop_duplicates("USUBJID").sort_index()
    return text_of(first.set_index("USUBJID")[inclusion.date])


def entered_by(entries: pd.Series, cutoff: str) -> pd.Index[str]:
    """Return the participants whose date of entry, read at its earliest, is not after the cut-off."""
    return entries.index[first_moments(entries) <= cut_moment(cutoff)]


def cut_moments(datasets: Mapping[str, pd.DataFrame], rules: DataCut, cutoff: str) -> pd.DataFrame:
    """Return the participants known at the cut-off, each with the moment up to which records count.

    Parameters
    ----------
    datasets : mapping of str to frame
        The transfer.
    rules : DataCut
        ``included`` and ``screened`` are read.
    cutoff : str
        ISO 8601 date, or date and time.

    Returns
    -------
    frame
        USUBJID, DCUTDTC (the cut-off), DCUTDTM (datetime64[s]) and STATUS, one row a participant: ``included``;
        ``treated``, with a dose by the cut-off although no record dates their entry by then; ``screened``, known but
        not yet randomised. Others are not known.

    Notes
    -----
    `create_dcut` of the R package datacutr; STATUS and treated participants are added.
    """
    included = entered_by(entry_dates(datasets, rules.included), cutoff)
    screened = entered_by(entry_dates(datasets, rules.screened), cutoff) if rules.screened else included[:0]
    treated = treated_by(datasets, cut_moment(cutoff))
    treated = treated[~treated.isin(included)]
    waiting = screened[~screened.isin([*included, *treated])]
    status = ["included"] * len(included) + ["treated"] * len(treated) + ["screened"] * len(waiting)
    participants = [*included, *treated, *waiting]
    return pd.DataFrame(
        {
            "USUBJID": pd.Series(participants, dtype="str"),
            "DCUTDTC": pd.Series(cutoff, index=range(len(participants)), dtype="str"),
            "DCUTDTM": pd.Series(cut_moment(cutoff), index=range(len(participants)), dtype="datetime64[s]"),
            "STATUS": pd.Series(status, dtype="str"),
        }
    )


def flag_participants(frame: pd.DataFrame, moments: pd.DataFrame, entries: pd.Series, cutoff: str) -> pd.DataFrame:
    """Return a flag for each record of a participant who is not known at the cut-off.

    Parameters
    ----------
    frame : frame
        One dataset with USUBJID.
    moments : frame
        Participants of the cut, from `cut_moments`.
    entries : Series
        Date of entry by USUBJID, named as its variable; see `entry_dates`.
    cutoff : str
        Cut-off, for the reason.

    Returns
    -------
    frame
        Index: labels of the flagged records. VARIABLE, VALUE, REASON (text).
    """
    out = frame.loc[~frame["USUBJID"].isin(moments["USUBJID"]), "USUBJID"]
    value = out.map(entries).astype("str").fillna("")
    reason = pd.Series(f"the participant entered after the cut-off {cutoff}", index=out.index, dtype="str")
    reason = reason.mask(value == "", "the participant has no dated record of entry")
    return pd.DataFrame({"VARIABLE": str(entries.name), "VALUE": value, "REASON": reason}, index=out.index)


def flag_treated(dm: pd.DataFrame, moments: pd.DataFrame, entries: pd.Series) -> pd.DataFrame:
    """Return a remark for each participant who was treated by the cut-off without a date of entry by then.

    Parameters
    ----------
    dm : frame
        Demographics.
    moments : frame
        Participants of the cut, from `cut_moments`.
    entries : Series
        Date of entry by USUBJID, named as its variable; see `entry_dates`.

    Returns
    -------
    frame
        Index: labels of the records. VARIABLE, VALUE, REASON (text).
    """
    treated = dm.loc[dm["USUBJID"].isin(moments.loc[moments["STATUS"] == "treated", "USUBJID"]), "USUBJID"]
    value = treated.map(entries).astype("str").fillna("")
    reason = "treated by the cut-off, and no record dates the entry by then"
    return pd.DataFrame({"VARIABLE": str(entries.name), "VALUE": value, "REASON": reason}, index=treated.index)


def flag_dates(frame: pd.DataFrame, variables: Sequence[str], cutoff: str) -> pd.DataFrame:
    """Return a flag for each record whose date, read as early as it can be, lies after the cut-off.

    The date is the first of the variables that is not missing. A missing date, and one without a year, is not flagged.

    Parameters
    ----------
    frame : frame
        One dataset.
    variables : sequence of str
        Date variables in order of preference.
    cutoff : str
        ISO 8601 date, or date and time.

    Returns
    -------
    frame
        Index: labels of the flagged records. VARIABLE, VALUE, REASON (text).

    Notes
    -----
    `date_cut` of the R package datacutr.
    """
    stated = first_stated(frame, variables)
    late = stated[first_moments(stated["VALUE"]) > cut_moment(cutoff)]
    if late.empty:
        return late.assign(REASON=late["VARIABLE"])
    return late.assign(REASON=reason_late(late["VARIABLE"], late["VALUE"], cutoff))


def flag_kept(frame: pd.DataFrame, variables: Sequence[str], cutoff: str) -> pd.DataFrame:
    """Return a remark for each record that a date rule keeps for want of a date that proves it early enough.

    Parameters and columns as `flag_dates`.
    """
    stated = first_stated(frame, variables)
    if pd.api.types.is_datetime64_any_dtype(stated["VALUE"]):
        stated["VALUE"] = stated["VALUE"].dt.strftime("%Y-%m-%dT%H:%M:%S")
    first, moment = earliest(stated["VALUE"]), cut_moment(cutoff)
    reason = pd.Series("", index=frame.index, dtype="str")
    reason = reason.mask((first <= moment) & (latest_possible(stated["VALUE"]) > moment), "may lie after the cut-off")
    reason = reason.mask(first.isna(), "no year, so nothing proves it late")
    reason = reason.mask(~is_valid_partial(stated["VALUE"]), "an impossible date counts as missing")
    reason = reason.mask(stated["VALUE"].isna(), "no date")
    remarks = stated.assign(VALUE=text_of(stated["VALUE"]), REASON=reason)
    return remarks[reason != ""]


def first_stated(frame: pd.DataFrame, variables: Sequence[str]) -> pd.DataFrame:
    """Return the first stated value among the variables of each record, and the VARIABLE that states it."""
    value = frame[variables[0]]
    name = pd.Series(variables[0], index=frame.index, dtype="str")
    for variable in variables[1:]:
        is_open = value.isna() | (value == "")
        value = value.mask(is_open, frame[variable])
        name = name.mask(is_open & frame[variable].notna() & (frame[variable] != ""), variable)
    return pd.DataFrame({"VARIABLE": name, "VALUE": value.mask(value == "")})


def reason_late(variable: pd.Series, value: pd.Series, cutoff: str) -> pd.Series:
    """Return the sentence that says which date lies after the cut-off, and how a partial one was read."""
    text = text_of(value)
    first = first_moments(value).dt.strftime("%Y-%m-%d").astype("str")
    early = (", " + first + " at the earliest,").mask(
        (text.str.len() >= len("2022-06-04")) & ~text.str.contains("--|/"), ""
    )
    sentence: pd.Series = variable + " " + text + early + f" is after the cut-off {cutoff}"
    return sentence
