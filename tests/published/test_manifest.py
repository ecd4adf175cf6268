from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from cutbook.published import manifest as made


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=x", "-c", "user.email=x@x.test", "-c", "commit.gpgsign=false"]
    command = [shutil.which("git") or "git", *identity, "-C", str(folder), *arguments]
    subprocess.run(command, check=True, capture_output=True)


def test_a_run_id_sorts_by_time_and_is_not_used_twice() -> None:
    early, late = made.new_run_id("2026-11-22T08:32:00Z"), made.new_run_id("2026-11-22T08:32:01Z")
    assert early < late
    assert early.startswith("20261122T083200Z-")
    assert made.new_run_id("2026-11-22T08:32:00Z") != early


def test_the_time_is_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    assert len(made.utc_now()) == 20
    assert made.utc_now().endswith("Z")


def test_a_manifest_is_read_back_as_written(tmp_path: Path) -> None:
    manifest = {"format": made.FORMAT, "purpose": 'x" \u2028 –'}
    made.write_manifest(tmp_path, manifest)
    assert made.read_manifest(tmp_path) == manifest


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "other"}'])
def test_what_is_no_manifest_is_not_read_as_one(tmp_path: Path, content: str) -> None:
    (tmp_path / made.MANIFEST).write_text(content, encoding="utf-8")
    assert made.read_manifest(tmp_path) is None
    assert made.read_manifest(tmp_path / "absent") is None


def test_outputs_are_listed_with_size_and_hash(tmp_path: Path) -> None:
    (tmp_path / "safety.html").write_bytes(b"page")
    made.write_manifest(tmp_path, {"format": made.FORMAT})
    digest = hashlib.sha256(b"page").hexdigest()
    assert made.outputs_of(tmp_path, "run1") == [{"file": "safety.html", "bytes": 4, "sha256": digest, "run": "run1"}]


def test_code_outside_a_checkout_has_no_commit(tmp_path: Path) -> None:
    code = made.describe_code(tmp_path, [])
    assert code["commit"] is None
    assert code["is_dirty"] is None
    assert code["versions"]["papermill"]


def test_code_in_a_checkout_has_its_commit_and_says_when_it_was_changed(tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").write_text("pandas==3.1.1\n", encoding="utf-8")
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "x")
    code = made.describe_code(tmp_path, [tmp_path / "requirements.lock"])
    assert len(code["commit"]) == 40
    assert code["is_dirty"] is False
    assert code["locks"] == code["notebooks"]
    (tmp_path / "requirements.lock").write_text("pandas==3.1.2\n", encoding="utf-8")
    assert made.describe_code(tmp_path, [])["is_dirty"] is True


@pytest.fixture
def in_git(tmp_path: Path) -> str:
    """Return the commit of a folder in git, ``tmp_path``, in the twelve digits that a page shows."""
    (tmp_path / "notebook").write_text("1\n", encoding="utf-8")
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "x")
    return str(made.describe_code(tmp_path, [])["commit"])[:12]


def test_a_page_says_which_commit_of_a_checkout_made_it_and_whether_it_was_changed(
    tmp_path: Path, in_git: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made, "_LIB", tmp_path / "lib")
    assert made.code_version(tmp_path) == f"commit {in_git}"
    (tmp_path / "notebook").write_text("2\n", encoding="utf-8")
    assert made.code_version(tmp_path) == f"commit {in_git} with changes"


def test_a_page_of_a_project_outside_a_checkout_says_the_version_of_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made, "version", lambda _: "4.5.6")
    assert made.code_version(tmp_path) == "cutbook 4.5.6"


def test_a_page_of_a_project_kept_in_git_says_the_version_of_the_package_too(
    tmp_path: Path, in_git: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made, "version", lambda _: "4.5.6")
    assert made.code_version(tmp_path) == f"cutbook 4.5.6, project commit {in_git}"
    (tmp_path / "notebook").write_text("2\n", encoding="utf-8")
    assert made.code_version(tmp_path) == f"cutbook 4.5.6, project commit {in_git} with changes"


def test_the_checkout_that_the_code_runs_from_says_its_commit_alone(project: Path) -> None:
    commit = str(made.describe_code(project, [])["commit"])
    assert made.code_version(project).removesuffix(" with changes") == f"commit {commit[:12]}"


def test_fonts_are_listed_in_a_cache_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = made.figure_cache_folder(tmp_path / "fallback")
    assert folder.parent == tmp_path / "cache" / "cutbook"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_an_account_without_a_cache_uses_the_run_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert made.figure_cache_folder(tmp_path / "fallback") == tmp_path / "fallback"


def test_versions_name_python_and_the_packages_that_move_numbers() -> None:
    assert {"python", "cutbook", "pandas", "numpy", "scipy"} <= made.versions().keys()
    assert json.dumps(made.versions())
