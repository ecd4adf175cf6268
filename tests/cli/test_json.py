from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from command_line import call
from cutbook.parameters.project import Project
from report.fake_project import cutbook, deliver, demographics, errors_of, make_project, put_notebook, write_cut


@pytest.fixture
def small(tmp_path: Path) -> Project:
    """Return a project of one report, nothing published."""
    return make_project(tmp_path / "small", ("safety",))


@pytest.fixture(scope="module")
def documented(project: Path) -> list[dict[str, Any]]:
    """Return the examples of the page: check, fault, run."""
    page = (project / "docs" / "command-line.md").read_text(encoding="utf-8")
    return [json.loads(text) for text in re.findall(r"```json\n(.*?)```", page, flags=re.DOTALL)]


def types_of(value: object) -> object:
    """Return the shape of an answer: keys in order, and types of values."""
    if isinstance(value, dict):
        return {key: types_of(item) for key, item in value.items()}
    return [types_of(item) for item in value[:1]] if isinstance(value, list) else type(value)


def check(capsys: pytest.CaptureFixture[str], project: Project, cut: str = "C1") -> tuple[int, dict[str, Any]]:
    code, out, _ = call(capsys, "check", "demo", cut, "--json", "--project", str(project.root))
    return code, json.loads(out)


def test_a_check_without_faults_tells_counts_and_issues_in_the_documented_shape(
    small: Project,
    capsys: pytest.CaptureFixture[str],
    documented: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    odd = demographics([61.0, 47.0]).assign(DTHDTC=["", "2024-02-30"])
    monkeypatch.setattr("report.fake_project.demographics", lambda _ages: odd)
    deliver(small.root, "T1")
    code, told = check(capsys, small)
    assert code == 0
    assert types_of(told) == types_of(documented[0])
    assert (told["study"], told["cut"], told["ok"], told["exit_code"], told["faults"]) == ("demo", "C1", True, 0, [])
    assert told["counts"] == {"datasets": 1, "rows": 2, "removed": 0, "modified": 0, "issues": len(told["issues"])}
    assert {issue["dataset"] for issue in told["issues"]} == {"dm"}


def test_faults_of_the_data_are_told_as_json_and_as_lines(
    small: Project, capsys: pytest.CaptureFixture[str], documented: list[dict[str, Any]]
) -> None:
    with (small.root / "data" / "T1" / "dm.parquet").open("ab") as stream:
        stream.write(b"x")
    code, out, errors = call(capsys, "check", "demo", "C1", "--json", "--project", str(small.root))
    told = json.loads(out)
    assert (code, told["ok"], told["exit_code"], told["counts"], told["issues"]) == (3, False, 3, None, [])
    assert list(told) == list(documented[0])
    (fault,) = told["faults"]
    assert list(fault) == list(documented[1])
    assert (fault["code"], fault["dataset"], fault["variable"], fault["row"]) == (3, "dm", None, None)
    assert errors == [f"3 dm: found {fault['found']}; expected {fault['expected']}; {fault['remedy']}"]


def test_a_fault_of_a_record_is_told_as_documented(
    small: Project,
    capsys: pytest.CaptureFixture[str],
    documented: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    odd = demographics([61.0, 47.0]).assign(DOMAIN=["DM", "AE"])
    monkeypatch.setattr("report.fake_project.demographics", lambda _ages: odd)
    deliver(small.root, "T1")
    code, told = check(capsys, small)
    assert (code, told["faults"]) == (3, [documented[1]])


def test_faults_of_parameters_name_their_key(small: Project, capsys: pytest.CaptureFixture[str]) -> None:
    write_cut(small.root, "C2", revision=0, previous="C9")
    code, told = check(capsys, small, "C2")
    assert code == 2
    assert [(fault["dataset"], fault["variable"]) for fault in told["faults"]] == [
        ("parameters/demo/C2.yaml", "revision")
    ]


def test_outside_a_project_a_check_answers_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "check", "demo", "C1", "--json", "--project", str(tmp_path))
    assert (code, json.loads(out)["faults"][0]["dataset"]) == (2, "project")


def test_an_error_of_the_program_is_an_answer_with_code_1(
    small: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_settings: object) -> None:
        print("noise")  # noqa: T201 - what an answer must keep away from standard output
        raise ZeroDivisionError("two\nlines")

    monkeypatch.setattr("cutbook.report.run.check_cut", fail)
    code, out, errors = call(capsys, "check", "demo", "C1", "--json", "--project", str(small.root))
    assert (code, errors) == (1, ["noise", "1 cutbook: found ZeroDivisionError: two lines"])
    assert json.loads(out)["faults"][0]["found"] == "ZeroDivisionError: two\nlines"


@pytest.mark.parametrize(("ended", "code"), [(KeyboardInterrupt(), 130), (SystemExit(143), 143)], ids=["key", "signal"])
def test_what_is_ended_from_outside_answers_too(
    small: Project,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    ended: BaseException,
    code: int,
) -> None:
    def end(*_arguments: object) -> None:
        raise ended

    monkeypatch.setattr("cutbook.report.run.run_cut", end)
    for arguments in (("C1",), ("--pending",)):
        found, out, _ = call(capsys, "run", "demo", *arguments, "--json", "--project", str(small.root))
        told = json.loads(out)
        (answer,) = told if isinstance(told, list) else [told]
        assert (found, answer["cut"], answer["exit_code"], answer["ok"]) == (code, "C1", code, False)
        assert answer["faults"][0]["found"] == "interrupted"


def test_what_the_data_hold_reaches_standard_output_as_ascii(
    small: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = call(capsys, "check", "démo\x9b", "C1", "--json", "--project", str(small.root))
    assert out.isascii()
    assert json.loads(out)["study"] == "démo\x9b"


def test_wrong_usage_writes_no_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, errors = call(capsys, "run", "demo", "--json")
    assert (code, out, len(errors)) == (2, "", 1)


REFUSED = {
    "blinded": "parameters/demo/study.yaml: found no section blinding; expected the cohorts of the study, without "
    "which no blinded report can be made; state it, or ask for another class",
    "dummy": "audience: found 'dummy'; expected 'unblinded' or 'blinded'; reports of another class are refused: a "
    "dummy allocation is not built",
}


@pytest.mark.parametrize("audience", REFUSED)
def test_a_refused_class_is_an_answer_with_code_4(
    small: Project, capsys: pytest.CaptureFixture[str], audience: str
) -> None:
    arguments = ("run", "demo", "C1", "--audience", audience, "--json", "--project", str(small.root))
    code, out, errors = call(capsys, *arguments)
    told = json.loads(out)
    assert (code, told["exit_code"], told["published"], told["reports"]) == (4, 4, None, [])
    assert errors == [f"4 {REFUSED[audience]}"]


def run(project: Project, *arguments: str) -> tuple[int, Any, list[str]]:
    """Return exit code, answer and error lines of a run in a process of its own."""
    done = cutbook(project, "run", "demo", *arguments, "--json")
    return done.returncode, json.loads(done.stdout), errors_of(done)


def test_a_run_tells_the_published_reports_in_the_documented_shape(
    small: Project, documented: list[dict[str, Any]]
) -> None:
    code, told, _ = run(small, "C1")
    assert code == 0
    assert types_of(told) == types_of(documented[2])
    assert (told["ok"], told["is_current"], told["published"]) == (True, True, "outputs/demo/C1/unblinded")
    content = (small.root / told["published"] / "safety.html").read_bytes()
    assert told["reports"] == [
        {
            "report": "safety",
            "file": "safety.html",
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "state": "made",
        }
    ]


def test_a_run_that_fails_tells_faults_and_what_was_kept(small: Project, documented: list[dict[str, Any]]) -> None:
    put_notebook(small, "safety", "1 / 0")
    code, told, errors = run(small, "C1")
    assert (code, told["exit_code"], told["ok"], told["published"], told["reports"]) == (5, 5, False, None, [])
    assert list(told) == list(documented[2])
    assert "ZeroDivisionError" in told["faults"][0]["found"]
    assert [line[:2] for line in errors if "ZeroDivisionError" in line] == ["5 "]
    assert (small.root / told["kept"] / "safety.ipynb").is_file()


@pytest.mark.slow
def test_reports_made_one_by_one_are_missing_then_carried(tmp_path: Path) -> None:
    project = make_project(tmp_path / "two", ("safety", "efficacy"))
    _, first, _ = run(project, "C1", "--report", "safety")
    assert first["is_current"] is False
    assert [(item["report"], item["state"]) for item in first["reports"]] == [
        ("safety", "made"),
        ("efficacy", "missing"),
    ]
    _, second, _ = run(project, "C1", "--report", "efficacy")
    assert second["is_current"] is True
    assert [(item["report"], item["state"]) for item in second["reports"]] == [
        ("safety", "carried"),
        ("efficacy", "made"),
    ]


def test_pending_answers_with_a_list_of_runs_and_what_was_wrong_outside(small: Project) -> None:
    deliver(small.root, "T2")
    (small.root / "data" / "T2" / "dm.parquet").write_bytes(b"PAR1")
    write_cut(small.root, "C2", transfer="T2")
    write_cut(small.root, "C3", revision=0)
    code, told, _ = run(small, "--pending")
    assert [(item["cut"], item["exit_code"]) for item in told] == [("C1", 0), ("C2", 3), (None, 2)]
    assert code == 2
    assert told[2]["faults"][0]["dataset"] == "parameters/demo/C3.yaml"
    (small.parameters / "demo" / "C2.yaml").unlink()
    (small.parameters / "demo" / "C3.yaml").unlink()
    assert run(small, "--pending")[:2] == (0, [])


def test_pending_of_an_unknown_study_answers_too(small: Project, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "run", "absent", "--pending", "--json", "--project", str(small.root))
    (told,) = json.loads(out)
    assert (code, told["cut"], told["faults"][0]["dataset"]) == (2, None, "study")
