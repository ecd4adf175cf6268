from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from cutbook.data.transfer.parts.restricted import read_whole_transfer
from cutbook.data.transfer.sources import read_transfer
from cutbook.parameters.study import Study
from permuted_trial import Permuted
from virtual_trial.facts import fact
from virtual_trial.record import Value
from virtual_trial.simulate import simulate
from virtual_trial.split import RESTRICTED_DATASETS, RESTRICTED_TESTS, RESTRICTED_VARIABLES

CUTS = ("C1", "C2", "C3", "IA", "SL", "DBL")
TRIAL_LEVEL = ("ta", "ts")
"""They say which arms there are, not who is in which."""


def open_files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def open_frames(folder: Path) -> dict[str, pd.DataFrame]:
    return {path.stem: pyreadstat.read_xport(path)[0] for path in sorted(folder.glob("*.xpt"))}


def test_the_study_file_states_what_the_transfers_keep_apart(study: Study) -> None:
    assert study.sources.restricted is not None
    records = {name: {} for name in RESTRICTED_DATASETS} | {
        name: {variable: list(codes)} for name, (variable, codes) in RESTRICTED_TESTS.items()
    }
    assert study.sources.restricted.records == records
    assert study.sources.restricted.variables == {name: list(names) for name, names in RESTRICTED_VARIABLES.items()}


@pytest.mark.parametrize("cut", CUTS)
def test_no_open_file_holds_allocation_dose_or_what_tells_them(transfers: Path, cut: str) -> None:
    frames = open_frames(transfers / cut)
    assert not frames.keys() & {*RESTRICTED_DATASETS}
    assert not frames["lb"]["LBTESTCD"].isin(["SOD1", "NFHP"]).any()
    for name, variables in RESTRICTED_VARIABLES.items():
        cells = frames[name][list(variables)]
        assert (cells.isna() | (cells == "")).all(axis=None)
    words = "|".join(["PLACEBO", "TOFERSEN", *(str(arm["code"]) for arm in fact("arms"))])
    for name in frames.keys() - {*TRIAL_LEVEL}:
        text = frames[name].select_dtypes(["object", "str"])
        assert not text.apply(lambda column: column.str.contains(words, case=False)).any(axis=None), name


@pytest.mark.parametrize("cut", ["C1", "C2", "C3"])
def test_the_cohort_is_open_and_every_cohort_holds_more_than_one_arm(transfers: Path, cut: str) -> None:
    suppdm = open_frames(transfers / cut)["suppdm"]
    cohort = suppdm[suppdm["QNAM"] == "COHORT"].set_index("USUBJID")["QVAL"]
    secret = pyreadstat.read_xport(transfers / cut / "restricted" / "dm.xpt")[0].set_index("USUBJID")["ARMCD"]
    arms = secret[secret != ""].groupby(cohort).agg(set)
    assert arms.map(len).max() == 2
    assert all("PBO" in members for members in arms if len(members) == 2)


def test_the_parts_together_are_the_unsplit_datasets(
    transfers: Path, study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsplit(_: str, row: Mapping[str, Value]) -> tuple[dict[str, Value], None]:
        return dict(row), None

    monkeypatch.setattr("virtual_trial.cuts.split_row", unsplit)
    simulate(tmp_path)
    plain = study.model_copy(update={"sources": study.sources.model_copy(update={"restricted": None})})
    for cut in CUTS:
        expected = read_transfer(plain, tmp_path / cut, tmp_path / cut / "manifest.json").datasets
        folder = transfers / cut
        found = read_whole_transfer(study, folder, folder / "manifest.json", folder / "restricted").datasets
        assert found.keys() == expected.keys()
        for name, frame in expected.items():
            pd.testing.assert_frame_equal(found[name], frame)


def test_permuting_the_restricted_parts_changes_no_byte_of_the_open_ones(
    transfers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("virtual_trial.cuts.records_of", Permuted().records_of)
    simulate(tmp_path)
    for cut in CUTS:
        assert open_files(tmp_path / cut) == open_files(transfers / cut)
        ours, theirs = (open_files(root / cut / "restricted") for root in (transfers, tmp_path))
        assert [name for name in ours if ours[name] == theirs[name]] == []
