"""Numbers that sentences say of the data, read from the results table."""

from __future__ import annotations

import pandas as pd

from cutbook.catalogue import participants


def amount(results: pd.DataFrame, variable: str) -> str:
    """Return a number of the display of amounts as text, ``0`` where there is none."""
    own = results[results["display"].eq(participants.people.key) & results["variable"].eq(variable)]
    return str(own["text"].iloc[0]) if len(own) else "0"
