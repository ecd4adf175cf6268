from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from virtual_trial.case import case_of
from virtual_trial.cuts import cuts
from virtual_trial.database import plans, records_of
from virtual_trial.domains import datasets
from virtual_trial.facts import fact
from virtual_trial.population import population, sites
from virtual_trial.simulate import simulate

Read = Callable[[str, str], pd.DataFrame]

CUTS = ("C1", "C2", "C3", "IA", "SL", "DBL")
LAST_DAY = date(2019, 3, 18).toordinal()
NEEDED = (
    "dm",
    "suppdm",
    "ds",
    "ae",
    "suppae",
    "ex",
    "lb",
    "vs",
    "eg",
    "pc",
    "qs",
    "re",
    "cm",
    "mh",
    "sv",
    "ts",
    "sc",
    "dd",
)


@pytest.mark.parametrize("part", ["", "restricted"])
@pytest.mark.parametrize("cut", CUTS)
def test_the_manifest_names_every_file_with_its_hash_and_rows(transfers: Path, cut: str, part: str) -> None:
    folder = transfers / cut / part
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    listed = {entry["path"]: entry for entry in manifest["files"]}
    assert {path.name for path in folder.iterdir() if path.is_file()} == {*listed, "manifest.json"}
    for path, entry in listed.items():
        content = (folder / path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]
        assert len(pyreadstat.read_xport(folder / path)[0]) == entry["rows"]


@pytest.mark.parametrize("part", ["", "restricted"])
@pytest.mark.parametrize("cut", CUTS)
def test_the_manifest_says_what_the_transfer_is(transfers: Path, cut: str, part: str) -> None:
    manifest = json.loads((transfers / cut / part / "manifest.json").read_text("utf-8"))
    extracted = {entry["id"]: entry["extracted"] for entry in cuts()}
    head = {name: manifest[name] for name in ("format", "study", "transfer", "extracted", "is_synthetic", "copies")}
    assert head == {
        "format": "cutbook-transfer-1",
        "study": "tofersen",
        "transfer": cut,
        "extracted": extracted[cut],
        "is_synthetic": True,
        "copies": 1,
    }


def test_the_manifests_of_a_larger_trial_say_how_many_copies_it_holds(tmp_path: Path) -> None:
    (folder,) = simulate(tmp_path, copies=2, only=["C1"])
    found = {
        part: json.loads((folder / part / "manifest.json").read_text("utf-8"))["copies"] for part in ("", "restricted")
    }
    assert found == {"": 2, "restricted": 2}


def test_the_final_transfer_holds_every_dataset_that_the_displays_need(transfers: Path) -> None:
    assert {f"{name}.xpt" for name in NEEDED} <= {path.name for path in (transfers / "DBL").rglob("*")}


def test_every_dataset_says_that_it_is_synthetic(transfers: Path) -> None:
    for path in (transfers / "DBL").rglob("*.xpt"):
        assert "synthetic data" in pyreadstat.read_xport(path, metadataonly=True)[1].file_label


def test_every_cell_of_the_final_lock_comes_back_as_it_was_generated(read: Read) -> None:
    people = population()
    shares, first = plans(people), {person.slot: person for person in people}
    generated: dict[str, list[dict[str, str | float]]] = {}
    for person in people:
        records, _ = records_of(person, shares[(0, person.slot)], first)
        for name, of_dataset in records.items():
            generated.setdefault(name, []).extend(
                row for record in of_dataset if (row := record.known(LAST_DAY)) is not None
            )
    for name, rows in generated.items():
        if rows:
            frame = read("DBL", name)
            for variable in frame:
                expected = [row.get(variable, "") for row in rows]
                cells = ["" if value != value else value for value in frame[variable].tolist()]
                assert cells == expected, f"{name}.{variable}"


def test_there_is_no_study_day_0() -> None:
    case = case_of(next(person for person in population() if person.slot == "5-01"), plans(population())[(0, "5-01")])
    assert case.study_day(case.person.day1) == 1
    assert case.study_day(case.person.day1 - 1) == -1


@pytest.mark.parametrize(
    ("cut", "dataset", "date"),
    [("C1", "lb", "LBDTC"), ("C2", "eg", "EGDTC"), ("C3", "ex", "EXSTDTC"), ("IA", "lb", "LBDTC")],
)
def test_a_transfer_also_holds_records_after_its_cut_off(read: Read, cut: str, dataset: str, date: str) -> None:
    cutoff = next(entry["cutoff"] for entry in cuts() if entry["id"] == cut)
    assert read(cut, dataset)[date].str[:10].max() > cutoff


@pytest.mark.parametrize("cut", CUTS)
def test_nothing_is_dated_after_the_extraction(read: Read, cut: str) -> None:
    extracted = next(entry["extracted"] for entry in cuts() if entry["id"] == cut)
    for dataset in datasets():
        frame = read(cut, dataset.name)
        for name in (name for name in frame.columns if name.endswith("DTC")):
            assert frame[name].max()[:10] <= extracted, f"{dataset.name} {name}"


@pytest.mark.parametrize("cut", CUTS)
def test_nobody_has_a_study_day_before_the_first_dose_is_known(read: Read, cut: str) -> None:
    dm = read(cut, "dm")
    waiting = set(dm.loc[dm["RFXSTDTC"] == "", "USUBJID"])
    for name in ("lb", "ds", "vs", "sv"):
        frame = read(cut, name)
        days = [column for column in frame.columns if column.endswith("DY") and column != "VISITDY"]
        assert frame.loc[frame["USUBJID"].isin(waiting), days].isna().all(axis=None)


def test_a_trial_of_two_copies_has_twice_the_people_at_more_sites() -> None:
    people = population(2, site_factor=3)
    assert len(people) == 2 * (fact("randomised") + fact("screen_failures"))
    assert len({person.usubjid for person in people}) == len(people)
    assert len(sites(3)) == 3 * fact("sites")
    assert len({person.traits for person in people if person.slot == "5-01"}) == 2
