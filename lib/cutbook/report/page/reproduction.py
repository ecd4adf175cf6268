"""Published numbers against a finished set: a set that shows another number is not published."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cutbook.errors import Fault, RenderError
from cutbook.parameters.study import Study
from cutbook.results.reproduction import Reproduced, reproduced, statement_of_copies

_RESULTS = ".results.parquet"
_TEXTS = ["display", "parameter", "variable", "level", "visit", "group", "statistic", "text"]


@dataclass(frozen=True)
class Comparison:
    """The published numbers of a study beside those of a set.

    Attributes
    ----------
    numbers : tuple of Reproduced
        Those whose display stands in a report of the set.
    waiting : int
        Those whose reports the set lacks.
    statement : str
        Why none is compared that would be due; empty otherwise.
    """

    numbers: tuple[Reproduced, ...] = ()
    waiting: int = 0
    statement: str = ""


def compare_published(folder: Path, study: Study, cut_id: str, *, copies: int = 1) -> Comparison:
    """Return the published numbers that are due at a cut beside those of its finished set.

    Parameters
    ----------
    folder : Path
        The set, with the results tables of its reports.
    study : Study
        Published numbers, and the cuts at which they are due.
    cut_id : str
        The cut.
    copies : int
        How many times the data hold a simulated trial; only the trial itself is compared.

    Raises
    ------
    RenderError
        Numbers that differ, or that the reports do not show, all at once.
    """
    reproduction = study.reproduction
    if reproduction is None or cut_id not in reproduction.cuts:
        return Comparison()
    if copies > 1:
        return Comparison(statement=statement_of_copies(copies))
    tables = {file.name.removesuffix(_RESULTS): file for file in sorted(folder.glob(f"*{_RESULTS}"))}
    results = pd.concat([pd.read_parquet(file, columns=_TEXTS) for file in tables.values()], ignore_index=True)
    here, is_whole = set(results["display"]), set(study.reports) <= set(tables)
    found = reproduced(results, reproduction)
    pairs = zip(found, reproduction.numbers, strict=True)
    due = tuple(one for one, number in pairs if is_whole or number.at.display in here)
    faults = [
        Fault("reproduction", one.shown, one.published, "mend what computes it, or the study file", one.label)
        for one in due
        if not one.is_match
    ]
    if faults:
        raise RenderError(faults)
    return Comparison(due, len(found) - len(due))
