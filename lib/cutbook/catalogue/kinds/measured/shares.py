"""Participants with something among those measured: a frozen description."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from cutbook.catalogue.kinds.layers import Records
from cutbook.catalogue.kinds.tables import Panel
from cutbook.derive import Frames


@dataclass(frozen=True, kw_only=True)
class Shares(Panel):
    """Rows of a table: participants with something among those of whom it is known, n/Ns (%), one column an arm.

    Attributes
    ----------
    variable : str
        Key of the rows.
    rows : callable
        Derived datasets -> parameter, parameter_words (a heading; empty: none), level, row_words: the rows in their
        order, each once, whether anybody counts there or not.
    records : callable
        USUBJID, parameter, level: who counts in which row; a participant counts once.
    among : callable
        USUBJID, parameter, and level where rows of a parameter have denominators of their own: Ns.
    nobody : str
        Begins the sentence that names the parameters of which nobody counts, in the place of their rows; empty: all
        rows stand.
    """

    variable: str
    rows: Callable[[Frames], pd.DataFrame]
    records: Records
    among: Records
    nobody: str = ""
