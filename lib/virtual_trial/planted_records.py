"""What is planted in the other domains, before the records are numbered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from .case import Case, case_of, qualifier
from .concentrations import concentrations
from .facts import fact
from .findings import not_done, range_indicator, select
from .laboratory import analytes, blood_range
from .ledger import Note
from .plan import Share
from .planted_events import day_of
from .population import SCREENED_TWICE, Participant
from .record import Record, Value
from .stream import rounded
from .visits import iso

Domains = dict[str, list[Record]]
People = Mapping[str, Participant]
SWAPPED = ("6-05", "6-06")


def plant_records(case: Case, domains: Domains, people: People) -> list[Note]:
    """Change the records of a participant as planned and say what was planted.

    Parameters
    ----------
    case : Case
        The participant.
    domains : dict
        Records by dataset, not yet numbered; some are changed, some are added.
    people : mapping
        The participants of the first copy of the trial by slot.
    """
    notes = [*_revised_ranges(case, domains), *_noticed(case, domains)]
    if case.person.cohort == 7:
        notes += _re_assayed(case, domains)
    if case.person.role == "death" and case.person.arm == "TOF60":
        notes += _autopsy(domains)
    if case.person.copy == 0:
        if case.person.slot in _PLANTED:
            notes += _PLANTED[case.person.slot](case, domains)
        if case.person.slot in SWAPPED:
            notes += _swapped(case, domains, people)
        if case.person.slot == SCREENED_TWICE[1]:
            notes += _screened_twice(case, domains, people)
    return notes


def _result(prefix: str, value: float, decimals: int) -> dict[str, Value]:
    text = f"{value:.{decimals}f}"
    return {f"{prefix}ORRES": text, f"{prefix}STRESC": text, f"{prefix}STRESN": float(text)}


def _sod1_at(domains: Domains, visit: float) -> Record:
    return select(domains["lb"], LBTESTCD="SOD1", VISITNUM=visit)[0]


def _revised_ranges(case: Case, domains: Domains) -> list[Note]:
    settings = fact("laboratory.revised_range")
    day, found = day_of(settings["since"]), []
    tests = {test.code: test for test in analytes(case.person.traits.sex)}
    test = tests[settings["test"]]
    for record in select(domains.get("lb", ()), LBTESTCD=test.code, LBSPEC="SERUM"):
        old = blood_range(case, test, rounded(test.high * settings["factor"]))
        number, high = record.values.get("LBSTRESN", ""), float(old["LBSTNRHI"])
        if number != "":
            old["LBNRIND"] = range_indicator(float(number), test.low, high)
        record.before(day, old)
        found.append(Note("range-revision", record, "LBSTNRHI"))
    return found


def _noticed(case: Case, domains: Domains) -> list[Note]:
    """Name what arises by itself: values below limits, units of a region, partial dates, visits off schedule."""
    found = [Note("below-quantification", r, "PCORRES") for r in domains.get("pc", ()) if "PCSTRESN" not in r.values]
    for record in domains.get("lb", ()):
        if str(record.values.get("LBORRES", "")).startswith("<"):
            found.append(Note("below-reporting", record, "LBORRES"))
        if record.values.get("LBORRESU", "") == "g/L" and record.values["LBTESTCD"] == "PROT":
            found.append(Note("unit-variant", record, "LBORRESU"))
    for domain in ("cm", "mh"):
        name = f"{domain.upper()}STDTC"
        partial = [record for record in domains.get(domain, ()) if 0 < len(str(record.values[name])) < 10]
        found += [Note("partial-medication-date", record, name) for record in partial]
    found += [Note("unscheduled-visit", r, "VISIT") for r in domains["sv"] if r.values.get("SVUPDES", "")]
    found += [Note("visit-out-of-window", record, "DVTERM") for record in domains.get("dv", ())]
    found += [Note("failed-puncture", r, "ECREASOC") for r in select(domains.get("ec", ()), ECOCCUR="N")]
    if case.person.role == "death" and case.person.arm != "TOF60":
        item = "late-death-date" if case.person.arm == "PBO" else "learnt-after-cutoff"
        found.append(Note(item, domains["dm"][0], "DTHDTC"))
    return found


def _re_assayed(case: Case, domains: Domains) -> list[Note]:
    found = []
    for record in select(domains.get("lb", ()), LBTESTCD="SOD1", VISITNUM=10.0):
        factor = 1.08 + 0.08 * case.draws.uniform("re-assay")
        old = _result("LB", rounded(float(record.values["LBSTRESN"]) * factor, 1), 1)
        record.before(day_of(fact("sod1.re_assayed_on")), old)
        found.append(Note("re-assayed-batch", record, "LBSTRESN"))
    return found


def _autopsy(domains: Domains) -> list[Note]:
    cause = select(domains["dd"], DDTESTCD="PRCDTH")[0]
    cause.before(day_of(fact("deaths.autopsy_on")), {"DDORRES": "UNKNOWN", "DDSTRESC": "UNKNOWN"})
    return [Note("recoded-after-autopsy", cause, "DDSTRESC")]


def _swapped(case: Case, domains: Domains, people: People) -> list[Note]:
    other = people[SWAPPED[1 - SWAPPED.index(case.person.slot)]]
    wanted: dict[str, Value] = {"PCSPEC": "PLASMA", "VISITNUM": 8.0, "PCTPTNUM": 4.0}
    own = select(domains["pc"], **wanted)[0]
    theirs = select(concentrations(case_of(other, Share())), **wanted)[0].values
    old = {name: theirs.get(name, "") for name in ("PCORRES", "PCSTRESC", "PCSTRESN")}
    own.before(day_of("2017-10-20"), old)
    return [Note("sample-swap", own, "PCSTRESC")]


def _screened_twice(case: Case, domains: Domains, people: People) -> list[Note]:
    first = people[SCREENED_TWICE[0]]
    row = {"QNAM": "PRSUBJID", "QLABEL": "Subject Identifier of Earlier Screening", "QVAL": first.subjid}
    record = qualifier(case, "dm", row, case.person.consent + 2, 9)
    domains["suppdm"].append(record)
    return [Note("screened-twice", record, "QVAL")]


def _misspelled(_: Case, domains: Domains) -> list[Note]:
    domains["dm"][0].before(day_of("2017-10-15"), {"COUNTRY": "GER"})
    return [Note("misspelled-country", domains["dm"][0], "COUNTRY")]


def _born_later(case: Case, domains: Domains) -> list[Note]:
    record = domains["dm"][0]
    year = f"{int(str(record.values['BRTHDTC'])) + 9}"
    record.before(day_of("2017-11-20"), {"BRTHDTC": year, "AGE": float(case.person.traits.age - 9)})
    return [Note("corrected-birth-year", record, "AGE")]


def _moved(_: Case, domains: Domains) -> list[Note]:
    record = domains["dm"][0]
    record.before(day_of("2017-11-20"), {name: record.values[name] for name in ("SITEID", "INVNAM")})
    record.values.update(SITEID="105", INVNAM="INVESTIGATOR 105")
    return [Note("changed-site", record, "SITEID")]


def _missing_item(_: Case, domains: Domains) -> list[Note]:
    found = []
    for code in ("ALSFR106", "ALSFR1TT"):
        record = select(domains["qs"], QSTESTCD=code, VISITNUM=11.0)[0]
        not_done(record, "NOT ASSESSED" if code == "ALSFR106" else "ITEM MISSING")
        found.append(Note("missing-item", record, "QSSTAT"))
    return found


def _missed_capacity(_: Case, domains: Domains) -> list[Note]:
    found = select(domains["re"], VISITNUM=10.0)
    for record in found:
        not_done(record, "EQUIPMENT FAILURE")
    return [Note("missed-capacity", record, "REREASND") for record in found]


def _missed_strength(_: Case, domains: Domains) -> list[Note]:
    found = select(domains["mk"], VISITNUM=11.0, MKLOC="ANKLE")
    for record in found:
        not_done(record, "WEAKNESS")
    return [Note("missed-strength", record, "MKREASND") for record in found]


def _missed_sample(_: Case, domains: Domains) -> list[Note]:
    record = select(domains["pc"], VISITNUM=8.0, PCSPEC="PLASMA", PCTPTNUM=0.0)[0]
    not_done(record, "SAMPLE NOT COLLECTED")
    return [Note("missed-sample", record, "PCREASND")]


def _ideation(_: Case, domains: Domains) -> list[Note]:
    record = select(domains["qs"], QSTESTCD="CSSIDEA", VISITNUM=10.0)[0]
    record.values.update(QSORRES="YES", QSSTRESC="Y")
    return [Note("suicidal-ideation", record, "QSSTRESC")]


def _late_medication(_: Case, domains: Domains) -> list[Note]:
    record = domains["cm"][0]
    record.entered = day_of("2017-08-10")
    return [Note("late-medication", record, "CMTRT")]


def _re_consent(case: Case, domains: Domains) -> list[Note]:
    day = day_of("2017-08-21")
    first = select(domains["ds"], DSDECOD="INFORMED CONSENT OBTAINED")[0]
    values: dict[str, Value] = {
        **first.values,
        "DSTERM": "RE-CONSENT TO PROTOCOL VERSION 2",
        "EPOCH": case.epoch(day),
        "DSDTC": iso(day),
        "DSDY": case.study_day(day),
        "DSSTDTC": iso(day),
        "DSSTDY": case.study_day(day),
    }
    record = Record("ds", values, day + 3, (day, 0))
    domains["ds"].append(record)
    return [Note("re-consent", record, "DSTERM")]


def _early_dose(_: Case, domains: Domains) -> list[Note]:
    return [Note("early-dose", record, "EXSTDTC") for record in select(domains["ex"], VISITNUM=8.0)]


def _duplicate_aliquot(_: Case, domains: Domains) -> list[Note]:
    first = _sod1_at(domains, 10.0)
    second = _result("LB", rounded(float(first.values["LBSTRESN"]) * 1.06, 1), 1)
    order = (first.order[0], first.order[1] + 0.0001)
    record = Record("lb", {**first.values, **second}, first.entered, order)
    domains["lb"].append(record)
    return [Note("duplicate-aliquot", record, "LBREFID")]


def _bloody_tap(case: Case, domains: Domains) -> list[Note]:
    sod1 = _sod1_at(domains, 8.0)
    sod1.values.update(_result("LB", rounded(float(sod1.values["LBSTRESN"]) * 1.9, 1), 1))
    cells = select(domains["lb"], LBTESTCD="RBC", VISITNUM=8.0, LBSPEC=sod1.values["LBSPEC"])[0]
    cells.values.update(_result("LB", float(fact("sod1.bloody_tap_rbc")), 0), LBNRIND="HIGH")
    for record in (sod1, cells):
        record.values["LBSPCCND"] = "HEMOLYZED"
    comment: dict[str, Value] = {
        "RDOMAIN": "LB",
        "IDVAR": "LBREFID",
        "IDVARVAL": sod1.values["LBREFID"],
        "COVAL": "Bloody tap: SOD1 of this sample is not to be used",
    }
    domains["co"] = [case.record("co", int(sod1.order[0]), sod1.entered, comment)]
    return [Note("bloody-tap", sod1, "LBSPCCND"), Note("bloody-tap", cells, "LBSTRESN")]


def _local_results(_: Case, domains: Domains) -> list[Note]:
    found = []
    for code, factor in (("WBC", 1.06), ("HGB", 0.98), ("PLAT", 1.03), ("CREAT", 1.05), ("ALT", 0.94)):
        found_here = select(domains["lb"], LBTESTCD=code, VISITNUM=14.0)
        record = next(r for r in found_here if r.values["LBSPEC"] in ("BLOOD", "SERUM"))
        decimals = len(str(record.values["LBSTRESC"]).partition(".")[2])
        values = {**record.values, **_result("LB", float(record.values["LBSTRESN"]) * factor, decimals)}
        values.update(LBNAM="LOCAL LABORATORY", LBREFID=str(values["LBREFID"]).replace("-B", "-L"))
        twin = replace(record, values=values, order=(record.order[0], record.order[1] + 0.0002), earlier=())
        domains["lb"].append(twin)
        found.append(Note("local-duplicate", twin, "LBNAM"))
    return found


_PLANTED: dict[str, Callable[[Case, Domains], list[Note]]] = {
    "5-11": _misspelled,
    "5-13": _born_later,
    "6-09": _moved,
    "6-07": _missing_item,
    "6-03": _missed_capacity,
    "7-11": _missed_strength,
    "8-03": _missed_sample,
    "6-01": _ideation,
    "5-06": _late_medication,
    "6-04": _re_consent,
    "7-09": _early_dose,
    "8-05": _duplicate_aliquot,
    "7-08": _bloody_tap,
    "8-10": _local_results,
}
