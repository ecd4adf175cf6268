"""All records of a participant, numbered, with their history."""

from __future__ import annotations

from collections.abc import Sequence

from virtual_trial.adverse_events import adverse_events
from virtual_trial.case import Case, case_of
from virtual_trial.concentrations import concentrations
from virtual_trial.csf import csf
from virtual_trial.exposure import exposure
from virtual_trial.function_scores import breathing, questionnaires
from virtual_trial.laboratory import laboratory
from virtual_trial.medication import history, medication
from virtual_trial.plan import Share, shares
from virtual_trial.population import Participant
from virtual_trial.record import Record, numbered
from virtual_trial.subject import subject
from virtual_trial.vital_signs import electrocardiogram, vital_signs

WITHOUT_SEQUENCE = ("dm", "suppdm", "suppae", "sv")


def plans(people: Sequence[Participant]) -> dict[tuple[int, str], Share]:
    """Share of every participant, by copy and slot; a screen failure has an empty one."""
    found: dict[tuple[int, str], Share] = {(person.copy, person.slot): Share() for person in people}
    for copy in sorted({person.copy for person in people}):
        members = [person for person in people if person.copy == copy]
        found.update({(copy, slot): share for slot, share in shares(members).items()})
    return found


def records_of(person: Participant, share: Share) -> dict[str, list[Record]]:
    """Records of one participant by dataset, in file order and numbered."""
    case = case_of(person, share)
    by_domain: dict[str, list[Record]] = {}
    for record in _all(case):
        by_domain.setdefault(record.domain, []).append(record)
    for domain, records in by_domain.items():
        if domain in WITHOUT_SEQUENCE:
            by_domain[domain] = sorted(records, key=lambda record: record.order)
        else:
            by_domain[domain] = numbered(records)
    return by_domain


def _all(case: Case) -> list[Record]:
    events = adverse_events(case)
    return [
        *subject(case),
        *exposure(case),
        *events,
        *medication(case, [record for record in events if record.domain == "ae"]),
        *history(case),
        *laboratory(case),
        *(csf(case) if case.person.is_randomised else []),
        *vital_signs(case),
        *electrocardiogram(case),
        *concentrations(case),
        *questionnaires(case),
        *breathing(case),
    ]
