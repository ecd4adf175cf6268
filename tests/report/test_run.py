from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cutbook.parameters.project import Project
from cutbook.published.chain import check_ledger
from cutbook.published.folders import Place
from cutbook.published.manifest import read_manifest
from cutbook.published.rows import RunRow
from cutbook.report.publishing.runs import open_run
from report.fake_project import (
    LIB,
    cutbook,
    deliver,
    environment_of,
    errors_of,
    ledger_rows,
    make_project,
    processes_about,
    put_notebook,
    tree,
    write_cut,
)

FILES = {f"{name}{suffix}" for name in ("safety", "pharmacokinetics", "efficacy") for suffix in (".html", ".ipynb")}
TABLES = {f"{name}.parquet" for name in ("received", "issues", "audit", "removed", "modified", "kept", "past")}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, subprocess.CompletedProcess[str]]:
    project = make_project(tmp_path_factory.mktemp("published") / "project")
    return project, cutbook(project, "run", "demo", "C1")


@pytest.fixture
def project(published: tuple[Project, object], tmp_path: Path) -> Project:
    """Return a project of its own with a published set."""
    root = tmp_path / "project"
    shutil.copytree(published[0].root, root, symlinks=True)
    return Project(root)


@pytest.fixture
def small(tmp_path: Path) -> Project:
    """Return a project of one report, nothing published."""
    return make_project(tmp_path / "small", ("safety",))


def current(project: Project, cut: str = "C1") -> Path:
    return project.outputs / "demo" / cut / "unblinded"


def holds_oracle(project: Project, before: dict[str, str], done: subprocess.CompletedProcess[str], code: int) -> None:
    """Assert what every failing run must leave: its code, its lines, the old report, one row, no process, no secret."""
    assert done.returncode == code, done.stderr
    errors = errors_of(done)
    assert errors
    assert all(line.startswith(f"{code} ") for line in errors)
    after = tree(project.outputs)
    row = ledger_rows(project.outputs)[-1]
    run = str(row["run"])
    new = {path for path in after if before.get(path) != after[path]} | (before.keys() - after.keys())
    assert {path for path in new if not path.startswith("failed/") and path != "failed"} <= {"ledger.jsonl"}
    assert {path.split("/")[1] for path in new if path.startswith("failed/")} <= {run}
    assert row["exit"] == code
    assert check_ledger(project.outputs).faults == ()
    assert processes_about(project.root) == []
    assert not any(b"canary-secret" in file.read_bytes() for file in project.outputs.rglob("*") if file.is_file())


def test_a_run_publishes_reports_results_audit_and_manifest(
    published: tuple[Project, subprocess.CompletedProcess[str]],
) -> None:
    project, done = published
    assert done.returncode == 0, done.stderr
    assert errors_of(done) == []
    folder = current(project)
    results = {f"{name}.results.parquet" for name in ("safety", "pharmacokinetics", "efficacy")}
    headlines = {f"{name}.headline.json" for name in ("safety", "pharmacokinetics", "efficacy")}
    whole = FILES | TABLES | results | headlines | {"index.html", "manifest.json"}
    assert {file.name for file in folder.iterdir()} == whole
    assert folder.readlink().parts[0] == "revisions"
    assert not (project.outputs / ".work").exists()
    assert not (project.outputs / "failed").exists()


def test_a_run_says_where_the_reports_are(published: tuple[Project, subprocess.CompletedProcess[str]]) -> None:
    _, done = published
    lines = done.stdout.splitlines()
    assert lines[-5:] == [
        *(f"outputs/demo/C1/unblinded/{name}.html" for name in ("efficacy", "pharmacokinetics", "safety", "index")),
        "outputs/demo/index-unblinded.html",
    ]
    assert {"safety: 0/7 cells", "safety: 7/7 cells"} <= set(lines)


def test_a_run_leaves_one_row_and_no_process(published: tuple[Project, object]) -> None:
    project, _ = published
    (row,) = ledger_rows(project.outputs)
    assert (row["exit"], row["study"], row["cut"], row["audience"], row["revision"]) == (
        0,
        "demo",
        "C1",
        "unblinded",
        1,
    )
    assert str(row["started"]).endswith("Z")
    assert processes_about(project.root) == []


def test_everything_written_is_for_its_owner_only(published: tuple[Project, object]) -> None:
    project, _ = published
    modes = {stat.S_IMODE(path.stat().st_mode) for path in [project.outputs, *project.outputs.rglob("*")]}
    assert modes == {0o700, 0o600}


def test_the_manifest_tells_inputs_outputs_and_code(published: tuple[Project, object]) -> None:
    project, _ = published
    manifest = json.loads((current(project) / "manifest.json").read_text(encoding="utf-8"))
    received = json.loads((project.root / "data" / "T1" / "manifest.json").read_text(encoding="utf-8"))
    assert [(item["file"], item["sha256"], item["rows"]) for item in manifest["inputs"]] == [
        ("dm.parquet", received["files"][0]["sha256"], 2)
    ]
    hashes = tree(current(project))
    assert {item["file"]: item["sha256"] for item in manifest["outputs"]} == {
        name: digest for name, digest in hashes.items() if name != "manifest.json"
    }
    assert manifest["code"]["versions"]["pandas"]
    assert manifest["is_complete"] is True
    assert manifest["identity"]["parameters"]["cutoff_date"] == "2024-06-30"


def test_a_published_notebook_names_no_folder_of_this_machine(published: tuple[Project, object]) -> None:
    project, _ = published
    text = (current(project) / "safety.ipynb").read_text(encoding="utf-8")
    assert str(project.root) not in text
    assert "canary-secret" not in text


def test_one_failing_notebook_publishes_none(project: Project) -> None:
    put_notebook(project, "efficacy", "import sys\nsys.exit(0)")
    before = tree(project.outputs)
    done = cutbook(project, "run", "demo", "C1")
    holds_oracle(project, before, done, 5)
    assert any("efficacy.ipynb cell" in line and "SystemExit" in line for line in errors_of(done))
    run = ledger_rows(project.outputs)[-1]["run"]
    assert {"safety.ipynb", "efficacy.ipynb", "faults.log", "efficacy.log"} <= {
        file.name for file in (project.outputs / "failed" / str(run)).iterdir()
    }


def test_data_changed_under_a_used_cut_need_a_new_revision_and_both_are_kept(small: Project) -> None:
    assert cutbook(small, "run", "demo", "C1").returncode == 0
    first = tree(small.outputs / "demo" / "C1" / "revisions")
    deliver(small.root, "T1", ages=(61.0, 48.0))
    before = tree(small.outputs)
    done = cutbook(small, "run", "demo", "C1")
    holds_oracle(small, before, done, 3)
    assert "dm.parquet" in errors_of(done)[0]
    assert "data changed under cut C1: raise revision above 1" in errors_of(done)[0]
    write_cut(small.root, "C1", revision=2)
    assert cutbook(small, "run", "demo", "C1").returncode == 0
    sets = tree(small.outputs / "demo" / "C1" / "revisions")
    assert first.items() <= sets.items()
    assert current(small).readlink().name.startswith("unblinded-r2-")


def test_parameters_changed_under_a_used_cut_are_refused(project: Project) -> None:
    write_cut(project.root, "C1", purpose="another")
    before = tree(project.outputs)
    done = cutbook(project, "run", "demo", "C1")
    holds_oracle(project, before, done, 3)
    assert "C1.yaml.purpose: found 'another'" in errors_of(done)[0]


def retitle(project: Project, title: str) -> None:
    file = project.parameters / "demo" / "study.yaml"
    file.write_text(re.sub("title: .*", f"title: {title}", file.read_text(encoding="utf-8")), encoding="utf-8")


def test_a_draft_whose_study_file_changed_is_replaced_and_the_ledger_says_so(project: Project) -> None:
    earlier = current(project).readlink()
    kept = tree(current(project).resolve())
    retitle(project, "Another title")
    done = cutbook(project, "run", "demo", "--pending")
    assert (done.returncode, errors_of(done)) == (0, [])
    assert current(project).readlink() != earlier
    assert "Another title" in (current(project) / "index.html").read_text(encoding="utf-8")
    assert tree(current(project).parent / earlier) == kept
    first, second = ledger_rows(project.outputs)
    assert "study_file" not in first
    assert second["study_file"] == f"changed since run {first['run']}"
    assert (first["revision"], second["revision"]) == (1, 1)
    assert cutbook(project, "run", "demo", "--pending").stdout == "demo: nothing is pending\n"


def test_a_final_cut_whose_study_file_changed_is_refused_and_does_not_wait(small: Project) -> None:
    file = small.parameters / "demo" / "C1.yaml"
    file.write_text(f"{file.read_text(encoding='utf-8')}status: final\n", encoding="utf-8")
    assert cutbook(small, "run", "demo", "C1").returncode == 0
    retitle(small, "Another title")
    assert cutbook(small, "run", "demo", "--pending").stdout == "demo: nothing is pending\n"
    before = tree(small.outputs)
    done = cutbook(small, "run", "demo", "C1")
    holds_oracle(small, before, done, 3)
    assert "study.yaml: found other content" in errors_of(done)[0]


def test_a_second_run_of_the_same_cut_is_busy(project: Project) -> None:
    place = Place(project.outputs, "demo", "C1", "unblinded")
    about = RunRow(run="other", study="demo", cut="C1", audience="unblinded", set="x")
    with open_run(place, "other", about):
        before = tree(project.outputs)
        done = cutbook(project, "run", "demo", "C1")
        holds_oracle(project, before, done, 75)


@pytest.mark.parametrize("audience", ["dummy", "real", ""])
def test_another_class_is_refused_before_anything_is_read(project: Project, audience: str) -> None:
    shutil.rmtree(project.root / "data")
    if audience:
        (project.root / "parameters" / "demo" / "study.yaml").write_text("broken: [", encoding="utf-8")
    else:
        file = project.root / "parameters" / "demo" / "C1.yaml"
        file.write_text(file.read_text(encoding="utf-8") + "audience: blinded\n", encoding="utf-8")
    before = tree(project.outputs)
    asked = ["--audience", audience] if audience else []
    holds_oracle(project, before, cutbook(project, "run", "demo", "C1", *asked), 4)


def truncate(project: Project) -> None:
    file = project.root / "data" / "T1" / "dm.parquet"
    file.write_bytes(file.read_bytes()[:-80])


def lose_manifest(project: Project) -> None:
    (project.root / "data" / "T1" / "manifest.json").unlink()


def lose_transfer(project: Project) -> None:
    shutil.rmtree(project.root / "data" / "T1")


@pytest.mark.parametrize("damage", [truncate, lose_manifest, lose_transfer])
def test_a_damaged_transfer_leaves_the_old_report(project: Project, damage: Callable[[Project], None]) -> None:
    damage(project)
    before = tree(project.outputs)
    holds_oracle(project, before, cutbook(project, "run", "demo", "C1"), 3)


def test_a_notebook_saved_with_outputs_is_refused(project: Project) -> None:
    file = project.notebooks / "safety.ipynb"
    file.write_text(file.read_text(encoding="utf-8").replace('"execution_count": null', '"execution_count": 3', 1))
    before = tree(project.outputs)
    done = cutbook(project, "run", "demo", "C1")
    holds_oracle(project, before, done, 5)
    assert "notebooks/safety.ipynb cell 2: found stored outputs or counts" in errors_of(done)[0]


@pytest.mark.slow
def test_an_unverified_transfer_is_marked_on_the_page(small: Project) -> None:
    lose_manifest(small)
    done = cutbook(small, "run", "demo", "C1", "--unverified")
    assert done.returncode == 0, done.stderr
    assert "<span>row counts unverified</span>" in (current(small) / "safety.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_reports_made_one_by_one_become_current_when_the_set_is_whole(tmp_path: Path) -> None:
    project = make_project(tmp_path / "two", ("safety", "efficacy"))
    first = cutbook(project, "run", "demo", "C1", "--report", "safety")
    assert first.returncode == 0, first.stderr
    assert first.stdout.splitlines()[-1].startswith("not current")
    assert not current(project).exists()
    assert cutbook(project, "run", "demo", "C1", "--report", "efficacy").returncode == 0
    made_by = json.loads((current(project) / "manifest.json").read_text(encoding="utf-8"))["outputs"]
    runs = {item["file"]: item["run"] for item in made_by}
    rows = ledger_rows(project.outputs)
    assert [runs["safety.html"], runs["efficacy.html"]] == [rows[0]["run"], rows[1]["run"]]
    whole = current(project).readlink()
    retitle(project, "Another title")
    alone = cutbook(project, "run", "demo", "C1", "--report", "efficacy")
    assert alone.stdout.splitlines()[-1].startswith("not current")
    assert current(project).readlink() == whole


def test_pending_runs_what_waits_once_and_shows_the_previous_results(small: Project) -> None:
    write_cut(small.root, "C2", previous="C1")
    write_cut(small.root, "C3", transfer="T9")
    put_notebook(
        small, "safety", "import os\nprint(cut_id, os.listdir('../../staged/history/01-C1') if previous_cut else 0)"
    )
    first = cutbook(small, "run", "demo", "--pending")
    assert first.returncode == 0, first.stderr
    assert current(small, "C1").is_dir()
    assert "C2 [&#39;safety.results.parquet&#39;]" in (current(small, "C2") / "safety.html").read_text(
        encoding="utf-8"
    ).replace("&#x27;", "&#39;")
    assert not (small.outputs / "demo" / "C3").exists()
    before = tree(small.outputs)
    second = cutbook(small, "run", "demo", "--pending")
    assert (second.returncode, second.stdout.splitlines()[-1]) == (0, "demo: nothing is pending")
    assert tree(small.outputs) == before


@pytest.mark.slow
def test_a_cut_rendered_before_its_previous_one_is_rendered_again_and_compared_in_one_pass(small: Project) -> None:
    write_cut(small.root, "C2", previous="C1")
    assert cutbook(small, "run", "demo", "C2").returncode == 0
    first = read_manifest(current(small, "C2"))
    assert first is not None
    assert first.previous is not None
    assert first.previous.run is None
    done = cutbook(small, "run", "demo", "--pending")
    assert (done.returncode, errors_of(done)) == (0, [])
    earlier, again = read_manifest(current(small, "C1")), read_manifest(current(small, "C2"))
    assert earlier is not None
    assert again is not None
    assert again.previous is not None
    assert again.previous.run == earlier.run
    assert cutbook(small, "run", "demo", "--pending").stdout == "demo: nothing is pending\n"


@pytest.mark.slow
def test_pending_goes_on_after_a_cut_that_fails_and_tells_its_code(small: Project) -> None:
    write_cut(small.root, "C2", transfer="T2")
    deliver(small.root, "T2")
    truncate(small)
    done = cutbook(small, "run", "demo", "--pending")
    assert done.returncode == 3
    assert current(small, "C2").is_dir()
    assert not current(small, "C1").exists()


@contextmanager
def interrupts(handler: Callable[..., object] | int) -> Iterator[None]:
    """Handle SIGINT so in this process: the programs it starts ignore SIGINT with SIG_IGN, and else do not."""
    before = signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def running(project: Project) -> Iterator[subprocess.Popen[str]]:
    """Yield a run that is busy in a cell; it is ended whatever happens."""
    put_notebook(project, "safety", "import re\nre.match('(a+)+$', 'a' * 64 + 'b')")
    with subprocess.Popen(
        [sys.executable, "-m", "cutbook", "run", "demo", "C1"],
        cwd=project.root,
        env=environment_of(project),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert any(line.startswith("safety: 4/8") for line in process.stdout), "the run ended by itself"
            yield process
        finally:
            process.kill()


def wait_until_gone(folder: Path, limit_s: float = 10.0) -> list[int]:
    deadline = time.monotonic() + limit_s
    while (left := processes_about(folder)) and time.monotonic() < deadline:
        time.sleep(0.2)
    return left


def test_a_killed_runner_takes_all_its_processes_with_it_and_the_next_run_succeeds(small: Project) -> None:
    with running(small) as process:
        process.kill()
    assert wait_until_gone(small.root) == []
    assert not current(small).exists()
    put_notebook(small, "safety")
    done = cutbook(small, "run", "demo", "C1")
    assert done.returncode == 0, done.stderr
    assert [row["exit"] for row in ledger_rows(small.outputs)] == [137, 0]
    assert not (small.outputs / ".work").exists()


@pytest.mark.slow
def test_a_runner_killed_at_any_moment_leaves_a_whole_report_and_the_next_run_succeeds(small: Project) -> None:
    assert cutbook(small, "run", "demo", "C1").returncode == 0
    command = [sys.executable, "-m", "cutbook", "run", "demo", "C1"]
    for tenths in range(3, 33, 3):
        process = subprocess.Popen(command, cwd=small.root, env=environment_of(small), stdout=subprocess.DEVNULL)
        time.sleep(tenths / 10)
        process.kill()
        process.wait()
        assert wait_until_gone(small.root) == []
        manifest = json.loads((current(small) / "manifest.json").read_text(encoding="utf-8"))
        hashes = tree(current(small))
        assert {item["file"]: item["sha256"] for item in manifest["outputs"]}.items() <= hashes.items()
    done = cutbook(small, "run", "demo", "C1")
    assert done.returncode == 0, done.stderr
    assert not (small.outputs / ".work").exists()
    assert check_ledger(small.outputs).faults == ()
    published = {row["set"] for row in ledger_rows(small.outputs) if row["exit"] == 0}
    assert published == {folder.name for folder in (small.outputs / "demo" / "C1" / "revisions").iterdir()}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_a_run_cleanly(small: Project, number: signal.Signals, code: int) -> None:
    with interrupts(signal.default_int_handler), running(small) as process:
        process.send_signal(number)
        process.communicate(timeout=10)
    assert process.returncode == code
    assert wait_until_gone(small.root, 2.0) == []
    assert sorted(path.name for path in small.outputs.iterdir()) == ["failed", "ledger.jsonl"]
    assert ledger_rows(small.outputs)[-1]["exit"] == code


def test_a_run_that_is_told_to_ignore_interrupts_as_in_the_background_goes_on(small: Project) -> None:
    with interrupts(signal.SIG_IGN), running(small) as process:
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.5)
    assert process.returncode == -signal.SIGKILL


WORKING = "print('<' * 30_000)"
WRITTEN_IN_CELL = "with open('large', 'wb') as file:\n    file.write(bytes(200_000))"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stage", "cell", "people"),
    [
        ("execute", "print('x' * 200_000)", 2),
        ("html", WORKING, 2),
        ("cell", WRITTEN_IN_CELL, 2),
        ("staging", "1", 9000),
    ],
)
def test_a_file_that_cannot_grow_is_a_fault_of_publishing(small: Project, stage: str, cell: str, people: int) -> None:
    deliver(small.root, "T1", ages=[float(n) for n in range(people)])
    put_notebook(small, "safety", cell)
    before = tree(small.outputs)
    limit = 100_000

    def lower() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = cutbook(small, "run", "demo", "C1", preexec_fn=lower)
    holds_oracle(small, before, done, 6)
    assert "File too large" in errors_of(done)[0], stage


FULL_DISK = """
import json, sys
sys.path[:0] = [sys.argv[2], sys.argv[3]]
from pathlib import Path
from report.fake_project import cutbook, errors_of, ledger_rows, put_notebook, tree
from cutbook.parameters.project import Project
from cutbook.published.rows import RunRow
import os
project = Project(Path(sys.argv[1]))
told = []
for left in [None, *json.loads(sys.argv[4]), None]:
    filler = project.outputs / "filler"
    before = tree(project.outputs)
    if left is not None:
        space = os.statvfs(project.outputs)
        filler.write_bytes(bytes(max(space.f_bavail * space.f_frsize - left, 0)))
    done = cutbook(project, "run", "demo", "C1")
    filler.unlink(missing_ok=True)
    after = tree(project.outputs)
    changed = sorted(path.split("/")[0] for path in after.keys() | before.keys() if after.get(path) != before.get(path))
    rows = ledger_rows(project.outputs)
    told.append([done.returncode, sorted(set(changed)), len(rows), errors_of(done)])
print(json.dumps(told))
"""


@pytest.mark.slow
def test_a_full_disk_at_any_moment_leaves_the_old_report(small: Project) -> None:
    put_notebook(small, "safety", "print('<' * 60_000)")
    small.outputs.mkdir()
    left = [0, 70_000, 100_000, 200_000, 400_000]
    tests = Path(__file__).resolve().parents[1]
    inside = 'mount -t tmpfs -o size=3m tmpfs "$1" && shift && exec "$@"'
    script = [sys.executable, "-c", FULL_DISK, str(small.root), str(tests), str(LIB), json.dumps(left)]
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", inside, "sh", str(small.outputs), *script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=dict(os.environ))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [code for code, *_ in told] == [0, *[6] * len(left), 0], told
    assert [rows for *_, rows, _ in told] == list(range(1, len(left) + 3))
    assert all(set(changed) <= {"failed", "ledger.jsonl"} for _, changed, *_ in told[1:-1]), told
