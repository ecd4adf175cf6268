"""The records of a report, numbered through the page: what opens behind its counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from cutbook.catalogue.events import SERIOUSNESS
from cutbook.catalogue.kinds.panels import Field
from cutbook.display.look.collected import collected
from cutbook.display.look.columns import sentences, texts_of, words
from cutbook.display.look.elements import Column, RecordGroup, RecordTable, Row
from cutbook.display.look.numbers import NOT_APPLICABLE
from cutbook.parameters.study import Study
from cutbook.records import EVENTS, PARTICIPANTS, SAMPLES, participant_of
from cutbook.results.columns import arm_codes, group_words, groups_by_arm

MOST_RECORDS = 2000
"""Records of one kind that a page holds at most; the rest is in the records file beside the report."""

_PLACE = ["display", "parameter", "variable", "level", "visit"]
_FINDING = ["KEY", "USUBJID", "TRT01A", "PARAMCD", "PARAM", "AVISIT", "AVISITN", "DTYPE", "AVAL"]
_DOSES, _DEATH = Field("Doses", "DOSEN"), Field("Death", "DTHDTC", or_day="DTHDT")
_FIELDS = {
    PARTICIPANTS: (
        Field("First dose", "TRTSDT", "day"),
        Field("Last dose", "TRTEDT", "day"),
        _DOSES,
        Field("Study", "EOSSTT", "sentence", beside="DCSREAS"),
    ),
    EVENTS: (
        Field("Preferred term", "AEDECOD", "sentence"),
        Field("Start (day)", "AESTDTC", or_day="ASTDT", beside="ASTDY"),
        Field("End (day)", "AEENDTC", beside="AENDY"),
        Field("Severity", "AESEV", "sentence"),
        Field("Serious", "AESER"),
        Field("Related", "AREL"),
        Field("Reported term", "AETERM"),
        Field("Treatment-emergent", "TRTEMFL"),
        Field("Rule", "TRTEMRULE"),
    ),
    SAMPLES: (
        Field("Matrix", "MATRIX"),
        Field("Visit", "VISIT", "visit"),
        Field("Nominal time (h)", "NOMTIME"),
        Field("As reported", "AVALC"),
    ),
}
"""Columns of the records of each kind."""

_NO_ACTION = (NOT_APPLICABLE, "Dose not changed", "Not applicable", "None", "Unknown")
"""Actions taken that mark no event, in sentence case."""


@dataclass(frozen=True)
class RecordBook:
    """The records of a report, as derived.

    Attributes
    ----------
    kinds : dict of str to frame
        ADSL, ADAE and ADPC by kind, in the order in which the page lists them; without rows where the report has none.
    findings : frame
        Findings and endpoints by visit, one below the other.
    numbers : dict of str to int
        Number on the page by key, of the records that are on it.
    arms : dict of str to str
        Code of the actual arm by participant, empty without one.
    groups : dict of str to tuple of str
        By arm, codes of the columns of displays in which its participants count.
    study : Study
        Words of the arms and of the characteristics.
    """

    kinds: dict[str, pd.DataFrame]
    findings: pd.DataFrame
    numbers: dict[str, int]
    arms: dict[str, str]
    groups: dict[str, tuple[str, ...]]
    study: Study

    def by_arm(self, rows: Iterable[tuple[str, Row]]) -> tuple[RecordGroup, ...]:
        """Return rows, each with its participant, below the words of their arm."""
        below: dict[str, list[Row]] = {arm: [] for arm in self.groups}
        for name, row in rows:
            below[self.arms[name]].append(row)
        words = {**group_words(self.study), "": f"Not {self.study.treatment.entered}"}
        shown = ((arm, collected(words[arm]), tuple(own)) for arm, own in below.items() if own)
        return tuple(RecordGroup(label, self.groups[arm], own) for arm, label, own in shown)

    def counts_in(self, key: str, group: str) -> bool:
        """Return whether the participant of a record counts in this column."""
        return group in self.groups[self.arms[participant_of(key)]]

    def tables(self, keys: Iterable[str]) -> tuple[RecordTable, ...]:
        """Return these records as tables, one a kind, numbered as on the page, by arm and participant."""
        wanted = {key for key in keys if key in self.numbers}
        tables = []
        for kind, frame in self.kinds.items():
            chosen = frame[frame["KEY"].isin(wanted)]
            if len(chosen):
                texts = _texts(kind, chosen, self.study)
                lines = zip(chosen["KEY"], chosen["USUBJID"], *texts.values(), strict=True)
                rows = [(name, Row(str(self.numbers[key]), (collected(name), *line))) for key, name, *line in lines]
                columns = [Column(label, is_number=False, is_verbatim=kind != PARTICIPANTS) for label in texts]
                tables.append(RecordTable((Column("Participant", is_number=False), *columns), self.by_arm(rows)))
        return tuple(tables)


def record_book(
    results: pd.DataFrame,
    adsl: pd.DataFrame,
    study: Study,
    *,
    events: pd.DataFrame | None = None,
    findings: Sequence[pd.DataFrame] = (),
    samples: pd.DataFrame | None = None,
) -> RecordBook:
    """Return the records that the counts of a report can open.

    Parameters
    ----------
    results : results table
        Of the report: where there are more than :data:`MOST_RECORDS` of a kind, the rows with the fewest come first.
    adsl : frame
        Participants.
    study : Study
        Arms.
    events, samples : frame, optional
        ADAE, ADPC.
    findings : sequence of frame
        Findings or endpoints by visit.
    """
    codes = adsl["TRT01A"].map(arm_codes(study)).astype("str").fillna("").tolist()
    arms = dict(zip(adsl["USUBJID"].tolist(), codes, strict=True))
    known = {*codes, *(arm.code for arm in study.treatment.arms)}
    groups = {arm: counted for arm, counted in groups_by_arm(study).items() if arm in known}
    frames = {PARTICIPANTS: adsl, EVENTS: events, SAMPLES: samples}
    kinds = {kind: _in_order(frame, arms, groups) for kind, frame in frames.items()}
    shown = [key for records in kinds.values() for key in _shown(records, results)]
    values = [frame[frame.columns.intersection(_FINDING)] for frame in findings if len(frame)]
    below = (pd.concat(values, ignore_index=True) if values else pd.DataFrame()).reindex(columns=_FINDING)
    numbers = {key: place for place, key in enumerate(shown, start=1)}
    return RecordBook(kinds, below, numbers, arms, groups, study)


def _in_order(frame: pd.DataFrame | None, arms: dict[str, str], groups: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    if frame is None or frame.empty:
        return pd.DataFrame({"KEY": pd.Series(dtype="str"), "USUBJID": pd.Series(dtype="str")})
    known, places = frame[frame["USUBJID"].isin(list(arms))], list(groups)
    order = [places.index(arms[name]) for name in known["USUBJID"]]
    return known.assign(_ARM=order).sort_values(["_ARM", "USUBJID"], kind="stable").drop(columns="_ARM")


def _shown(frame: pd.DataFrame, results: pd.DataFrame) -> list[str]:
    """Return the keys of a kind that the page holds: all, or those behind the rows with the fewest records."""
    keys: list[str] = frame["KEY"].tolist()
    if len(keys) <= MOST_RECORDS:
        return keys
    own = set(keys)
    counted = results[results["statistic"].eq("n")]
    behind = [{key for keys in lists for key in keys} & own for _, lists in counted.groupby(_PLACE, sort=False)["keys"]]
    chosen: set[str] = set()
    for some in sorted(behind, key=len):
        if len(chosen | some) > MOST_RECORDS:
            break
        chosen |= some
    return [key for key in keys if key in chosen]


def _texts(kind: str, chosen: pd.DataFrame, study: Study) -> dict[str, list[str]]:
    """Return the columns of records of one kind by heading, as text.

    Parameters
    ----------
    kind : str
        One of those of `cutbook.records`.
    chosen : frame
        Records of ADSL, ADAE or ADPC.
    study : Study
        Words of the characteristics.
    """
    hidden = () if study.treatment.planned_doses is not None else (_DOSES,)
    told = {field.label: texts_of(field, chosen) for field in _FIELDS[kind] if field not in hidden}
    if kind == EVENTS:
        return told | {"Marked as": _marks(chosen, study)}
    return told | _facts(chosen, study) if kind == PARTICIPANTS else told


def _marks(events: pd.DataFrame, study: Study) -> list[str]:
    """Return what else made each event count: criteria of seriousness, flags of the study file, action; or a dash."""
    named = SERIOUSNESS | {flag.qnam: flag.label for flag in study.adverse_events.flags}
    named = {name: label for name, label in named.items() if name in events}
    told = [
        [label if value == "Y" else "" for value in events[name]] for name, label in named.items() if name in events
    ]
    if "AEACN" in events:
        told.append(["" if value in _NO_ACTION else value for value in sentences(events["AEACN"])])
    lines = zip(*told, strict=True) if told else [()] * len(events)
    return [collected("; ".join(filter(None, marks))) or NOT_APPLICABLE for marks in lines]


def _facts(chosen: pd.DataFrame, study: Study) -> dict[str, list[str]]:
    facts = {
        f"{item.label} ({item.unit})" if item.unit else item.label: words(chosen[item.variable].replace(item.levels))
        for item in study.characteristics
    }
    return {"Death": texts_of(_DEATH, chosen.where(chosen["DTHFL"].eq("Y"))), **facts}
