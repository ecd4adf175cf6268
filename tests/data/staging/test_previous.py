from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from cutbook.data.staging import previous as module
from cutbook.data.staging.staged import Rendering, StagedCut, read_staged, stage_cut
from cutbook.errors import DataError
from cutbook.parameters.project import Project, read_cut, read_study
from report.fake_project import deliver, demographics, make_project, write_cut

UNMARKED = "so new and changed records cannot be marked."


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project with cut C1 of transfer T1 and, after it, cut C2 of transfer T2, in which an age differs."""
    made = make_project(tmp_path / "project", ("safety",))
    deliver(made.root, "T2", ages=(62.0, 47.0, 50.0))
    write_cut(made.root, "C2", transfer="T2", previous="C1")
    return made


def stage(project: Project, cut_id: str = "C2", *, unverified: bool = False) -> StagedCut:
    study, cut = read_study(project, "demo"), read_cut(project, "demo", cut_id)
    to = project.root / "staged"
    return stage_cut(
        project, study, cut, to, is_unverified_allowed=unverified, rendering=Rendering("2026-01-01T00:00:00Z")
    )


def edit(project: Project, cut_id: str, old: str, new: str) -> None:
    file = project.parameters / "demo" / f"{cut_id}.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_the_previous_cut_is_staged_as_it_was_then(project: Project) -> None:
    staged = stage(project)
    assert staged.previous.is_here
    assert (staged.previous.cut.cut_id, staged.previous.cut.transfer) == ("C1", "T1")
    assert list(staged.previous.datasets) == ["dm"]
    assert staged.previous.datasets["dm"]["AGE"].tolist() == [61.0, 47.0]
    assert staged.datasets["dm"]["AGE"].tolist() == [62.0, 47.0, 50.0]
    assert staged.previous.received["FILE"].tolist() == ["dm.parquet"]
    assert (staged.previous.statement, staged.stamps["previous"]) == ("", "")


def test_the_previous_cut_is_cut_by_its_own_cut_off(project: Project) -> None:
    edit(project, "C1", "2024-06-30", "2024-01-09")
    staged = stage(project)
    assert staged.previous.is_here
    assert (len(staged.previous.datasets["dm"]), len(staged.datasets["dm"])) == (0, 3)


def test_what_the_previous_cut_set_back_is_named(project: Project) -> None:
    study = project.parameters / "demo" / "study.yaml"
    rule = "  roll_back:\n    - {dataset: dm, date: RFENDTC, reset: {RFENDTC: ''}}\n"
    study.write_text(study.read_text(encoding="utf-8").replace("adverse_events:", f"{rule}adverse_events:"), "utf-8")
    edit(project, "C1", "2024-06-30", "2024-03-01")
    staged = stage(project)
    assert staged.previous.is_here
    assert staged.previous.modified[["KEY", "VARIABLE", "OLD", "NEW"]].to_numpy().tolist() == [
        ["dm/01-001", "RFENDTC", "2024-05-10", ""],
        ["dm/01-002", "RFENDTC", "2024-05-10", ""],
    ]


def test_the_changed_past_is_staged_beside_the_cut(project: Project) -> None:
    past = stage(project).past
    assert past[["KEY", "CHANGE", "VARIABLE", "OLD", "NEW"]].to_numpy().tolist() == [
        ["dm/01-001", "changed", "AGE", "61", "62"],
        ["dm/01-003", "new", "", "", ""],
    ]


def test_the_staged_folder_gives_the_same_previous_cut_and_nobody_may_change_it(project: Project) -> None:
    staged = stage(project)
    again = read_staged(project.root / "staged")
    assert staged.previous.is_here
    assert again.previous.is_here
    assert again.previous.cut == staged.previous.cut
    assert again.previous.datasets["dm"].equals(staged.previous.datasets["dm"])
    assert again.past.equals(staged.past)
    files = [file for file in (project.root / "staged").rglob("*") if file.is_file()]
    assert {file.parent.name for file in files} == {"staged", "datasets", "previous"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o400}


def test_datasets_of_the_previous_cut_are_read_when_they_are_asked_for(project: Project) -> None:
    staged = stage(project)
    assert staged.previous.is_here
    first = staged.previous.datasets["dm"]
    shutil.rmtree(project.root / "staged")
    assert staged.previous.datasets["dm"] is first


def test_a_cut_without_a_previous_one_has_none_and_says_nothing(project: Project) -> None:
    staged = stage(project, "C1")
    assert (staged.previous.is_here, staged.stamps["previous"], len(staged.past)) == (False, "", 0)


def test_one_transfer_of_two_cuts_is_read_once_and_has_one_past(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("the transfer was read a second time")

    edit(project, "C1", "transfer: T1", "transfer: T2")
    edit(project, "C1", "2024-06-30", "2024-01-09")
    monkeypatch.setattr(module, "read_checked_transfer", refuse)
    staged = stage(project)
    assert staged.previous.is_here
    assert (len(staged.previous.datasets["dm"]), len(staged.datasets["dm"]), len(staged.past)) == (0, 3, 0)


def lose_transfer(project: Project) -> None:
    shutil.rmtree(project.root / "data" / "T1")


def truncate(project: Project) -> None:
    file = project.root / "data" / "T1" / "dm.parquet"
    file.write_bytes(file.read_bytes()[:-80])


def lose_manifest(project: Project) -> None:
    (project.root / "data" / "T1" / "manifest.json").unlink()


def lose_dataset(project: Project) -> None:
    file = project.root / "data" / "T1" / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), "files": []}), encoding="utf-8")


def impossible_entry(project: Project) -> None:
    frame = demographics((61.0,)).assign(RFSTDTC="2024-02-30")
    frame.to_parquet(project.root / "data" / "T1" / "dm.parquet")
    (project.root / "data" / "T1" / "manifest.json").unlink()


def break_parameters(project: Project) -> None:
    (project.parameters / "demo" / "C1.yaml").write_text("study: demo\n", encoding="utf-8")


def blind(project: Project) -> None:
    file = project.parameters / "demo" / "C1.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "audience: blinded\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "statement"),
    [
        (lose_transfer, f"The transfer of cut C1 is not here, {UNMARKED}"),
        (truncate, f"The transfer of cut C1 has faults, {UNMARKED}"),
        (lose_manifest, f"The transfer of cut C1 has faults, {UNMARKED}"),
        (lose_dataset, f"The transfer of cut C1 has faults, {UNMARKED}"),
        (impossible_entry, f"The transfer of cut C1 has faults, {UNMARKED}"),
        (break_parameters, f"The parameters of cut C1 have faults, {UNMARKED}"),
    ],
)
def test_a_previous_cut_that_cannot_be_had_is_told_and_stops_nothing(
    project: Project, damage: Callable[[Project], None], statement: str
) -> None:
    damage(project)
    staged = stage(project, unverified=damage is impossible_entry)
    assert (staged.previous.is_here, staged.stamps["previous"], len(staged.past)) == (False, statement, 0)
    assert staged.datasets["dm"]["AGE"].tolist() == [62.0, 47.0, 50.0]


def test_a_previous_cut_is_read_in_the_class_of_the_cut_whatever_its_own_file_says(project: Project) -> None:
    blind(project)
    staged = stage(project)
    assert (staged.previous.is_here, staged.stamps["previous"]) == (True, "")
    assert staged.previous.cut is not None
    assert staged.previous.cut.audience == staged.cut.audience == "unblinded"


def test_faults_of_the_cut_itself_still_stop_it(project: Project) -> None:
    shutil.rmtree(project.root / "data" / "T2")
    with pytest.raises(DataError):
        stage(project)
