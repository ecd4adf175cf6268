from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from cutbook import cli
from cutbook.cli import simulators
from cutbook.parameters.project import Project
from report.fake_project import environment_of, make_project, write_cut


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a project of one study and two cuts, with a recipients file; the working folder lies in it."""
    project = make_project(tmp_path / "project", ("safety", "efficacy"))
    write_cut(project.root, "C2", previous="C1")
    (project.parameters / "demo" / "recipients.yaml").write_text("{}", encoding="utf-8")
    (project.parameters / "empty").mkdir()
    monkeypatch.chdir(project.notebooks)
    return project


def completed(*words: str) -> list[str]:
    """Return what the shell is offered for the last word."""
    *before, incomplete = words
    found = ShellComplete(cli.commands, {}, "cutbook", "_CUTBOOK_COMPLETE").get_completions(before, incomplete)
    return [item.value for item in found if item.type == "plain"]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["run", ""], ["demo"]),
        (["run", "x"], []),
        (["run", "demo", ""], ["C1", "C2"]),
        (["run", "demo", "C2"], ["C2"]),
        (["check", "demo", ""], ["C1", "C2"]),
        (["compare", "demo", "C2", ""], ["C1", "C2"]),
        (["explore", "de"], ["demo"]),
        (["send", "demo", ""], ["C1", "C2"]),
        (["schedule", "show", ""], ["demo"]),
        (["outbox", "list", ""], ["demo"]),
        (["run", "absent", ""], []),
        (["run", "../demo", ""], []),
        (["run", "demo", "C1", "--audience", ""], ["unblinded", "blinded"]),
        (["run", "demo", "C1", "--report", ""], ["safety", "efficacy"]),
        (["run", "absent", "C1", "--report", ""], []),
        (["run", "demo", "C1", "--engine", "k"], ["kernel"]),
        (["manifest", "data", "--study", ""], ["demo"]),
    ],
    ids=" ".join,
)
def test_the_shell_is_offered_what_is_accepted(words: list[str], offered: list[str]) -> None:
    assert completed(*words) == offered


def test_the_project_may_be_named(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert completed("run", "") == []
    assert completed("run", "--project", str(project.root), "demo", "") == ["C1", "C2"]


def test_a_cut_file_that_is_broken_has_its_name_and_a_broken_study_file_no_reports(project: Project) -> None:
    (project.parameters / "demo" / "C2.yaml").write_text("a: [", encoding="utf-8")
    (project.parameters / "demo" / "study.yaml").write_text("a: [", encoding="utf-8")
    assert completed("run", "demo", "") == ["C1", "C2"]
    assert completed("run", "demo", "C1", "--report", "") == []


def test_studies_with_a_simulator_are_offered_to_simulate(monkeypatch: pytest.MonkeyPatch) -> None:
    class Point:
        name = "demo"

    monkeypatch.setattr(simulators, "entry_points", lambda group: [Point] if group == "cutbook.simulators" else [])
    assert completed("simulate", "") == ["demo"]


def test_the_program_completes_as_a_shell_asks_it(project: Project) -> None:
    words = {"_CUTBOOK_COMPLETE": "bash_complete", "COMP_WORDS": "cutbook run demo C", "COMP_CWORD": "3"}
    script = "from cutbook.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=project.root,
        env=environment_of(project) | words,
    )
    assert (done.returncode, done.stdout.split()) == (0, ["plain,C1", "plain,C2"])
