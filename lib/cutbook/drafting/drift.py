"""What a fresh draft would say otherwise than the study file: what is new, gone or another in a later transfer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cutbook.drafting.decision import Draft
from cutbook.drafting.evidence import Evidence, amount, counted, tally
from cutbook.drafting.rules.arms import find_arms
from cutbook.drafting.rules.measured.visits import find_visits
from cutbook.parameters.study import Study

_SCALARS = ("treatment.dose_unit", "treatment.planned_doses", "treatment.allocation", "treatment.control")


def find_drift(draft: Draft, evidence: Evidence, study: Study) -> Iterator[str]:
    """Yield a sentence about each thing in a transfer that the study file does not say, or says otherwise.

    Parameters
    ----------
    draft : Draft
        Of this transfer.
    evidence : Evidence
        The transfer.
    study : Study
        The study file as it stands.
    """
    yield from _datasets(evidence, study)
    yield from _arms(evidence, study)
    yield from _settings(draft, study)
    yield from _visits(evidence, study)
    yield from _tests(draft, study)
    yield from _analytes(draft, study)
    yield from _events(evidence, study)
    yield from _encodings(draft, study)
    yield from draft.alarms


def _datasets(evidence: Evidence, study: Study) -> Iterator[str]:
    known = {*study.sources.required, *study.sources.optional, *study.sources.apart}
    for name in sorted({*evidence.datasets} - known):
        yield f"new dataset {name}: {len(evidence.frame(name)):,} records that the study file does not read"
    for name in sorted({*study.sources.required} - {*evidence.datasets}):
        yield f"dataset {name} did not come, and the study file requires it"


def _arms(evidence: Evidence, study: Study) -> Iterator[str]:
    arms, failures = find_arms(evidence)
    known = {arm.code: arm for arm in study.treatment.arms}
    aside = study.treatment.not_assigned
    for arm in (arm for arm in arms if arm.code not in known and arm.code not in aside):
        yield f"new arm {arm.code}: {arm.participants} participants; {arm.name!r}"
    for arm in (arm for arm in arms if arm.code in known):
        if arm.dose is not None and arm.dose != known[arm.code].dose:
            before, now = amount(known[arm.code].dose), amount(arm.dose)
            yield f"dose of arm {arm.code}: the study file says {before}, the transfer {now}"
    here = {arm.code for arm in arms}
    yield from (f"arm {code}: nobody is in it" for code in known if code not in here)
    new = {code: count for code, count in failures.items() if code not in aside}
    yield from (f"new code of no arm {code}: {count} participants" for code, count in new.items())


def _settings(draft: Draft, study: Study) -> Iterator[str]:
    for key in _SCALARS:
        decision = draft.find(key)
        name = key.rpartition(".")[2]
        before = getattr(study.treatment, name)
        if name == "control":
            before = study.treatment.control_arm.code if study.treatment.control_arm else None
        if decision and not decision.question and decision.value is not None and before != decision.value:
            yield f"{key}: the study file says {before}, a fresh draft {decision.value} ({decision.evidence})"


def _visits(evidence: Evidence, study: Study) -> Iterator[str]:
    named = [visit for schedule in study.schedules.values() for visit in schedule.visits]
    numbers = {number for visit in named for number in visit.visitnum}
    if not numbers:
        return
    for visit in find_visits(evidence):
        if visit.number not in numbers:
            yield f"new visit {visit.number:g}: {visit.label}, about day {visit.day}, {visit.participants} participants"


def _tests(draft: Draft, study: Study) -> Iterator[str]:
    shown: dict[str, set[str]] = {}
    for family in study.findings:
        shown.setdefault(family.dataset, set()).update(family.codes)
    whole = {family.dataset for family in study.findings if not family.parameters}
    for decision in _items(draft, "findings."):
        dataset, collected = str(decision["dataset"]), decision["parameters"]
        tests = [str(name) for name in collected] if isinstance(collected, list) else []
        new = [name for name in tests if name not in shown.get(dataset, set()) and dataset not in whole]
        if new:
            yield f"new tests of {dataset} in {decision['label']}: {', '.join(new)}"


def _analytes(draft: Draft, study: Study) -> Iterator[str]:
    matrices = study.pharmacokinetics.matrices if study.pharmacokinetics else []
    known = {(one.specimen, one.testcd): one for one in matrices}
    for value in _items(draft, "pharmacokinetics.matrices."):
        pair = (str(value["specimen"]), str(value["testcd"]))
        if pair not in known:
            yield f"new concentrations: {pair[1]} in {pair[0]}"


def _events(evidence: Evidence, study: Study) -> Iterator[str]:
    known = {name.upper() for name in (*study.adverse_events.related, *study.adverse_events.not_related)}
    new = {name: count for name, count in tally(evidence.text("ae", "AEREL")).items() if name.upper() not in known}
    if new:
        yield f"new values of AEREL: {counted(new)}"


def _encodings(draft: Draft, study: Study) -> Iterator[str]:
    for decision in draft.decisions:
        if decision.key.startswith("sources.encodings."):
            dataset = decision.key.rpartition(".")[2]
            before = study.sources.encodings.get(dataset, study.sources.encoding)
            if before != decision.value:
                yield f"encoding of {dataset}: the study file says {before}, the file is {decision.value}"


def _items(draft: Draft, before: str) -> Iterator[Mapping[str, object]]:
    for decision in draft.decisions:
        if decision.key.startswith(before) and isinstance(decision.value, Mapping):
            yield decision.value
