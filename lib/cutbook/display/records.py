"""The records of a report, numbered through the page: what opens behind its counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from cutbook.display.parts import Column, RecordGroup, RecordTable, Row
from cutbook.display.record_texts import EVENTS, PARTICIPANTS, SAMPLES, record_texts
from cutbook.parameters.study import Study

MOST_RECORDS = 2000
"""Records of one kind that a page holds at most; the rest is in the records file beside the report."""

NO_ARM = "Not randomised"
KINDS = {"dm": PARTICIPANTS, "adsl": PARTICIPANTS, "ae": EVENTS, "adae": EVENTS, "pc": SAMPLES, "adpc": SAMPLES}
"""Kind of record by the dataset that its key names."""

_PLACE = ["display", "parameter", "variable", "level", "visit"]
_FINDING = ("KEY", "USUBJID", "TRT01A", "PARAMCD", "PARAM", "AVISIT", "AVISITN", "ANL01FL", "DTYPE", "AVAL", "DECIMALS")


@dataclass(frozen=True)
class RecordBook:
    """The records of a report, as derived.

    Attributes
    ----------
    participants, events, samples : frame
        ADSL, ADAE and ADPC, in the order in which the page lists them; without rows where the report has none.
    findings : frame
        Findings and endpoints by visit, one below the other.
    numbers : dict of str to int
        Number on the page by key, of the records that are on it.
    arms : dict of str to str
        Actual arm by participant.
    groups : dict of str to tuple of str
        By arm, the columns of displays in which its participants count.
    """

    participants: pd.DataFrame
    events: pd.DataFrame
    samples: pd.DataFrame
    findings: pd.DataFrame
    numbers: dict[str, int]
    arms: dict[str, str]
    groups: dict[str, tuple[str, ...]]

    def frame(self, kind: str) -> pd.DataFrame:
        """Return the records of one kind."""
        return {PARTICIPANTS: self.participants, EVENTS: self.events, SAMPLES: self.samples}[kind]

    def counts_in(self, key: str, group: str) -> bool:
        """Return whether the participant of a record counts in this column."""
        return group in self.groups[self.arms[participant_of(key)]]


def participant_of(key: str) -> str:
    """Return the participant whom a record is about.

    Examples
    --------
    >>> participant_of("dm/01-701"), participant_of("ae/01/701/3")
    ('01-701', '01/701')
    """
    dataset, _, rest = key.partition("/")
    return rest if KINDS.get(dataset) == PARTICIPANTS else rest.rpartition("/")[0]


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
    labels = adsl["TRT01A"].astype("str").fillna(NO_ARM).tolist()
    arms = dict(zip(adsl["USUBJID"].tolist(), labels, strict=True))
    groups = arm_groups(study, labels)
    kinds = [_in_order(frame, arms, groups) for frame in (adsl, events, samples)]
    numbers: dict[str, int] = {}
    for kind in kinds:
        shown = _shown(kind, results)
        numbers |= {key: len(numbers) + place for place, key in enumerate(shown, start=1)}
    known = [frame[[name for name in _FINDING if name in frame]] for frame in findings if len(frame)]
    below = pd.concat(known, ignore_index=True) if known else pd.DataFrame(columns=list(_FINDING))
    return RecordBook(kinds[0], kinds[1], kinds[2], below, numbers, arms, groups)


def arm_groups(study: Study, labels: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the columns in which the participants of each arm count, arms in the order of the study file."""
    treatment = study.treatment
    doses = {arm.label: arm.dose for arm in treatment.arms}
    ordered = [*doses, *sorted(set(labels) - set(doses))]
    pooled = {arm: treatment.total_active for arm, dose in doses.items() if dose > 0 and treatment.total_active}
    return {arm: tuple(name for name in (arm, pooled.get(arm, ""), treatment.total) if name) for arm in ordered}


def record_tables(book: RecordBook, keys: Iterable[str], study: Study) -> tuple[RecordTable, ...]:
    """Return these records as tables, one a kind, numbered as on the page, by arm and participant."""
    wanted = {key for key in keys if key in book.numbers}
    tables = []
    for kind in (PARTICIPANTS, EVENTS, SAMPLES):
        frame = book.frame(kind)
        chosen = frame[frame["KEY"].isin(wanted)] if len(frame) else frame
        if len(chosen):
            tables.append(
                _record_table(book, chosen, record_texts(kind, chosen, study), is_verbatim=kind != PARTICIPANTS)
            )
    return tuple(tables)


def _record_table(
    book: RecordBook, chosen: pd.DataFrame, texts: dict[str, list[str]], *, is_verbatim: bool
) -> RecordTable:
    rows: dict[str, list[Row]] = {arm: [] for arm in book.groups}
    keys, names = (chosen[name].tolist() for name in ("KEY", "USUBJID"))
    for key, name, *line in zip(keys, names, *texts.values(), strict=True):
        rows[book.arms[name]].append(Row(str(book.numbers[key]), (name, *line)))
    columns = [Column(label, is_number=False, is_verbatim=is_verbatim) for label in texts]
    members = tuple(RecordGroup(arm, book.groups[arm], tuple(own)) for arm, own in rows.items() if own)
    return RecordTable((Column("Participant", is_number=False), *columns), members)


def _in_order(frame: pd.DataFrame | None, arms: dict[str, str], groups: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    if frame is None or frame.empty:
        return pd.DataFrame({"KEY": pd.Series(dtype="str"), "USUBJID": pd.Series(dtype="str")})
    known = frame[frame["USUBJID"].isin(list(arms))]
    places = {arm: place for place, arm in enumerate(groups)}
    order = known["USUBJID"].map(arms).map(places)
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
