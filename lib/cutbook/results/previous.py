"""The previous cut as a report sees it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cutbook.derive import Frames


@dataclass(frozen=True)
class Previous:
    """The previous cut of a report.

    Attributes
    ----------
    cut_id, cutoff : str
        Its name, and its cut-off where its transfer is here; empty: there is none.
    frames : Frames or None
        Its datasets as derived by the study file of today; None when its transfer is not here.
    results : results table or None
        Of the same report, as published; None when it is not published here.
    statement : str
        What is wrong with it, in a sentence.
    """

    cut_id: str = ""
    cutoff: str = ""
    frames: Frames | None = None
    results: pd.DataFrame | None = None
    statement: str = ""
