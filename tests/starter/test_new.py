from __future__ import annotations

import subprocess
from pathlib import Path

from report.fake_project import Project, cutbook, errors_of, tree


def told(done: subprocess.CompletedProcess[str]) -> tuple[int, list[str], list[str]]:
    return done.returncode, done.stdout.splitlines(), errors_of(done)


def test_new_says_what_to_type_next_and_the_check_says_what_is_missing(tmp_path: Path) -> None:
    code, lines, errors = told(cutbook(Project(tmp_path), "new", "my project"))
    assert (code, errors) == (0, [])
    assert lines == [
        "20 files in my project; next:",
        "  cd 'my project'",
        "  cutbook simulate tofersen --to data/tofersen",
        "  cutbook check tofersen DBL",
        "  cutbook run tofersen DBL",
    ]
    code, lines, errors = told(cutbook(Project(tmp_path / "my project"), "check", "tofersen", "DBL"))
    assert (code, lines) == (3, [])
    assert "DBL" in errors[0]


def test_new_in_the_working_folder_does_not_say_to_leave_it(tmp_path: Path) -> None:
    _, lines, _ = told(cutbook(Project(tmp_path), "new", "."))
    assert lines[:2] == ["20 files in .; next:", "  cutbook simulate tofersen --to data/tofersen"]


def test_a_study_without_a_simulator_is_not_simulated(tmp_path: Path) -> None:
    _, lines, _ = told(cutbook(Project(tmp_path), "new", "pilot", "--study", "cdiscpilot01"))
    assert lines[1:] == ["  cd pilot", "  cutbook check cdiscpilot01 final", "  cutbook run cdiscpilot01 final"]


def test_new_over_something_is_one_line_with_code_2(tmp_path: Path) -> None:
    (tmp_path / "kept").touch()
    before = tree(tmp_path)
    code, lines, errors = told(cutbook(Project(tmp_path), "new", "."))
    assert (code, lines) == (2, [])
    assert errors == ["2 .: found 'kept'; expected a folder that is absent or empty; name another, or empty it"]
    assert tree(tmp_path) == before


def test_new_needs_a_folder(tmp_path: Path) -> None:
    code, _, errors = told(cutbook(Project(tmp_path), "new"))
    assert code == 2
    assert errors == ["2 Missing argument 'DIR'."]
