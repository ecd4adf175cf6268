"""The trial itself: TS, TA, TE, TV, TI and TD."""

from __future__ import annotations

from collections.abc import Sequence

from .facts import fact
from .record import Value

ELEMENTS = (
    ("SCREEN", "Screening", "SCREENING", "Informed consent", "First dose or screen failure"),
    ("TREAT", "Treatment", "TREATMENT", "First dose", "One day after the last dose"),
    ("FU", "Follow-up", "FOLLOW-UP", "End of treatment", "Day 169 or early end of participation"),
)
CRITERIA = (
    ("INCL01", "Adult with weakness attributable to ALS and a documented SOD1 mutation", "12"),
    ("INCL02A", "Forced vital capacity at least 50 % of predicted", "1"),
    ("INCL02B", "Forced vital capacity at least 50 % of predicted, or at least 45 % if stable", "2"),
    ("INCL03", "Riluzole absent or at a stable dose for at least 30 days", "12"),
    ("EXCL01", "Abnormal coagulation or any condition that forbids lumbar puncture", "12"),
    ("EXCL02", "Treatment with edaravone", "12"),
    ("EXCL03", "Infection with HIV or hepatitis virus", "12"),
)
"""Code, text, versions of the protocol that have it; one that changes is a new criterion (SDTMIG 3.4, 7.4.1)."""


def trial_datasets(cut: dict[str, str]) -> dict[str, list[dict[str, Value]]]:
    """Rows of the trial-level datasets for one cut; only TS depends on it."""
    return {
        "ts": _rows("TS", ("TSPARMCD", "TSPARM", "TSVAL"), _summary(cut), {"TSSEQ": 1.0}),
        "ta": _rows("TA", ("ARMCD", "ARM", "TAETORD", "ETCD", "ELEMENT", "EPOCH"), _arms()),
        "te": _rows("TE", ("ETCD", "ELEMENT", "TESTRL", "TEENRL"), [(*row[:2], *row[3:]) for row in ELEMENTS]),
        "tv": _rows("TV", ("VISITNUM", "VISIT", "VISITDY", "TVSTRL"), _visits()),
        "ti": _rows("TI", ("IETESTCD", "IETEST", "IECAT", "TIVERS"), _criteria()),
        "td": _rows(
            "TD", ("TDORDER", "TDANCVAR", "TDSTOFF", "TDTGTPAI", "TDNUMRPT"), [(1.0, "RFXSTDTC", "P0D", "P28D", 8.0)]
        ),
    }


def _rows(
    domain: str, names: Sequence[str], rows: Sequence[Sequence[Value]], more: dict[str, Value] | None = None
) -> list[dict[str, Value]]:
    common: dict[str, Value] = {"STUDYID": fact("study.id"), "DOMAIN": domain, **(more or {})}
    return [{**common, **dict(zip(names, row, strict=True))} for row in rows]


def _summary(cut: dict[str, str]) -> list[tuple[str, str, str]]:
    is_recoded = cut["extracted"] >= fact("ae.recoded_on")
    return [
        ("TITLE", "Trial Title", fact("study.title")),
        ("REGID", "Registry Identifier", fact("study.registry")),
        ("SPONSOR", "Clinical Study Sponsor", fact("study.sponsor")),
        ("STYPE", "Study Type", "INTERVENTIONAL"),
        ("INTTYPE", "Intervention Type", "DRUG"),
        ("INTMODEL", "Intervention Model", "SEQUENTIAL"),
        ("TPHASE", "Trial Phase Classification", "PHASE I/II TRIAL"),
        ("TRT", "Investigational Therapy or Treatment", "TOFERSEN"),
        ("PCLAS", "Pharmacologic Class", "ANTISENSE OLIGONUCLEOTIDE"),
        ("ROUTE", "Route of Administration", "INTRATHECAL"),
        ("TBLIND", "Trial Blinding Schema", "DOUBLE BLIND"),
        ("TCNTRL", "Control Type", "PLACEBO"),
        ("RANDQT", "Randomization Quotient", f"{fact('randomisation_quotient')}"),
        ("PLANSUB", "Planned Number of Subjects", f"{fact('randomised')}"),
        ("SDTIGVER", "SDTM IG Version", "3.4"),
        ("CTVER", "Controlled Terminology Version", "CDISC SDTM CT 2025-03-25"),
        ("AEDICT", "Adverse Event Dictionary", fact("ae.dictionary" if is_recoded else "ae.dictionary_before")),
        ("DCUTDTC", "Data Cutoff Date", cut["cutoff"]),
        ("DCUTDESC", "Data Cutoff Description", cut["purpose"].upper()),
        ("SYNTH", "Nature of the Data", "synthetic data"),
    ]


def _arms() -> list[tuple[Value, ...]]:
    return [
        (arm["code"], arm["label"], float(order), code, name, epoch)
        for arm in fact("arms")
        for order, (code, name, epoch, _, _) in enumerate(ELEMENTS, start=1)
    ]


def _criteria() -> list[tuple[Value, ...]]:
    """Return the whole set of criteria of each version of the protocol."""
    return [
        (code, text, "INCLUSION" if code.startswith("INCL") else "EXCLUSION", version)
        for version in "12"
        for code, text, versions in CRITERIA
        if version in versions
    ]


def _visits() -> list[tuple[Value, ...]]:
    return [
        (float(number), name, float(day), f"Day {first} to {last}")
        for number, name, day, first, last, _, _ in fact("schedule")
    ]
