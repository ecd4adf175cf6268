"""Blinded runs from the transfer to the published set: what they depend on, what they leave, and what ends them."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from blind.trial import edited, of, own_project, reallocated, staged
from cutbook.parameters.project import Project

pytestmark = pytest.mark.slow
EPOCH = "1700000000"
OF_THE_RUN = ("manifest.json", "index.html")
"""Files of a set that tell which run made it, and when."""


def cutbook(home: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    settings = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
    command = [sys.executable, "-m", "cutbook", *arguments]
    return subprocess.run(
        command, cwd=home.root, env=settings, capture_output=True, text=True, timeout=500, check=False
    )


def run(home: Project, outputs: str) -> Path:
    done = cutbook(home, "run", "tofersen", "C1", "--outputs", outputs)
    assert done.returncode == 0, done.stderr
    return (home.root / outputs / "tofersen/C1/blinded").resolve()


def quicker(home: Project) -> None:
    """Let a run prove its blind with as few allocations as there may be."""
    file = home.parameters / "tofersen/study.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace('  broken: "2019-03-01"', '  broken: "2019-03-01"\n  allocations: 2'), encoding="utf-8"
    )


@pytest.fixture(scope="module")
def home(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = own_project(project, tmp_path_factory.mktemp("home"), "C1")
    quicker(made)
    return made


@pytest.fixture(scope="module")
def sent(home: Project) -> Path:
    """Return the set of the data as sent."""
    return run(home, "as-sent")


def same(one: Path, other: Path) -> None:
    """Assert that two sets are the same: every file byte by byte, but for what names run and time."""
    assert sorted(file.name for file in one.iterdir()) == sorted(file.name for file in other.iterdir())
    for file in one.iterdir():
        if file.name not in OF_THE_RUN:
            assert file.read_bytes() == (other / file.name).read_bytes(), file.name
    told, again = (json.loads((folder / "manifest.json").read_text(encoding="utf-8")) for folder in (one, other))
    changing = {"run", "started", "finished", "set", "outputs"}
    assert {key: own for key, own in told.items() if key not in changing} == {
        key: own for key, own in again.items() if key not in changing
    }
    hashes = [{item["file"]: item["sha256"] for item in own["outputs"]} for own in (told, again)]
    differ = {name for name in hashes[0] if hashes[0][name] != hashes[1][name]}
    assert differ <= {"index.html"}
    assert ledger(one) == ledger(other)


def ledger(folder: Path) -> list[dict[str, object]]:
    """Return what the ledger says of the runs of a root, but for what names a run and its time."""
    lines = (folder.parents[3] / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    changing = {"run", "started", "ended", "set", "manifest_sha256", "previous"}
    return [{key: own for key, own in json.loads(line).items() if key not in changing} for line in lines]


@pytest.mark.parametrize("step", [1, 4])
def test_another_allocation_gives_the_same_set(home: Project, sent: Path, tmp_path: Path, step: int) -> None:
    other = Project(tmp_path / "other")
    shutil.copytree(home.root, other.root, ignore=shutil.ignore_patterns("as-sent"))
    reallocated(other, "C1", step)
    same(sent, run(other, "reallocated"))


def test_without_the_allocation_the_set_is_the_same(home: Project, sent: Path, tmp_path: Path) -> None:
    other = Project(tmp_path / "other")
    shutil.copytree(home.root, other.root, ignore=shutil.ignore_patterns("as-sent", "restricted"))
    same(sent, run(other, "absent"))


def test_the_certificate_stands_in_every_report_and_in_the_manifest(sent: Path) -> None:
    blind = json.loads((sent / "manifest.json").read_text(encoding="utf-8"))["blind"]
    assert (blind["allocations"], blind["readings"], len(blind["sha256"])) == (2, 6, 64)
    for report in ("safety", "pharmacokinetics", "efficacy"):
        page = (sent / f"{report}.html").read_text(encoding="utf-8")
        assert f"SHA-256 {blind['sha256'][:12]}" in page
        assert '<span class="class">blinded</span>' in page


def test_a_set_is_open_to_its_owner_alone(sent: Path) -> None:
    assert {stat.S_IMODE(file.stat().st_mode) for file in sent.iterdir()} == {0o600}
    for folder in (sent, sent.parent, sent.parents[1], sent.parents[2]):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_blinded_notebook_has_the_parameters_of_its_cut_and_no_other(sent: Path) -> None:
    cells = json.loads((sent / "safety.ipynb").read_text(encoding="utf-8"))["cells"]
    injected = next(
        "".join(cell["source"]) for cell in cells if "injected-parameters" in cell["metadata"].get("tags", [])
    )
    names = {line.partition(" = ")[0] for line in injected.splitlines() if " = " in line}
    assert names == {
        "study", "cut_id", "cutoff_date", "transfer", "previous_cut", "revision", "purpose", "status", "audience",
        "staged_cut", "results_to",
    }  # fmt: skip


def test_a_canary_in_the_allocation_is_nowhere(project: Path, tmp_path: Path) -> None:
    home = own_project(project, tmp_path / "home", "C1")
    quicker(home)
    file = home.parameters / "tofersen/study.yaml"
    text = file.read_text(encoding="utf-8").replace('label: "Tofersen 20 mg"', 'label: "CANARYARM"')
    file.write_text(text.replace("TOF20", "CANARYCODE"), encoding="utf-8")
    apart = home.root / "data/tofersen/C1/restricted"
    edited(apart, "dm", lambda frame: frame.replace({"TOF20": "CANARYCODE", "Tofersen 20 mg": "CANARYARM"}))
    edited(apart, "ex", lambda frame: frame.replace({"EXTRT": {"TOFERSEN": "CANARYDRUG"}}))
    done = cutbook(home, "run", "tofersen", "C1", "--outputs", "outputs")
    assert done.returncode == 0, done.stderr
    said = (done.stdout + done.stderr).encode()
    files = [path for path in (home.root / "outputs").rglob("*") if path.is_file()]
    assert len(files) > 10
    for content in (said, *(path.read_bytes() for path in files), *(path.name.encode() for path in files)):
        assert b"CANARY" not in content


def _term(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(AETERM=["HEADACHE AFTER PLACEBO KIT 4711", *frame["AETERM"][1:]])


def _category(frame: pd.DataFrame) -> pd.DataFrame:
    is_class = frame["QNAM"].eq("MUTCLASS")
    return frame.assign(QVAL=frame["QVAL"].mask(is_class & is_class.cumsum().eq(1), "TOF20"))


@pytest.mark.parametrize(
    ("dataset", "plant", "words"), [("ae", _term, "PLACEBO"), ("suppdm", _category, "TOF20")], ids=["term", "category"]
)
def test_a_leak_in_collected_text_ends_the_run_with_a_reference(
    project: Path, tmp_path: Path, dataset: str, plant: Callable[[pd.DataFrame], pd.DataFrame], words: str
) -> None:
    home = own_project(project, tmp_path / "home", "C1")
    quicker(home)
    edited(home.root / "data/tofersen/C1", dataset, plant)
    done = cutbook(home, "run", "tofersen", "C1", "--outputs", "outputs")
    assert done.returncode == 4, done.stderr
    told = [line for line in done.stderr.splitlines() if line.startswith("4 ")]
    assert told
    assert all("blinded set: found what it may not hold, reference " in line for line in told)
    assert words.casefold() not in (done.stdout + done.stderr).casefold()
    left = [path for path in (home.root / "outputs").rglob("*") if path.is_file()]
    assert [path.name for path in left] == ["ledger.jsonl"]
    assert words.casefold() not in left[0].read_text(encoding="utf-8").casefold()
    may_know = cutbook(home, "run", "tofersen", "C1", "--outputs", "outputs", "--role", "statistician")
    assert may_know.returncode == 4
    assert words.casefold() in may_know.stderr.casefold()


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser may act as another user")
def test_an_account_that_cannot_open_the_restricted_part_makes_the_same(project: Path, tmp_path: Path) -> None:
    """Where tests run as an ordinary account, `test_mask` shows the same with no restricted part at all."""
    home = own_project(project, tmp_path / "home", "C1")
    there = staged(home, "C1", tmp_path / "there").datasets
    expected = {name: there[name] for name in there}
    apart = home.root / "data/tofersen/C1/restricted"
    for path in (home.root, *home.root.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    apart.chmod(0o700)
    own = tmp_path / "own"
    own.mkdir()
    os.chown(own, 65534, 65534)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == 0 and folder != Path(folder.anchor):
            folder.chmod(folder.stat().st_mode | 0o011)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setegid(65534)
            os.seteuid(65534)
            with pytest.raises(PermissionError):
                list(apart.iterdir())
            again = staged(home, "C1", own / "staged").datasets
            code = 0 if all(again[name].equals(frame) for name, frame in expected.items()) else 2
            with pytest.raises(Exception, match="a folder that you may not open"):
                _stage_unblinded(home, own / "unblinded")
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _stage_unblinded(home: Project, to: Path) -> None:
    from cutbook.data.staging.staged import Rendering, stage_cut

    rendering = Rendering("2026-01-01T00:00:00Z")
    stage_cut(home, *of(home, "C1", "unblinded"), to, is_unverified_allowed=False, rendering=rendering)
