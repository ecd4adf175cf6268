"""Small profiles for tests."""

import numpy as np
import pandas as pd

from cutbook.stats.nca import NcaOptions, nca

GOOD = ([0, 1, 2, 4, 8, 12, 24], [0, 10, 8, 5, 2.5, 1.2, 0.2])


def samples(**profiles):
    """Return a frame of samples: by id, times and concentrations."""
    parts = [pd.DataFrame({"id": key, "time": times, "conc": levels}) for key, (times, levels) in profiles.items()]
    return pd.concat(parts, ignore_index=True).astype({"time": "float64", "conc": "float64"})


def one_dose(conc, amount=100.0, **columns):
    """Return a dose at time zero for every id."""
    return pd.DataFrame({"id": conc["id"].unique(), "time": 0.0, "dose": amount, **columns})


def doses(key, times, amount=100.0, **columns):
    """Return doses of one id."""
    return pd.DataFrame({"id": key, "time": np.asarray(times, dtype="float64"), "dose": amount, **columns})


def shown(found, key, codes, start=0.0):
    """Return values of one id, and the reason in the place of a missing one."""
    rows = found[(found["id"] == key) & (found["start"] == start)].set_index("parameter")
    return [rows["reason"][code] or round(rows["value"][code], 6) for code in codes]


def values(conc, dose, **options):
    """Return the values of one profile by parameter."""
    return nca(conc, dose, options=NcaOptions(**options)).set_index("parameter")["value"]
