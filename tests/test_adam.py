"""A study that delivers ADaM instead of SDTM shows the same numbers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import openpyxl
import pandas as pd
import pytest
import yaml

from command_line import UNBLINDED

pytestmark = pytest.mark.slow
PLACE = ["display", "parameter", "variable", "level", "visit", "group", "statistic"]
RESTS_ON_MORE = frozenset(
    {"C3", "D3P", "D7", "D10", "D11", "D11P", "D17S", "D23", "D23A", "D23H", "D23P", "D24"}
    | {"E4", "E5", "E7", "E8", "E10", "E14", "E15", "G4", "G4Q", "G4S", "G6"}
)
"""Displays of visits, doses, procedures, medicines, history and deviations, and of the flags of worst values.

Exported analysis datasets have none; areas from the dose on ask for the day of the dose. Antibodies,
and the times of electrocardiograms, are in none of them.
"""

REPORTS = ("safety", "pharmacokinetics", "efficacy")


@pytest.fixture(scope="module")
def exported(project, tmp_path_factory):
    """Return the analysis datasets of a cut of the virtual trial as they are exported, a folder a format."""
    to = tmp_path_factory.mktemp("exported") / "adam"
    done = cutbook(
        project, "export", "tofersen", "C3", *UNBLINDED[:4], "--to", str(to), "--outputs", str(to.parent / "none")
    )
    assert "adlb: without WORSTLOFL, WORSTHIFL, IS_USABLE, longer than 8 characters" in done.stdout
    return to


def test_results_and_tables_are_exported_as_the_reports_have_them(project, exported, tmp_path):
    published = run(project, tmp_path / "outputs", "tofersen", "C3")
    ard = pd.read_parquet(exported / "ard.parquet")
    assert len(pd.read_csv(exported / "ard.csv", low_memory=False)) == len(ard)
    event = json.loads((exported / "ars.json").read_text(encoding="utf-8"))
    jsonschema.validate(
        event, json.loads((project / "tests/reference/ars_1_0.schema.json").read_text(encoding="utf-8"))
    )
    held = {name: [] for name in REPORTS}
    for analysis in event["analyses"]:
        held[analysis["id"].split("_")[1]] += analysis["results"]
    for name, results in published.items():
        own = ard[ard["report"].eq(name)].reset_index(drop=True)
        is_share = own["stat_name"].eq("p") & results["statistic"].eq("pct")
        shown = own["stat"].where(~is_share, own["stat"] * 100)
        # What rests on results of earlier cuts as published is left out: those are in the outputs of a run alone.
        assert len(own) == len(results) == len(held[name])
        assert own["display"].tolist() == results["display"].tolist()
        pd.testing.assert_series_equal(shown, results["value"], check_names=False, rtol=1e-14)
        assert own["stat_fmt"].fillna("").tolist() == results["text"].tolist()
    book = openpyxl.load_workbook(exported / "tables.xlsx", read_only=True)
    assert len(book.sheetnames) > 100
    assert "T-D5 safety" in book.sheetnames
    texts = [[cell for cell in row if cell is not None] for row in book["T-D5 safety"].iter_rows(values_only=True)]
    assert texts[5][:3] == ["System organ class, preferred term", "Placebo", "20 mg"]


def write_study(project: Path, root: Path, transfer: Path) -> None:
    """Make a project of the study whose only cut is an exported transfer, read as ADaM."""
    shutil.copytree(project / "notebooks", root / "notebooks")
    shutil.copytree(transfer, root / "data" / transfer.name)
    parameters = root / "parameters/tofersen"
    parameters.mkdir(parents=True)
    names = sorted(file.stem for file in transfer.iterdir() if file.name not in ("manifest.json", "define.xml"))
    study = yaml.safe_load((project / "parameters/tofersen/study.yaml").read_text(encoding="utf-8"))
    study |= {"sources": {"root": "data", "model": "adam", "required": names}}
    rules = {name: {"rule": "none"} for name in names}
    study["data_cut"] = {"included": {"dataset": "adsl", "date": "RANDDT"}, "rules": rules}
    for family in study["findings"]:
        family["where"] = {"SRCFAM": [family["id"]]}
    for of_collected in ("reproduction", "procedure"):
        study.pop(of_collected, None)
    (parameters / "study.yaml").write_text(yaml.safe_dump(study, allow_unicode=True, sort_keys=False), encoding="utf-8")
    cut = f'study: tofersen\ncut_id: A1\ncutoff_date: "2018-01-12"\ntransfer: {transfer.name}\n'
    (parameters / "A1.yaml").write_text(cut, encoding="utf-8")


def cutbook(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cutbook", *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return done


def run(root: Path, outputs: Path, study: str, cut: str) -> dict[str, pd.DataFrame]:
    cutbook(root, "run", study, cut, *UNBLINDED, "--outputs", str(outputs))
    return {name: pd.read_parquet(outputs / study / cut / f"unblinded/{name}.results.parquet") for name in REPORTS}


def is_about_who_is_new(table: pd.DataFrame) -> pd.Series:
    return table["variable"].isin(["NEW", "COURSE"]) & table["group"].eq("")


def comparable(table: pd.DataFrame) -> pd.DataFrame:
    """Return results without what is told of files and of who is new; a key without the dataset that it came in."""
    own = table[~table["display"].isin(["A0", "A1", "A3", "A7"]) & ~is_about_who_is_new(table)].drop(columns="keys")
    return own.assign(level=own["level"].str.replace("^(adsl|dm)/", "", regex=True)).reset_index(drop=True)


@pytest.mark.parametrize("ending", ["xpt", "json"])
def test_exported_analysis_datasets_give_the_same_results(exported, project, tmp_path, ending):
    """All but what is told of the files and of who is new: the delivered study has one cut, the other three.

    What rests on records that analysis datasets do not hold has no number, never another one.
    """
    write_study(project, tmp_path / "project", exported / ending)
    ours = run(tmp_path / "project", tmp_path / "adam", "tofersen", "A1")
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
