"""The queries that were open at the soft lock: what the records held until they were answered."""

from __future__ import annotations

from .case import Case
from .facts import fact
from .findings import select
from .ledger import Note
from .planted_events import day_of
from .record import Record, Value

VITALS = (
    "6-11",
    "7-02",
    "7-06",
    "7-10",
    "7-12",
    "8-01",
    "8-02",
    "8-03",
    "8-05",
    "8-06",
    "8-08",
    "8-09",
    "8-11",
    "8-12",
)
DOSES = ("6-08", "7-03", "7-06", "7-11", "8-02", "8-09", "8-11")
HISTORIES = ("5-01", "5-10", "6-03", "7-07", "8-01", "8-08")
DILUTED, MISSCORED = "6-08", "6-11"


def open_queries(case: Case, domains: dict[str, list[Record]]) -> list[Note]:
    """Give the records under query their values before the answer; with the headache among the events there are 31."""
    slot, day = case.person.slot, day_of(fact("queries.answered_on"))
    if case.person.copy:
        return []
    found: list[tuple[Record, dict[str, Value]]] = []
    if slot in VITALS:
        found.append(_transposed(select(domains["vs"], VSTESTCD="SYSBP", VISITNUM=10.0)[0]))
    if slot in DOSES:
        record = domains["cm"][0]
        found.append((record, {"CMDOSE": 2 * float(record.values["CMDOSE"])}))
    if slot in HISTORIES:
        record = domains["mh"][0]
        found.append((record, {"MHSTDTC": str(record.values["MHSTDTC"])[:4]}))
    if slot == DILUTED:
        record = select(domains["lb"], LBTESTCD="SOD1", VISITNUM=11.0)[0]
        found.append((record, _result("LB", float(record.values["LBSTRESN"]) * 2, 1)))
    if slot == MISSCORED:
        found += _misscored(domains["qs"])
    for record, old in found:
        record.before(day, old)
    return [Note("open-query", record, next(iter(old))) for record, old in found]


def _result(prefix: str, value: float, decimals: int) -> dict[str, Value]:
    text = f"{value:.{decimals}f}"
    return {f"{prefix}ORRES": text, f"{prefix}STRESC": text, f"{prefix}STRESN": float(text)}


def _transposed(record: Record) -> tuple[Record, dict[str, Value]]:
    """Two digits exchanged, or the last one mistyped where that would change nothing."""
    text = str(record.values["VSORRES"])
    wrong = text[:-2] + text[-1] + text[-2]
    return record, _result("VS", float(wrong if wrong != text else f"{text[:-1]}0"), 0)


def _misscored(records: list[Record]) -> list[tuple[Record, dict[str, Value]]]:
    rated = [r for r in select(records, QSCAT="ALSFRS-R", VISITNUM=11.0) if r.values["QSTESTCD"] != "ALSFR1TT"]
    item = next(record for record in rated if float(record.values["QSSTRESN"]) < 4)
    total = select(records, QSTESTCD="ALSFR1TT", VISITNUM=11.0)[0]
    return [(record, _result("QS", float(record.values["QSSTRESN"]) + 1, 0)) for record in (item, total)]
