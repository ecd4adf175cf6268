"""The wheel in an empty environment, away from the checkout: what is in it, and that everything works there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from container import copy_context, stages
from cutbook.published.manifest import sha256_file
from cutbook.starter.contents import starting_files

pytestmark = pytest.mark.slow

REPORTS = ("efficacy", "pharmacokinetics", "safety")
UV = str(Path(sys.executable).with_name("uv"))


def done(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Return what a command did that knows nothing of the checkout: neither its folder nor its environment."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV", "PWD")}
    return subprocess.run(command, cwd=folder, env=kept, capture_output=True, text=True, timeout=500, check=False)


def succeed(command: Sequence[str], folder: Path) -> str:
    outcome = done(command, folder)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return outcome.stdout


@pytest.fixture(scope="module")
def built(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a source distribution and the wheel built from it, of what the Dockerfile copies alone."""
    folder = tmp_path_factory.mktemp("built")
    source = copy_context(project, stages(project / "Dockerfile")[0], folder / "source")
    command = [UV, "build", "--quiet", "--no-build-isolation", "--python", sys.executable, "--out-dir", str(folder)]
    succeed([*command, str(source)], folder)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (wheel,) = built.glob("*.whl")
    return wheel


@dataclass(frozen=True)
class Installed:
    """A wheel in an environment of its own, and a project made by it."""

    bin: Path
    project: Path

    def cutbook(self, *words: str) -> str:
        """Return what the command tells in the project."""
        return succeed([str(self.bin / "cutbook"), *words], self.project)

    @property
    def outputs(self) -> Path:
        """Return the folder of the published set."""
        return self.project / "outputs/tofersen/DBL/unblinded"


@pytest.fixture(scope="module")
def installed(project: Path, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Return the wheel with the locked packages in an empty environment, and a project with its virtual trial."""
    folder = tmp_path_factory.mktemp("away")
    succeed([UV, "venv", "--quiet", "--python", sys.executable, "environment"], folder)
    python = str(folder / "environment/bin/python")
    install = [UV, "pip", "install", "--quiet", "--python", python]
    succeed([*install, "--require-hashes", "-r", str(project / "requirements.lock")], folder)
    succeed([*install, "--no-deps", str(wheel)], folder)
    away = Installed(folder / "environment/bin", folder / "project")
    succeed([str(away.bin / "cutbook"), "new", "project"], folder)
    away.cutbook("simulate", "tofersen", "--to", "data/tofersen")
    return away


@pytest.fixture(scope="module")
def published(installed: Installed) -> list[str]:
    """Return what the run of the last cut told."""
    return installed.cutbook("run", "tofersen", "DBL").splitlines()


def test_the_wheel_has_one_package_with_all_modules_and_all_files_of_a_new_project(project: Path, wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"cutbook"}
    modules = {file.relative_to(project / "lib").as_posix() for file in (project / "lib").rglob("*.py")}
    beside = {name.replace("virtual_trial/", "cutbook/virtual_trial/", 1) for name in modules if name[0] == "v"}
    assert {name for name in names if name.endswith(".py")} == {name for name in modules if name[0] == "c"} | beside
    kept = {f"cutbook/starter/{name}" for study in ("tofersen", "cdiscpilot01") for name in _in_folders(project, study)}
    assert {name for name in names if name.startswith(("cutbook/starter/n", "cutbook/starter/p"))} == kept


def _in_folders(project: Path, study: str) -> list[str]:
    return [name for name in starting_files(project, study) if "/" in name]


def test_the_source_distribution_has_what_the_wheel_has(built: Path, wheel: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        sources = {member.name.split("/", 1)[1] for member in packed.getmembers() if member.isfile()}
    inside = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    moved = {
        "cutbook/virtual_trial/": "lib/virtual_trial/",
        "cutbook/starter/notebooks/": "notebooks/",
        "cutbook/starter/parameters/": "parameters/",
        "cutbook/": "lib/cutbook/",
    }
    places = {
        next(to + name.removeprefix(start) for start, to in moved.items() if name.startswith(start)) for name in inside
    }
    assert places - sources == set()


def test_a_new_project_gives_three_reports(installed: Installed, published: list[str]) -> None:
    pages = [line for line in published if line.endswith(".html")]
    folder = "outputs/tofersen/DBL/unblinded"
    assert pages[:-1] == [f"{folder}/{name}.html" for name in (*REPORTS, "index")]
    for report in REPORTS:
        assert "End of report." in (installed.outputs / f"{report}.html").read_text(encoding="utf-8")


def test_the_pages_say_the_version_and_the_manifest_the_notebooks_of_the_project(
    project: Path, installed: Installed, published: list[str]
) -> None:
    assert published
    version = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    for report in REPORTS:
        assert f"cutbook {version}" in (installed.outputs / f"{report}.html").read_text(encoding="utf-8")
    code = json.loads((installed.outputs / "manifest.json").read_text(encoding="utf-8"))["code"]
    assert (code["commit"], code["is_dirty"], code["versions"]["cutbook"]) == (None, None, version)
    own = installed.project / "notebooks"
    assert code["notebooks"] == {f"{name}.ipynb": sha256_file(own / f"{name}.ipynb") for name in REPORTS}


def test_the_other_commands_work_there_too(installed: Installed, published: list[str]) -> None:
    assert published
    assert installed.cutbook("check", "tofersen", "C2").startswith("tofersen C2: ")
    told = installed.cutbook("compare", "tofersen", "DBL", "SL", "--records").splitlines()
    assert told[0] == "records of ae: 0 new, 1 changed, 0 removed"
    written = installed.cutbook("simulate", "tofersen", "--to", "large", "--copies", "2", "--workers", "2")
    assert written.split() == [f"large/{cut}" for cut in ("C1", "C2", "C3", "IA", "SL", "DBL")]


def test_notebooks_to_explore_run_there_as_they_are(installed: Installed) -> None:
    script = """
from pathlib import Path
from cutbook.parameters.project import Project
from cutbook.published.folders import Place
from cutbook.report.explore import prepare_exploration
place, asked = Place(Path("outputs").absolute(), "tofersen", "C1", "unblinded"), {"role": "statistician"}
for made in prepare_exploration(Project(Path.cwd()), place, Path("explored"), is_unverified_allowed=False, **asked):
    print(made.name)
"""
    python = str(installed.bin / "python")
    made = succeed([python, "-c", script], installed.project).split()
    assert sorted(made) == [f"{name}.ipynb" for name in REPORTS]
    papermill = [str(installed.bin / "papermill"), "efficacy.ipynb", "executed.ipynb", "--no-progress-bar"]
    succeed(papermill, installed.project / "explored")


def test_the_virtual_trial_has_no_name_of_its_own_there(installed: Installed) -> None:
    outcome = done([str(installed.bin / "python"), "-c", "import virtual_trial"], installed.project)
    assert outcome.returncode == 1
    assert outcome.stderr.splitlines()[-1] == "ModuleNotFoundError: No module named 'virtual_trial'"


def test_what_is_simulated_there_is_what_the_checkout_simulates(project: Path, installed: Installed) -> None:
    folders = [installed.project / "data/tofersen", project / "data/tofersen"]
    assert folders[1].is_dir(), "make test generates the virtual trial"
    own, ours = (
        {file.relative_to(folder).as_posix(): sha256_file(file) for file in folder.rglob("*") if file.is_file()}
        for folder in folders
    )
    ours.pop(".made", None)
    assert own == ours
