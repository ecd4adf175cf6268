"""Survival of arms, or of all active arms against the control where an arm is too small for a curve of its own."""

from __future__ import annotations

import pandas as pd

from cutbook.catalogue.kinds.estimates import Estimates, Survival
from cutbook.results.columns import arm_codes
from cutbook.results.layers.fits import rows
from cutbook.results.layers.fits.followed import followed
from cutbook.results.layers.scope import Scope
from cutbook.stats.survival.cox import hazard_ratio
from cutbook.stats.survival.kaplan_meier import kaplan_meier, log_rank
from cutbook.vocabulary import ACTIVE, contrast

ALIVE = "ALIVE"
"""Begins the variable of the share alive; the study day follows."""

CURVE, LAST = "CURVE", "LAST"
"""Variables of the curve: the share alive from a day on, at every day on which somebody died (the level); and the last
day on which somebody was followed."""

_Row = dict[str, object]


def rows_of_survival(layer: Estimates, method: Survival, data: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Return who died, the shares alive on some days, and the arms compared.

    Returns
    -------
    frame
        ``LSMEAN`` by group: n, deaths; ``ALIVE85`` and so on: surv with limits, in %; ``DIFF``: hr with limits,
        p_logrank; ``CURVE`` by day of a death (level): surv with limits; ``LAST``: last_day on which anybody was
        followed, at_risk by day (level). Groups are the arms and all active ones; where an arm has fewer than
        ``fewest`` participants, the control and all active ones alone.
    """
    del data
    control = scope.study.treatment.control_arm
    if control is None:
        return rows.no_fit("the study file names no control")
    members = (layer.population or scope.display.population).members(scope.frames.adsl)
    people = followed(members).assign(ARM=members["TRT01A"].map(arm_codes(scope.study)).astype("str").to_numpy())
    people = people[people["FOLLOWED"].notna()]
    active = [arm.code for arm in scope.study.treatment.arms if arm.is_active and people["ARM"].eq(arm.code).any()]
    if not active or not people["ARM"].eq(control.code).any():
        return rows.no_fit("nobody is treated in one of the groups to compare")
    sizes = people["ARM"].value_counts()
    is_pooled = any(sizes[arm] < method.fewest for arm in (control.code, *active)) or len(active) == 1
    groups = {control.code: [control.code], **({} if is_pooled else {arm: [arm] for arm in active}), ACTIVE: active}
    made = [row for group, arms in groups.items() for row in _of_group(people[people["ARM"].isin(arms)], group, method)]
    for group, arms in groups.items():
        if group != control.code:
            made += _compared(
                people[people["ARM"].isin([control.code, *arms])], contrast(group, control.code), control.code
            )
    return pd.DataFrame(made)


def _of_group(own: pd.DataFrame, group: str, method: Survival) -> list[_Row]:
    died = own[own["IS_DEAD"]]
    made: list[_Row] = [
        {
            "variable": rows.MEAN,
            "group": group,
            "statistic": "n",
            "value": float(len(own)),
            "keys": own["KEY"].tolist(),
        },
        {
            "variable": rows.MEAN,
            "group": group,
            "statistic": "deaths",
            "value": float(len(died)),
            "keys": died["KEY"].tolist(),
        },
    ]
    curve = kaplan_meier(own["FOLLOWED"], own["IS_DEAD"])
    for day in method.days:
        before = curve[curve["time"].le(day)]
        is_reached = own["FOLLOWED"].ge(day).any()
        values = before.iloc[-1][["survival", "ci_low", "ci_high"]].tolist() if len(before) else [1.0, None, None]
        for name, value in zip(("surv", "surv_low", "surv_high"), values, strict=True):
            is_told = is_reached and value is not None and value == value
            reason = "nobody was followed so long" if not is_reached else "nobody died, or everybody did"
            made.append({
                "variable": f"{ALIVE}{day:g}", "group": group, "statistic": name,
                "value": 100 * value if is_told else float("nan"), "reason": "" if is_told else reason,
            })  # fmt: skip
    return [*made, *_curve(own, curve, group, method)]


def _curve(own: pd.DataFrame, curve: pd.DataFrame, group: str, method: Survival) -> list[_Row]:
    """Return the steps of a curve, where it ends, and how many were followed beyond the first day and those told."""
    steps = curve[curve["events"].gt(0)]
    names = {"surv": "survival", "surv_low": "ci_low", "surv_high": "ci_high"}
    made: list[_Row] = [
        {
            "variable": CURVE, "level": f"{step['time']:g}", "row_words": f"From day {step['time']:g}", "group": group,
            "statistic": name, "value": 100 * step[column] if step[column] == step[column] else float("nan"),
            "reason": "" if step[column] == step[column] else "everybody died",
        }
        for step in steps.to_dict("records")
        for name, column in names.items()
    ]  # fmt: skip
    for day in (1.0, *method.days):
        risk = {"variable": LAST, "level": f"{day:g}", "row_words": f"Followed to day {day:g}", "group": group}
        made.append({**risk, "statistic": "at_risk", "value": float(own["FOLLOWED"].ge(day).sum())})
    last = {"variable": LAST, "group": group, "statistic": "last_day", "value": float(own["FOLLOWED"].max())}
    return [*made, last]


def _compared(own: pd.DataFrame, group: str, control: str) -> list[_Row]:
    place = {"variable": rows.DIFFERENCE, "group": group}
    is_treated = own["ARM"].ne(control).astype("float64")
    ratio = hazard_ratio(own["FOLLOWED"], own["IS_DEAD"], is_treated)
    test = log_rank(own["FOLLOWED"], own["IS_DEAD"], is_treated)
    if isinstance(ratio, str):
        made: list[_Row] = [
            {**place, "statistic": name, "value": float("nan"), "reason": ratio} for name in ("hr", "hr_low", "hr_high")
        ]
    else:
        numbers = {"hr": ratio.ratio, "hr_low": ratio.ci_low, "hr_high": ratio.ci_high}
        made = [{**place, "statistic": name, "value": value} for name, value in numbers.items()]
    value, reason = (float("nan"), test) if isinstance(test, str) else (test.p, "")
    return [*made, {**place, "statistic": "p_logrank", "value": value, "reason": reason}]
