from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from cutbook.errors import ParameterError
from cutbook.parameters.project import Project, list_cuts, read_cut, read_study
from cutbook.published.manifest import sha256_file
from cutbook.report.publishing.orders import check_notebooks
from cutbook.starter import making
from cutbook.starter.contents import example_studies, source_folder, starting_files
from cutbook.starter.making import make_project

REPORTS = ("efficacy", "pharmacokinetics", "safety")
CUTS = ("C1", "C2", "C3", "DBL", "IA", "SL")


def everything(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_project_holds_notebooks_an_example_study_outputs_and_what_git_needs(tmp_path: Path) -> None:
    written = make_project(tmp_path / "mine")
    files = [
        ".gitignore",
        "README.md",
        *(f"docs/schema/{name}.schema.json" for name in ("cut", "manifest", "pk_choices", "recipients", "study")),
        *(f"notebooks/{report}.ipynb" for report in REPORTS),
        *(f"parameters/tofersen/{name}.yaml" for name in (*CUTS, "recipients", "study")),
    ]
    files[-2:-2] = ["parameters/tofersen/pk_choices.yaml", "parameters/tofersen/published.csv"]
    assert written == files
    assert everything(tmp_path) == sorted(
        [
            "mine",
            *(
                f"mine/{path}"
                for path in (*files, "docs", "docs/schema", "notebooks", "outputs", "parameters", "parameters/tofersen")
            ),
        ]
    )


def test_what_is_written_is_what_the_checkout_holds(tmp_path: Path, project: Path) -> None:
    written = [name for name in make_project(tmp_path) if "/" in name]
    assert {name: sha256_file(tmp_path / name) for name in written} == {
        name: sha256_file(project / name) for name in written
    }


@pytest.mark.parametrize("study", ["cdiscpilot01", "tofersen"])
def test_every_example_study_and_cut_and_notebook_is_valid_where_it_is_written(tmp_path: Path, study: str) -> None:
    make_project(tmp_path, study)
    made = Project(tmp_path)
    check_notebooks(made, tuple(read_study(made, study).reports))
    assert [read_cut(made, study, cut).study for cut in list_cuts(made, study)]


@pytest.mark.parametrize("study", ["cdiscpilot01", "tofersen"])
def test_the_first_line_of_every_parameter_file_leads_to_a_schema_of_the_project(tmp_path: Path, study: str) -> None:
    make_project(tmp_path, study)
    for file in (tmp_path / "parameters" / study).glob("*.yaml"):
        named = file.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")[2]
        assert (file.parent / named).is_file(), file.name


def test_git_keeps_data_and_reports_out_and_the_rest_in(tmp_path: Path) -> None:
    make_project(tmp_path)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)  # noqa: S607 - git of the machine
    asked = [
        "data/tofersen/C1/dm.xpt",
        "outputs/ledger.jsonl",
        "parameters/tofersen/study.yaml",
        "notebooks/safety.ipynb",
    ]
    done = subprocess.run(
        ["git", "check-ignore", *asked],  # noqa: S607 - git of the machine
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == asked[:2]


def test_an_empty_folder_is_filled_where_it_stands_and_folders_above_are_made(tmp_path: Path) -> None:
    before = tmp_path.stat().st_ino
    make_project(tmp_path)
    assert tmp_path.stat().st_ino == before
    assert make_project(tmp_path / "outputs" / "one" / "other")


def a_file(folder: Path) -> Path:
    (folder / "mine").write_text("kept", encoding="utf-8")
    return folder / "mine"


def a_folder_in_use(folder: Path) -> Path:
    (folder / "mine").mkdir()
    for name in ("d", "b", ".hidden", "c"):
        (folder / "mine" / name).touch()
    return folder / "mine"


def a_link_to_nothing(folder: Path) -> Path:
    (folder / "mine").symlink_to(folder / "absent")
    return folder / "mine"


@pytest.mark.parametrize(
    ("occupy", "found"),
    [
        (a_file, "something that is no folder"),
        (a_folder_in_use, "'.hidden', 'b', 'c'"),
        (a_link_to_nothing, "something that is no folder"),
    ],
)
def test_a_place_that_is_taken_is_refused_by_its_name_and_left_as_it_is(
    tmp_path: Path, occupy: Callable[[Path], Path], found: str
) -> None:
    place = occupy(tmp_path)
    before = everything(tmp_path)
    with pytest.raises(ParameterError) as caught:
        make_project(place)
    expected = "expected a folder that is absent or empty; name another, or empty it"
    assert str(caught.value) == f"{place}: found {found}; {expected}"
    assert everything(tmp_path) == before


@pytest.mark.parametrize("study", ["unknown", "", "../tofersen", "TOFERSEN"])
def test_an_unknown_example_study_is_refused_and_nothing_is_made(tmp_path: Path, study: str) -> None:
    with pytest.raises(ParameterError, match="expected one of cdiscpilot01, tofersen"):
        make_project(tmp_path / "mine", study)
    assert everything(tmp_path) == []


@pytest.mark.parametrize("is_there", [True, False])
@pytest.mark.parametrize("after", range(14))
def test_a_disk_that_fills_leaves_nothing_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int, is_there: bool
) -> None:
    copied = []

    def copy(_: Path, target: Path) -> None:
        if len(copied) == after:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        target.touch()
        copied.append(target)

    monkeypatch.setattr(making.shutil, "copyfile", copy)
    folder = tmp_path / "mine" if is_there else tmp_path / "a" / "b"
    if is_there:
        folder.mkdir()
    with pytest.raises(ParameterError, match="No space left on device; expected a folder to write to"):
        make_project(folder)
    assert everything(tmp_path) == ["mine"] * is_there


@pytest.mark.parametrize("after", range(6))
def test_an_interruption_while_files_are_put_in_place_leaves_nothing_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    rename, moved = Path.rename, []

    def interrupted(path: Path, target: Path) -> Path:
        if len(moved) == after:
            raise KeyboardInterrupt
        moved.append(target)
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        make_project(tmp_path / "mine")
    assert everything(tmp_path) == []


def test_an_installed_package_holds_its_files_and_a_checkout_beside_it(tmp_path: Path, project: Path) -> None:
    assert source_folder() == project
    installed = tmp_path / "site-packages" / "cutbook" / "starter"
    (installed / "notebooks").mkdir(parents=True)
    assert source_folder(installed) == installed


def test_only_studies_with_a_study_file_are_examples_and_hidden_files_are_not_copied(tmp_path: Path) -> None:
    for name in (
        "notebooks/a.ipynb",
        "notebooks/a.txt",
        "parameters/x/study.yaml",
        "parameters/x/.swp",
        "parameters/y/z",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert example_studies(tmp_path) == ["x"]
    assert list(starting_files(tmp_path, "x")) == [
        "README.md",
        ".gitignore",
        "notebooks/a.ipynb",
        "parameters/x/study.yaml",
    ]


def test_an_installation_without_example_studies_says_so(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="of which this installation has none"):
        starting_files(tmp_path, "tofersen")
