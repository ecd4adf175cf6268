"""The same data, parameters, versions and recorded time give the same bytes, wherever and whenever reports are made."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from command_line import UNBLINDED
from cutbook.data.transfer.audience import Asked
from cutbook.parameters.project import Project
from cutbook.report.run import check_cut

pytestmark = pytest.mark.slow

REPORTS = ("safety", "pharmacokinetics", "efficacy")
SUFFIXES = (".html", ".ipynb", ".results.parquet")
EPOCH, RECORDED = "1509868800", "2017-11-05T08:00:00Z"
HERE = {
    "LC_ALL": "C",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONHASHSEED": "1",
    "PYTHONUTF8": "0",
    "TZ": "America/New_York",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
THERE = {
    "LC_ALL": "tr_TR.UTF-8",
    "PYTHONHASHSEED": "4242",
    "TZ": "Pacific/Kiritimati",
    "OMP_NUM_THREADS": "8",
    "OPENBLAS_NUM_THREADS": "8",
}
PROBE: dict[str, Any] = {
    "cell_type": "code",
    "id": "probe",
    "execution_count": None,
    "metadata": {},
    "outputs": [],
    "source": [
        "import json, locale, os, time\n",
        'told = [locale.setlocale(locale.LC_CTYPE), time.tzname[0], hash("x"), os.environ["OMP_NUM_THREADS"]]\n',
        "print(json.dumps(told))",
    ],
}
"""Cell that tells which settings reached a kernel."""


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the other settings, with a Turkish locale where it can be made; Python falls back to C elsewhere."""
    folder = tmp_path_factory.mktemp("locale")
    localedef = shutil.which("localedef") or "true"
    subprocess.run(
        [localedef, "-i", "tr_TR", "-f", "UTF-8", str(folder / "tr_TR.UTF-8")], capture_output=True, check=False
    )
    return THERE | {"LOCPATH": str(folder), "XDG_CACHE_HOME": str(folder)}


def run(project: Path, outputs: Path, cut: str, workers: int, settings: Mapping[str, str]) -> None:
    command = [sys.executable, "-m", "cutbook", "run", "tofersen", cut, *UNBLINDED, "--outputs", str(outputs)]
    given = {**os.environ, **settings, "SOURCE_DATE_EPOCH": EPOCH}
    done = subprocess.run(
        [*command, "--workers", str(workers)], cwd=project, env=given, capture_output=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")


def difference(one: bytes, other: bytes) -> str:
    """Return what stands around the first byte that differs, or nothing."""
    if one == other:
        return ""
    pairs = enumerate(zip(one, other, strict=False))
    place = next((number for number, (left, right) in pairs if left != right), min(len(one), len(other)))
    around = slice(max(0, place - 120), place + 120)
    return f"at byte {place}: {one[around]!r} and {other[around]!r}"


@pytest.fixture(scope="module")
def sets(project: Path, there: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """Return two sets of the second cut of the virtual trial that share nothing but data, parameters and recorded time.

    The second is published over a copy of the first, so that both stand beside the same first cut.
    """
    assert (project / "data/tofersen/C2").is_dir(), "make test generates the virtual trial"
    folder = tmp_path_factory.mktemp("identical")
    first, second = folder / "one", folder / "another place" / "of its own"
    run(project, first, "C1", 2, HERE)
    run(project, first, "C2", 3, HERE)
    shutil.copytree(first, second, symlinks=True)
    run(project, second, "C2", 1, there)
    return tuple((outputs / "tofersen" / "C2" / "unblinded").resolve() for outputs in (first, second))


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("report", REPORTS)
def test_a_report_is_identical_byte_by_byte(sets: tuple[Path, ...], report: str, suffix: str) -> None:
    one, other = ((folder / f"{report}{suffix}").read_bytes() for folder in sets)
    assert len(one) > 5_000
    assert difference(one, other) == ""


def test_everything_else_that_is_published_is_identical_too(sets: tuple[Path, ...]) -> None:
    one, other = ({file.name: file.read_bytes() for file in folder.iterdir()} for folder in sets)
    assert one.keys() == other.keys()
    assert {name for name in one if one[name] != other[name]} == {"manifest.json"}


def test_only_the_manifest_tells_the_two_runs_apart(sets: tuple[Path, ...]) -> None:
    one, other = (json.loads((folder / "manifest.json").read_text(encoding="utf-8")) for folder in sets)
    assert one["rendered"] == other["rendered"] == RECORDED
    assert RECORDED < one["started"] < other["started"]
    assert one["run"] != other["run"]
    assert one["identity"] == other["identity"]
    hashes = [{item["file"]: item["sha256"] for item in manifest["outputs"]} for manifest in (one, other)]
    assert hashes[0] == hashes[1]


@pytest.mark.parametrize("report", REPORTS)
def test_a_page_says_the_recorded_time_and_a_notebook_no_other(sets: tuple[Path, ...], report: str) -> None:
    assert RECORDED in (sets[0] / f"{report}.html").read_text(encoding="utf-8")
    started = json.loads((sets[0] / "manifest.json").read_text(encoding="utf-8"))["started"]
    for suffix in (".html", ".ipynb"):
        text = (sets[0] / f"{report}{suffix}").read_text(encoding="utf-8")
        assert started[:10] not in text
        assert str(sets[0].parents[3]) not in text


@pytest.fixture(scope="module")
def staged(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the staged first cut of the virtual trial."""
    folder = tmp_path_factory.mktemp("kernel")
    asked = Asked("unblinded", "statistician")
    check_cut(Project(project), ("tofersen", "C1"), folder, is_unverified_allowed=False, asked=asked)
    return folder / "staged"


class ByHand:
    """A notebook run by plain papermill, which hands its settings on to the kernel, and a last cell that tells them."""

    def __init__(self, project: Path, report: str, staged: Path, folder: Path, settings: Mapping[str, str]) -> None:
        folder.mkdir()
        self.executed, self.results = folder / "executed.ipynb", folder / "results.parquet"
        source = json.loads((project / "notebooks" / f"{report}.ipynb").read_text(encoding="utf-8"))
        source["cells"].append(PROBE)
        (folder / "source.ipynb").write_text(json.dumps(source), encoding="utf-8")
        command = [sys.executable, "-m", "papermill", str(folder / "source.ipynb"), str(self.executed)]
        command += ["-f", "parameters/tofersen/C1.yaml", "-p", "staged_cut", str(staged)]
        command += ["-p", "results_to", str(self.results), "--no-progress-bar"]
        self.process = subprocess.Popen(
            command, cwd=project, env={**os.environ, **settings}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def outputs(self) -> list[dict[str, Any]]:
        """Return the outputs of all cells, once papermill has ended."""
        told, _ = self.process.communicate(timeout=300)
        assert self.process.returncode == 0, told.decode("utf-8", "replace")
        cells = json.loads(self.executed.read_text(encoding="utf-8"))["cells"]
        return [output for cell in cells for output in cell.get("outputs", [])]


def test_a_kernel_whose_environment_is_not_fixed_shows_the_same(
    project: Path, staged: Path, there: dict[str, str], tmp_path: Path
) -> None:
    """A run fixes locale, time zone, hash seed and threads of its kernels; a notebook that is run by hand does not."""
    runs = [ByHand(project, "efficacy", staged, tmp_path / settings["TZ"][:3], settings) for settings in (HERE, there)]
    shown = [run.outputs() for run in runs]
    probes = [json.loads("".join(outputs.pop()["text"])) for outputs in shown]
    assert [one == other for one, other in zip(*probes, strict=True)] == [False] * 4
    one, other = (json.dumps(outputs).encode() for outputs in shown)
    assert difference(one, other) == ""
    assert difference(*(run.results.read_bytes() for run in runs)) == ""
