"""What every display needs in a browser: one style and one script, the same in a report and in JupyterLab."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def read_asset(name: str) -> str:
    """Return the text of an asset: ``displays.css`` or ``displays.js``."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
