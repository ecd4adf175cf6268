from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from cutbook.published import software


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=x", "-c", "user.email=x@x.test", "-c", "commit.gpgsign=false"]
    command = [shutil.which("git") or "git", *identity, "-C", str(folder), *arguments]
    subprocess.run(command, check=True, capture_output=True)


def test_code_outside_a_checkout_has_no_commit(tmp_path: Path) -> None:
    code = software.describe_code(tmp_path, [])
    assert code.commit is None
    assert code.is_dirty is None
    assert code.versions["papermill"]


def test_code_in_a_checkout_has_its_commit_and_says_when_it_was_changed(tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").write_text("pandas==3.1.1\n", encoding="utf-8")
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "x")
    code = software.describe_code(tmp_path, [tmp_path / "requirements.lock"])
    assert len(code.commit) == 40
    assert code.is_dirty is False
    assert code.locks == code.notebooks
    (tmp_path / "requirements.lock").write_text("pandas==3.1.2\n", encoding="utf-8")
    assert software.describe_code(tmp_path, []).is_dirty is True


@pytest.fixture
def in_git(tmp_path: Path) -> str:
    """Return the commit of a folder in git, ``tmp_path``, in the twelve digits that a page shows."""
    (tmp_path / "notebook").write_text("1\n", encoding="utf-8")
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "x")
    return str(software.describe_code(tmp_path, []).commit)[:12]


def test_a_page_says_which_commit_of_a_checkout_made_it_and_whether_it_was_changed(
    tmp_path: Path, in_git: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(software, "_LIB", tmp_path / "lib")
    assert software.code_version(tmp_path) == f"commit {in_git}"
    (tmp_path / "notebook").write_text("2\n", encoding="utf-8")
    assert software.code_version(tmp_path) == f"commit {in_git} with changes"


def test_a_page_of_a_project_outside_a_checkout_says_the_version_of_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(software, "version", lambda _: "4.5.6")
    assert software.code_version(tmp_path) == "cutbook 4.5.6"


def test_a_page_of_a_project_kept_in_git_says_the_version_of_the_package_too(
    tmp_path: Path, in_git: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(software, "version", lambda _: "4.5.6")
    assert software.code_version(tmp_path) == f"cutbook 4.5.6, project commit {in_git}"
    (tmp_path / "notebook").write_text("2\n", encoding="utf-8")
    assert software.code_version(tmp_path) == f"cutbook 4.5.6, project commit {in_git} with changes"


def test_the_checkout_that_the_code_runs_from_says_its_commit_alone(project: Path) -> None:
    commit = str(software.describe_code(project, []).commit)
    assert software.code_version(project).removesuffix(" with changes") == f"commit {commit[:12]}"


def test_versions_name_python_and_the_packages_that_move_numbers() -> None:
    assert {"python", "cutbook", "pandas", "numpy", "scipy"} <= software.versions().keys()
    assert json.dumps(software.versions())
