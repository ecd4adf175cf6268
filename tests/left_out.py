"""What `check` and all displays say of a transfer from which something was left out, without a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from cutbook.catalogue import displays_of
from cutbook.catalogue.kinds.display import Display
from cutbook.data.checks.content import blank_impossible_dates, check_datasets
from cutbook.data.comparing.past_rules import PAST_COLUMNS
from cutbook.data.cutting.audit import stacked
from cutbook.data.cutting.cut import apply_cut
from cutbook.data.staging.topics import TOPIC_COLUMNS
from cutbook.data.transfer.received import received_table
from cutbook.derive import Frames
from cutbook.parameters.study import Study
from cutbook.results.engine import compute_all

Datasets = Mapping[str, pd.DataFrame]


def checked(datasets: Datasets, study: Study) -> tuple[list[str], pd.DataFrame]:
    """Return what stops a run, as ``dataset.variable``, and what is odd."""
    faults, issues = check_datasets(datasets, study)
    return [".".join(filter(None, (fault.dataset, fault.variable))) for fault in faults], issues


def computed(
    datasets: Datasets, study: Study, cutoff: str, issues: pd.DataFrame, displays: Sequence[Display] = ()
) -> pd.DataFrame:
    """Return the results at a cut-off: of displays, or of every one of the study's reports."""
    cut = apply_cut(blank_impossible_dates(datasets)[0], study.data_cut, cutoff)
    staged = {name: getattr(cut, name) for name in ("audit", "removed", "modified", "kept")}
    staged |= {"issues": issues, "received": received_table([]), "past": stacked([], (*PAST_COLUMNS, *TOPIC_COLUMNS))}
    frames = Frames(cut.datasets, study, cutoff, staged=staged)
    asked = [displays] if displays else [displays_of(report) for report in study.reports]
    return pd.concat([compute_all(one, frames, study) for one in asked], ignore_index=True)


def left_out(datasets: Datasets, study: Study) -> Iterator[tuple[str, Datasets]]:
    """Return the datasets without each optional dataset, and without each variable of each dataset."""
    for name, frame in datasets.items():
        if name in study.sources.optional:
            yield name, {other: kept for other, kept in datasets.items() if other != name}
        for variable in frame.columns:
            yield f"{name}.{variable}", {**datasets, name: frame.drop(columns=variable)}
