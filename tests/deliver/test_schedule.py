"""The schedule calls one command, whoever runs it."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from cutbook.deliver.schedule import Plan, crontab_line, systemd_units, with_line, without_line
from cutbook.errors import ParameterError

COMMAND = "run tofersen --pending --send"


def plan(folder: str = "/srv/trial", minutes: int = 5) -> Plan:
    root = Path(folder)
    return Plan("tofersen", root / ".venv/bin/python", root, root / "outputs", minutes)


def test_the_timer_runs_the_command_every_five_minutes() -> None:
    units = systemd_units(plan())
    assert list(units) == ["cutbook-tofersen.service", "cutbook-tofersen.timer"]
    assert (
        "ExecStart=/srv/trial/.venv/bin/python -I -m cutbook run tofersen --pending --send --project /srv/trial "
        "--outputs /srv/trial/outputs\n" in units["cutbook-tofersen.service"]
    )
    assert "OnCalendar=*:0/5\n" in units["cutbook-tofersen.timer"]


def test_a_run_that_finds_another_at_work_is_no_failure_of_the_unit() -> None:
    assert "SuccessExitStatus=75\n" in systemd_units(plan())["cutbook-tofersen.service"]


@pytest.mark.parametrize("folder", ["/srv/trial", "/srv/a b", "/srv/100%", "/srv/$HOME"])
def test_systemd_accepts_the_units(tmp_path: Path, folder: str) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze on this machine")
    here = tmp_path / Path(folder).name
    here.mkdir()
    there = plan(str(here))
    there.python.parent.mkdir(parents=True)
    there.python.write_text("#!/bin/sh\n", encoding="utf-8")
    there.python.chmod(0o755)
    for name, text in systemd_units(there).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "--user", "verify", "--man=no", str(tmp_path / "cutbook-tofersen.timer")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"XDG_RUNTIME_DIR": str(tmp_path)})
    assert [line for line in done.stderr.splitlines() if "cutbook-tofersen" in line] == []


def test_the_line_of_the_crontab_survives_blanks_and_percent_signs() -> None:
    line = crontab_line(plan("/srv/a b/100%"))
    assert line.startswith(r"*/5 * * * * cd '/srv/a b/100\%' && ")
    assert re.search(r"(?<!\\)%", line) is None
    assert line.endswith("# cutbook tofersen")


def test_the_lines_of_others_stay_as_they_are() -> None:
    before = "MAILTO=me\n0 1 * * * other # cutbook tofersen-2\n"
    after = with_line(with_line(before, plan()), plan())
    assert after == before + crontab_line(plan()) + "\n"
    assert without_line(after, "tofersen") == before


@pytest.mark.parametrize("minutes", [0, 7, 45, -5])
def test_an_interval_that_does_not_divide_the_hour_is_refused(minutes: int) -> None:
    with pytest.raises(ParameterError):
        crontab_line(plan(minutes=minutes))


@pytest.mark.parametrize("folder", ["/srv/a\nb", '/srv/"q"', "/srv/it's", "/srv/back\\slash"])
def test_a_path_that_no_unit_can_hold_is_refused(folder: str) -> None:
    with pytest.raises(ParameterError):
        systemd_units(plan(folder))


def blocks(project: Path, language: str) -> list[str]:
    """Return the examples of the documentation in a language."""
    text = (project / "docs" / "delivery.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_documented_airflow_example_is_python_that_calls_the_command(project: Path) -> None:
    (example,) = blocks(project, "python")
    words = [node.value for node in ast.walk(ast.parse(example)) if isinstance(node, ast.Constant)]
    assert any(COMMAND in str(word) for word in words)


def test_the_documented_pipelines_are_yaml_that_calls_the_command(project: Path) -> None:
    pipelines = [example for example in blocks(project, "yaml") if "schedule" in example]
    assert len(pipelines) == 2
    assert all(isinstance(yaml.safe_load(example), dict) and COMMAND in example for example in pipelines)
