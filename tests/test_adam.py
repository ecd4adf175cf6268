"""A study that delivers ADaM instead of SDTM shows the same numbers."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

from cutbook.data.staging.staged import Rendering, stage_cut
from cutbook.derive import derive_adae, derive_adeff, derive_adpc, derive_adsl, derive_findings
from cutbook.parameters.project import Project, read_cut, read_study

pytestmark = pytest.mark.slow
PLACE = ["display", "parameter", "variable", "level", "visit", "group", "statistic"]
RESTS_ON_MORE = frozenset(
    {"D3P", "D7", "D10", "D11", "D11P", "D17S", "D23", "D23A", "D23H", "D23P", "D24"}
    | {"E4", "E5", "E7", "E8", "E10", "E14", "E15", "G4", "G4Q", "G4S", "G6"}
)
"""Displays of doses, procedures, medicines, history and deviations, and of the flags of worst values.

Analysis datasets as this test writes them have none; areas from the dose on ask for the day of the dose. Antibodies,
and the times of electrocardiograms, are in none of them.
"""

REPORTS = ("safety", "pharmacokinetics", "efficacy")


@pytest.fixture(scope="module")
def analysis(project, tmp_path_factory):
    """Return the analysis datasets of a cut of the virtual trial, derived here."""
    place = Project(project)
    study, cut = read_study(place, "tofersen"), read_cut(place, "tofersen", "C3")
    folder = tmp_path_factory.mktemp("staged") / "cut"
    staged = stage_cut(
        place, study, cut, folder, is_unverified_allowed=False, rendering=Rendering("2026-01-01T00:00:00Z")
    )
    adsl = derive_adsl(staged.datasets, study, cut.cutoff_date)
    frames = {
        "adsl": adsl,
        "adae": derive_adae(staged.datasets, adsl, study),
        "adpc": derive_adpc(staged.datasets, adsl, study),
        "adeff": derive_adeff(staged.datasets, adsl, study),
    }
    for dataset in ("lb", "vs", "eg"):
        families = [family for family in study.findings if family.dataset == dataset]
        derived = [
            derive_findings(staged.datasets, adsl, family, study).assign(SRCFAM=family.id) for family in families
        ]
        frames[f"ad{dataset}"] = pd.concat(derived, ignore_index=True)
    return frames


def write_study(project: Path, root: Path, frames: dict[str, pd.DataFrame]) -> None:
    shutil.copytree(project / "notebooks", root / "notebooks")
    transfer, parameters = root / "data/A1", root / "parameters/analysed"
    transfer.mkdir(parents=True)
    parameters.mkdir(parents=True)
    files = []
    for name, frame in frames.items():
        file = transfer / f"{name}.parquet"
        frame.drop(columns=[column for column in frame if len(column) > 8]).to_parquet(file)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        files.append({"path": file.name, "dataset": name, "sha256": digest, "rows": len(frame)})
    head = {"format": "cutbook-transfer-1", "study": "analysed", "transfer": "A1", "extracted": "2018-01-17"}
    (transfer / "manifest.json").write_text(json.dumps({**head, "is_synthetic": True, "files": files}))
    study = yaml.safe_load((project / "parameters/tofersen/study.yaml").read_text(encoding="utf-8"))
    study |= {"id": "analysed", "sources": {"root": "data", "model": "adam", "required": sorted(frames)}}
    rules = {name: {"rule": "none"} for name in frames}
    study["data_cut"] = {"included": {"dataset": "adsl", "date": "RANDDT"}, "rules": rules}
    for family in study["findings"]:
        family["where"] = {"SRCFAM": [family["id"]]}
    for of_collected in ("reproduction", "procedure"):
        study.pop(of_collected, None)
    (parameters / "study.yaml").write_text(yaml.safe_dump(study, allow_unicode=True, sort_keys=False), encoding="utf-8")
    (parameters / "A1.yaml").write_text('study: analysed\ncut_id: A1\ncutoff_date: "2018-01-12"\ntransfer: A1\n')


def run(root: Path, outputs: Path, study: str, cut: str) -> dict[str, pd.DataFrame]:
    command = [sys.executable, "-m", "cutbook", "run", study, cut, "--outputs", str(outputs)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return {name: pd.read_parquet(outputs / study / cut / f"unblinded/{name}.results.parquet") for name in REPORTS}


def is_about_who_is_new(table: pd.DataFrame) -> pd.Series:
    return table["variable"].isin(["NEW", "COURSE"]) & table["group"].eq("")


def comparable(table: pd.DataFrame) -> pd.DataFrame:
    """Return results without what is told of files and of who is new; a key without the dataset that it came in."""
    own = table[~table["display"].isin(["A0", "A1", "A3", "A7"]) & ~is_about_who_is_new(table)].drop(columns="keys")
    return own.assign(level=own["level"].str.replace("^(adsl|dm)/", "", regex=True)).reset_index(drop=True)


def test_delivered_analysis_datasets_are_used_as_they_are(analysis, project, tmp_path):
    """All but what is told of the files and of who is new: the delivered study has one cut, the other three.

    What rests on records that analysis datasets do not hold has no number, never another one.
    """
    write_study(project, tmp_path / "project", analysis)
    ours = run(tmp_path / "project", tmp_path / "adam", "analysed", "A1")
    theirs = run(project, tmp_path / "sdtm", "tofersen", "C3")
    for report in REPORTS:
        whole = [comparable(results[report]) for results in (ours, theirs)]
        first, second = (table[~table["display"].isin(RESTS_ON_MORE)].reset_index(drop=True) for table in whole)
        assert len(first) > 50
        pd.testing.assert_frame_equal(first, second)
        told, known = (table[table["display"].isin(RESTS_ON_MORE) & table["value"].notna()] for table in whole)
        both = told.merge(known, on=PLACE, how="left")
        assert both.loc[both["value_x"].ne(both["value_y"]) & both["statistic"].ne("n"), PLACE].empty
        assert both.loc[both["value_x"].gt(both["value_y"].fillna(0)), PLACE].empty
