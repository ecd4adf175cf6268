from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cutbook import cli
from cutbook.data.comparing.changes import compare_records
from cutbook.data.transfer.parts.restricted import read_whole_transfer
from cutbook.parameters.project import Project, read_study
from cutbook.parameters.study import Study
from virtual_trial.domains import datasets

CUTS = ("C1", "C2", "C3", "IA", "SL", "DBL")
STEPS = list(itertools.pairwise(CUTS))
TRIAL_LEVEL = ("ts", "ta", "te", "tv", "ti", "td")
NAMES = [entry.name for entry in datasets() if entry.name not in TRIAL_LEVEL]
KINDS = ("new", "changed", "removed")

Steps = list[dict[str, Any]]
Found = Callable[[int], pd.DataFrame]


@pytest.fixture(scope="module")
def study(project: Path) -> Study:
    """Return the study of the virtual trial, with all its datasets of participants among those that are read."""
    known = read_study(Project(project), "tofersen")
    optional = [name for name in NAMES if name not in known.sources.required]
    required = [name for name in known.sources.required if name in NAMES]
    sources = known.sources.model_copy(update={"required": required, "optional": optional})
    return known.model_copy(update={"sources": sources})


@pytest.fixture(scope="module")
def found(study: Study, transfers: Path) -> Found:
    """Return a function that compares the transfers of one step."""
    frames: dict[str, dict[str, pd.DataFrame]] = {}
    for cut in CUTS:
        folder = transfers / cut
        frames[cut] = read_whole_transfer(study, folder, folder / "manifest.json", folder / "restricted").datasets
    steps = [compare_records(frames[later], frames[earlier]) for earlier, later in STEPS]
    return steps.__getitem__


@pytest.mark.parametrize("number", range(5))
def test_the_records_found_to_change_are_those_expected(found: Found, changes: Steps, number: int) -> None:
    earlier, later = STEPS[number]
    rows = found(number)[["KEY", "CHANGE"]].drop_duplicates()
    kinds = {kind: sorted(rows.loc[rows["CHANGE"] == kind, "KEY"]) for kind in KINDS}
    assert changes[number] == {"from": earlier, "to": later, **kinds}


@pytest.mark.parametrize("number", range(5))
def test_a_new_or_removed_record_has_one_row_and_a_changed_one_a_row_a_field(found: Found, number: int) -> None:
    rows = found(number)
    whole, fields = rows[rows["CHANGE"] != "changed"], rows[rows["CHANGE"] == "changed"]
    assert not whole.duplicated("KEY").any()
    assert (whole[["VARIABLE", "OLD", "NEW"]] == "").all(axis=None)
    assert not fields.duplicated(["KEY", "VARIABLE"]).any()
    assert (fields["OLD"] != fields["NEW"]).all()


@pytest.mark.parametrize(
    ("item", "number"),
    [
        ("severity-edit", 1),
        ("causality-edit", 2),
        ("upgraded-to-serious", 2),
        ("recoded-after-autopsy", 3),
        ("dictionary-upcode", 3),
        ("re-assayed-batch", 3),
        ("misspelled-country", 1),
        ("changed-site", 1),
        ("corrected-birth-year", 1),
    ],
)
def test_a_planted_edit_is_told_with_its_old_and_new_value(
    found: Found, planted: dict[str, dict[str, Any]], item: str, number: int
) -> None:
    earlier, later = STEPS[number]
    rows = found(number).set_index(["KEY", "VARIABLE"])[["OLD", "NEW"]]
    for record in planted[item]["records"]:
        old, new = (record["shown"][cut] for cut in (earlier, later))
        texts = [f"{value:.15g}" if isinstance(value, float) else value for value in (old, new)]
        assert rows.loc[(record["key"], record["variable"])].tolist() == texts


@pytest.fixture(scope="module")
def own(project: Path, transfers: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with the parameters of the virtual trial and its transfers of three cuts, nothing published."""
    root = tmp_path_factory.mktemp("own")
    (root / "notebooks").mkdir()
    shutil.copytree(project / "parameters" / "tofersen", root / "parameters" / "tofersen")
    for cut in ("C2", "C3", "SL"):
        shutil.copytree(transfers / cut, root / "data" / "tofersen" / cut)
    return root


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int | str | None, str, list[str]]:
    """Return exit code, output and error lines of a command in this process, without the warning of an old Python."""
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    told = capsys.readouterr()
    errors = [line for line in told.err.splitlines() if not line.startswith("warning: Python")]
    return ended.value.code, told.out, errors


def test_compare_counts_the_records_of_each_dataset_and_tells_20_fields(
    own: Path, changes: Steps, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, errors = call(capsys, "compare", "tofersen", "C3", "C2", "--project", str(own))
    assert (code, errors) == (0, [])
    lines = out.splitlines()
    assert lines[0] == (
        "results: no published report of C3 and C2; run cutbook run tofersen C3 and cutbook run tofersen C2"
    )
    counts = {kind: sum(key.startswith("ae/") for key in changes[1][kind]) for kind in KINDS}
    events = lines.index("records of ae: " + ", ".join(f"{counts[kind]} {kind}" for kind in KINDS))
    told = list(itertools.takewhile(lambda line: line.startswith("  ae/"), lines[events + 1 :]))
    assert any(line.endswith(" AESEV: MILD → MODERATE") for line in told)
    results = next(number for number, line in enumerate(lines) if line.startswith("records of lb:"))
    assert all(line.startswith("  lb/") and " → " in line for line in lines[results + 1 : results + 21])
    assert lines[results + 21].startswith("  and ")
    assert lines[results + 21].endswith(" more changed fields")


def test_compare_writes_every_changed_record_as_json(
    own: Path, changes: Steps, capsys: pytest.CaptureFixture[str]
) -> None:
    unblinded = ("--audience", "unblinded", "--role", "statistician")
    arguments = ("compare", "tofersen", "C3", "C2", "--records", "--json", *unblinded, "--project", str(own))
    code, out, _ = call(capsys, *arguments)
    told = json.loads(out)
    read = {row["DATASET"] for row in told["records"]} - {*TRIAL_LEVEL}
    keys = {kind: {row["KEY"] for row in told["records"] if row["CHANGE"] == kind} for kind in KINDS}
    expected = {kind: {key for key in changes[1][kind] if key.split("/")[0] in read} for kind in KINDS}
    assert (code, list(told)) == (0, ["records"])
    assert {"ae", "dm", "lb", "pc", "dd"} <= read
    assert {kind: {key for key in keys[kind] if key.split("/")[0] in read} for kind in KINDS} == expected


def test_compare_without_a_transfer_ends_with_3_and_names_the_cut(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, errors = call(capsys, "compare", "tofersen", "IA", "C1", "--project", str(own))
    assert (code, out) == (3, "")
    assert {line.split(":")[0].split("/")[0] for line in errors} == {"3 IA", "3 C1"}


def test_compare_of_the_results_alone_reads_no_transfer(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, errors = call(capsys, "compare", "tofersen", "IA", "C1", "--results", "--project", str(own))
    assert (code, errors) == (0, [])
    assert out.splitlines() == [
        "results: no published report of IA and C1; run cutbook run tofersen IA and cutbook run tofersen C1"
    ]
