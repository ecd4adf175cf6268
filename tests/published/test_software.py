from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

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


def test_a_page_says_which_commit_made_it_and_whether_it_was_changed(tmp_path: Path) -> None:
    assert software.code_version(tmp_path).split()[0] == "cutbook"
    (tmp_path / "notebook").write_text("1\n", encoding="utf-8")
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "x")
    commit = software.describe_code(tmp_path, []).commit
    assert software.code_version(tmp_path) == f"commit {commit[:12]}"
    (tmp_path / "notebook").write_text("2\n", encoding="utf-8")
    assert software.code_version(tmp_path) == f"commit {commit[:12]} with changes"


def test_versions_name_python_and_the_packages_that_move_numbers() -> None:
    assert {"python", "cutbook", "pandas", "numpy", "scipy"} <= software.versions().keys()
    assert json.dumps(software.versions())
