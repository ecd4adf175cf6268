"""All faults and oddities of doses at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from cutbook.data.checks.dosing.amounts import dose_faults, dose_issues
from cutbook.data.checks.dosing.counts import count_issues
from cutbook.data.checks.dosing.drugs import drug_faults, drug_issues
from cutbook.data.checks.dosing.entry import entry_faults, entry_issues, unknown_issues
from cutbook.data.checks.dosing.frequencies import frequency_issues
from cutbook.data.checks.dosing.moments import moment_issues
from cutbook.data.checks.dosing.swaps import swap_issues
from cutbook.data.checks.records import Issue
from cutbook.errors import Fault
from cutbook.parameters.study import Study


def dosing_faults(datasets: Mapping[str, pd.DataFrame], study: Study) -> list[Fault]:
    """Return what makes the doses of a transfer unusable: drug, unit, or a dose without a dated entry."""
    faults = entry_faults(datasets, study.data_cut)
    ex = datasets.get("ex", pd.DataFrame())
    if not _is_readable(ex):
        return faults
    chosen = drug_faults(ex, study.treatment)
    return [*faults, *chosen, *([] if chosen else dose_faults(ex, study.treatment))]


def dosing_issues(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return what is odd in the doses of a transfer, who was treated without entry first."""
    yield from entry_issues(datasets, study.data_cut)
    yield from unknown_issues(datasets, study.data_cut)
    ex = datasets.get("ex", pd.DataFrame())
    if _is_readable(ex):
        yield from drug_issues(ex, study.treatment)
        yield from dose_issues(ex, study.treatment)
        yield from frequency_issues(ex, study.treatment)
        yield from count_issues(ex, study.treatment)
        yield from swap_issues(datasets, study)
        yield from moment_issues(datasets, study)


def _is_readable(ex: pd.DataFrame) -> bool:
    """Return whether there are records, with the dose as a number where it was delivered."""
    return len(ex) > 0 and "USUBJID" in ex and ("EXDOSE" not in ex or ex["EXDOSE"].dtype.kind == "f")
