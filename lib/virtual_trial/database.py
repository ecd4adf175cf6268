"""All records of a participant, numbered, with their history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .adverse_events import adverse_events, event_qualifiers, numbered_events
from .case import Case, case_of
from .concentrations import concentrations
from .csf import csf
from .examination import about_headaches, examination
from .exposure import exposure
from .function_scores import breathing, item_scores, questionnaires
from .genetics import genetics
from .immunogenicity import immunogenicity
from .laboratory import laboratory
from .ledger import Note
from .medication import history, medication
from .open_queries import open_queries
from .pk_parameters import pk_parameters
from .plan import Share, shares
from .planted_events import plant_events
from .planted_records import plant_records
from .population import Participant
from .procedures import collected_doses, procedures
from .record import Record, numbered
from .relations import deviations, elements, related_records
from .strength import strength
from .subject import subject
from .vital_signs import electrocardiogram, vital_signs

WITHOUT_SEQUENCE = ("dm", "suppdm", "suppae", "sv", "relrec")


def plans(people: Sequence[Participant]) -> dict[tuple[int, str], Share]:
    """Share of every participant, by copy and slot; a screen failure has an empty one."""
    copies: dict[int, list[Participant]] = {}
    for person in people:
        copies.setdefault(person.copy, []).append(person)
    found: dict[tuple[int, str], Share] = {(person.copy, person.slot): Share() for person in people}
    for copy, members in copies.items():
        found.update({(copy, slot): share for slot, share in shares(members).items()})
    return found


def records_of(
    person: Participant, share: Share, people: Mapping[str, Participant]
) -> tuple[dict[str, list[Record]], list[Note]]:
    """Return records of one participant by dataset, in file order and numbered, and what was planted in them.

    Parameters
    ----------
    person, share : Participant, Share
        The participant and what the plan asks.
    people : mapping
        The participants of the first copy of the trial by slot.
    """
    case = case_of(person, share)
    events = adverse_events(case) if person.is_randomised else []
    notes = plant_events(case, events)
    domains: dict[str, list[Record]] = {}
    for record in _all(case, numbered_events(events)):
        domains.setdefault(record.domain, []).append(record)
    notes += plant_records(case, domains, people)
    notes += open_queries(case, domains)
    ordered = {
        domain: sorted(records, key=lambda record: record.order) if domain in WITHOUT_SEQUENCE else numbered(records)
        for domain, records in domains.items()
    }
    return {**ordered, "relrec": related_records(case, ordered)}, notes


def _all(case: Case, reported: list[Record]) -> list[Record]:
    if not case.person.is_randomised:
        return [*subject(case), *elements(case)]
    samples, scores = concentrations(case), item_scores(case)
    return [
        *subject(case),
        *elements(case),
        *deviations(case),
        *exposure(case),
        *collected_doses(case),
        *procedures(case, scores),
        *reported,
        *event_qualifiers(case, reported),
        *about_headaches(case, reported),
        *medication(case, reported),
        *history(case),
        *genetics(case),
        *laboratory(case),
        *csf(case),
        *vital_signs(case),
        *electrocardiogram(case),
        *examination(case),
        *samples,
        *pk_parameters(case, samples),
        *immunogenicity(case),
        *questionnaires(case, scores),
        *breathing(case),
        *strength(case),
    ]
