"""A published set made again from what its manifest names is the same, or the first difference is named."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cutbook.parameters.project import Project
from cutbook.published.manifest import read_manifest
from cutbook.report.publishing.differences import differences_of, moved_between
from cutbook.results.table import results_table
from report.fake_project import cutbook, deliver, errors_of, make_project, put_notebook, tree, write_cut

ROWS = [
    {"display": "D4", "variable": "ANY", "group": "A", "statistic": "n", "value": 12.0, "text": "12"},
    {"display": "D4", "variable": "AESER", "level": "Y", "group": "A", "statistic": "n", "value": 2.0, "text": "2"},
]


@pytest.fixture
def small(tmp_path: Path) -> Project:
    """Return a project of one report whose page says the time and what its data say, published once."""
    project = make_project(tmp_path / "small", ("safety",))
    put_notebook(
        project,
        "safety",
        "import os, pathlib\nprint(os.environ['SOURCE_DATE_EPOCH'], purpose)",
        "print(pathlib.Path(staged_cut, 'datasets', 'dm.parquet').stat().st_size)",
    )
    assert cutbook(project, "run", "demo", "C1").returncode == 0
    return project


def replay(project: Project, *words: str) -> subprocess.CompletedProcess[str]:
    return cutbook(project, "replay", "demo", "C1", *words)


def test_a_set_made_again_is_the_same_and_nothing_published_is_touched(small: Project) -> None:
    before = tree(small.outputs)
    done = replay(small)
    run = read_manifest(small.outputs / "demo" / "C1" / "unblinded").run
    assert (done.returncode, errors_of(done)) == (0, [])
    assert done.stdout.splitlines()[-1] == f"reproduced identically: 4 files of run {run}"
    assert tree(small.outputs) == before


def test_the_parameters_of_the_manifest_are_taken_and_not_those_of_the_file(small: Project) -> None:
    write_cut(small.root, "C1", purpose="another one")
    assert replay(small).stdout.splitlines()[-1].startswith("reproduced identically")


def test_an_input_that_changed_is_named_with_what_it_changed(small: Project) -> None:
    deliver(small.root, "T1", ages=(61.0, 47.0, 50.0))
    done = replay(small)
    assert done.returncode == 5
    lines = done.stdout.splitlines()
    assert any(line.startswith("other now: input dm.parquet: ") for line in lines)
    assert any(line.startswith("differs: safety.html line ") for line in lines)


def test_a_notebook_that_changed_is_named(small: Project) -> None:
    put_notebook(small, "safety", "print('other words')")
    done = replay(small)
    assert done.returncode == 5
    assert "other now: notebook safety.ipynb: " in done.stdout


@pytest.mark.slow
def test_a_set_is_replayed_beside_the_set_that_it_was_compared_with(small: Project) -> None:
    deliver(small.root, "T2")
    write_cut(small.root, "C2", transfer="T2", previous="C1")
    assert cutbook(small, "run", "demo", "C2").returncode == 0
    then = read_manifest(small.outputs / "demo" / "C1" / "unblinded").run
    assert cutbook(small, "run", "demo", "C1").returncode == 0
    assert cutbook(small, "replay", "demo", "C2").returncode == 0
    (folder,) = (small.outputs / "demo" / "C1" / "revisions").glob(f"*{then}")
    folder.rename(small.root / "away")
    done = cutbook(small, "replay", "demo", "C2")
    assert done.returncode == 2
    (line,) = errors_of(done)
    assert line.startswith(f"2 cut C1: found no set of run {then}; expected the set that it was compared with")


def test_without_a_published_set_there_is_nothing_to_replay(tmp_path: Path) -> None:
    done = replay(make_project(tmp_path, ("safety",)))
    assert done.returncode == 2
    assert errors_of(done)[0].startswith("2 replay: found no published set of demo C1, class unblinded")


def sets(folder: Path, now: list[dict[str, object]]) -> tuple[Path, Path]:
    """Write two results tables, the second of the rows given."""
    for name, rows in (("then", ROWS), ("now", now)):
        (folder / name).mkdir()
        results_table(rows).to_parquet(folder / name / "safety.results.parquet")
    return folder / "then", folder / "now"


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ([ROWS[0], {**ROWS[1], "value": 3.0, "text": "3"}], "D4 · AESER · Y · A · n: 2 then, 3 now"),
        ([ROWS[0], {**ROWS[1], "text": "2 "}], "D4 · AESER · Y · A · n: 2 then, 2  now"),
        (ROWS[:1], "D4 · AESER · Y · A · n: 2 then, not there now"),
        ([ROWS[1], ROWS[0]], "the same statistics then, other bytes: other keys, words or order now"),
    ],
)
def test_the_first_statistic_that_differs_is_told_with_both_values(tmp_path: Path, now: list, told: str) -> None:
    (found,) = differences_of(["safety.results.parquet"], *sets(tmp_path, now))
    assert str(found).endswith(told)


def test_equal_files_do_not_differ_and_a_missing_one_does(tmp_path: Path) -> None:
    then, now = sets(tmp_path, ROWS)
    assert list(differences_of(["safety.results.parquet"], then, now)) == []
    (then / "safety.html").write_text("x")
    assert [str(one) for one in differences_of(["safety.html"], then, now)] == ["safety.html: there then, not made now"]


def test_a_version_that_moved_is_named(small: Project) -> None:
    manifest = read_manifest(small.outputs / "demo" / "C1" / "unblinded")
    versions = {**manifest.code.versions, "pandas": "1.0"}
    before = manifest.model_copy(update={"code": manifest.code.model_copy(update={"versions": versions})})
    now = manifest.code.versions["pandas"]
    assert [str(one) for one in moved_between(before, manifest)] == [f"version of pandas: 1.0 then, {now} now"]
