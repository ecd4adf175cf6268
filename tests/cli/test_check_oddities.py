"""What ``cutbook check`` tells of oddities, and how the study file changes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import call
from cutbook.cli.shell.oddities import MOST_LINES, oddity_lines
from cutbook.parameters.project import Project
from report.fake_project import deliver, demographics, make_project

STUDY_ID = 'list: dm.STUDYID: Records of study "DEMX"'
DATE = 'dm.DTHDTC dm/01-002: "2024-02-30" is no possible date and is treated as missing.'


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a project whose records name another study, one of them with an impossible date of death."""
    project = make_project(tmp_path / "odd", ("safety",))
    frame = demographics([61.0, 47.0]).assign(DTHDTC=["", "2024-02-30"], STUDYID="DEMX")
    monkeypatch.setattr("report.fake_project.demographics", lambda _ages: frame)
    deliver(project.root, "T1")
    return project


def rule(project: Project, **values: str) -> None:
    file = project.parameters / "demo" / "study.yaml"
    ruled = {"oddities": [{"dataset": "dm", "variable": "DTHDTC", **values}]}
    file.write_text(f"{file.read_text(encoding='utf-8')}{json.dumps(ruled)[1:-1]}\n", encoding="utf-8")


def check(capsys: pytest.CaptureFixture[str], project: Project, *options: str) -> tuple[int, str, list[str]]:
    return call(capsys, "check", "demo", "C1", *options, "--project", str(project.root))


def told(capsys: pytest.CaptureFixture[str], project: Project) -> list[str]:
    code, out, _ = check(capsys, project)
    assert code == 0
    lines = out.splitlines()
    assert lines[2] == "2 issues, listed in the report"
    return [line for line in lines[3:] if line.startswith(("first lines: ", "list: "))]


def test_oddities_are_told_one_a_line(odd: Project, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = told(capsys, odd)
    assert first.startswith(STUDY_ID)
    assert second == f"list: {DATE}"


def test_what_is_raised_to_the_first_lines_is_told_first(odd: Project, capsys: pytest.CaptureFixture[str]) -> None:
    rule(odd, weight="first lines")
    first, second = told(capsys, odd)
    assert first == f"first lines: {DATE}"
    assert second.startswith(STUDY_ID)
    _, out, _ = check(capsys, odd, "--json")
    issues = json.loads(out)["issues"]
    assert [(issue["variable"], issue["weight"], issue["records"]) for issue in issues] == [
        ("DTHDTC", 2, 1), ("STUDYID", 3, 2),
    ]  # fmt: skip


def test_what_stops_the_run_ends_with_three_and_names_the_oddity(
    odd: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    rule(odd, weight="stop")
    code, out, (error,) = check(capsys, odd)
    assert (code, out) == (3, "")
    assert error.startswith(
        "3 dm.DTHDTC row 2 key dm/01-002: found No possible date: 1 record of 1 participant; treated as missing; "
    )


def test_a_reason_of_the_study_file_is_told(odd: Project, capsys: pytest.CaptureFixture[str]) -> None:
    rule(odd, weight="list", reason="Query 7 is open")
    assert told(capsys, odd)[1] == f"list: {DATE} (Query 7 is open)"


def test_a_weight_lowered_without_a_reason_is_a_wrong_parameter(
    odd: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    rule(odd, weight="list")
    code, _, (error,) = check(capsys, odd)
    assert code == 2
    assert error.startswith("2 parameters/demo/study.yaml.oddities[0] (DTHDTC).reason row ")
    assert "a written reason, which the page shows, where weight is list" in error


def test_at_most_forty_lines_are_told_and_the_others_counted() -> None:
    issue = {"dataset": "ae", "variable": None, "key": None, "finding": "Odd.", "weight": 3, "reason": None}
    assert list(oddity_lines([issue] * MOST_LINES)) == ["list: ae: Odd."] * 40
    lines = list(oddity_lines([issue] * 42))
    assert lines[40:] == ["and 2 more, listed in the report and by --json"]
