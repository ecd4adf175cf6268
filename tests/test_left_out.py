"""`check` and the displays agree: what stops nothing has every display, whatever was left out, at every cut-off."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from case_study import CUTOFF, CaseStudy, read_case
from cutbook.catalogue import events, participants
from cutbook.data.transfer.checked import read_cut_transfer
from cutbook.parameters.project import Project, read_cut, read_study
from left_out import checked, computed, left_out

DISPENSABLE = {
    "dm": ["STUDYID", "DOMAIN", "SUBJID", "SITEID", "RACE", "ETHNIC", "COUNTRY", "ACTARMCD", "DTHFL", "DTHDTC"],
    "ds": ["DSSEQ", "DSTERM"],
    "ex": ["EXSEQ", "EXTRT", "EXDOSU"],
    "ae": ["AESEQ", "AETERM", "AEACN"],
    "lb": ["LBSEQ", "LBTEST", "LBSTRESC", "LBORRES", "LBSTRESU", "LBSTNRLO", "LBSTNRHI", "VISIT"],
    "vs": ["VSSEQ", "VSTEST", "VSSTRESC", "VSORRES", "VSSTRESU", "VISIT"],
}
PEOPLE = ("SCREENED", "RANDFL", "SAFFL", "DOSEN", "TEAE", "SER", "RELATED")


def counts(results: pd.DataFrame) -> pd.Series:
    """Return the numbers of participants and events that need none of the dispensable variables."""
    own = results[results["variable"].isin(PEOPLE) & results["statistic"].isin(["n", "events"])]
    return own.set_index(["display", "variable", "level", "group", "statistic"])["value"].sort_index()


@pytest.fixture(scope="module")
def base(shared: Path) -> CaseStudy:
    return read_case(shared / "cases", "base")


def test_without_everything_that_displays_can_do_without_participants_and_events_are_counted_as_with_it(base):
    lean = {
        name: frame.drop(columns=DISPENSABLE.get(name, []), errors="ignore") for name, frame in base.datasets.items()
    }
    faults, issues = checked(lean, base.study)
    assert faults == []
    counted = [participants.disposition, events.overview]
    whole = counts(computed(base.datasets, base.study, CUTOFF, base.issues, counted))
    own = counts(computed(lean, base.study, CUTOFF, issues))
    assert len(whole) > 30
    pd.testing.assert_series_equal(own[own.index.isin(whole.index)], whole)


@pytest.mark.long
def test_before_the_first_screening_nobody_is_counted(base):
    results = computed(base.datasets, base.study, "2020-01-01", base.issues)
    assert set(counts(results).dropna()) <= {0.0}


def disagreements(
    datasets: Mapping[str, pd.DataFrame], case: CaseStudy, names: set[str], *, exactly: bool = False
) -> list[str]:
    """Return what was left out with a fault about something else, or without a fault and then without a display.

    ``names`` are datasets, of which everything is left out in turn, or exactly what is left out.
    """
    found = []
    for name, lean in left_out(datasets, case.study):
        if (name if exactly else name.partition(".")[0]) not in names:
            continue
        faults, issues = checked(lean, case.study)
        if faults:
            found += [name] * all(not fault.startswith(name.partition(".")[0]) for fault in faults)
        elif computed(lean, case.study, case.cutoff, issues).empty:
            found.append(name)
    return found


@pytest.mark.long
@pytest.mark.parametrize("dataset", ["dm", "ds", "ex", "ae", "suppae", "lb", "vs", "eg"])
def test_the_small_study_without_any_one_variable_or_optional_dataset(dataset, base):
    assert disagreements(base.datasets, base, {dataset}) == []


@pytest.mark.long
def test_the_small_study_at_every_week(base):
    for day in pd.date_range("2020-11-01", CUTOFF, freq="7D"):
        assert len(computed(base.datasets, base.study, f"{day:%Y-%m-%d}", base.issues))


@pytest.mark.slow
def test_a_share_of_what_can_be_left_out_and_of_the_weeks(base):
    """Every eleventh variable or dataset, and every eighth week: what `make test-long` walks through whole."""
    lean = list(left_out(base.datasets, base.study))[::11]
    assert len(lean) > 8
    assert disagreements(base.datasets, base, {name for name, _ in lean}, exactly=True) == []
    for day in pd.date_range("2020-11-01", CUTOFF, freq="56D"):
        assert len(computed(base.datasets, base.study, f"{day:%Y-%m-%d}", base.issues))


@pytest.fixture(scope="module")
def trial(project: Path) -> CaseStudy:
    """Return the first cut of the virtual trial as read."""
    home = Project(project)
    study, read = read_study(home, "tofersen"), read_cut(home, "tofersen", "C1")
    cut = read.model_copy(update={"audience": "unblinded"})
    datasets = read_cut_transfer(home, study, cut, is_unverified_allowed=False).datasets
    return CaseStudy(study, datasets, cut.cutoff_date)


@pytest.mark.long
@pytest.mark.parametrize(
    "dataset", ["dm", "ds", "ex", "ae", "suppae", "suppdm", "cm", "mh", "lb", "vs", "eg", "pc", "qs", "re", "sc", "sv"]
)
def test_the_virtual_trial_without_any_one_variable_or_optional_dataset(dataset, trial):
    assert disagreements(trial.datasets, trial, {dataset}) == []


@pytest.mark.long
def test_the_virtual_trial_at_every_week(trial):
    _, issues = checked(trial.datasets, trial.study)
    for day in pd.date_range("2015-12-01", trial.cutoff, freq="7D"):
        assert len(computed(trial.datasets, trial.study, f"{day:%Y-%m-%d}", issues))
