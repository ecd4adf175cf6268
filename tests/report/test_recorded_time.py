"""The recorded time of a run: the clock, or ``SOURCE_DATE_EPOCH``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cutbook.errors import ParameterError
from cutbook.parameters.project import Project
from cutbook.published import clock
from report.fake_project import environment_of, errors_of, make_project, put_notebook

CLOCK = "2026-11-22T08:32:00Z"


def cutbook(project: Project, recorded: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**environment_of(project), clock.RECORDED_TIME: recorded, "TZ": "Pacific/Kiritimati"}
    command = [sys.executable, "-m", "cutbook", *arguments]
    return subprocess.run(
        command, cwd=project.root, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_clock_is_recorded_when_nothing_else_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(clock.RECORDED_TIME, raising=False)
    assert clock.recorded_time(CLOCK) == CLOCK


@pytest.mark.parametrize(
    ("given", "recorded"),
    [
        ("0", "1970-01-01T00:00:00Z"),
        ("1489572000", "2017-03-15T10:00:00Z"),
        ("01489572000", "2017-03-15T10:00:00Z"),
        ("4102444800", "2100-01-01T00:00:00Z"),
        ("253402300799", "9999-12-31T23:59:59Z"),
    ],
)
def test_seconds_since_1970_are_recorded_in_utc(monkeypatch: pytest.MonkeyPatch, given: str, recorded: str) -> None:
    monkeypatch.setenv(clock.RECORDED_TIME, given)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    assert clock.recorded_time(CLOCK) == recorded
    assert int(clock.epoch_of(recorded)) == int(given)


@pytest.mark.parametrize(
    "given", ["", " ", "-1", "+1", "1.5", "1e9", "0x10", "1_000", " 1", "1\n", "٣", "2017-03-15", "now", "253402300800"]
)
def test_what_is_no_number_of_seconds_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv(clock.RECORDED_TIME, given)
    with pytest.raises(
        ParameterError, match=r"^SOURCE_DATE_EPOCH: found '.*'; expected whole seconds since 1970"
    ) as told:
        clock.recorded_time(CLOCK)
    assert "\n" not in str(told.value)


def test_a_long_value_is_shown_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(clock.RECORDED_TIME, "9" * 10_000)
    with pytest.raises(ParameterError) as told:
        clock.recorded_time(CLOCK)
    assert len(str(told.value)) < 200


@pytest.mark.parametrize("command", ["run", "check"])
def test_a_wrong_recorded_time_is_a_wrong_parameter_and_nothing_is_written(tmp_path: Path, command: str) -> None:
    project = make_project(tmp_path, ("safety",))
    done = cutbook(project, "yesterday", command, "demo", "C1")
    assert done.returncode == 2
    (line,) = errors_of(done)
    assert line.startswith("2 SOURCE_DATE_EPOCH: found 'yesterday'; expected whole seconds since 1970-01-01T00:00:00Z")
    assert not project.outputs.exists()


def test_a_recorded_time_before_the_cut_off_is_refused(tmp_path: Path) -> None:
    project = make_project(tmp_path, ("safety",))
    done = cutbook(project, "1489572000", "run", "demo", "C1")
    assert done.returncode == 2
    (line,) = errors_of(done)
    assert line.startswith("2 time of rendering: found 2017-03-15T10:00:00Z; expected a time from the cut-off on")
    assert not project.outputs.exists()


def test_a_second_run_with_the_same_recorded_time_publishes_the_same_bytes_beside_the_first(tmp_path: Path) -> None:
    project = make_project(tmp_path, ("safety",))
    put_notebook(project, "safety", "import os\nprint(os.environ['SOURCE_DATE_EPOCH'])")
    for _ in range(2):
        done = cutbook(project, "1720000800", "run", "demo", "C1")
        assert done.returncode == 0, done.stderr
    newer, older = sorted((project.outputs / "demo" / "C1" / "revisions").iterdir(), reverse=True)
    assert (project.outputs / "demo" / "C1" / "unblinded").resolve() == newer
    for name in ("safety.html", "safety.ipynb", "safety.results.parquet"):
        assert (newer / name).read_bytes() == (older / name).read_bytes()
    assert "2024-07-03T10:00:00Z" in (newer / "safety.html").read_text(encoding="utf-8")
    assert '"1720000800\\n"' in (newer / "safety.ipynb").read_text(encoding="utf-8")
    manifests = [json.loads((folder / "manifest.json").read_text(encoding="utf-8")) for folder in (older, newer)]
    assert [item["rendered"] for item in manifests] == ["2024-07-03T10:00:00Z"] * 2
    assert "2024-07-03T10:00:00Z" < manifests[0]["started"] < manifests[1]["started"]
