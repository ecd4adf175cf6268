from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import nbformat
import pytest

from cutbook.errors import CutbookError, Fault, ParameterError, PublishError, RenderError
from cutbook.report.execution import engine
from cutbook.report.execution.engine import execute, is_disk_full
from cutbook.report.execution.job import Job, read_job, write_job
from cutbook.report.execution.pool import run_jobs
from report.fake_project import FACTS, PARAMETERS, notebook, processes_about

HOSTILE = {
    "study": "quote \" quote ' backslash \\ end",
    "purpose": "new\nline\r\ttab \u2028 \u2029 \x00 \x1b {brace} {0} %s $x # comment",
    "status": '"""\nimport os\nos._exit(3)\n"""',
    "previous_cut": "µ – é 🧪",
    "transfer": "__import__('os')",
}

CELLS = {
    "round-trip": "import json\nprint(json.dumps([study, purpose, status, transfer, previous_cut, revision]))",
    "environment": "import json, os, sys\nprint(json.dumps([dict(os.environ), os.getcwd(), os.listdir(), sys.path]))",
    "fails": "1 / 0",
    "exits": "import sys\nsys.exit(0)",
    "quits": "quit()",
    "dies": "import os\nos.kill(os.getpid(), 9)",
    "orphans": "import os\nos.kill(os.getppid(), 9)\nimport re\nre.match('(a+)+$', 'a' * 64 + 'b')",
    "floods": "line = 'x' * 1_000_000\nwhile True:\n    print(line, flush=True)",
    "full": "raise OSError(28, 'No space left on device')",
    "detaches": "import subprocess\nsubprocess.Popen(['sleep', '601'], start_new_session=True)",
    "waits": "breakpoint()",
    "spawns": "import subprocess\nchild = subprocess.Popen(['sleep', '600'])\n1 / 0",
}


def job_of(folder: Path, report: str, *cells: str, parameters: Mapping[str, str | int] | None = None) -> Job:
    own = folder / report
    (own / "source").mkdir(parents=True)
    source = own / "source" / f"{report}.ipynb"
    nbformat.write(notebook(report, *cells), source)
    given = dict(parameters or {}) | {"staged_cut": "../../staged", "results_to": f"../{report}.results.parquet"}
    return Job(report, source, own, given, FACTS)


def run_all(jobs: list[Job], folder: Path, *, limit_s: float = 120.0) -> tuple[CutbookError | None, list[object]]:
    told: list[object] = []
    cache = folder / "cache"
    try:
        run_jobs(
            jobs, workers=3, limit_s=limit_s, figure_cache=cache, on_progress=lambda *progress: told.append(progress)
        )
    except CutbookError as error:
        return error, told
    return None, told


class Ran:
    """What a batch of notebooks left, run once for all tests of this module."""

    def __init__(self, folder: Path) -> None:
        os.environ["CUTBOOK_CANARY"] = "canary-secret"
        self.jobs = {
            name: job_of(folder, name, cell, parameters=HOSTILE if name == "round-trip" else None)
            for name, cell in CELLS.items()
        }
        self.error, self.told = run_all(list(self.jobs.values()), folder)
        self.left = processes_about(folder)

    def faults(self, name: str) -> list[Fault]:
        assert self.error is not None
        return [fault for fault in self.error.faults if fault.dataset.startswith(f"{name}.")]

    def printed(self, name: str) -> list[object]:
        tree = json.loads(self.jobs[name].executed.read_text(encoding="utf-8"))
        streams = [output for cell in tree["cells"] for output in cell.get("outputs", []) if "name" in output]
        printed: list[object] = json.loads("".join(streams[0]["text"]))
        return printed


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    folder = tmp_path_factory.mktemp("jobs {brace}") / "deep"
    folder.mkdir()
    yield Ran(folder)
    os.environ.pop("CUTBOOK_CANARY")
    shutil.rmtree(folder)


def test_hostile_parameters_arrive_in_the_notebook_as_they_were_given(ran: Ran) -> None:
    order = ("study", "purpose", "status", "transfer", "previous_cut")
    assert ran.printed("round-trip")[:5] == [HOSTILE[name] for name in order]
    assert ran.faults("round-trip") == []


def test_a_kernel_sees_nothing_of_the_callers_environment(ran: Ran) -> None:
    environment, *_ = ran.printed("environment")
    assert isinstance(environment, dict)
    assert "CUTBOOK_CANARY" not in environment
    assert "canary-secret" not in json.dumps(environment)
    assert {key: environment[key] for key in ("TZ", "LC_ALL", "MPLBACKEND", "PYTHONHASHSEED", "OMP_NUM_THREADS")} == {
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "MPLBACKEND": "agg",
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
    }


def test_a_kernel_works_in_an_empty_folder_from_which_nothing_is_imported(ran: Ran) -> None:
    _, cwd, listed, path = ran.printed("environment")
    assert isinstance(path, list)
    assert listed == []
    assert cwd not in path
    assert "" not in path


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("fails", "ZeroDivisionError"),
        ("exits", "SystemExit"),
        ("quits", "a request to end the kernel"),
        ("dies", "the kernel died"),
        ("orphans", "the worker ended before the report was made (status -9)"),
        ("floods", "more than 100 MB of output"),
        ("full", "No space left on device"),
        ("spawns", "ZeroDivisionError"),
        ("waits", "breakpoint() in a run that nobody attends"),
    ],
)
def test_a_cell_that_does_not_end_well_is_named(ran: Ran, name: str, words: str) -> None:
    told = [str(fault) for fault in ran.faults(name)]
    assert any(line.startswith(f"{name}.ipynb cell ") and words in line for line in told)


def test_a_full_disk_inside_a_cell_is_a_fault_of_publishing(ran: Ran) -> None:
    assert isinstance(ran.error, PublishError)


def test_progress_is_told_from_the_first_cell_to_the_last(ran: Ran) -> None:
    steps = [done for report, done, _ in ran.told if report == "round-trip"]  # type: ignore[misc]
    assert steps == list(range(9))


def test_an_executed_notebook_names_no_folder_of_this_machine(ran: Ran) -> None:
    job = ran.jobs["round-trip"]
    assert str(job.folder.parent) not in job.executed.read_text(encoding="utf-8")


def test_no_process_is_left_after_failures_and_none_that_a_cell_detached(ran: Ran) -> None:
    assert ran.faults("detaches") == []
    assert ran.left == []


def test_kernel_and_worker_talk_in_a_private_folder_however_long_its_name(tmp_path: Path) -> None:
    source = "import json\nfrom ipykernel.connect import get_connection_info\nprint(get_connection_info())"
    jobs = [job_of(tmp_path, "near", source), job_of(tmp_path / ("deep" * 40), "far", source)]
    error, _ = run_all(jobs, tmp_path)
    assert error is None
    near, far = (connection(job) for job in jobs)
    assert near["transport"] == far["transport"] == "ipc"
    assert near["ip"] == str(jobs[0].folder / "sockets" / "k")
    assert not Path(far["ip"]).parent.exists()


def connection(job: Job) -> dict[str, str]:
    """Return how the kernel of a job was reached, as its notebook printed it."""
    tree = json.loads(job.executed.read_text(encoding="utf-8"))
    (printed,) = [out["text"] for cell in tree["cells"] for out in cell.get("outputs", []) if out.get("name")]
    told: dict[str, str] = json.loads("".join(printed))
    return told


def test_a_loop_in_compiled_code_ends_at_the_time_limit(tmp_path: Path) -> None:
    job = job_of(tmp_path, "safety", "import re\nre.match('(a+)+$', 'a' * 64 + 'b')")
    error, _ = run_all([job], tmp_path, limit_s=10.0)
    assert isinstance(error, RenderError)
    assert "safety.ipynb cell 6: found the time limit of 10 s reached" in str(error)
    assert processes_about(tmp_path) == []


def test_a_kernel_that_does_not_answer_in_time_is_a_fault_of_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object) -> None:
        raise TimeoutError("Timeout waiting for IOPub output")

    monkeypatch.setattr(engine, "_run_papermill", silent)
    with pytest.raises(RenderError, match="no answer of the kernel in time"):
        execute(job_of(tmp_path, "safety", "1"))


def test_an_unknown_engine_is_a_wrong_parameter(tmp_path: Path) -> None:
    job = Job("safety", tmp_path / "n.ipynb", tmp_path, {}, FACTS, engine="steam")
    with pytest.raises(ParameterError, match="'steam'; expected one of kernel"):
        execute(job)


def test_a_job_survives_its_file(tmp_path: Path) -> None:
    job = Job("safety", tmp_path / "n.ipynb", tmp_path, HOSTILE, FACTS)
    assert read_job(write_job(job)) == job


def test_a_message_of_a_full_disk_is_known_by_its_words(tmp_path: Path) -> None:
    assert is_disk_full(tmp_path, "OSError: [Errno 28] No space left on device")
    assert is_disk_full(tmp_path, "[Errno 27] File too large")
    assert not is_disk_full(tmp_path, "KeyError: 'AVAL'")


def test_the_parameters_of_the_fake_notebooks_are_those_of_a_cut() -> None:
    assert len(PARAMETERS.splitlines()) == 11
