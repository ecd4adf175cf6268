"""Doses, events and values of every participant with their days: what the course of one participant is drawn of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from cutbook.derive import Frames
from cutbook.display.behind.records import RecordBook
from cutbook.display.look.collected import collected
from cutbook.display.look.columns import words
from cutbook.display.look.elements import Column, RecordTable, Row
from cutbook.display.look.names import short_name
from cutbook.display.look.numbers import fixed
from cutbook.parameters.study import Study
from cutbook.words import sentence_case

MOST_VALUES = 24_000
"""Values that a page lists at most with their days; beyond it, they are in the datasets alone."""

PEOPLE, VALUES = "people", "values"
"""What the tables are called on the page: one row a participant with doses and events; values of one family."""

_NOTHING, _UNPLANNED, _CARRIED = "–", "u", "LOCF"
_UNKNOWN = ("", "–")
_SIGNS = {"HIGH": "h", "HIGH HIGH": "h", "LOW": "l", "LOW LOW": "l"}
_COLUMNS = ["USUBJID", "FAMILY", "NAME", "TIME", "PLAN", "IS_UNPLANNED", "TEXT"]


def course_tables(frames: Frames, datasets: Sequence[str], study: Study, book: RecordBook) -> tuple[RecordTable, ...]:
    """Return the tables of a page: doses and events of everybody, then the values of each family, a row a participant.

    Parameters
    ----------
    frames : Frames
        Derived datasets.
    datasets : sequence of str
        Those that the report reads.
    study : Study
        Words of arms and characteristics.
    book : RecordBook
        Participants of the report.
    """
    values = values_with_days(frames, datasets)
    families = [] if len(values) > MOST_VALUES else [own for _, own in values.groupby("FAMILY", sort=False)]
    events = frames.adae if "adae" in datasets else None
    return (_people(frames, events, study, book), *(_family(own, book) for own in families))


def values_with_days(frames: Frames, datasets: Sequence[str]) -> pd.DataFrame:
    """Return every observed value with its day, one row each in the order of families, parameters and time.

    Parameters
    ----------
    frames : Frames
        Derived datasets.
    datasets : sequence of str
        ``adlb``, ``advs``, ``adeg``, ``adeff``, ``adpc``; others have no values.

    Returns
    -------
    frame
        USUBJID, FAMILY and NAME (words), TIME (study day; samples of a day by their planned hours), PLAN (what tells
        values of one time apart), IS_UNPLANNED, TEXT.
    """
    parts = [_samples(frames.adpc)] if "adpc" in datasets else []
    parts += [_findings(getattr(frames, name)) for name in ("adlb", "advs", "adeg", "adeff") if name in datasets]
    known = [part for part in parts if len(part)]
    return pd.concat(known, ignore_index=True) if known else pd.DataFrame(columns=_COLUMNS)


def _findings(bds: pd.DataFrame) -> pd.DataFrame:
    bds = _with(bds, "ADY", "AVALC", "AVALU", "ANRIND", "DECIMALS", "VISIT", "VISITNUM", "ATPT")
    is_known = bds["ADY"].notna() & (bds["AVAL"].notna() | bds["AVALC"].notna())
    own = bds[is_known & (bds["DTYPE"].ne(_CARRIED) if "DTYPE" in bds else True)]
    if own.empty:
        return pd.DataFrame(columns=_COLUMNS)
    names = _with_unit(own["PARAM"], own["AVALU"])
    shown = [short_name(code, name) for code, name in zip(own["PARAMCD"], names, strict=True)]
    family = own["PARAM"].astype("str").str.rpartition(": ")[0].replace("", "Endpoints")
    signs = own["ANRIND"].map(_SIGNS).astype("str").fillna("")
    parts = zip(own["AVAL"], own["DECIMALS"].fillna(0), own["AVALC"].astype("str").fillna(""), signs, strict=True)
    return pd.DataFrame(
        {
            "USUBJID": own["USUBJID"], "FAMILY": family, "NAME": shown, "TIME": own["ADY"].astype("float64"),
            "PLAN": own["VISITNUM"].astype("str").fillna("") + own["ATPT"].astype("str").fillna(""),
            "IS_UNPLANNED": is_unplanned(own),
            "TEXT": [_text(value, places, reported) + sign for value, places, reported, sign in parts],
        }
    )  # fmt: skip


def _samples(samples: pd.DataFrame) -> pd.DataFrame:
    known = _with(samples, "ADY", "AVALC", "AVALU", "NOMTIME", "VISIT", "VISITNUM", "ATPT")
    own = known[known["ADY"].notna() & known["AVALC"].notna()]
    if own.empty:
        return pd.DataFrame(columns=_COLUMNS)
    hours = own["NOMTIME"].astype("float64").clip(lower=0).fillna(0)
    reported = own["AVALC"].astype("str").str.replace(" ", "")
    return pd.DataFrame(
        {
            "USUBJID": own["USUBJID"], "FAMILY": "Concentrations",
            "NAME": _with_unit(own["MATRIX"], own["AVALU"]),
            "TIME": (own["ADY"].astype("float64") + hours.where(hours.lt(24), 0) / 24).round(2),
            "PLAN": own["VISITNUM"].astype("str").fillna("") + own["ATPT"].astype("str").fillna(""),
            "IS_UNPLANNED": is_unplanned(own), "TEXT": reported,
        }
    )  # fmt: skip


def _with_unit(names: pd.Series, units: pd.Series) -> pd.Series:
    known = units.astype("str").fillna("")
    return names.astype("str") + (" (" + known + ")").where(known.ne(""), "")


def _with(records: pd.DataFrame, *names: str) -> pd.DataFrame:
    """Return records with all of these columns, empty where they were not delivered."""
    return records.reindex(columns=[*records.columns, *(name for name in names if name not in records)])


def is_unplanned(records: pd.DataFrame) -> pd.Series:
    """Return which records were taken at an unscheduled visit, as the name of their visit says."""
    return records["VISIT"].astype("str").str.contains("unscheduled", case=False, na=False)


def _text(value: float, places: float, reported: str) -> str:
    """Return a value as one word: its number, or what was reported in its place."""
    return fixed(value, int(places)) if value == value else reported.replace(" ", "") or _NOTHING


def _family(own: pd.DataFrame, book: RecordBook) -> RecordTable:
    """Return the values of one family: days in the first column, values in the order of the days in the others."""
    names = list(dict.fromkeys(own["NAME"]))
    rows = []
    for person, records in own.groupby(own["USUBJID"].astype("str"), sort=True):
        cells = _in_order_of_days(records, names)
        rows.append((str(person), Row(collected(str(person)), tuple(cells))))
    columns = (Column("Days", is_number=False), *(Column(collected(name), is_number=False) for name in names))
    return RecordTable(columns, book.by_arm(rows), stub=collected(str(own["FAMILY"].iloc[0])), name=VALUES)


def _in_order_of_days(records: pd.DataFrame, names: Sequence[str]) -> list[str]:
    """Return the days of a participant's values as one text, then by parameter the values in their order."""
    moments = records.drop_duplicates(["TIME", "PLAN"]).sort_values("TIME", kind="stable")
    at = list(zip(moments["TIME"], moments["PLAN"], strict=True))
    days = [f"{_day(day)}{_UNPLANNED * off}" for day, off in zip(moments["TIME"], moments["IS_UNPLANNED"], strict=True)]
    keys = zip(records["NAME"], records["TIME"], records["PLAN"], strict=True)
    texts: dict[tuple[object, ...], str] = dict(zip(keys, records["TEXT"], strict=True))
    return [" ".join(days), *(_joined(texts.get((name, *moment), _NOTHING) for moment in at) for name in names)]


def _joined(texts: Iterable[str]) -> str:
    """Return the values of a participant as one text, empty where there is none."""
    known = list(texts)
    return collected(" ".join(known)) if any(text != _NOTHING for text in known) else ""


def _people(frames: Frames, events: pd.DataFrame | None, study: Study, book: RecordBook) -> RecordTable:
    """Return who everybody is, the days of their doses, and their events."""
    doses = frames.doses.dropna(subset=["ADY"]).sort_values("ADY", kind="stable")
    dosed = {name: " ".join(map(_day, own["ADY"])) for name, own in doses.groupby("USUBJID")}
    told: dict[Any, str] = {}
    if events is not None and len(events):
        ordered = events.sort_values("ASTDY", kind="stable")
        told = {name: "; ".join(_event(*one) for one in _parts(own)) for name, own in ordered.groupby("USUBJID")}
    adsl = frames.adsl[frames.adsl["USUBJID"].isin(list(book.arms))]
    labels = ("Who", "Doses on days", *(("Adverse events",) if events is not None else ()))
    rows = []
    for name, who in zip(adsl["USUBJID"], zip(*_who(adsl, study), strict=True), strict=True):
        known = collected(", ".join(text for text in who if text not in _UNKNOWN))
        cells = (known, dosed.get(name, ""), collected(told.get(name, "")))
        rows.append((str(name), Row(collected(name), cells[: len(labels)])))
    columns = tuple(Column(label, is_number=False, is_verbatim=label != "Doses on days") for label in labels)
    return RecordTable(columns, book.by_arm(rows), stub="Participant", name=PEOPLE)


def _who(adsl: pd.DataFrame, study: Study) -> list[list[str]]:
    """Return arm, age and sex of participants, in the words of the study file where it has some."""
    known = {item.variable: item for item in study.characteristics}
    columns = [words(adsl["TRT01A"])]
    for variable, unit in (("AGE", "years"), ("SEX", "")):
        if variable in adsl:
            levels = known[variable].levels if variable in known else {}
            texts = words(adsl[variable].replace(levels))
            columns.append([text if text in _UNKNOWN else f"{text} {unit}".strip() for text in texts])
    return columns


def _parts(events: pd.DataFrame) -> Iterable[tuple[Any, ...]]:
    wanted = ("ASTDY", "AENDY", "ASEVN", "AESER", "AEDECOD", "AETERM")
    own = events.reindex(columns=list(wanted))
    return zip(*(own[name] for name in wanted), strict=True)


def _day(day: float) -> str:
    return f"{day:g}".replace("-", "−")


def _event(start: float, end: float, rank: float, serious: object, term: object, reported: object) -> str:
    """Return an event as one text: days, severity from 1 on with s for serious, term; ? for what is not known.

    Examples
    --------
    >>> nan = float("nan")
    >>> _event(29.0, 35.0, 1.0, "N", "Headache", "HEADACHE"), _event(nan, nan, nan, "Y", None, "Fall; stairs")
    ('29–35 1 Headache', '?– ?s Fall, stairs')
    """
    days = [_day(day) if day == day else empty for day, empty in ((start, "?"), (end, ""))]
    name = sentence_case(term) if isinstance(term, str) else reported if isinstance(reported, str) else ""
    sign = "s" if serious == "Y" else ""
    return f"{days[0]}–{days[1]} {f'{rank:.0f}' if rank == rank else '?'}{sign} {name.replace(';', ',')}".strip()
