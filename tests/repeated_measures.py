"""A trial drawn at random, for tests of properties that any data have."""

import numpy as np
import pandas as pd


def trial(people=24, visits=4, arms=("A", "B", "C"), missing=0.0, seed=1):
    """Return one row a participant and visit: ID, VISIT, ARM, SITE, BASE, WEIGHT and y, some of them missing."""
    draw = np.random.default_rng(seed)
    lags = np.abs(np.subtract.outer(range(visits), range(visits)))
    noise = draw.multivariate_normal(np.zeros(visits), 0.5**lags, people)
    number = np.repeat(np.arange(people), visits)
    visit = np.tile(np.arange(visits), people)
    base = draw.normal(10, 2, people)[number]
    y = noise.ravel() * (1 + 0.3 * visit) + 0.3 * base + 0.2 * visit * (number % len(arms))
    y[draw.random(len(y)) < missing] = np.nan
    return pd.DataFrame({
        "ID": [f"P{one:03d}" for one in number], "VISIT": [f"V{one}" for one in visit],
        "ARM": [arms[one % len(arms)] for one in number], "SITE": [f"S{one % 2}" for one in number],
        "BASE": base, "WEIGHT": draw.uniform(0.5, 2, len(y)), "y": y,
    })  # fmt: skip
