"""What was taken, what somebody had before, and where the protocol was not kept: CM, MH, DV by participant."""

from __future__ import annotations

import pandas as pd

from cutbook.dates import date_part, earliest, latest_possible
from cutbook.derive.records import Datasets, dataset_or_empty, look_up, text_column, yes_no

ONGOING = "ONGOING"


def of_participants(datasets: Datasets, name: str, adsl: pd.DataFrame) -> pd.DataFrame:
    """Return the records of a dataset whose participants are in ADSL, as text, with the KEY of their participant.

    Returns
    -------
    DataFrame
        All columns of the dataset as text, blank as missing · KEY of the participant, SAFFL, TRTSDT.
    """
    records = dataset_or_empty(datasets, name)
    texts = pd.DataFrame({column: text_column(records, column) for column in ("USUBJID", *records.columns)})
    own = texts[texts["USUBJID"].isin(adsl["USUBJID"])].reset_index(drop=True)
    people = adsl.set_index("USUBJID")
    return own.assign(**{column: look_up(own["USUBJID"], people[column]) for column in ("KEY", "SAFFL", "TRTSDT")})


def medication(datasets: Datasets, adsl: pd.DataFrame) -> pd.DataFrame:
    """Return the medicines of participants: CM with PREFL, CONFL and the day on which each was begun.

    Parameters
    ----------
    datasets : mapping of str to frame
        ``cm``.
    adsl : DataFrame
        USUBJID, KEY, SAFFL, TRTSDT.

    Returns
    -------
    DataFrame
        As `of_participants`, with CMDECOD and CMCLAS · ASTDT (day; missing when the date is not complete) · PREFL,
        whether it was taken before the first dose, and CONFL, whether on its day or later (``Y`` or ``N``).

    Notes
    -----
    Not taken → neither. Taken before: begun before the day of the first dose, as early as its date allows, or on a day
    not known. Taken with it: not known to have ended before the day of the first dose; a date of end counts as late as
    it allows, and a medicine without one was going on.
    """
    records = of_participants(datasets, "cm", adsl)
    began, ended = (text_column(records, f"CM{part}DTC") for part in ("ST", "EN"))
    is_taken = text_column(records, "CMOCCUR").ne("N") & text_column(records, "CMSTAT").ne("NOT DONE")
    is_treated = is_taken & records["TRTSDT"].notna()
    first = earliest(began).dt.floor("D")
    is_before = first.isna() | (first < records["TRTSDT"])
    is_over = latest_possible(ended).dt.floor("D") < records["TRTSDT"]
    named = {column: text_column(records, column) for column in ("CMDECOD", "CMCLAS", "CMTRT")}
    return records.assign(
        **named, ASTDT=date_part(began), PREFL=yes_no(is_treated & is_before), CONFL=yes_no(is_treated & ~is_over)
    )
