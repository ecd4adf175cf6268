"""Analysis datasets that a study delivers as ADaM: used as they are, after their columns are checked."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cutbook.dates import date_part, to_moment
from cutbook.derive.records import Datasets, number_column, text_column, with_participant, yes
from cutbook.errors import DataError, Fault
from cutbook.records import record_keys
from cutbook.rounding import rounded_values

ADSL_NEEDED = ("USUBJID", "AGE", "SEX", "TRT01P", "TRT01A", "SAFFL", "TRTSDT", "TRTEDT")
ADSL_OPTIONAL = (
    "STUDYID", "SUBJID", "SITEID", "RACE", "ETHNIC", "COUNTRY", "ARMCD", "ACTARMCD", "TRT01PN", "TRT01AN", "DOSE01A",
    "RANDFL", "EFFFL", "PKFL", "SCRFFL", "RANDDT", "TRTSDTM", "TRTEDTM", "TRTDURD", "DOSEN", "DOSETOT", "REDUCEDN",
    "PAUSEDN", "EOSSTT", "DCSREAS", "EOSDT", "DTHFL", "DTHDT", "DTHDTC", "DTHDY", "DTHCAUS", "DCUTDT",
)  # fmt: skip
ADAE_NEEDED = ("USUBJID", "AEDECOD", "AEBODSYS", "ASTDT", "TRTEMFL")
ADAE_OPTIONAL = (
    "AETERM", "AESEV", "AESER", "AEREL", "AEOUT", "AEACN", "ASTDTF", "AENDT", "AENDTF", "ASTDY", "AENDY", "ADURN",
    "TRTEMRULE", "ONTRTFL", "ONSTFL", "ASEVN", "AREL", "FATALFL",
)  # fmt: skip
BDS_NEEDED = ("USUBJID", "PARAMCD", "AVAL", "AVISIT")
BDS_OPTIONAL = (
    "PARAM", "AVISITN", "ANL01FL", "ABLFL", "BASE", "CHG", "ASEQ", "PARCAT", "AVALC", "AVALU", "DECIMALS", "ADT",
    "ADTM", "ADY", "ATPT", "VISIT", "VISITNUM", "PCHG", "ANRLO", "ANRHI", "ANRIND", "BNRIND", "APOBLFL", "WORSTLOFL",
    "WORSTHIFL", "DTYPE",
)  # fmt: skip
ADPC_NEEDED = ("USUBJID", "MATRIX", "PARAMCD", "AVAL", "AVALC", "VISIT", "NOMTIME", "BLQFL")
ADPC_OPTIONAL = (
    "AVALU", "LLOQ", "VISITNUM", "ATPT", "ATIME", "DEVMIN", "DOSEOCC", "ADT", "ADTM", "ADY", "AVALD", "PCSTAT",
    "PCREASND", "NCAXFL",
)  # fmt: skip

NUMBERS = frozenset(
    {
        "AGE", "TRT01PN", "TRT01AN", "DOSE01A", "TRTDURD", "DOSEN", "DOSETOT", "REDUCEDN", "PAUSEDN", "DTHDY", "ASTDY",
        "AENDY", "ADURN", "ASEVN", "ASEQ", "AVAL", "AVISITN", "BASE", "CHG", "PCHG", "ADY", "VISITNUM", "ANRLO",
        "ANRHI", "LLOQ", "NOMTIME", "ATIME", "DEVMIN", "DOSEOCC", "AVALD",
    }
)  # fmt: skip
DATES = frozenset(
    {"TRTSDT", "TRTEDT", "TRTSDTM", "TRTEDTM", "RANDDT", "EOSDT", "DTHDT", "DCUTDT", "ASTDT", "AENDT", "ADT", "ADTM"}
)
_MOST_DECIMALS = 6
_SAS_EPOCH = pd.Timestamp("1960-01-01").as_unit("s")


def delivered_records(
    datasets: Datasets, name: str, needed: Sequence[str], optional: Sequence[str], participants: pd.DataFrame
) -> pd.DataFrame:
    """Return a delivered dataset of records with KEY, and with columns of its participants where it lacks them.

    Parameters
    ----------
    datasets : mapping of str to frame
        The transfer.
    name : str
        Dataset (``adae``).
    needed, optional : sequence of str
        Columns that must be there; columns that are added as missing where they are not.
    participants : DataFrame
        USUBJID and the columns to add from ADSL.

    Raises
    ------
    DataError
        The dataset or needed columns are missing, all named.
    """
    frame = delivered_dataset(datasets, name, needed, optional)
    lacking = [str(column) for column in participants if column not in frame]
    return with_participant(frame, participants, lacking)


def delivered_dataset(datasets: Datasets, name: str, needed: Sequence[str], optional: Sequence[str]) -> pd.DataFrame:
    """Return a delivered dataset with KEY, typed, the optional columns added as missing; no rows where it did not come.

    Dates may be dates, ISO 8601 text or SAS day numbers.

    Raises
    ------
    DataError
        ADSL or needed columns are missing, all named.
    """
    if name not in datasets and name == "adsl":
        raise DataError(Fault(name, "no such dataset", "an ADaM dataset, as sources.model says", "deliver it"))
    frame = datasets.get(name, pd.DataFrame(columns=list(needed), dtype="str"))
    absent = [column for column in needed if column not in frame]
    if absent:
        raise DataError([Fault(name, "no such column", "a column of this dataset", "deliver it", c) for c in absent])
    known = {c: _typed(frame, c) for c in [*frame, *needed, *optional]}
    return pd.DataFrame({**known, "KEY": record_keys(name, frame)})


def delivered_bds(datasets: Datasets, name: str, participants: pd.DataFrame) -> pd.DataFrame:
    """Return a delivered dataset of analysis values.

    Where it lacks them, DECIMALS are those that AVAL shows, APOBLFL is ``Y`` after study day 1, BASE is AVAL of the
    record with ABLFL, and CHG the difference from it.

    Raises
    ------
    DataError
        The dataset or needed columns are missing, all named.
    """
    frame = delivered_records(datasets, name, BDS_NEEDED, BDS_OPTIONAL, participants)
    came = datasets.get(name, frame)
    frame = _with_changes(frame.assign(PARAM=frame["PARAM"].fillna(frame["PARAMCD"])), came)
    if "APOBLFL" not in came:
        frame = frame.assign(APOBLFL=yes(frame["ADY"].gt(1)))
    if "DECIMALS" in came and len(frame):
        return frame.assign(DECIMALS=frame["DECIMALS"].astype("int64"))
    texts = rounded_values(frame["AVAL"], _MOST_DECIMALS).astype("str")
    shown = texts.str.extract(r"\.(.*)", expand=False).str.rstrip("0").str.len()
    most = shown.groupby(frame["PARAMCD"]).transform("max")
    return frame.assign(DECIMALS=most.fillna(0).astype("int64"))


def _with_changes(frame: pd.DataFrame, came: pd.DataFrame) -> pd.DataFrame:
    """Return the values with BASE and CHG where they were not delivered."""
    known = frame
    if "BASE" not in came:
        place = ["USUBJID", "PARAMCD"]
        base = frame[frame["ABLFL"].eq("Y") & frame["AVAL"].notna()].drop_duplicates(place, keep="last")
        values = frame[place].merge(base[[*place, "AVAL"]], on=place, how="left", validate="many_to_one")
        known = known.assign(BASE=values["AVAL"].astype("float64").set_axis(frame.index))
    return known if "CHG" in came else known.assign(CHG=(known["AVAL"] - known["BASE"]).mask(known["ABLFL"].eq("Y")))


def _typed(frame: pd.DataFrame, column: str) -> pd.Series:
    if column in DATES:
        return as_dates(frame, column)
    if column in NUMBERS:
        return number_column(frame, column)
    return frame[column] if column in frame else text_column(frame, column)


def as_dates(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return dates or moments (names that end in DTM) as datetime64[s]; missing where the column is not delivered.

    Parameters
    ----------
    frame : DataFrame
        The column as dates, as ISO 8601 text, or as SAS numbers: days, seconds for moments, since 1960.
    column : str
        Name.
    """
    is_moment = column.endswith("DTM")
    if column in frame and pd.api.types.is_datetime64_any_dtype(frame[column]):
        return frame[column].astype("datetime64[s]")
    if column in frame and pd.api.types.is_numeric_dtype(frame[column]):
        elapsed = pd.to_timedelta(frame[column], unit="s" if is_moment else "D").astype("timedelta64[s]")
        return (_SAS_EPOCH + elapsed).astype("datetime64[s]")
    text = text_column(frame, column)
    return to_moment(text) if is_moment else date_part(text)
