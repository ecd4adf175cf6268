from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from command_line import call
from cutbook import cli
from cutbook.cli import simulators
from cutbook.results.table import results_table
from report.fake_project import LIB, Project, cutbook, deliver, demographics, errors_of, make_project, tree, write_cut

HOSTILE = [
    "../x",
    "/abs",
    "a/b",
    "..",
    ".",
    "",
    "x" * 300,
    "{cut}",
    "%2e%2e",
    "C1\n",
    "\nC1",
    "C1 ",
    "C1\x00",
    "C1;id",
    "$(id)",
    "~",
    "*",
    "C1\u2028",
    "a..b",
    "study",
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_project(tmp_path_factory.mktemp("cli") / "project")


def test_help_names_every_command_and_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, errors = call(capsys, "--help")
    assert (code, errors) == (0, [])
    words = ("\n  new ", "simulate", "check", "run", "compare", "explore", "schema", "ledger", "75 busy")
    for word in words:
        assert word in out


def test_help_imports_nothing_heavy() -> None:
    heavy = ["numpy", "pandas", "pyarrow", "pydantic", "matplotlib", "nbconvert", "papermill", "rich", "IPython"]
    script = f"""
import sys
from cutbook import cli
from cutbook.cli import simulators
try:
    cli.main(["run", "--help"])
except SystemExit:
    pass
print([name for name in {heavy} if name in sys.modules])
"""
    environment = {"PYTHONPATH": str(LIB), "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["run", "demo"],
        ["run", "demo", "C1", "--pending"],
        ["run", "demo", "C1", "--unknown"],
        ["run", "demo", "C1", "--workers", "0"],
        ["run", "demo", "C1", "extra"],
        ["unknown"],
        ["check", "demo"],
        ["simulate", "demo"],
        ["run", "demo", "-rf"],
        ["replay", "demo", "C1"],
    ],
)
def test_wrong_usage_is_one_line_with_code_2(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    code, _, errors = call(capsys, *arguments)
    assert code == 2
    assert len(errors) == 1
    assert errors[0].startswith("2 ")


def test_no_command_shows_the_help_with_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, errors = call(capsys)
    assert code == 2
    assert "Commands:" in out + "\n".join(errors)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("command", ["run", "check", "compare"])
def test_a_hostile_cut_name_is_refused_and_nothing_is_created(
    project: Project, capsys: pytest.CaptureFixture[str], command: str, name: str
) -> None:
    before = tree(project.root.parent)
    other = ["C1"] if command == "compare" else []
    code, _, errors = call(capsys, command, "demo", name, *other, "--project", str(project.root))
    assert code == 2
    assert [line[:2] for line in errors] == ["2 "] * len(errors)
    assert len(errors) >= 1
    assert tree(project.root.parent) == before


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "study"])
def test_a_hostile_study_name_is_refused_and_nothing_is_created(
    project: Project, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    before = tree(project.root.parent)
    for arguments in (["run", name, "C1"], ["run", name, "--pending"], ["run", name, "C1", "--audience", "blinded"]):
        code, _, errors = call(capsys, *arguments, "--project", str(project.root))
        assert code == 2
        assert errors[0].startswith("2 ")
    assert tree(project.root.parent) == before


@pytest.mark.parametrize("value", ["NO", "007", "12:30", "1e3"])
def test_a_cut_name_that_yaml_would_change_stays_text(
    project: Project, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    write_cut(project.root, value)
    code, out, errors = call(capsys, "check", "demo", value, "--project", str(project.root))
    (project.parameters / "demo" / f"{value}.yaml").unlink()
    assert (code, errors) == (0, [])
    assert out.startswith(f"demo {value}: 1 datasets, 2 rows after the cut")


def test_parameter_names_with_code_are_refused(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    write_cut(project.root, "C7")
    file = project.parameters / "demo" / "C7.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "\"x = open('canary', 'w')\": 1\nother: 2\n", encoding="utf-8")
    code, _, errors = call(capsys, "run", "demo", "C7", "--project", str(project.root))
    file.unlink()
    assert code == 2
    assert len(errors) == 2
    assert not list(project.root.rglob("canary"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "demo", "C1", "--report", "unknown"], "report: found 'unknown'"),
        (["run", "demo", "C1", "--engine", "steam"], "engine: found 'steam'"),
        (["run", "other", "C1"], "study: found 'other'"),
        (["run", "demo", "C9"], "cut: found 'C9'"),
        (["compare", "demo", "C1", "C9"], "cut: found 'C9'"),
        (["simulate", "unknown", "--to", "x"], "study: found 'unknown'"),
    ],
)
def test_an_unknown_name_is_refused(
    project: Project, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    place = [] if arguments[0] == "simulate" else ["--project", str(project.root)]
    code, _, errors = call(capsys, *arguments, *place)
    assert code == 2
    assert words in errors[0]
    assert not project.outputs.exists()


def test_outside_a_project_the_command_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, errors = call(capsys, "check", "demo", "C1", "--project", str(tmp_path))
    assert code == 2
    assert errors[0].startswith("2 project: found no parameters/")


def test_a_check_renders_nothing_and_leaves_nothing(project: Project) -> None:
    before = tree(project.root)
    done = cutbook(project, "check", "demo", "C1")
    assert (done.returncode, errors_of(done)) == (0, [])
    assert done.stdout.splitlines()[0] == "demo C1: 1 datasets, 2 rows after the cut"
    assert tree(project.root) == before


def test_a_check_lists_the_rules_of_a_core_report(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "core.json"
    issue = {"core_id": "CORE-000031", "dataset": "QS", "message": "QSEVAL is present.", "issues": 1}
    file.write_text(json.dumps({"Issue_Summary": [issue], "Issue_Details": []}), encoding="utf-8")
    done = cutbook(project, "check", "demo", "C1", "--core", str(file))
    assert (done.returncode, errors_of(done)) == (0, [])
    assert done.stdout.splitlines()[-1] == "CORE-000031: QSEVAL is present; in qs."


@pytest.mark.parametrize(("content", "found"), [(None, "No such file or directory"), ("{}", "Field required")])
def test_another_file_than_a_core_report_is_a_fault_of_usage(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, found: str
) -> None:
    file = tmp_path / "core.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    code, out, errors = call(capsys, "check", "demo", "C1", "--core", str(file), "--project", str(project.root))
    assert (code, out) == (2, "")
    assert errors[0].startswith("2 core.json")
    assert found in errors[0]
    assert "a report of CDISC CORE in JSON" in errors[0]


def publish(project: Project, cut: str, placebo: int) -> None:
    rows = [
        {
            "display": "D4",
            "level": "Any event",
            "group": "Placebo",
            "statistic": "n",
            "value": placebo,
            "text": f"{placebo}",
        },
        {"display": "D4", "level": "Any event", "group": "Active", "statistic": "n", "value": 3, "text": "3"},
    ]
    folder = project.outputs / "demo" / cut / "unblinded"
    folder.mkdir(parents=True)
    results_table(rows).to_parquet(folder / "safety.results.parquet")


@pytest.fixture
def compared(tmp_path: Path) -> Project:
    project = make_project(tmp_path / "compared", ("safety",))
    write_cut(project.root, "C2", transfer="T2", previous="C1")
    deliver(project.root, "T2", (61.0, 48.0, 50.0))
    publish(project, "C1", 5)
    publish(project, "C2", 7)
    return project


def test_compare_tells_what_changed_and_only_that(compared: Project, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, errors = call(capsys, "compare", "demo", "C2", "C1", "--project", str(compared.root))
    assert (code, errors) == (0, [])
    assert out.splitlines() == [
        "safety: 1 changed",
        "  D4 · Any event · Placebo · n: 5 → 7 (changed)",
        "records of dm: 1 new, 1 changed, 0 removed",
        "  dm/01-002 AGE: 47 → 48",
    ]


def test_compare_writes_json(compared: Project, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "compare", "demo", "C2", "C1", "--json", "--project", str(compared.root))
    told = json.loads(out)
    (row,) = told["results"]
    assert (row["REPORT"], row["value"], row["previous"], row["change"]) == ("safety", 7, 5, "changed")
    blank = {"VARIABLE": "", "OLD": "", "NEW": ""}
    assert told["records"] == [
        {"DATASET": "dm", "KEY": "dm/01-002", "CHANGE": "changed", "VARIABLE": "AGE", "OLD": "47", "NEW": "48"},
        {"DATASET": "dm", "KEY": "dm/01-003", "CHANGE": "new", **blank},
    ]


@pytest.mark.parametrize(("part", "first"), [("results", "safety: 1 changed"), ("records", "records of dm: 1 new")])
def test_compare_can_be_limited_to_a_part(
    compared: Project, capsys: pytest.CaptureFixture[str], part: str, first: str
) -> None:
    arguments = ("compare", "demo", "C2", "C1", f"--{part}", "--project", str(compared.root))
    _, out, _ = call(capsys, *arguments)
    _, written, _ = call(capsys, *arguments, "--json")
    assert out.startswith(first)
    assert len(out.splitlines()) == 2
    assert list(json.loads(written)) == [part]


def test_compare_of_a_cut_with_itself_finds_nothing(compared: Project, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "compare", "demo", "C1", "C1", "--project", str(compared.root))
    assert out.splitlines() == ["results: nothing changed", "records: nothing changed"]


def test_compare_says_that_there_are_no_results_and_tells_the_records(
    compared: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    write_cut(compared.root, "C3", transfer="T2", previous="C2")
    code, out, errors = call(capsys, "compare", "demo", "C3", "C2", "--project", str(compared.root))
    assert (code, errors) == (0, [])
    unpublished = "results: no published report of C3; run cutbook run demo C3"
    assert out.splitlines() == [unpublished, "records: nothing changed"]
    _, out, _ = call(capsys, "compare", "demo", "C3", "C2", "--json", "--project", str(compared.root))
    assert json.loads(out) == {"results": None, "records": []}


def test_compare_says_when_the_cuts_have_no_report_in_common(
    compared: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = compared.outputs / "demo" / "C1" / "unblinded"
    (folder / "safety.results.parquet").rename(folder / "efficacy.results.parquet")
    code, out, _ = call(capsys, "compare", "demo", "C2", "C1", "--results", "--project", str(compared.root))
    assert (code, out) == (0, "results: no report that both C2 and C1 have published\n")


def test_compare_makes_control_characters_of_the_data_visible(
    compared: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("report.fake_project.demographics", lambda ages: demographics(ages).assign(SEX="\x1b[2J"))
    deliver(compared.root, "T2")
    _, out, _ = call(capsys, "compare", "demo", "C2", "C1", "--records", "--project", str(compared.root))
    assert "  dm/01-001 SEX: F → \\x1b[2J" in out.splitlines()


def test_compare_refuses_another_class_before_reading(compared: Project, capsys: pytest.CaptureFixture[str]) -> None:
    pd.DataFrame().to_parquet(compared.root / "x.parquet")
    arguments = ["compare", "demo", "C2", "C1", "--audience", "blinded", "--project", str(compared.root)]
    code, _, errors = call(capsys, *arguments)
    assert code == 4
    assert errors[0].startswith("4 ")


def test_a_simulator_is_found_by_the_name_of_its_study(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Point:
        name = "demo"

        @staticmethod
        def load() -> object:
            return lambda to: [to / "C1", to / "C2"]

    install(monkeypatch, Point)
    monkeypatch.chdir(tmp_path)
    code, out, _ = call(capsys, "simulate", "demo", "--to", "data")
    assert code == 0
    assert out.splitlines() == ["data/C1", "data/C2"]
    assert call(capsys, "simulate", "demo", "--to", "data", "--copies", "2") == (
        2,
        "",
        ["2 copies: found 2; expected an option that the simulator of demo has: none; leave it out"],
    )


def install(monkeypatch: pytest.MonkeyPatch, point: type) -> None:
    """Let this be the only simulator."""
    known = {"cutbook.simulators": [point]}
    monkeypatch.setattr(simulators, "entry_points", lambda group: known.get(group, []))


@pytest.mark.parametrize(
    ("options", "given"),
    [
        ([], {}),
        (["--copies", "1"], {"copies": 1}),
        (["--copies", "3"], {"copies": 3, "workers": 4}),
        (["--copies", "3", "--workers", "1"], {"copies": 3}),
        (["--workers", "2"], {"workers": 2}),
        (["--sites-factor", "5", "--format", "parquet"], {"site_factor": 5, "format": "parquet"}),
    ],
)
def test_a_simulator_is_given_the_options_by_name(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, options: list[str], given: dict[str, object]
) -> None:
    asked: list[dict[str, object]] = []

    class Point:
        name = "demo"

        @staticmethod
        def load() -> object:
            def demo(
                _: Path,
                *,
                copies: int = 0,
                site_factor: int = 0,
                workers: int = 0,
                format: str = "",  # noqa: A002
            ) -> list[Path]:
                stated = {"copies": copies, "site_factor": site_factor, "format": format, "workers": workers}
                asked.append({name: value for name, value in stated.items() if value})
                return []

            return demo

    install(monkeypatch, Point)
    monkeypatch.setattr(os, "cpu_count", lambda: 16)
    assert call(capsys, "simulate", "demo", "--to", "data", *options) == (0, "", [])
    assert asked == [given]


@pytest.mark.parametrize("option", [["--copies", "0"], ["--sites-factor", "-1"], ["--format", "csv"]])
def test_an_option_of_a_simulator_out_of_range_is_wrong_usage(
    capsys: pytest.CaptureFixture[str], option: list[str]
) -> None:
    code, _, errors = call(capsys, "simulate", "demo", "--to", "data", *option)
    assert code == 2
    assert option[0] in errors[0]


def test_an_internal_error_is_one_line_too(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise ZeroDivisionError("two\nlines")

    monkeypatch.setattr(simulators, "entry_points", fail)
    code, _, errors = call(capsys, "simulate", "demo", "--to", "x")
    assert code == 1
    assert errors == ["1 cutbook: found ZeroDivisionError: two lines"]


@pytest.mark.parametrize(
    ("version_info", "oldest"),
    [
        ((3, 11, 14), "3.11.15"),
        ((3, 12, 12), "3.12.13"),
        ((3, 13, 11), "3.13.12"),
        ((3, 14, 2), "3.14.3"),
        ((3, 11, 15), ""),
        ((3, 14, 3), ""),
        ((3, 15, 0), ""),
    ],
)
def test_an_old_python_is_warned_of_not_refused(version_info: tuple[int, int, int], oldest: str) -> None:
    warning = cli.old_python_warning(version_info)
    assert len(warning.splitlines()) == bool(oldest)
    assert oldest in warning


def test_the_module_is_the_command_line(project: Project) -> None:
    done = cutbook(project, "--version")
    assert done.returncode == 0
    assert done.stdout.startswith("cutbook, version ")
