"""The private folder and the scrubbed environment in which one report is made."""

from __future__ import annotations

import re
import sys
import sysconfig
from collections.abc import MutableMapping
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[3]

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "ARROW_NUM_THREADS": "1",
}
"""Sums of several threads differ in their last digits from run to run; read when numpy is loaded, not later."""

_OF_ARITHMETIC = re.compile(r"(OMP|OPENBLAS|MKL|NUMEXPR|ARROW|NPY|BLIS|VECLIB)_")
"""Begins the variables by which libraries of numbers choose threads and instructions."""

_FIXED = {
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "PYTHONSAFEPATH": "1",
    "PYTHONNOUSERSITE": "1",
    "PYTHONUTF8": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "MPLBACKEND": "agg",
    "JUPYTER_NO_CONFIG": "1",
    "JUPYTER_PLATFORM_DIRS": "1",
}

JUPYTER = "jupyter"
"""Name of the folder, in the private folder, in which Jupyter looks for kernels."""

_PRIVATE = {
    "HOME": "home",
    "TMPDIR": "tmp",
    "XDG_CONFIG_HOME": "home",
    "XDG_CACHE_HOME": "home",
    "IPYTHONDIR": "ipython",
    "JUPYTER_PATH": JUPYTER,
    "JUPYTER_DATA_DIR": JUPYTER,
    "JUPYTER_CONFIG_DIR": "jupyter-config",
    "JUPYTER_RUNTIME_DIR": "runtime",
}


def compute_as_reports(environment: MutableMapping[str, str]) -> None:
    """Make this process compute as a worker does, to the last digit; to be called before numpy is loaded.

    Parameters
    ----------
    environment : mapping
        Of this process; variables by which libraries of numbers would compute in another way are removed from it.
    """
    for name in [name for name in environment if _OF_ARITHMETIC.match(name)]:
        del environment[name]
    environment.update(ONE_THREAD)


def make_private_folders(folder: Path) -> Path:
    """Return the empty working folder of the kernel, made in ``folder`` with all folders that the environment names.

    Raises
    ------
    OSError
        A folder cannot be made.
    """
    for name in sorted({*_PRIVATE.values(), "cwd"}):
        (folder / name).mkdir(mode=0o700, parents=True)
    return folder / "cwd"


def scrubbed_environment(folder: Path, *, figure_cache: Path) -> dict[str, str]:
    """Return the whole environment of a worker and its kernel; nothing of the caller's environment is in it.

    Parameters
    ----------
    folder : Path
        Private folder of the report: home, temporary files, IPython and Jupyter files lie in it.
    figure_cache : Path
        Folder where matplotlib keeps its list of fonts.
    """
    folder = folder.absolute()
    private = {name: str(folder / part) for name, part in _PRIVATE.items()}
    search = {"PYTHONPATH": str(_ROOT)} if _ROOT not in _installed_folders() else {}
    path = ":".join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"])
    return {**_FIXED, **ONE_THREAD, **private, **search, "PATH": path, "MPLCONFIGDIR": str(figure_cache.absolute())}


def _installed_folders() -> set[Path]:
    return {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}
