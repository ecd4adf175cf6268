"""Who the participant is and how participation went: DM, SUPPDM, DS, DD, SC and SV."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from .case import Case, qualifier
from .exposure import dose_moments
from .facts import fact
from .record import Record, Value
from .stories import is_told_late
from .visits import Visit, iso, moment

FAILURES = (
    "FVC BELOW ENTRY LIMIT",
    "NO DOCUMENTED SOD1 MUTATION",
    "ABNORMAL COAGULATION",
    "RILUZOLE DOSE NOT STABLE",
    "WITHDREW CONSENT BEFORE RANDOMISATION",
)
SUFFIX_DAYS = 3
ARRIVAL_MINUTES, OBSERVED_MINUTES = 120, 490
"""From arrival to the dose, and from the dose to the end of the observation of that day."""


def subject(case: Case) -> list[Record]:
    """Return records of DM, SUPPDM, DS, DD, SC and SV."""
    return [
        _demographics(case),
        *_supplement(case),
        *_disposition(case),
        *_death_details(case),
        *_characteristics(case),
        *_subject_visits(case),
    ]


def report_day(case: Case) -> int:
    """Ordinal of the day on which a death is reported: six days late before the last dose, the next day otherwise."""
    return case.ended + (6 if dies_under_way(case) else 1)


def dies_under_way(case: Case) -> bool:
    """Whether a participant died before the last dose was due; its report comes late, whatever the arm."""
    return case.person.role == "death" and is_told_late(float(case.study_day(case.ended)))


def end_of_study(case: Case) -> int:
    """Ordinal of the last day of participation: the last visit, an early end, or the failure of the screening."""
    return (case.ended or case.visits[-1].date) if case.person.is_randomised else _failure_day(case)


def _arm(code: str) -> str:
    return next(str(arm["label"]) for arm in fact("arms") if arm["code"] == code)


def _demographics(case: Case) -> Record:
    person, traits = case.person, case.person.traits
    born = date.fromordinal(person.consent - 180).year - traits.age
    values: dict[str, Value] = {
        "SUBJID": person.subjid,
        "SITEID": person.site.id,
        "INVNAM": f"INVESTIGATOR {person.site.id}",
        "RFICDTC": iso(person.consent),
        "BRTHDTC": str(born),
        "AGE": float(traits.age),
        "AGEU": "YEARS",
        "SEX": traits.sex,
        "RACE": traits.race,
        "ETHNIC": traits.ethnic,
        "COUNTRY": person.site.country,
        "DMDTC": iso(person.consent),
        "DMDY": case.study_day(person.consent),
        "RFPENDTC": iso(end_of_study(case)),
    }
    record = case.record("dm", person.consent, person.consent + 2, values)
    if person.is_randomised:
        _treat(case, record)
    else:
        record.values["ARMNRS"] = "SCREEN FAILURE"
        record.before(_failure_day(case) + SUFFIX_DAYS, {"ARMNRS": "NOT ASSIGNED", "RFPENDTC": ""})
    return record


def _treat(case: Case, record: Record) -> None:
    person, doses = case.person, case.doses
    arm = {"ARMCD": person.arm, "ACTARMCD": person.arm, "ARM": _arm(person.arm), "ACTARM": _arm(person.arm)}
    starts = [dose_moments(visit)[0] for visit in doses]
    record.values.update(arm)
    record.values.update(RFSTDTC=starts[0], RFXSTDTC=starts[0], RFXENDTC=starts[-1], RFENDTC=iso(end_of_study(case)))
    blank: dict[str, Value] = dict.fromkeys((*arm, "RFSTDTC", "RFXSTDTC", "RFXENDTC", "DMDY"), "")
    record.before(person.day1 + 1, {**blank, "ARMNRS": "NOT ASSIGNED"})
    for earlier, later in pairwise(doses):
        record.before(later.date + 1, {"RFXENDTC": dose_moments(earlier)[0]})
    record.before(end_of_study(case) + SUFFIX_DAYS, {"RFENDTC": "", "RFPENDTC": ""})
    if person.role == "death":
        record.values.update(DTHDTC=iso(case.ended), DTHFL="Y")
        if dies_under_way(case):
            record.before(report_day(case) + 14, {"DTHDTC": iso(case.ended)[:7]})
        record.before(report_day(case), {"DTHDTC": "", "DTHFL": ""})


def _failure_day(case: Case) -> int:
    return case.person.consent + case.draws.whole("failure", 7, 30)


def _supplement(case: Case) -> list[Record]:
    person = case.person
    if not person.is_randomised:
        return []
    rows = [
        ("COHORT", "Dose Cohort", f"COHORT {person.cohort}"),
        ("MUTCLASS", "SOD1 Mutation Class", "FAST PROGRESSING" if person.traits.is_fast else "OTHER"),
        ("RILUZOLE", "Riluzole at Baseline", "Y" if person.traits.has_riluzole else "N"),
    ]
    return [
        qualifier(case, "dm", {"QNAM": name, "QLABEL": label, "QVAL": value}, person.day1 + 1, rank)
        for rank, (name, label, value) in enumerate(rows)
    ]


def _milestone(case: Case, day: int, words: tuple[str, str], category: str, rank: float) -> Record:
    values: dict[str, Value] = {
        "DSTERM": words[0],
        "DSDECOD": words[1],
        "DSCAT": category,
        "DSSCAT": "STUDY PARTICIPATION" if category == "DISPOSITION EVENT" else "",
        "EPOCH": case.epoch(day),
        "DSDTC": iso(day),
        "DSDY": case.study_day(day),
        "DSSTDTC": iso(day),
        "DSSTDY": case.study_day(day),
    }
    return case.record("ds", day, day + SUFFIX_DAYS, values, rank)


def _disposition(case: Case) -> list[Record]:
    person, milestone, event = case.person, "PROTOCOL MILESTONE", "DISPOSITION EVENT"
    consent = ("INFORMED CONSENT OBTAINED", "INFORMED CONSENT OBTAINED")
    found = [_milestone(case, person.consent, consent, milestone, 0)]
    if not person.is_randomised:
        why = case.draws.pick("reason", FAILURES)
        return [*found, _milestone(case, _failure_day(case), (why, "SCREEN FAILURE"), event, 9)]
    found.append(_milestone(case, person.day1, ("RANDOMIZED", "RANDOMIZED"), milestone, 1))
    found[-1].entered = person.day1 + 1
    last = end_of_study(case)
    if person.role == "death":
        found.append(_milestone(case, last, ("DEATH", "DEATH"), event, 9))
        found[-1].entered = report_day(case) + (14 if dies_under_way(case) else 0)
    elif person.role == "withdrawal":
        words = ("PARTICIPANT NO LONGER WISHED TO TAKE PART", "WITHDRAWAL BY SUBJECT")
        found.append(_milestone(case, last, words, event, 9))
    else:
        found.append(_milestone(case, last, ("COMPLETED STUDY", "COMPLETED"), event, 9))
    return found


def _death_details(case: Case) -> list[Record]:
    if case.person.role != "death":
        return []
    cause = fact("deaths.causes")[fact("deaths.arms").index(case.person.arm)]
    rows = [("PRCDTH", "Primary Cause of Death", cause), ("LOCDTH", "Location of Death", "HOSPITAL")]
    late = report_day(case) + (14 if dies_under_way(case) else 0)
    return [
        case.record(
            "dd",
            case.ended,
            late,
            {
                "DDTESTCD": code,
                "DDTEST": name,
                "DDORRES": value,
                "DDSTRESC": value,
                "DDEVAL": "INVESTIGATOR",
                "DDDTC": iso(case.ended),
                "DDDY": case.study_day(case.ended),
            },
            rank,
        )
        for rank, (code, name, value) in enumerate(rows)
    ]


def _characteristics(case: Case) -> list[Record]:
    visit = case.at(2)
    if visit is None:
        return []
    traits = case.person.traits
    onset = f"{traits.months_since_onset:.1f}"
    slope = f"{(48 - traits.alsfrs) / traits.months_since_onset:.2f}"
    familial = "FAMILIAL" if case.draws.chance("familial", 0.85) else "SPORADIC"
    diagnosis = case.draws.weighted("escorial", ("DEFINITE", "PROBABLE", "LABORATORY SUPPORTED PROBABLE"), (5, 3, 2))
    rows = [
        ("ONSETSIT", "Site of Onset", traits.onset_site, ""),
        ("ONSETMON", "Time Since Symptom Onset", onset, "MONTHS"),
        ("SOD1VAR", "SOD1 Variant", traits.variant, ""),
        ("MUTCLASS", "SOD1 Mutation Class", "FAST PROGRESSING" if traits.is_fast else "OTHER", ""),
        ("ALSTYPE", "Familial or Sporadic", familial, ""),
        ("ELESCOR", "El Escorial Category", diagnosis, ""),
        ("PRESLOPE", "ALSFRS-R Slope Before Screening", slope, "POINTS/MONTH"),
    ]
    return [_characteristic(case, visit, row, rank) for rank, row in enumerate(rows)]


def _characteristic(case: Case, visit: Visit, row: tuple[str, str, str, str], rank: float) -> Record:
    code, name, value, unit = row
    values: dict[str, Value] = {
        "SCTESTCD": code,
        "SCTEST": name,
        "SCORRES": value,
        "SCORRESU": unit,
        "SCSTRESC": value,
        "SCSTRESN": float(value) if unit else "",
        "SCSTRESU": unit,
        "EPOCH": case.epoch(visit.date),
        "SCDTC": iso(visit.date),
        "SCDY": case.study_day(visit.date),
    }
    return case.record("sc", visit.date, case.entered(visit, "form"), values, rank)


def _subject_visits(case: Case) -> list[Record]:
    return [
        case.record(
            "sv",
            visit.date,
            case.entered(visit, "phone" if visit.kind == "phone" else "form"),
            {
                **case.placed(visit),
                "EPOCH": case.epoch_at(visit, visit.dose_minute - ARRIVAL_MINUTES),
                **case.dated("sv", *_stay(case, visit)),
                "SVUPDES": "SAFETY" if visit.kind == "unscheduled" else "",
            },
            visit.number,
        )
        for visit in case.visits
    ]


def _stay(case: Case, visit: Visit) -> tuple[str, str]:
    """Return start and end of a visit: to the minute on the day of the first dose, on which an epoch ends."""
    if visit.date != case.person.day1:
        return iso(visit.date), iso(visit.date)
    arrived, left = visit.dose_minute - ARRIVAL_MINUTES, visit.dose_minute + OBSERVED_MINUTES
    return moment(visit.date, arrived), moment(visit.date, left)
