"""Collected results of any findings dataset in one shape, placed in time relative to the first dose."""

from __future__ import annotations

from typing import Literal, TypeAlias

import pandas as pd

from cutbook.data.checks.contradictions.times import without_uncollected_times
from cutbook.data.checks.values.results import numbers_of
from cutbook.data.checks.values.units import converted
from cutbook.dates import date_part, earliest, study_day, to_moment
from cutbook.derive.measurements.decimals import collected_decimals
from cutbook.derive.measurements.replicates import with_replicates
from cutbook.derive.records import (
    Datasets,
    dataset_or_empty,
    number_column,
    prefix,
    text_column,
    with_participant,
)
from cutbook.derive.rules import first_match
from cutbook.parameters.study.analyses import Replicates
from cutbook.records import Where, keys_of_some, meets, same_unit, sequence_variable

BaselineRule: TypeAlias = Literal["before_first_dose", "day_1"]

_AFTER_DOSE = r"POST.?(?:DOSE|INJ|INF|ADMIN|TREAT|LP\b|PUNCT)|AFTER (?:THE )?(?:DOSE|DOSING|INJ|INF|ADMIN|LP\b|PUNCT)"
_BEFORE_DOSE = r"PRE.?(?:DOSE|INJ|INF|ADMIN|TREAT|LP\b|PUNCT)|BEFORE (?:THE )?(?:DOSE|DOSING|INJ|INF|ADMIN|LP\b|PUNCT)"
_RANGE_WORDS = {"LOW": "LOW", "NORMAL": "NORMAL", "HIGH": "HIGH", "LOW LOW": "LOW", "HIGH HIGH": "HIGH"}


def collected_findings(
    datasets: Datasets, dataset: str, where: Where, adsl: pd.DataFrame, replicates: Replicates | None = None
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
    replicates : str or None
        What stands for several results of one moment, see `with_replicates`.

    Returns
    -------
    DataFrame
        USUBJID, PARAMCD, PARAM, PARCAT, AVAL, AVALC, AVALU, DECIMALS, ADT (day, missing unless complete), ADTM (missing
        unless the time is known), FIRSTDTM (the earliest moment that the date can mean), ADY, ATPT, VISIT, VISITNUM,
        ANRLO, ANRHI, ANRIND, TRTSDT, TRTSDTM, POS, REPNUM, SEQ, KEY, and IS_USABLE: the record has a result of the
        parameter's kind in the parameter's unit.
    """
    whole = dataset_or_empty(datasets, dataset)
    is_chosen = text_column(whole, "USUBJID").isin(adsl["USUBJID"]) & meets(whole, where)
    raw = whole[is_chosen]
    letters = prefix(dataset)
    dated = without_uncollected_times(text_column(whole, f"{letters}DTC"))[is_chosen]
    frame = pd.DataFrame(
        {
            "USUBJID": text_column(raw, "USUBJID"),
            "PARAMCD": text_column(raw, f"{letters}TESTCD"),
            "PARAM": text_column(raw, f"{letters}TEST"),
            "PARCAT": text_column(raw, f"{letters}CAT"),
            "AVAL": numbers_of(text_column(raw, f"{letters}STRESC"), number_column(raw, f"{letters}STRESN")),
            "AVALC": text_column(raw, f"{letters}STRESC"),
            "AVALU": text_column(raw, f"{letters}STRESU"),
            "ADT": date_part(dated),
            "ADTM": to_moment(dated),
            "FIRSTDTM": earliest(dated),
            "ATPT": text_column(raw, f"{letters}TPT"),
            "VISIT": text_column(raw, "VISIT"),
            "VISITNUM": number_column(raw, "VISITNUM"),
            "ANRLO": number_column(raw, f"{letters}STNRLO"),
            "ANRHI": number_column(raw, f"{letters}STNRHI"),
            "POS": text_column(raw, f"{letters}POS"),
            "REPNUM": number_column(raw, f"{letters}REPNUM"),
            "SEQ": number_column(raw, sequence_variable(dataset, raw.columns) or ""),
            "KEY": keys_of_some(dataset, whole, is_chosen),
        }
    )
    frame["ANRIND"] = range_indicator(frame, text_column(raw, f"{letters}NRIND"))
    frame["DECIMALS"] = collected_decimals(raw, letters, frame["PARAMCD"])
    frame["IS_USABLE"] = _has_result(frame) & is_in_main_unit(frame)
    frame = with_participant(with_replicates(frame, replicates), adsl, ["TRTSDT", "TRTSDTM"])
    frame["ADY"] = study_day(frame["ADT"], frame["TRTSDT"])
    return frame


def in_unit(records: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return the results in the unit of the study file where the conversion is known; others stay as they are.

    Parameters
    ----------
    records : DataFrame
        Answer of `collected_findings`.
    unit : str
        Unit of the study file; empty: there is none.
    """
    values = converted(records["AVAL"], records["AVALU"], unit)
    is_known = values.notna() & records["AVALU"].notna() & (unit != "")
    is_usable = records["IS_USABLE"] | (is_known & records["AVAL"].notna())
    return records.assign(
        AVAL=values.where(is_known, records["AVAL"]), AVALU=records["AVALU"].mask(is_known, unit), IS_USABLE=is_usable
    )


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
            (reported.notna(), reported.map(_RANGE_WORDS).astype("str").fillna(reported)),
            (value < low, "LOW"),
            (value > high, "HIGH"),
            (has_limit, "NORMAL"),
        ],
        pd.Series(index=records.index, dtype="str"),
    )


def is_in_main_unit(records: pd.DataFrame) -> pd.Series:
    """Return True for each record in the unit that most results of its parameter have.

    Results in another unit are never pooled with them: they keep their row and take part in nothing. Of two equally
    frequent units the first by alphabet is the main one.

    Parameters
    ----------
    records : DataFrame
        PARAMCD, AVAL, AVALU.

    Examples
    --------
    >>> protein = pd.DataFrame({"PARAMCD": "PROT", "AVAL": 40.0, "AVALU": ["mg/dL", "mg/dL", "g/L"]})
    >>> is_in_main_unit(protein).tolist()
    [True, True, False]
    """
    unit = same_unit(records["AVALU"])
    counted = pd.DataFrame({"PARAMCD": records["PARAMCD"], "UNIT": unit})[records["AVAL"].notna()]
    sizes = counted.groupby(["PARAMCD", "UNIT"], as_index=False).size()
    main = sizes.sort_values(["size", "UNIT"], ascending=[False, True]).drop_duplicates("PARAMCD")
    expected = records["PARAMCD"].map(main.set_index("PARAMCD")["UNIT"]).astype("str")
    return expected.isna() | unit.eq(expected)


def is_before_treatment(records: pd.DataFrame, rule: BaselineRule) -> pd.Series:
    """Return True for each record that counts as taken before treatment.

    Parameters
    ----------
    records : DataFrame
        ADT, ADTM, FIRSTDTM, ATPT, TRTSDT, TRTSDTM.
    rule : str
        ``day_1``: on or before the day of the first dose. ``before_first_dose``: by the rules below.

    Notes
    -----
    Rules of ``before_first_dose``, the first that applies: never treated → yes; no complete date → no; an earlier day →
    yes; a later day → no; both times known → at or before the dose; even the
    earliest moment that the time can mean is later than the dose → no; planned after the dose → no; planned before the
    dose → yes; otherwise, on the day of the dose, only when the record has no time.
    """
    day, dosed = records["ADT"], records["TRTSDT"]
    if rule == "day_1":
        return dosed.isna() | (day <= dosed)
    moment, dose = records["ADTM"], records["TRTSDTM"]
    point = records["ATPT"].str.upper()
    return first_match(
        [
            (dosed.isna(), True),
            (day.isna(), False),
            (day < dosed, True),
            (day > dosed, False),
            (moment.notna() & dose.notna(), moment <= dose),
            (records.get("FIRSTDTM", moment) > dose, False),
            (point.str.contains(_AFTER_DOSE, na=False), False),
            (point.str.contains(_BEFORE_DOSE, na=False), True),
        ],
        moment.isna(),
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
