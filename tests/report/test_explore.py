from __future__ import annotations

from importlib import import_module
from pathlib import Path

import nbformat
import pytest

from cutbook.catalogue.kinds.display import Display
from cutbook.data.staging.staged import read_staged
from cutbook.errors import ParameterError
from cutbook.published.folders import Place
from cutbook.report.explore import _copy, lab_command, lab_environment, prepare_exploration, refuse_superuser
from report.fake_project import make_project, tree


def test_copies_carry_the_parameters_and_the_notebooks_stay_as_they_are(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    before = tree(project.notebooks)
    place = Place(project.outputs, "demo", "C1", "unblinded")
    copies = prepare_exploration(project, place, tmp_path / "work", is_unverified_allowed=False)
    assert tree(project.notebooks) == before
    assert [copy.name for copy in copies] == ["safety.ipynb", "pharmacokinetics.ipynb", "efficacy.ipynb"]
    cells = nbformat.read(copies[0], as_version=4).cells
    (given,) = [cell.source for cell in cells if "injected-parameters" in cell.metadata.get("tags", [])]
    assert not any("parameters" in cell.metadata.get("tags", []) for cell in cells)
    values: dict[str, object] = {}
    exec(given, values)  # noqa: S102 - the cell that papermill wrote
    assert (values["cut_id"], values["staged_cut"], values["results_to"]) == ("C1", "staged", "")
    assert read_staged(tmp_path / "work" / "staged").stamps["explored"] == "yes"


def test_the_server_listens_to_this_machine_only_and_keeps_its_token(tmp_path: Path) -> None:
    command = " ".join(lab_command(tmp_path))
    assert "--ServerApp.ip=127.0.0.1" in command
    assert "allow_root=False" in command
    assert "token" not in command


def test_no_setting_of_the_account_reaches_the_server(tmp_path: Path) -> None:
    given = {"PATH": "/bin", "JUPYTER_TOKEN": "", "JUPYTER_CONFIG_PATH": "/x", "IPYTHONDIR": "/y"}
    environment = lab_environment(given, tmp_path)
    assert environment["PATH"] == "/bin"
    assert environment["JUPYTER_NO_CONFIG"] == "1"
    assert environment["JUPYTER_CONFIG_DIR"] == str(tmp_path / ".jupyter")
    assert {"JUPYTER_TOKEN", "JUPYTER_CONFIG_PATH", "IPYTHONDIR"} & environment.keys() == set()


def test_the_superuser_may_not_start_a_server() -> None:
    refuse_superuser(1000)
    with pytest.raises(ParameterError, match="an ordinary account"):
        refuse_superuser(0)


def test_a_cell_to_begin_with_names_frames_and_displays_and_shows_a_variation(project: Path, tmp_path: Path) -> None:
    for name in ("safety", "pharmacokinetics", "efficacy"):
        copy = _copy(project / "notebooks" / f"{name}.ipynb", tmp_path, {"cut_id": "C1"})
        cells = nbformat.read(copy, as_version=4).cells
        place = next(place for place, cell in enumerate(cells) if cell.source == "report.opening")
        words, code = cells[place - 2].source, cells[place - 1].source
        assert "report.frames.adsl" in words
        assert ".where(" in code
        module, display = code.removeprefix("report.show(").split(".")[:2]
        assert isinstance(getattr(import_module(f"cutbook.catalogue.{module}"), display), Display)
        before = [cell for cell in cells[: place - 2] if cell.cell_type == "code"]
        assert [cell.metadata.get("jupyter", {}).get("source_hidden", False) for cell in before] == [
            False, True, True, True
        ]  # fmt: skip
        assert "cut_id: str = 'C1'  # data cut" in before[0].source
