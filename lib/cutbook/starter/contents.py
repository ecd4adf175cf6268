"""What a new project starts with, and where that lies: in a checkout its own folders, else those of the package."""

from __future__ import annotations

from pathlib import Path

from cutbook.errors import Fault, ParameterError

NOTEBOOKS, PARAMETERS, OUTPUTS = "notebooks", "parameters", "outputs"
EXAMPLE = "tofersen"
"""The study that every installation brings with it, and that its simulator can write the transfers of."""

_HERE = Path(__file__).resolve().parent
_TEXTS = {"README.md": "README.md", "gitignore": ".gitignore"}
"""Files of ``texts/`` by their name there: in a checkout, git would obey a file ``.gitignore``."""


def source_folder(here: Path = _HERE) -> Path:
    """Return the folder that holds ``notebooks/`` and ``parameters/`` of this installation.

    Parameters
    ----------
    here : Path
        Folder of this module: ``lib/cutbook/starter`` of a checkout, or ``cutbook/starter`` of an installed wheel,
        where both folders lie in it.
    """
    return here if (here / NOTEBOOKS).is_dir() else here.parents[2]


def example_studies(source: Path) -> list[str]:
    """Return the names of the studies that a project can start with, in the order of the alphabet.

    Parameters
    ----------
    source : Path
        Folder that holds ``parameters/``.
    """
    return sorted(file.parent.name for file in (source / PARAMETERS).glob("*/study.yaml"))


def starting_files(source: Path, study: str) -> dict[str, Path]:
    """Return the files of a new project: where each is copied from, by its path in the project.

    Parameters
    ----------
    source : Path
        Folder that holds ``notebooks/`` and ``parameters/``.
    study : str
        Name of the example study.

    Raises
    ------
    ParameterError
        There is no such example study.
    """
    known = example_studies(source)
    if study not in known:
        expected = f"one of {', '.join(known) or 'the example studies, of which this installation has none'}"
        raise ParameterError(Fault("study", repr(study), expected, "check the name"))
    copied = [*sorted((source / NOTEBOOKS).glob("*.ipynb")), *_visible(source / PARAMETERS / study)]
    texts = {name: _HERE / "texts" / kept for kept, name in _TEXTS.items()}
    return texts | {file.relative_to(source).as_posix(): file for file in copied}


def _visible(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.iterdir()) if file.is_file() and not file.name.startswith(".")]
