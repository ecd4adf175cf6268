"""Collected results of any findings dataset in one shape, placed in time relative to the first dose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from cutbook.data.checks.contradictions.agreement import RANGE_WORDS
from cutbook.data.checks.contradictions.times import without_uncollected_times
from cutbook.data.checks.values.results import numbers_of
from cutbook.dates import date_part, earliest, study_day, to_moment
from cutbook.derive.measurements.decimals import collected_decimals
from cutbook.derive.measurements.replicates import with_replicates
from cutbook.derive.measurements.units import in_units, is_in_main_unit
from cutbook.derive.records import (
    Datasets,
    dataset_or_empty,
    number_column,
    or_number,
    prefix,
    text_column,
    with_participant,
)
from cutbook.derive.rules import first_match
from cutbook.parameters.study.analyses import Replicates
from cutbook.records import Where, keys_of_some, meets, sequence_variable
from cutbook.standards.specimens import fluid_of


@dataclass(frozen=True)
class Handling:
    """What the study file says of the results of a dataset.

    Attributes
    ----------
    replicates : str or None
        What stands for several results of one moment, see `with_replicates`.
    flag : str or None
        A variable of the dataset that marks records by ``Y``; one that was not delivered marks none.
    units : mapping of str to str
        Unit in which each test is shown, see `in_units`.
    """

    replicates: Replicates | None = None
    flag: str | None = None
    units: Mapping[str, str] = field(default_factory=dict)


def collected_findings(
    datasets: Datasets,
    dataset: str,
    where: Where,
    adsl: pd.DataFrame,
    handling: Handling | None = None,
) -> pd.DataFrame:
    """Return the results of participants in ``adsl`` that meet ``where``, one row a record, in file order.

    Parameters
    ----------
    datasets : mapping of str to frame
        SDTM datasets; one that was not delivered gives no rows.
    dataset : str
        A findings dataset (``lb``).
    where : mapping
        Accepted values by variable.
    adsl : DataFrame
        USUBJID, TRTSDT, TRTSDTM.
    handling : Handling or None
        What the study file says of them; None: nothing.

    Returns
    -------
    DataFrame
        USUBJID, PARAMCD, PARAM, PARCAT, AVAL, AVALC, AVALU, DECIMALS, ADT (day, missing unless complete), ADTM (missing
        unless the time is known), FIRSTDTM (the earliest moment that the date can mean), ADY, ATPT, VISIT, VISITNUM,
        ANRLO, ANRHI, ANRIND, TRTSDT, TRTSDTM, POS, SPEC, REPNUM, SEQ, KEY, IS_FLAGGED, ORRES, ORRESU, ORNRLO, ORNRHI
        (as collected), and IS_USABLE: the record has a result of the parameter's kind in the parameter's unit.
    """
    rules = handling or Handling()
    return placed(raw_findings(datasets, dataset, where, adsl, rules), adsl, rules.replicates)


def placed(records: pd.DataFrame, adsl: pd.DataFrame, replicates: Replicates | None) -> pd.DataFrame:
    """Return results with replicates put together, and with their place in time relative to the first dose."""
    frame = with_participant(with_replicates(records, replicates), adsl, ["TRTSDT", "TRTSDTM"])
    frame["ADY"] = study_day(frame["ADT"], frame["TRTSDT"])
    return frame


def raw_findings(
    datasets: Datasets, dataset: str, where: Where, adsl: pd.DataFrame, handling: Handling
) -> pd.DataFrame:
    """Return what `collected_findings` does before replicates are put together, without what needs the first dose."""
    whole = dataset_or_empty(datasets, dataset)
    is_chosen = text_column(whole, "USUBJID").isin(adsl["USUBJID"]) & meets(whole, where)
    raw = whole[is_chosen]
    letters = prefix(dataset)
    dated = without_uncollected_times(text_column(whole, f"{letters}DTC"))[is_chosen]
    frame = pd.DataFrame(
        {
            "USUBJID": text_column(raw, "USUBJID"),
            **_results(raw, letters),
            "ADT": date_part(dated),
            "ADTM": to_moment(dated),
            "FIRSTDTM": earliest(dated),
            "ATPT": text_column(raw, f"{letters}TPT"),
            "VISIT": text_column(raw, "VISIT"),
            "VISITNUM": number_column(raw, "VISITNUM"),
            "POS": text_column(raw, f"{letters}POS"),
            "SPEC": text_column(raw, f"{letters}SPEC").map(fluid_of, na_action="ignore").astype("str"),
            "REPNUM": number_column(raw, f"{letters}REPNUM"),
            "SEQ": number_column(raw, sequence_variable(dataset, raw.columns) or ""),
            "IS_FLAGGED": text_column(raw, handling.flag or "").eq("Y"),
            "KEY": keys_of_some(dataset, whole, is_chosen),
        }
    )
    frame["ANRIND"] = range_indicator(frame, text_column(raw, f"{letters}NRIND"))
    frame["DECIMALS"] = collected_decimals(raw, letters, frame["PARAMCD"])
    frame = in_units(frame, handling.units)
    frame["IS_USABLE"] = _has_result(frame) & is_in_main_unit(frame)
    return frame


def _results(raw: pd.DataFrame, letters: str) -> dict[str, pd.Series]:
    """Return the columns of results: as standardised, and as collected (--ORRES, where it is a number)."""
    result, number = text_column(raw, f"{letters}STRESC"), number_column(raw, f"{letters}STRESN")
    code = text_column(raw, f"{letters}TESTCD")
    return {
        "PARAMCD": code,
        "PARAM": text_column(raw, f"{letters}TEST").fillna(code),
        "PARCAT": text_column(raw, f"{letters}CAT"),
        "AVAL": numbers_of(result, number),
        "AVALC": or_number(result, number),
        "AVALU": text_column(raw, f"{letters}STRESU"),
        "ANRLO": number_column(raw, f"{letters}STNRLO"),
        "ANRHI": number_column(raw, f"{letters}STNRHI"),
        "ORRES": number_column(raw, f"{letters}ORRES"),
        "ORRESU": text_column(raw, f"{letters}ORRESU"),
        "ORNRLO": number_column(raw, f"{letters}ORNRLO"),
        "ORNRHI": number_column(raw, f"{letters}ORNRHI"),
    }


def range_indicator(records: pd.DataFrame, reported: pd.Series) -> pd.Series:
    """Return LOW, NORMAL, HIGH (or the laboratory's other word), missing when nothing tells.

    Parameters
    ----------
    records : DataFrame
        AVAL, ANRLO, ANRHI.
    reported : Series
        --NRIND.

    Notes
    -----
    Rules, the first that applies: the laboratory said so → its word; below the lower limit → LOW; above the upper limit
    → HIGH; there is a value and at least one limit → NORMAL; otherwise missing.
    """
    value, low, high = records["AVAL"], records["ANRLO"], records["ANRHI"]
    has_limit = value.notna() & (low.notna() | high.notna())
    return first_match(
        [
            (reported.notna(), reported.map(RANGE_WORDS).astype("str").fillna(reported)),
            (value < low, "LOW"),
            (value > high, "HIGH"),
            (has_limit, "NORMAL"),
        ],
        pd.Series(index=records.index, dtype="str"),
    )


def time_order(records: pd.DataFrame) -> pd.DataFrame:
    """Return the records sorted from earliest to latest, within a moment by sequence number or key; undated ones first.

    A record without a time stands at the beginning of its day.
    """
    moment = records["ADTM"].fillna(records["ADT"])
    order = ["_moment", "SEQ"] if records["SEQ"].notna().all() else ["_moment", "SEQ", "KEY"]
    return records.assign(_moment=moment).sort_values(order, na_position="first").drop(columns="_moment")


def _has_result(records: pd.DataFrame) -> pd.Series:
    is_numeric = records.groupby("PARAMCD")["AVAL"].transform("count") > 0
    return records["AVAL"].notna() | (~is_numeric & records["AVALC"].notna())
