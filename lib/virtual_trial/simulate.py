"""The entry point: all transfers of the virtual trial."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from virtual_trial.cuts import TransferWriter, cuts
from virtual_trial.database import plans, records_of
from virtual_trial.ledger import Ledger
from virtual_trial.population import population


def simulate(to: Path, *, copies: int = 1, site_factor: int = 1, only: Sequence[str] | None = None) -> list[Path]:
    """Folders of the transfers written, one a cut, in order.

    Parameters
    ----------
    to : Path
        Folder that will hold them; files of an earlier simulation there are replaced.
    copies : int
        1 is the trial (50 randomised); 10, 100, 1000 repeat its plan with new draws.
    site_factor : int
        Multiplies the 18 sites.
    only : sequence of str, optional
        Cut ids to write; all by default.
    """
    people = population(copies, site_factor=site_factor)
    shares = plans(people)
    chosen = [cut for cut in cuts() if only is None or cut["id"] in only]
    writers, ledger = [TransferWriter(to, cut) for cut in chosen], Ledger(chosen)
    first_copy = {person.slot: person for person in people if person.copy == 0}
    for person in people:
        records, notes = records_of(person, shares[(person.copy, person.slot)], first_copy)
        ledger.note(notes)
        ledger.compare([writer.add(records) for writer in writers])
    ledger.write(to)
    return [writer.close() for writer in writers]
