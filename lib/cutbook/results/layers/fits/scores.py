"""Ordered categories by visit: how many have each, their mean score, and whether the arms differ within strata."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cutbook.catalogue.kinds.estimates import Estimates, MeanScores
from cutbook.results.layers.fits import rows
from cutbook.results.layers.scope import Scope
from cutbook.stats.strata import row_mean_scores
from cutbook.vocabulary import COUNTS_ALL, TOTAL, contrast

CATEGORY = "SCORE"
"""Begins the variable of the count of a category; its number follows."""

_Row = dict[str, object]


def rows_of_scores(layer: Estimates, method: MeanScores, data: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Return at every visit the categories of the arms and the test of their mean scores.

    Returns
    -------
    frame
        ``LSMEAN``: n and mean by visit and arm; ``SCORE1`` and so on: n and pct; ``DIFF``: chi2, ddf and p of all arms
        (group TOTAL) and of each against the control.
    """
    made: list[_Row] = []
    for visit, words in layer.visits:
        own = data[data["visit"].eq(visit) & data["AVAL"].notna()]
        place = {"visit": visit, "visit_words": words}
        arms = [arm.code for arm in scope.study.treatment.arms if own["ARM"].eq(arm.code).any()]
        for arm in arms:
            made += [{**place, "group": arm, **row} for row in _of_arm(own[own["ARM"].eq(arm)], method, layer.decimals)]
        compared = {TOTAL: arms} | {
            contrast(arm, low): [arm, low] for arm, low in rows.pairs_of(scope.study, arms, is_all=False)
        }
        for group, some in compared.items() if arms else ():
            made += [{**place, "group": group, **row} for row in _tests(own[own["ARM"].isin(some)], method)]
    return pd.DataFrame(made) if made else rows.no_fit("nobody has a value at the visits")


def _of_arm(own: pd.DataFrame, method: MeanScores, decimals: int) -> Iterator[_Row]:
    yield {
        "variable": rows.MEAN,
        "statistic": "n",
        "value": len(own),
        "keys": own["KEY"].tolist(),
        "counts": COUNTS_ALL,
    }
    yield {"variable": rows.MEAN, "statistic": "mean", "value": own["AVAL"].mean(), "decimals": decimals}
    for category in method.categories:
        count = int(own["AVAL"].eq(category).sum())
        variable = f"{CATEGORY}{category:g}"
        yield {"variable": variable, "statistic": "n", "value": count}
        yield {"variable": variable, "statistic": "pct", "value": 100 * count / len(own)}


def _tests(own: pd.DataFrame, method: MeanScores) -> Iterator[_Row]:
    strata = own[method.stratum] if method.stratum else pd.Series("", index=own.index)
    found = row_mean_scores(own["ARM"], own["AVAL"], strata)
    place = {"variable": rows.DIFFERENCE}
    if isinstance(found, str):
        yield {**place, "statistic": "p", "value": float("nan"), "reason": found}
        return
    for name, value in (("chi2", found.statistic), ("ddf", float(found.df)), ("p", found.p)):
        yield {**place, "statistic": name, "value": value}
