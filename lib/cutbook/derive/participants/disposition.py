"""How and when participants left the study, and deaths from every dataset that records them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cutbook.data.checks.contradictions.times import ends_before_start
from cutbook.dates import date_part, earliest, is_valid_partial, latest_possible, parse_partial
from cutbook.derive.records import Datasets, dataset_or_empty, number_column, text_column
from cutbook.derive.rules import first_match
from cutbook.parameters.study import Disposition
from cutbook.records import meets

DEATH = "DEATH"
FATAL = "FATAL"

_ONE_DAY = np.timedelta64(1, "D")


def failed_screening(datasets: Datasets, rules: Disposition) -> pd.Series:
    """Return the USUBJID of participants of whom a record of DS says that screening failed."""
    ds = dataset_or_empty(datasets, "ds")
    has_failed = _is_of_category(ds, rules) & text_column(ds, "DSDECOD").isin(rules.screen_failure)
    return text_column(ds, "USUBJID")[has_failed].drop_duplicates()


def study_ends(datasets: Datasets, rules: Disposition, randomised: pd.Series) -> pd.DataFrame:
    """Return the end of study of each participant who has one.

    Parameters
    ----------
    datasets : mapping of str to frame
        ``ds``.
    rules : Disposition
        The category of such records and the decodes that are not an end.
    randomised : Series of str
        USUBJID of randomised participants: a screening that failed before is not their end.

    Returns
    -------
    DataFrame
        Index USUBJID: EOSDT (day), DSDECOD, DSTERM of the first end by date, then sequence number.
    """
    ds = dataset_or_empty(datasets, "ds")
    decode, participant = text_column(ds, "DSDECOD"), text_column(ds, "USUBJID")
    is_end = _is_of_category(ds, rules) & decode.notna() & ~decode.isin(rules.not_an_end)
    is_end &= ~(decode.isin(rules.screen_failure) & participant.isin(randomised))
    frame = pd.DataFrame(
        {
            "USUBJID": participant,
            "EOSDT": _start_days(ds),
            "DSDECOD": decode,
            "DSTERM": text_column(ds, "DSTERM"),
            "DSSEQ": number_column(ds, "DSSEQ"),
        }
    )[is_end]
    first = frame.sort_values(["USUBJID", "EOSDT", "DSSEQ"]).drop_duplicates("USUBJID")
    return first.set_index("USUBJID")[["EOSDT", "DSDECOD", "DSTERM"]]


def end_of_study(
    participants: pd.DataFrame, ends: pd.DataFrame, dead: pd.DataFrame, rules: Disposition
) -> pd.DataFrame:
    """Return EOSSTT, DCSREAS and EOSDT of each participant.

    Parameters
    ----------
    participants : DataFrame
        USUBJID, SCRFFL and RANDFL.
    ends : DataFrame
        Answer of `study_ends`.
    dead : DataFrame
        Answer of `deaths`.
    rules : Disposition
        Decodes of completion.

    Returns
    -------
    DataFrame
        Same index. EOSSTT by the first rule that applies: failed screening or not yet randomised → empty; the record
        says completed → COMPLETED; another end → DISCONTINUED; known to have died, although no record of an end has
        come yet → DISCONTINUED; otherwise ONGOING. DCSREAS is the decode of a discontinuation (DEATH in the last case),
        and the reported term of a screen failure. EOSDT is the day of the end, or of the death where that was the end.
    """
    has_died = participants["USUBJID"].isin(dead.index)
    died_on = dead["DTHDT"].reindex(participants["USUBJID"]).set_axis(participants.index, axis="index")
    found = ends.reindex(participants["USUBJID"]).set_axis(participants.index, axis="index")
    decode, term = found["DSDECOD"].astype("str"), found["DSTERM"].astype("str")
    is_failure, is_randomised = participants["SCRFFL"].eq("Y"), participants["RANDFL"].eq("Y")
    status = first_match(
        [
            (is_failure | ~is_randomised, ""),
            (decode.isin(rules.completed), "COMPLETED"),
            (decode.notna(), "DISCONTINUED"),
            (has_died, "DISCONTINUED"),
        ],
        pd.Series("ONGOING", participants.index, dtype="str"),
    )
    nothing = pd.Series(index=participants.index, dtype="str")
    is_off = status.eq("DISCONTINUED")
    reason = first_match([(is_failure, term), (is_off & decode.notna(), decode), (is_off, DEATH)], nothing)
    is_by_death = is_off & (decode.isna() | (decode.eq(DEATH) & died_on.notna()))
    ended_on = found["EOSDT"].mask(is_by_death, died_on)
    return pd.DataFrame({"EOSSTT": status, "DCSREAS": reason, "EOSDT": ended_on})


def deaths(datasets: Datasets, last_doses: pd.Series) -> pd.DataFrame:
    """Return the participants known to have died, with the first complete date and the first cause available.

    Parameters
    ----------
    datasets : mapping of str to frame
        ``dm`` (DTHFL, DTHDTC), ``ds`` (DSDECOD DEATH), ``ae`` (AEOUT FATAL or AESDTH Y; the death is its end), ``dd``
        (cause, DDTESTCD PRCDTH).
    last_doses : Series of datetime64
        Day on which the last administration of each participant started, by USUBJID.

    Returns
    -------
    DataFrame
        Index USUBJID: DTHDTC (ISO day; the text as collected when no date is complete), DTHDT (day), DTHCAUS from DD,
        else AE (preferred term), else DS (reported term).

    Notes
    -----
    Date, the first rule that applies: DM, DS, AE in this order has a complete one → that day, of several in one of them
    the earliest; one of them, in the same
    order, has a partial one with a year → the earliest day it can mean that is not before the last dose, nor an adverse
    event within what the date can mean, started, and missing when it means none; otherwise missing.
    """
    sources = [_deaths_in_dm(datasets), _deaths_in_ds(datasets), _deaths_in_ae(datasets)]
    known = pd.concat([source.assign(SOURCE=place) for place, source in enumerate(sources)], ignore_index=True)
    dead = pd.Index(known["USUBJID"].drop_duplicates(), name="USUBJID")
    stated = _best_dates(known).reindex(dead).astype("str")
    day = date_part(stated)
    causes = pd.concat([_causes_in_dd(datasets), sources[2], sources[1]], ignore_index=True)
    cause = causes.dropna(subset="DTHCAUS").drop_duplicates("USUBJID").set_index("USUBJID")["DTHCAUS"]
    return pd.DataFrame(
        {
            "DTHDT": day.fillna(_possible_days(stated[day.isna()], last_doses, _onsets(datasets))),
            "DTHDTC": stated.where(day.isna(), day.dt.strftime("%Y-%m-%d")),
            "DTHCAUS": cause.reindex(dead).astype("str"),
        }
    )


def tell_deaths(datasets: Datasets) -> bool:
    """Return whether anything was delivered that could tell a death: a variable of DM, DS, or an outcome in AE."""
    dm, ae = (dataset_or_empty(datasets, name) for name in ("dm", "ae"))
    return bool({"DTHFL", "DTHDTC"} & set(dm)) or "ds" in datasets or bool({"AEOUT", "AESDTH"} & set(ae))


def _best_dates(known: pd.DataFrame) -> pd.Series:
    """Return the date of each participant by USUBJID: the first complete one, else with a year, else any text."""
    dated = known[known["DTHDTC"].notna() & is_valid_partial(known["DTHDTC"])]
    rank = date_part(dated["DTHDTC"]).isna().astype(int) + earliest(dated["DTHDTC"]).isna()
    places = pd.DataFrame({"RANK": rank, "SOURCE": dated["SOURCE"], "FIRST": earliest(dated["DTHDTC"])})
    order = places.sort_values(["RANK", "SOURCE", "FIRST"], kind="stable").index
    first = dated.loc[order].drop_duplicates("USUBJID")
    return first.set_index("USUBJID")["DTHDTC"]


def _onsets(datasets: Datasets) -> pd.Series:
    """Return the day on which each adverse event began, where it is complete, by USUBJID."""
    ae = dataset_or_empty(datasets, "ae")
    return date_part(text_column(ae, "AESTDTC")).set_axis(text_column(ae, "USUBJID")).dropna()


def _possible_days(stated: pd.Series, last_doses: pd.Series, onsets: pd.Series) -> pd.Series:
    """Return the earliest day that each partial date can mean and on which the participant may have died."""
    parts = parse_partial(stated)
    periods = pd.DataFrame({"FIRST": earliest(stated), "LAST": latest_possible(stated)})
    periods = periods.join(parts[["MONTH", "DAY"]]).dropna(subset="FIRST")
    own = onsets[onsets.index.isin(periods.index)]
    within = own[own.to_numpy() <= periods["LAST"].reindex(own.index).to_numpy()]
    periods["ALIVE"] = pd.concat([last_doses, within]).groupby(level=0).max().reindex(periods.index)
    days = [_first_day(period) for _, period in periods.iterrows()]
    return pd.Series(np.array(days, dtype="datetime64[s]"), index=periods.index).reindex(stated.index)


def _first_day(period: pd.Series) -> np.datetime64:
    """Return the first day of a period with its MONTH and DAY, where known, on or after ALIVE; else no day."""
    first, last = (np.datetime64(period[name], "D") for name in ("FIRST", "LAST"))
    days = pd.Series(np.arange(first, last + _ONE_DAY).astype("datetime64[s]"))
    is_possible = days.dt.month.eq(period["MONTH"]) | pd.isna(period["MONTH"])
    is_possible &= days.dt.day.eq(period["DAY"]) | pd.isna(period["DAY"])
    is_possible &= days.ge(period["ALIVE"]) | pd.isna(period["ALIVE"])
    day: np.datetime64 = days[is_possible].min().to_datetime64()
    return day


def _deaths_in_dm(datasets: Datasets) -> pd.DataFrame:
    dm = dataset_or_empty(datasets, "dm")
    is_dead = text_column(dm, "DTHFL").eq("Y") | text_column(dm, "DTHDTC").notna()
    return _death_records(dm, text_column(dm, "DTHDTC"), "", is_dead)


def _deaths_in_ds(datasets: Datasets) -> pd.DataFrame:
    ds = dataset_or_empty(datasets, "ds")
    return _death_records(ds, _start_texts(ds), "DSTERM", text_column(ds, "DSDECOD").eq(DEATH))


def _deaths_in_ae(datasets: Datasets) -> pd.DataFrame:
    ae = dataset_or_empty(datasets, "ae")
    is_dead = text_column(ae, "AEOUT").eq(FATAL) | text_column(ae, "AESDTH").eq("Y")
    ended = text_column(ae, "AEENDTC")
    ended = ended.mask(ends_before_start(text_column(ae, "AESTDTC"), ended))
    return _death_records(ae, ended, "AEDECOD", is_dead)


def _causes_in_dd(datasets: Datasets) -> pd.DataFrame:
    dd = dataset_or_empty(datasets, "dd")
    return _death_records(dd, text_column(dd, "DDDTC"), "DDSTRESC", text_column(dd, "DDTESTCD").eq("PRCDTH"))


def _death_records(frame: pd.DataFrame, stated: pd.Series, cause: str, is_dead: pd.Series) -> pd.DataFrame:
    columns = {"USUBJID": text_column(frame, "USUBJID"), "DTHDTC": stated}
    return pd.DataFrame({**columns, "DTHCAUS": text_column(frame, cause)})[is_dead]


def _is_of_category(ds: pd.DataFrame, rules: Disposition) -> pd.Series:
    subcategory = {"DSSCAT": [rules.subcategory]} if rules.subcategory else {}
    return meets(ds, {"DSCAT": [rules.category], **subcategory})


def _start_days(ds: pd.DataFrame) -> pd.Series:
    start: pd.Series = earliest(_start_texts(ds)).dt.floor("D")
    return start


def _start_texts(ds: pd.DataFrame) -> pd.Series:
    start = text_column(ds, "DSSTDTC")
    return start.where(earliest(start).notna(), text_column(ds, "DSDTC"))
