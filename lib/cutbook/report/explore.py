"""JupyterLab on copies of the notebooks that carry the parameters of one cut."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from cutbook.data.staging.files import write_text
from cutbook.data.staging.history import add_previous_results
from cutbook.data.transfer.audience import Asked, refuse_reader, with_class
from cutbook.errors import Fault, ParameterError
from cutbook.parameters.project import Project, read_cut, read_study
from cutbook.published.folders import Place
from cutbook.report.publishing.blind import refuse_mixed_root
from cutbook.report.run import check_cut

_PARAMETER = re.compile(r"(?P<begin>(?P<name>\w+): [\w\[\]]+ = ).*?(?P<comment>  # .*)?")
_FIRST_SCREEN = "report.opening"
_HINT = (
    "**To begin with.** The derived datasets are `report.frames.{}`; the results of all displays are the frame "
    "`results`. A display is shown by `report.show(...)`, of some records by `.where(...)`; they are in {}."
)
_TO_PLAY = {
    "safety": (
        _HINT.format("adsl`, `.adae`, `.adlb`, `.advs` and `.adeg", "`events`, `listings` and `measurements`"),
        'report.show(events.terms.where(AESER="Y"))',
    ),
    "pharmacokinetics": (
        _HINT.format("adsl` and `.adpc", "`concentrations` and `listings`"),
        'report.show(concentrations.samples.where(MATRIX="CSF"))',
    ),
    "efficacy": (
        _HINT.format("adsl` and `.adeff", "`endpoints`"),
        'report.show(endpoints.ratios.where(SEX="F"))',
    ),
}
"""What the cell to begin with says and shows, by notebook."""


def prepare_exploration(
    project: Project, place: Place, folder: Path, *, is_unverified_allowed: bool, role: str = ""
) -> list[Path]:
    """Return notebooks that run as they are: copies with the parameters of the cut, beside its staged data.

    The notebooks of the project stay as they are. The staged cut says that it is explored, so that displays bring
    their style, script and records with them.

    Parameters
    ----------
    project : Project
        Where parameters and notebooks lie.
    place : Place
        The cut.
    folder : Path
        Folder to make.
    is_unverified_allowed : bool
        Accept a transfer without a manifest.
    role : str
        In which role unblinded data are asked for.

    Raises
    ------
    ParameterError, RenderError, BlindingError, DataError
        As for a run.
    """
    study = read_study(project, place.study)
    refuse_reader(study, with_class(study, read_cut(project, place.study, place.cut), place.audience), role)
    refuse_mixed_root(project, study, place)
    folder.mkdir(mode=0o700, parents=True)
    names, asked = (place.study, place.cut), Asked(place.audience, role)
    staged = check_cut(project, names, folder, is_unverified_allowed=is_unverified_allowed, asked=asked)
    write_text(folder / "staged" / "stamps.json", json.dumps(staged.stamps | {"explored": "yes"}))
    add_previous_results(project, staged, folder / "staged", place.outputs)
    given = staged.cut.model_dump(mode="json") | {"staged_cut": "staged", "results_to": ""}
    return [_copy(project.notebooks / f"{name}.ipynb", folder, given) for name in staged.study.reports]


def lab_command(folder: Path) -> list[str]:
    """Return the command that starts JupyterLab for this machine only, with the token that it makes itself.

    Parameters
    ----------
    folder : Path
        Folder that it serves.
    """
    settings = [
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.allow_remote_access=False",
        "--ServerApp.allow_root=False",
        f"--ServerApp.root_dir={folder}",
        "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url=None",
    ]
    return [sys.executable, "-m", "jupyterlab", *settings]


def lab_environment(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return an environment in which no setting of the account can open the server or take its token away.

    Parameters
    ----------
    environment : mapping of str to str
        Environment of the caller.
    folder : Path
        Folder that the server serves.
    """
    kept = {name: value for name, value in environment.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    return kept | {"JUPYTER_NO_CONFIG": "1", "JUPYTER_CONFIG_DIR": str(folder / ".jupyter"), "PYTHONSAFEPATH": "1"}


def refuse_superuser(user: int) -> None:
    """Return when the account may start a server.

    Raises
    ------
    ParameterError
        It is the superuser: whoever reaches the server would own the machine.
    """
    if user == 0:
        fault = Fault("explore", "the superuser", "an ordinary account", "start it from an account without privileges")
        raise ParameterError(fault)


def _copy(notebook: Path, folder: Path, given: Mapping[str, object]) -> Path:
    """Return a copy of a notebook with one cell of parameters, those of the cut, and a cell to begin with."""
    import nbformat
    from papermill.iorw import load_notebook_node

    made = load_notebook_node(str(notebook))
    for cell in made.cells:
        if "parameters" in cell.metadata.get("tags", []):
            cell.source = given_in(cell.source, given)
            cell.metadata.tags = ["injected-parameters"]
    places = [place for place, cell in enumerate(made.cells) if cell.source.strip() == _FIRST_SCREEN]
    words, code = _TO_PLAY[notebook.stem]
    for place in places[:1]:
        made.cells.insert(place, nbformat.v4.new_code_cell(code))  # type: ignore[no-untyped-call]
        made.cells.insert(place, nbformat.v4.new_markdown_cell(words))  # type: ignore[no-untyped-call]
    copy = folder / notebook.name
    nbformat.write(made, copy)  # type: ignore[no-untyped-call]
    return copy


def given_in(source: str, given: Mapping[str, object]) -> str:
    r"""Return a cell of parameters with other values, its names, types and comments as they are.

    Examples
    --------
    >>> given_in('cut_id: str = "DBL"  # data cut\nrevision: int = 1', {"cut_id": "C1"})
    "cut_id: str = 'C1'  # data cut\nrevision: int = 1"
    """
    return "\n".join(_given(line, given) for line in source.splitlines())


def _given(line: str, given: Mapping[str, object]) -> str:
    found = _PARAMETER.fullmatch(line)
    if not found or found["name"] not in given:
        return line
    return f"{found['begin']}{given[found['name']]!r}{found['comment'] or ''}"
