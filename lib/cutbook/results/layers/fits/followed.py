"""How long participants were followed, and whether they died."""

from __future__ import annotations

import pandas as pd


def followed(members: pd.DataFrame) -> pd.DataFrame:
    """Return study days until death, or until when a participant is known to be alive.

    Parameters
    ----------
    members : frame
        ADSL: USUBJID, KEY, TRTSDT, RANDDT, DTHFL, DTHDT, EOSDT, DCUTDT.

    Returns
    -------
    frame
        USUBJID, KEY, FOLLOWED (study day, day 1 is the first dose, else the day of randomisation), IS_DEAD. Who died on
        a day that is not known, or whose first day is not known, has no time and does not take part.
    """
    start = members["TRTSDT"].fillna(members["RANDDT"])
    is_dead = members["DTHFL"].eq("Y")
    end = members["DTHDT"].where(is_dead, members["EOSDT"].fillna(members["DCUTDT"]))
    days = (end - start).dt.days.astype("float64") + 1
    return members[["USUBJID", "KEY"]].assign(FOLLOWED=days.where(days > 0), IS_DEAD=is_dead)
