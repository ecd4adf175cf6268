import re
import subprocess
import tomllib
from collections import Counter

import pytest
import yaml
from packaging.requirements import Requirement

CONDA_NAMES = {"jupyter_client": "jupyter-client", "jupyter_server": "jupyter-server", "matplotlib-base": "matplotlib"}


def git(project, *words):
    return subprocess.run(["git", *words], cwd=project, capture_output=True, text=True, check=False)  # noqa: S607 - git of the machine


def locked(project, name):
    text = (project / name).read_text(encoding="utf-8")
    return [Requirement(line.rstrip(" \\")) for line in text.splitlines() if re.match(r"[A-Za-z0-9]", line)]


def test_lib_is_not_ignored_by_git(project):
    assert git(project, "check-ignore", "lib", "lib/cutbook", "lib/virtual_trial").returncode == 1


def test_nothing_generated_is_committed(project):
    assert git(project, "ls-files", "data", "outputs").stdout.split() in ([], ["outputs/README.md"])


def test_git_ignores_what_the_commands_of_the_readme_write(project):
    folders = re.findall(r"simulate tofersen --to (\S+)", (project / "README.md").read_text("utf-8"))
    assert folders == ["data/big"]
    assert git(project, "check-ignore", *(f"{folder}/C1/dm.xpt" for folder in folders)).returncode == 0


def test_conda_environment_and_lock_have_the_same_versions(project):
    environment = yaml.safe_load((project / "environment.yml").read_text(encoding="utf-8"))
    pins = dict(line.split("=") for line in environment["dependencies"] if isinstance(line, str) and "=" in line)
    pins |= dict(line.split("==") for line in environment["dependencies"][-1]["pip"] if "==" in line)
    python = {"python_version": pins.pop("python"), "python_full_version": "3.13.0", "sys_platform": "linux"}
    chosen = {
        item.name.lower(): str(item.specifier).removeprefix("==")
        for item in locked(project, "requirements.lock")
        if item.marker is None or item.marker.evaluate(python)
    }
    assert {CONDA_NAMES.get(name, name): version for name, version in pins.items()} == {
        CONDA_NAMES.get(name, name): chosen[CONDA_NAMES.get(name, name)] for name in pins
    }
    direct = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert {Requirement(line).name for line in direct} == {CONDA_NAMES.get(name, name) for name in pins}


def test_both_locks_agree_and_every_package_has_a_hash(project):
    runtime = {(item.name, str(item.specifier), str(item.marker)) for item in locked(project, "requirements.lock")}
    names = {item.name for item in locked(project, "requirements-dev.lock")}
    assert {name for name, _, _ in runtime} <= names
    development = {(item.name, str(item.specifier)) for item in locked(project, "requirements-dev.lock")}
    assert {(name, version) for name, version, _ in runtime} <= development
    for lock in ("requirements.lock", "requirements-dev.lock", "requirements-installer.lock"):
        blocks = (project / lock).read_text(encoding="utf-8").split("\n")
        starts = [place for place, line in enumerate(blocks) if re.match(r"[A-Za-z0-9]", line)]
        assert all("--hash=sha256:" in blocks[place + 1] for place in starts)


@pytest.mark.parametrize(
    ("package", "floor"),
    [("jupyter-server", (2, 20, 0)), ("nbconvert", (7, 17, 1))],
    ids=["jupyter-server", "nbconvert"],
)
def test_packages_are_not_below_their_security_floor(project, package, floor):
    versions = [str(item.specifier)[2:] for item in locked(project, "requirements.lock") if item.name == package]
    assert [tuple(int(part) for part in version.split(".")) >= floor for version in versions] == [True]


def test_no_room_has_more_than_twelve_files(project):
    rooms = Counter(file.parent.relative_to(project).as_posix() for file in (project / "lib/cutbook").rglob("*.py"))
    assert len(rooms) > 30
    assert {room: files for room, files in rooms.items() if files > 12} == {}


def test_the_study_file_of_the_virtual_trial_can_be_read_at_one_sitting(project):
    assert len((project / "parameters/tofersen/study.yaml").read_text(encoding="utf-8").splitlines()) <= 220


def test_modules_are_of_readable_length(project):
    long = {
        str(file.relative_to(project)): lines
        for file in sorted((project / "lib").rglob("*.py"))
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > 320
    }
    assert long == {}
