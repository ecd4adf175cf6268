"""Which dose, and which procedure, each adverse event came after, and how many days."""

from __future__ import annotations

import pandas as pd

from cutbook.data.checks.contradictions.times import is_midnight
from cutbook.dates import date_part, study_day, to_moment
from cutbook.derive.records import Datasets, dataset_or_empty, look_up, text_column
from cutbook.parameters.study import Procedure
from cutbook.records import meets

ANCHORS = ("ADOSE", "ADOSEDY", "APROC", "APROCDY")
"""What `with_anchors` adds."""

_DAY = pd.Timedelta(days=1)
_LAST_SECOND = _DAY - pd.Timedelta(seconds=1)


def procedures(datasets: Datasets, procedure: Procedure, adsl: pd.DataFrame) -> pd.DataFrame:
    """Return the procedures of the study file, in order of time within each participant.

    Parameters
    ----------
    datasets : mapping of str to frame
        The dataset that the study file names.
    procedure : Procedure
        Which of its records.
    adsl : DataFrame
        USUBJID, TRTSDT.

    Returns
    -------
    DataFrame
        USUBJID, OCC (1 for a participant's first), ADT (day), ADTM (missing when the time is unknown), ADY. A record
        without a complete date is left out, and so is one that says that it was not done.
    """
    name = procedure.dataset or ""
    prefix, records = name[:2].upper(), dataset_or_empty(datasets, name)
    records = records[meets(records, procedure.where)]
    done = text_column(records, f"{prefix}OCCUR").ne("N") & text_column(records, f"{prefix}STAT").ne("NOT DONE")
    start = text_column(records, f"{prefix}STDTC")
    known = pd.DataFrame(
        {"USUBJID": text_column(records, "USUBJID"), "ADT": date_part(start), "ADTM": to_moment(start)}
    )
    known = known[done & known["ADT"].notna() & known["USUBJID"].isin(adsl["USUBJID"])]
    ordered = known.sort_values(["USUBJID", "ADT", "ADTM"], ignore_index=True)
    started = look_up(ordered["USUBJID"], adsl.set_index("USUBJID")["TRTSDT"])
    number = ordered.groupby("USUBJID").cumcount().add(1).astype("float64")
    return ordered.assign(OCC=number, ADY=study_day(ordered["ADT"], started))


def without_occasions(number: str) -> pd.DataFrame:
    """Return no doses or procedures: USUBJID, their number under a name, ADY, ADT, ADTM."""
    kinds = {"USUBJID": "str", number: "float64", "ADY": "float64", "ADT": "datetime64[s]", "ADTM": "datetime64[s]"}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


def with_anchors(events: pd.DataFrame, doses: pd.DataFrame, done: pd.DataFrame) -> pd.DataFrame:
    """Return adverse events with the dose and the procedure that each came after.

    Parameters
    ----------
    events : DataFrame
        USUBJID, ASTDT; ASTDTF and AESTDTC where they are there.
    doses, done : DataFrame
        USUBJID, OCC, ADT, ADTM of doses and of procedures.

    Returns
    -------
    DataFrame
        ADOSE number of the last dose by the start of the event, ADOSEDY days from that dose to the start (0: the same
        day); APROC and APROCDY likewise for the procedure. Missing before the first of them, and where the day of the
        start is not known or was imputed.

    Notes
    -----
    On the same day an event comes after, unless both times are known and it began earlier by the clock.
    """
    text = text_column(events, "AESTDTC")
    moment = (
        to_moment(text).mask(is_midnight(text)) if len(events) else pd.Series(index=events.index, dtype="datetime64[s]")
    )
    is_known = events["ASTDT"].notna() & text_column(events, "ASTDTF").isna()
    placed = pd.DataFrame({"USUBJID": events["USUBJID"], "DAY": events["ASTDT"].astype("datetime64[s]")})
    at = moment.astype("datetime64[s]").fillna((events["ASTDT"] + _LAST_SECOND).astype("datetime64[s]"))
    placed = placed.assign(AT=at)[is_known]
    found: dict[str, pd.Series] = {}
    for (number, days), anchors in ((ANCHORS[:2], doses), (ANCHORS[2:], done)):
        last = _last_before(placed, anchors).reindex(events.index)
        found |= {number: last["OCC"], days: last["DAYS"]}
    return events.assign(**found)


def _last_before(placed: pd.DataFrame, anchors: pd.DataFrame) -> pd.DataFrame:
    """Return, by the index of events, number and distance in days of the last anchor by each of them."""
    known = anchors.dropna(subset=["ADT"])
    if placed.empty or known.empty:
        return pd.DataFrame({"OCC": pd.Series(dtype="float64"), "DAYS": pd.Series(dtype="float64")})
    day = known["ADT"].astype("datetime64[s]")
    own = known[["USUBJID", "OCC"]].assign(AT=known["ADTM"].astype("datetime64[s]").fillna(day), ANCHOR=day)
    left = placed.rename_axis("ROW").reset_index().sort_values("AT", kind="stable")
    joined = pd.merge_asof(left, own.sort_values("AT", kind="stable"), on="AT", by="USUBJID").set_index("ROW")
    days = (joined["DAY"] - joined["ANCHOR"]).dt.days.astype("float64")
    return pd.DataFrame({"OCC": joined["OCC"].astype("float64"), "DAYS": days})
