"""Adverse events by the dose that they came after, and by the days since the last procedure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import pandas as pd

from cutbook.catalogue.events import TOLD_SERIOUS, Condition, having, of_events, that, window_note
from cutbook.catalogue.kinds.absence import Absence, Why, named, not_delivered, told, untold
from cutbook.catalogue.kinds.layers import Count, Heading, Records
from cutbook.catalogue.kinds.panels import Layer
from cutbook.derive import Frames
from cutbook.derive.exposure import last_days
from cutbook.parameters.study import Study

FIRST_DAYS = (0, 1, 2, 4, 8, 15, 29)
"""First day since the last procedure of every band of days; the next one begins the day after its last."""

BEFORE, UNKNOWN = "BEFORE", "UNKNOWN"
_NO_DOSES = "Not named in the study file: a number of planned doses, so doses are not told apart."
_SAME_DAY = (
    "On the day of a dose or procedure an event came after it, unless both times are known and it began earlier by the "
    "clock: a finding of the sample that the procedure took stands at its day."
)


def column(records: pd.DataFrame, name: str) -> pd.Series:
    """Return a column of numbers, missing where the records do not have it."""
    return pd.to_numeric(records.reindex(columns=[name])[name], errors="coerce")


def _received(frames: Frames, *, dose: int) -> pd.DataFrame:
    return frames.adsl[frames.adsl["SAFFL"].eq("Y") & frames.adsl["DOSEN"].ge(dose)]


def is_after_dose(events: pd.DataFrame, *, dose: int, days: int) -> pd.Series:
    """Return which events began on the day of a dose or so many days after it, and before the next one."""
    return column(events, "ADOSE").eq(dose) & column(events, "ADOSEDY").le(days)


def _after_dose(events: pd.DataFrame, *, dose: int, days: int, also: Condition) -> pd.Series:
    return is_after_dose(events, dose=dose, days=days) & also(events)


def _any(events: pd.DataFrame) -> pd.Series:
    return pd.Series(True, index=events.index)


def gaps(frames: Frames, occasions: pd.DataFrame) -> pd.DataFrame:
    """Return doses or procedures with the days for which each was followed.

    Parameters
    ----------
    frames : Frames
        ADSL.
    occasions : DataFrame
        USUBJID, OCC, ADT.

    Returns
    -------
    DataFrame
        USUBJID, KEY, OCC and FOLLOWED: days from it to the day before the next one, or to the end of follow-up (0: its
        day alone); missing where that end is not known.
    """
    people = frames.adsl[frames.adsl["SAFFL"].eq("Y")]
    ends = people[["USUBJID", "KEY"]].assign(LAST=last_days(people))
    placed = occasions[["USUBJID", "OCC", "ADT"]].merge(ends, on="USUBJID").sort_values(["USUBJID", "OCC"])
    to_next = (placed.groupby("USUBJID")["ADT"].shift(-1) - placed["ADT"]).dt.days - 1
    to_end = (placed["LAST"] - placed["ADT"]).dt.days
    return placed.assign(FOLLOWED=to_next.fillna(to_end).astype("float64").clip(lower=0))[
        ["USUBJID", "KEY", "OCC", "FOLLOWED"]
    ]


def _short_of(frames: Frames, *, dose: int, days: int) -> pd.DataFrame:
    followed = gaps(frames, frames.doses.rename(columns={"DOSEOCC": "OCC"}))
    is_last = followed["OCC"].eq(followed.groupby("USUBJID")["OCC"].transform("max"))
    return followed[followed["OCC"].eq(dose) & is_last & ~followed["FOLLOWED"].ge(days)]


def _kinds(study: Study) -> list[tuple[str, str, Condition, Why]]:
    """Return the kinds of events that are counted by dose: code, words, condition, why it is not known."""
    kinds: list[tuple[str, str, Condition, Why]] = [
        ("ANY", "Any event", _any, told),
        ("DRUG", "Related to study drug", having("AREL", "Y"), untold("adae", "AREL", "ae")),
    ]
    procedure = study.procedure
    if procedure and (flag := procedure.related):
        why = untold("adae", flag, "ae", "suppae")
        kinds.append(("PROC", f"Related to {procedure.label}", having(flag, "Y"), why))
    return [*kinds, ("SER", "Serious event", having("AESER", "Y"), TOLD_SERIOUS)]


def _why_not_placed(frames: Frames, *, kind: Why) -> str:
    return kind(frames) if frames.has_records("ex") else Absence.NOT_DELIVERED


def _by_dose(study: Study) -> list[Layer]:
    planned, days = study.treatment.planned_doses, study.adverse_events.occasion_days
    doses = range(1, (planned or 0) + 1)
    if not doses:
        return []
    dosed = untold("adsl", "DOSEN", "ex", among="SAFFL")
    row = partial(Count, has_events=True, indent=1)
    rows: list[Layer] = [Heading("Received the dose")]
    rows += [Count(f"DOSE{dose}", f"Dose {dose}", partial(_received, dose=dose), indent=1, why=dosed) for dose in doses]
    for code, words, also, kind in _kinds(study):
        rows.append(Heading(f"{words} within {days} days"))
        for dose in doses:
            began = that(partial(_after_dose, dose=dose, days=days, also=also))
            why = partial(_why_not_placed, kind=kind)
            rows.append(row(code, f"Dose {dose}", began, level=str(dose), of_those=f"DOSE{dose}", below=words, why=why))
    return [*rows, *(_short(dose, days) for dose in doses), _unplaced()]


def _short(dose: int, days: int) -> Count:
    """Return the row of participants whose last dose it was, and who were not followed for as many days."""
    records = partial(_short_of, dose=dose, days=days)
    words = f"Dose {dose}: followed for less than {days} days"
    return Count("SHORT", words, records, level=str(dose), is_there=partial(_is_any, records=records))


def _is_any(frames: Frames, *, records: Records) -> bool:
    return len(records(frames)) > 0


def _is_unplaced(events: pd.DataFrame) -> pd.Series:
    """Return which events have no known day of onset: none, or one of which only a part is known."""
    return events["ASTDT"].isna() | events.reindex(columns=["ASTDTF"])["ASTDTF"].notna()


def _has_unplaced(frames: Frames) -> bool:
    return len(that(_is_unplaced)(frames)) > 0


def _unplaced() -> Count:
    return Count(
        UNKNOWN, "Day of onset not known, so after no dose", that(_is_unplaced), has_events=True, is_there=_has_unplaced
    )


def _dose_note(study: Study) -> str:
    return (
        f"n/N (%) [events]: N received the dose; n of them had an event that began on its day or up to "
        f"{study.adverse_events.occasion_days} days after it, and before the next dose."
    )


by_dose = of_events(
    id="T-D11",
    title="Adverse events that began soon after each dose",
    is_folded=True,
    question="Does it get worse from dose to dose?",
    rows=_by_dose,
    order="Participants who received each dose; any event, related to study drug, related to the procedure, serious, "
    "each by dose.",
    missing="An event of which the day of onset is not known, or only a part of its date, came after no dose and has a "
    "row of its own. A dose that nobody received is a dash.",
    notes=lambda study: (
        _dose_note(study),
        _SAME_DAY,
        window_note(study),
    ),
    counterpart="none known",
    source=("ADAE", "EX"),
    empty=_NO_DOSES,
)


@dataclass(frozen=True)
class Band:
    """Days since the last procedure: from the first to the last, None without end."""

    first: int
    last: int | None

    @property
    def code(self) -> str:
        """Its key."""
        return f"{self.first}-{'' if self.last is None else self.last}"

    @property
    def words(self) -> str:
        """Its words."""
        if self.first == 0:
            return "The same day"
        if self.last is None:
            return f"{self.first} days or more after"
        return f"{self.first} day after" if self.first == self.last == 1 else f"{self.first} to {self.last} days after"


BANDS = (*(Band(first, following - 1) for first, following in pairwise(FIRST_DAYS)), Band(FIRST_DAYS[-1], None))
"""The bands of days in order."""


def _in_band(events: pd.DataFrame, *, band: Band) -> pd.Series:
    days = column(events, "APROCDY")
    return days.ge(band.first) & days.le(float("inf") if band.last is None else band.last)


def _at_risk(frames: Frames, *, band: Band) -> pd.DataFrame:
    followed = gaps(frames, frames.procedures)
    return followed[followed["FOLLOWED"].ge(band.first)].drop_duplicates("USUBJID")


def _came_before(events: pd.DataFrame) -> pd.Series:
    return ~_is_unplaced(events) & column(events, "APROCDY").isna()


def _since(study: Study) -> list[Layer]:
    if study.procedure is None and not study.treatment.planned_doses:
        return []
    rows: list[Layer] = [Heading("Followed for so many days without another")]
    rows += [Count(f"RISK{band.first}", band.words, partial(_at_risk, band=band), indent=1) for band in BANDS]
    rows.append(Heading("Event that began"))
    for band in BANDS:
        began = that(partial(_in_band, band=band))
        rows.append(
            Count("SINCE", band.words, began, level=band.code, of_those=f"RISK{band.first}", has_events=True, indent=1)
        )
    before = that(_came_before)
    return [
        *rows,
        Count(BEFORE, "Before the first", before, has_events=True, indent=1, is_there=partial(_is_any, records=before)),
        Count(UNKNOWN, "Day of onset not known", that(_is_unplaced), has_events=True, indent=1, is_there=_has_unplaced),
    ]


def _recorded_in(study: Study) -> str:
    """Return the dataset that records the procedures, or the doses where there are none."""
    return (study.procedure.dataset if study.procedure else None) or "ex"


def _why_no_procedures(study: Study, frames: Frames) -> str:
    recorded = _recorded_in(study)
    why = not_delivered("ae", recorded)(frames)
    return why or ("" if frames.has_records(recorded) else f"Not delivered: records of {named(recorded)}.")


def _band_note(study: Study) -> str:
    return (
        f"n/N (%) [events] by days since the last {procedure_words(study)}. N: participants who were followed at least "
        f"to the first of these days after a {procedure_words(study)} without another. Bands are of unlike length."
    )


def procedure_words(study: Study) -> str:
    """Return what events are counted after."""
    return study.procedure.label if study.procedure else "dose"


since_procedure = of_events(
    id="T-D11P",
    title="Adverse events by the days since the last dose or procedure",
    is_folded=True,
    question="How soon after the procedure do events begin?",
    rows=_since,
    why_empty=_why_no_procedures,
    order="Bands of days since the last one before the event; before the first; day not known.",
    missing="An event of which the day of onset is not known has a row of its own.",
    notes=lambda study: (
        _band_note(study),
        _SAME_DAY,
        window_note(study),
    ),
    source=lambda study: ("ADAE", _recorded_in(study).upper()),
    empty=_NO_DOSES,
)
