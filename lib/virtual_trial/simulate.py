"""The entry point: all transfers of the virtual trial."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from .cuts import Batch, TransferWriter, batch_of, cuts
from .database import plans
from .ledger import Ledger
from .plan import Share
from .population import Participant, population

BATCH_SIZE = 32

People = list[tuple[Participant, Share]]


def simulate(
    to: Path,
    *,
    copies: int = 1,
    site_factor: int = 1,
    only: Sequence[str] | None = None,
    workers: int = 1,
    format: str = "xpt",  # noqa: A002  # the word of the command line
) -> list[Path]:
    """Return the folders of the transfers written, one a cut, in order.

    Beside them lie ``planted.json`` (what is odd on purpose), ``expected_changes.json`` (records that are new, changed
    or removed from cut to cut) and ``define/`` (metadata of every transfer, of its restricted part in a sub-folder).
    The bytes depend on the arguments except ``workers``, and on nothing else.

    Parameters
    ----------
    to : Path
        Folder that will hold them; files of an earlier simulation there are replaced.
    copies : int
        1 is the trial (50 randomised); 10, 100, 1000 repeat its plan with new draws for all that the calibration
        leaves free, and are meant for measuring speed: the published numbers hold for 1 only. The manifests state it.
    site_factor : int
        Multiplies the 18 sites.
    only : sequence of str, optional
        Cut ids to write; all by default.
    workers : int
        Processes that generate.
    format : str
        Ending of the files: ``xpt`` or ``parquet``.

    Raises
    ------
    ValueError
        The format is another.
    """
    people = population(copies, site_factor=site_factor)
    shares = plans(people)
    first_copy = {person.slot: person for person in people if person.copy == 0}
    chosen = [cut for cut in cuts() if only is None or cut["id"] in only]
    planned = [(person, shares[(person.copy, person.slot)]) for person in people]
    batches = [planned[start : start + BATCH_SIZE] for start in range(0, len(planned), BATCH_SIZE)]
    generate = partial(batch_of, first_copy=first_copy, chosen=chosen, ending=format)
    writers, ledger = [TransferWriter(to, cut, format, copies) for cut in chosen], Ledger(chosen)
    for batch in _generated(generate, batches, workers):
        ledger.join(batch.ledger)
        for number, writer in enumerate(writers):
            writer.add(batch, number)
    ledger.write(to)
    return [writer.close() for writer in writers]


def _generated(generate: partial[Batch], batches: list[People], workers: int) -> Iterator[Batch]:
    """Return the batches in order, never many more of them than are being written."""
    if workers == 1:
        yield from map(generate, batches)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        ahead: deque[Future[Batch]] = deque()
        for batch in batches:
            ahead.append(pool.submit(generate, batch))
            if len(ahead) > 2 * workers:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
