"""The virtual trial with all that is restricted handed on from participant to participant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle

from virtual_trial.database import plans, records_of
from virtual_trial.ledger import Note
from virtual_trial.plan import Share
from virtual_trial.population import Participant, population
from virtual_trial.record import Record
from virtual_trial.split import RESTRICTED_DATASETS, RESTRICTED_VARIABLES

RESULTS = ("LBORRES", "LBSTRESC", "LBSTRESN")


class Permuted:
    """Gives each randomised participant what the next one has of all that is restricted."""

    def __init__(self) -> None:
        people = [person for person in population() if person.is_randomised]
        self.next = {person.slot: other for person, other in zip(people, [*people[1:], people[0]], strict=True)}
        self.shares = plans(population())

    def records_of(
        self, person: Participant, share: Share, people: Mapping[str, Participant]
    ) -> tuple[dict[str, list[Record]], list[Note]]:
        """Return records and notes as the function of this name does."""
        records, notes = records_of(person, share, people)
        if not person.is_randomised:
            return records, notes
        giver = self.next[person.slot]
        given, _ = records_of(giver, self.shares[(0, giver.slot)], people)
        for name, variables in RESTRICTED_VARIABLES.items():
            exchange(records[name], given[name], variables)
        exchange(biomarkers(records["lb"]), biomarkers(given["lb"]), RESULTS)
        for name in RESTRICTED_DATASETS:
            records[name] = given.get(name, [])
            for record in records[name]:
                record.values["USUBJID"] = person.usubjid
        return records, notes


def biomarkers(records: list[Record]) -> list[Record]:
    """Return the restricted records of LB."""
    return [record for record in records if record.values["LBTESTCD"] in ("SOD1", "NFHP")]


def exchange(mine: list[Record], theirs: list[Record], variables: Sequence[str]) -> None:
    """Put the others' values of these variables into my records."""
    for record, other in zip(mine, cycle(theirs), strict=False):
        record.values.update({name: other.values[name] for name in variables if name in other.values})
