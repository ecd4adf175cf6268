"""Joint ranks of function and survival: wins, ties and losses between arms, mean ranks and their differences."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cutbook.catalogue.kinds.estimates import Comparing, Estimates, JointRanks
from cutbook.results.columns import arm_codes
from cutbook.results.layers.fits import rows
from cutbook.results.layers.fits.followed import followed
from cutbook.results.layers.scope import Scope
from cutbook.stats.ancova import ancova
from cutbook.stats.ranks.joint import JointRank, joint_rank
from cutbook.stats.ranks.rank_sum import rank_sum
from cutbook.vocabulary import contrast

AGAINST = "VS"
"""Begins the variable of the pairs with an arm; its code follows."""

_Row = dict[str, object]


def rows_of_ranks(layer: Estimates, method: JointRanks, data: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Return what the joint rank of everybody says of the arms.

    Returns
    -------
    frame
        ``LSMEAN`` by arm: n, deaths, score (mean of wins less losses), mean (mean rank); ``DIFF``: estimate with
        limits of the analysis of covariance of the ranks with the baseline, p_ranks of the rank sum test; ``VS`` and an
        arm: wins, ties, losses; ``MODEL``: n, pairs, by_survival.
    """
    del method
    control = scope.study.treatment.control_arm
    if control is None:
        return rows.no_fit("the study file names no control")
    members = (layer.population or scope.display.population).members(scope.frames.adsl)
    people = followed(members).assign(ARM=members["TRT01A"].map(arm_codes(scope.study)).astype("str").to_numpy())
    arms = [arm.code for arm in scope.study.treatment.arms]
    people = people[people["FOLLOWED"].notna() & people["ARM"].isin(arms)].reset_index(drop=True)
    if people["ARM"].nunique() < 2:
        return rows.no_fit("fewer than two arms have participants")
    changes = data.assign(CHG=data["AVAL"] - data["BASE"], VISIT=data["AVISITN"]).dropna(subset=["CHG"])
    ranked = joint_rank(people, changes)
    base = data.drop_duplicates("USUBJID").set_index("USUBJID")["BASE"]
    people = people.assign(RANK=ranked.ranks, SCORE=ranked.scores, BASE=people["USUBJID"].map(base).astype("float64"))
    present = [arm for arm in arms if people["ARM"].eq(arm).any()]
    made = [row for arm in present for row in _of_arm(people, arm, present, ranked)]
    made += [row for arm in present if arm != control.code for row in _compared(people, arm, control.code)]
    upper = np.triu(np.ones(ranked.pairs.shape, dtype=bool), 1)
    facts = {"n": len(people), "pairs": upper.sum(), "by_survival": ranked.by_survival[upper].sum()}
    made += [{"variable": rows.MODEL, "statistic": name, "value": float(value)} for name, value in facts.items()]
    fitted = _adjusted(people, present, control.code)
    return pd.concat([pd.DataFrame(made), fitted], ignore_index=True)


def _of_arm(people: pd.DataFrame, arm: str, arms: list[str], ranked: JointRank) -> list[_Row]:
    is_own = people["ARM"].eq(arm).to_numpy()
    own = people[is_own]
    numbers = {"n": len(own), "deaths": own["IS_DEAD"].sum(), "score": own["SCORE"].mean(), "mean": own["RANK"].mean()}
    made: list[_Row] = [
        {"variable": rows.MEAN, "group": arm, "statistic": name, "value": float(value), "decimals": 0}
        for name, value in numbers.items()
    ]
    for other in arms:
        pairs = ranked.pairs[np.ix_(is_own, people["ARM"].eq(other).to_numpy())]
        counts = {"wins": (pairs > 0).sum(), "ties": (pairs == 0).sum(), "losses": (pairs < 0).sum()}
        made += [
            {"variable": f"{AGAINST}{other}", "group": arm, "statistic": name, "value": float(value)}
            for name, value in counts.items()
            if other != arm
        ]
    return made


def _compared(people: pd.DataFrame, arm: str, control: str) -> list[_Row]:
    one, two = (people.loc[people["ARM"].eq(name), "RANK"].tolist() for name in (arm, control))
    found = rank_sum(one, two)
    place = {"variable": rows.DIFFERENCE, "group": contrast(arm, control), "statistic": "p_ranks"}
    if isinstance(found, str):
        return [{**place, "value": float("nan"), "reason": found}]
    return [{**place, "value": found.p}]


def _adjusted(people: pd.DataFrame, arms: list[str], control: str) -> pd.DataFrame:
    """Return the differences of the mean ranks by analysis of covariance with the baseline."""
    fit = ancova(people, "RANK", arms, control=control, covariates=["BASE"])
    if isinstance(fit, str):
        groups = [contrast(arm, control) for arm in arms if arm != control]
        return pd.DataFrame({"group": groups, "statistic": "estimate", "value": float("nan"), "reason": fit}).assign(
            variable=rows.DIFFERENCE
        )
    found = fit.differences.rename(columns={"arm": "group"}).assign(control=control, ddf=float(fit.df), reason="")
    return rows.difference_rows(found, Comparing(), 0)
