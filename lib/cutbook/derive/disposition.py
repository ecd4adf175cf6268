"""How and when participants left the study, and deaths from every dataset that records them."""

from __future__ import annotations

import pandas as pd

from cutbook.data.dates import earliest
from cutbook.derive.records import Datasets, dataset_or_empty, meets, number_column, text_column
from cutbook.derive.rules import first_match
from cutbook.parameters.study import Disposition

DEATH = "DEATH"
FATAL = "FATAL"


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
        and the reported term of a screen failure. EOSDT is the day of the end, or of the death.
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
    ended_on = found["EOSDT"].where(decode.notna() | ~is_off, died_on)
    return pd.DataFrame({"EOSSTT": status, "DCSREAS": reason, "EOSDT": ended_on})


def deaths(datasets: Datasets) -> pd.DataFrame:
    """Return the participants known to have died, with the first date and the first cause available.

    Parameters
    ----------
    datasets : mapping of str to frame
        ``dm`` (DTHFL, DTHDTC), ``ds`` (DSDECOD DEATH), ``ae`` (AEOUT FATAL or AESDTH Y; the death is its end), ``dd``
        (cause, DDTESTCD PRCDTH).

    Returns
    -------
    DataFrame
        Index USUBJID: DTHDT from DM, else DS, else AE; DTHCAUS from DD, else AE (preferred term), else DS (reported
        term). A partial date counts as the earliest day it can mean.
    """
    sources = [_deaths_in_dm(datasets), _deaths_in_ds(datasets), _deaths_in_ae(datasets)]
    known = pd.concat(sources, ignore_index=True)
    dates = known.dropna(subset="DTHDT").drop_duplicates("USUBJID").set_index("USUBJID")["DTHDT"]
    causes = pd.concat([_causes_in_dd(datasets), sources[2], sources[1]], ignore_index=True)
    cause = causes.dropna(subset="DTHCAUS").drop_duplicates("USUBJID").set_index("USUBJID")["DTHCAUS"]
    dead = pd.Index(known["USUBJID"].drop_duplicates(), name="USUBJID")
    return pd.DataFrame({"DTHDT": dates.reindex(dead), "DTHCAUS": cause.reindex(dead).astype("str")})


def _deaths_in_dm(datasets: Datasets) -> pd.DataFrame:
    dm = dataset_or_empty(datasets, "dm")
    is_dead = text_column(dm, "DTHFL").eq("Y") | text_column(dm, "DTHDTC").notna()
    return _death_records(dm, earliest(text_column(dm, "DTHDTC")), "", is_dead)


def _deaths_in_ds(datasets: Datasets) -> pd.DataFrame:
    ds = dataset_or_empty(datasets, "ds")
    return _death_records(ds, _start_days(ds), "DSTERM", text_column(ds, "DSDECOD").eq(DEATH))


def _deaths_in_ae(datasets: Datasets) -> pd.DataFrame:
    ae = dataset_or_empty(datasets, "ae")
    is_dead = text_column(ae, "AEOUT").eq(FATAL) | text_column(ae, "AESDTH").eq("Y")
    return _death_records(ae, earliest(text_column(ae, "AEENDTC")), "AEDECOD", is_dead)


def _causes_in_dd(datasets: Datasets) -> pd.DataFrame:
    dd = dataset_or_empty(datasets, "dd")
    return _death_records(dd, earliest(text_column(dd, "DDDTC")), "DDSTRESC", text_column(dd, "DDTESTCD").eq("PRCDTH"))


def _death_records(frame: pd.DataFrame, moments: pd.Series, cause: str, is_dead: pd.Series) -> pd.DataFrame:
    columns = {"USUBJID": text_column(frame, "USUBJID"), "DTHDT": moments.dt.floor("D")}
    return pd.DataFrame({**columns, "DTHCAUS": text_column(frame, cause)})[is_dead]


def _is_of_category(ds: pd.DataFrame, rules: Disposition) -> pd.Series:
    subcategory = {"DSSCAT": [rules.subcategory]} if rules.subcategory else {}
    return meets(ds, {"DSCAT": [rules.category], **subcategory})


def _start_days(ds: pd.DataFrame) -> pd.Series:
    start: pd.Series = earliest(text_column(ds, "DSSTDTC")).fillna(earliest(text_column(ds, "DSDTC"))).dt.floor("D")
    return start
