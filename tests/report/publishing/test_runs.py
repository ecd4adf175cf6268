from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from cutbook.errors import BusyError, ParameterError, PublishError
from cutbook.published.folders import Place, refuse_links, remove_tree, secure_root
from cutbook.published.manifest import write_manifest
from cutbook.published.rows import RunRow
from cutbook.report.publishing.runs import KILLED, keep_failed, open_run, release_reserve
from published.manifests import a_manifest
from report.fake_project import ledger_rows, tree


@pytest.fixture
def place(tmp_path: Path) -> Place:
    outputs = tmp_path / "outputs"
    outputs.mkdir()
    return Place(outputs, "demo", "C1", "unblinded")


def about(place: Place, run: str) -> RunRow:
    return RunRow(run=run, study=place.study, cut=place.cut, audience=place.audience, set=place.set_name(1, run))


def leave_behind(place: Place, run: str) -> Path:
    """Leave the folder of a run as a kill leaves it: all files there, the lock held by nobody."""
    with open_run(place, run, about(place, run)) as folder:
        (folder / "safety").mkdir()
        (folder / "safety" / "safety.ipynb").write_text("{}", encoding="utf-8")
        (folder / "safety" / "safety.log").write_text("log", encoding="utf-8")
        (folder / "staged").mkdir()
        (folder / "staged" / "dm.parquet").write_text("participants", encoding="utf-8")
        content = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    for name, data in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def test_a_run_leaves_nothing_when_it_ends(place: Place) -> None:
    with open_run(place, "run1", about(place, "run1")) as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
    assert tree(place.outputs) == {}


def test_a_second_run_of_the_same_cut_is_busy_and_the_first_goes_on(place: Place) -> None:
    with open_run(place, "run1", about(place, "run1")) as folder:
        before = tree(place.outputs)
        with (
            pytest.raises(BusyError, match="run run1 of it under way"),
            open_run(place, "run2", about(place, "run2")),
        ):
            pytest.fail("two runs of one cut")
        assert tree(place.outputs) == before
        assert folder.is_dir()


def test_another_cut_may_run_at_the_same_time(place: Place) -> None:
    other = Place(place.outputs, "demo", "C2", "unblinded")
    with open_run(place, "run1", about(place, "run1")), open_run(other, "run2", about(other, "run2")) as folder:
        assert folder.is_dir()


def test_what_a_killed_run_left_is_put_aside_by_the_next(place: Place) -> None:
    leave_behind(place, "run1")
    with open_run(place, "run2", about(place, "run2")):
        pass
    kept = place.outputs / "failed" / "run1"
    assert sorted(file.name for file in kept.iterdir()) == ["faults.log", "safety.ipynb", "safety.log"]
    assert [(row["run"], row["exit"]) for row in ledger_rows(place.outputs)] == [("run1", KILLED)]
    assert not (place.outputs / ".work").exists()


def test_a_set_moved_but_not_made_current_by_a_killed_run_is_put_aside(place: Place) -> None:
    leave_behind(place, "run1")
    target = place.revisions / place.set_name(1, "run1")
    target.mkdir(parents=True)
    write_manifest(target, a_manifest())
    with open_run(place, "run2", about(place, "run2")):
        pass
    assert not target.exists()
    assert (place.outputs / "failed" / "run1" / "unpublished" / "manifest.json").is_file()


def test_a_set_made_current_by_a_killed_run_stays_and_is_noted(place: Place) -> None:
    leave_behind(place, "run1")
    target = place.revisions / place.set_name(1, "run1")
    target.mkdir(parents=True)
    place.current.symlink_to(f"revisions/{target.name}")
    with open_run(place, "run2", about(place, "run2")):
        pass
    assert place.current.readlink() == Path("revisions", target.name)
    assert [(row["run"], row["exit"]) for row in ledger_rows(place.outputs)] == [("run1", 0)]
    assert not (place.outputs / "failed").exists()


def test_a_run_that_noted_its_own_end_is_not_noted_again(place: Place) -> None:
    folder = leave_behind(place, "run1")
    (place.outputs / "ledger.jsonl").write_text('{"run": "run1", "exit": 0}\n', encoding="utf-8")
    with open_run(place, "run2", about(place, "run2")):
        pass
    assert len(ledger_rows(place.outputs)) == 1
    assert not folder.exists()


def test_a_failed_run_keeps_notebooks_logs_and_faults_but_no_data(place: Place) -> None:
    folder = leave_behind(place, "run1")
    (folder / "safety" / "safety.log").write_bytes(b"x" * 2_000_000)
    kept = keep_failed(place.outputs, folder, "5 safety.ipynb cell 3: found ZeroDivisionError")
    assert {file.name for file in kept.iterdir()} == {"faults.log", "safety.ipynb", "safety.log"}
    assert (kept / "safety.log").stat().st_size == 1_000_000
    assert not (folder / "staged").exists()


def test_the_reserve_gives_space_back(place: Place) -> None:
    with open_run(place, "run1", about(place, "run1")) as folder:
        assert (folder / "reserve").stat().st_size == 65_536
        release_reserve(folder)
        assert not (folder / "reserve").exists()


@pytest.mark.parametrize(("mode", "mended"), [(0o777, 0o750), (0o755, 0o750), (0o770, 0o750), (0o700, 0o700)])
def test_an_open_output_root_is_closed(place: Place, mode: int, mended: int) -> None:
    place.outputs.chmod(mode)
    secure_root(place.outputs, "demo")
    assert stat.S_IMODE(place.outputs.stat().st_mode) == mended


def test_an_output_root_of_someone_else_that_all_can_write_is_refused(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.outputs.chmod(0o777)
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    with pytest.raises(PublishError, match="mode 0777"):
        secure_root(place.outputs, "demo")


@pytest.mark.parametrize("name", ["failed", "explore"])
def test_a_study_named_like_a_folder_of_the_root_is_refused(place: Place, name: str) -> None:
    with pytest.raises(ParameterError):
        secure_root(place.outputs, name)


@pytest.mark.parametrize("linked", ["demo", "demo/C1", "demo/C1/revisions"])
def test_a_folder_of_a_cut_that_is_a_link_is_refused(tmp_path: Path, linked: str) -> None:
    place = Place(tmp_path / "outputs", "demo", "C1", "unblinded")
    (tmp_path / "elsewhere").mkdir()
    link = place.outputs / linked
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PublishError, match=f"outputs/{linked}: found a link"):
        refuse_links(place)
    link.unlink()
    refuse_links(place)


def test_read_only_files_and_folders_are_removed(tmp_path: Path) -> None:
    folder = tmp_path / "staged"
    (folder / "datasets").mkdir(parents=True)
    (folder / "datasets" / "dm.parquet").touch(mode=0o400)
    (folder / "datasets").chmod(0o500)
    remove_tree(folder)
    assert not folder.exists()
