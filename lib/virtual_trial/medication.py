"""Medicines and history: CM and MH."""

from __future__ import annotations

from collections.abc import Sequence

from .case import Case
from .facts import table
from .record import Record, Value
from .visits import iso

HISTORY = (
    ("HYPERTENSION", "Hypertension", "Vascular disorders", 0.28),
    ("HIGH CHOLESTEROL", "Hypercholesterolaemia", "Metabolism and nutrition disorders", 0.22),
    ("HYPOTHYROIDISM", "Hypothyroidism", "Endocrine disorders", 0.10),
    ("DEPRESSION", "Depression", "Psychiatric disorders", 0.16),
    ("SEASONAL ALLERGIES", "Seasonal allergy", "Immune system disorders", 0.20),
    ("APPENDECTOMY", "Appendicectomy", "Surgical and medical procedures", 0.14),
    ("REFLUX", "Gastrooesophageal reflux disease", "Gastrointestinal disorders", 0.18),
    ("KIDNEY STONES", "Nephrolithiasis", "Renal and urinary disorders", 0.06),
)


def history(case: Case) -> list[Record]:
    """Return records of MH: the disease with its partial date of onset, and what else the participant has had."""
    if not case.person.is_randomised:
        return []
    onset = case.person.day1 - int(case.person.traits.months_since_onset * 30.44)
    found = [("ALS", "Amyotrophic lateral sclerosis", "Nervous system disorders", iso(onset)[:7], "PRIMARY DIAGNOSIS")]
    for words, term, organ, share in HISTORY:
        if case.draws.chance(f"history.{term}", share):
            longest = min(20, case.person.traits.age - 19)
            began = case.person.consent - 365 * case.draws.whole(f"began.{term}", 1, longest) - 40
            precision = case.draws.pick(f"precision.{term}", (4, 4, 7, 10))
            found.append((words, term, organ, iso(began)[:precision], "GENERAL"))
    return [_past(case, row, rank) for rank, row in enumerate(found)]


def _past(case: Case, row: tuple[str, str, str, str, str], rank: float) -> Record:
    words, term, organ, start, category = row
    values: dict[str, Value] = {
        "MHTERM": words,
        "MHDECOD": term,
        "MHBODSYS": organ,
        "MHSOC": organ,
        "MHCAT": category,
        "MHSTDTC": start,
        "MHSTDY": case.study_day_of(start),
        "MHENRTPT": "" if term == "Appendicectomy" else "ONGOING",
        "MHENTPT": "" if term == "Appendicectomy" else "SCREENING",
        "MHDTC": iso(case.person.consent),
        "MHDY": case.study_day(case.person.consent),
    }
    return case.record("mh", case.person.consent, case.person.consent + 5, values, rank)


def medication(case: Case, events: Sequence[Record]) -> list[Record]:
    """Return records of CM: what was taken before, and what was given for adverse events.

    Parameters
    ----------
    case : Case
        The participant.
    events : sequence of Record
        Numbered AE records; their term chooses the treatment.
    """
    if not case.person.is_randomised:
        return []
    found = _earlier(case)
    treatments = {row["term"]: row["treatment"] for row in table("terms.csv")}
    for event in events:
        remedy = treatments.get(str(event.values["AEDECOD"]), "")
        if remedy and event.values["AECONTRT"] == "Y" and len(str(event.values["AESTDTC"])) >= 10:
            found.append(_remedy(case, event, remedy))
    return found


def _medicine(name: str) -> dict[str, Value]:
    row = next(row for row in table("medicines.csv") if row["medicine"] == name)
    return {
        "CMTRT": row["words"],
        "CMDECOD": name.upper(),
        "CMCLAS": row["class"],
        "CMDOSE": float(row["dose"]),
        "CMDOSU": "mg",
        "CMDOSFRQ": row["frequency"],
        "CMROUTE": row["route"],
    }


def _earlier(case: Case) -> list[Record]:
    person = case.person
    names = [("riluzole", "ALS", person.traits.has_riluzole)]
    names += [
        (name, reason, case.draws.chance(f"prior.{name}", share))
        for name, reason, share in (
            ("lisinopril", "HYPERTENSION", 0.25),
            ("atorvastatin", "HIGH CHOLESTEROL", 0.2),
            ("baclofen", "SPASTICITY", 0.3),
            ("cholecalciferol", "SUPPLEMENT", 0.35),
        )
    ]
    found = []
    for rank, (name, reason, is_taken) in enumerate(names):
        if is_taken:
            began = person.day1 - case.draws.whole(f"since.{name}", 60, 900)
            start = iso(began)[: case.draws.pick(f"precision.{name}", (4, 7, 7, 10))]
            values = {
                **_medicine(name),
                "CMSPID": f"CM{rank + 1:03d}",
                "CMINDC": reason,
                "EPOCH": "SCREENING",
                **case.dated("cm", start, ""),
                "CMENRTPT": "ONGOING",
                "CMENTPT": "END OF STUDY",
            }
            found.append(case.record("cm", began, person.consent + 6, values, rank))
    return found


def _remedy(case: Case, event: Record, name: str) -> Record:
    start, end = str(event.values["AESTDTC"])[:10], str(event.values["AEENDTC"])[:10]
    values = {
        **_medicine(name),
        "CMSPID": f"C{event.values['AESPID']}",
        "CMINDC": str(event.values["AETERM"]).upper(),
        "EPOCH": event.values["EPOCH"],
        **case.dated("cm", start, end),
        "CMENRTPT": "" if end else "ONGOING",
        "CMENTPT": "" if end else "END OF STUDY",
    }
    record = case.record("cm", int(event.order[0]), event.entered + 1, values, 100 + event.order[1])
    for day, old in event.earlier:
        if "AEENDTC" in old:
            ongoing: dict[str, Value] = {"CMENDTC": "", "CMENDY": "", "CMENRTPT": "ONGOING", "CMENTPT": "END OF STUDY"}
            record.before(day, ongoing)
    return record
