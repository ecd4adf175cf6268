"""What is said first of efficacy is true: of random small trials, everything is worked out again by least squares.

The trial has three arms, some of fewer than three participants, some without a value; the endpoint is a change or a
ratio to baseline. Models and means are written out here from the values alone, and so is what must not be said.
"""

from __future__ import annotations

import math
import random
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from catalogue.models.trials import frames_of, study_with
from cutbook.catalogue import endpoints
from cutbook.catalogue.models import ancova
from cutbook.notebook.sentences.efficacy import find_efficacy, finding, forest_title, unchanged
from cutbook.parameters.study import Study
from display.pages import a_page
from given import given_frames, texts_of

SHORT = {"P": "placebo", "A": "10\N{NO-BREAK SPACE}mg", "B": "20\N{NO-BREAK SPACE}mg"}
Values = dict[str, list[float | None]]


@dataclass(frozen=True)
class Told:
    """An estimate worked out again, and its limits."""

    centre: float
    low: float
    high: float


def study_of(seed: int) -> Study:
    analysis = {"visit": "V4", "estimand": "as it is."}
    return study_with(scale="ratio" if seed % 2 else "difference", analysis=analysis)


def random_values(seed: int) -> Values:
    """Return baseline and two visits of every participant; an arm may have hardly any, and effects differ."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    sizes = {"P": draw.choice([2, 4, 7, 8]), "A": draw.choice([0, 2, 3, 6]), "B": draw.choice([3, 5, 8])}
    effect = {"P": 0.0, "A": draw.choice([0.0, -0.3, 0.3]), "B": draw.choice([0.0, -0.6, 0.5])}
    spread = draw.choice([0.05, 0.2, 0.5])
    made: Values = {}
    for arm, size in sizes.items():
        for number in range(size):
            base = round(draw.uniform(20, 60), 1)
            visits = [round(base * math.exp(effect[arm] + draw.gauss(0, spread)), 1) for _ in range(2)]
            is_missing = draw.random() < 0.15
            made[f"{arm}{number + 1}"] = [base, visits[0], None if is_missing else visits[1]]
    return made


def adeff_of(values: Values, study: Study) -> dict[str, pd.DataFrame]:
    frames = frames_of(values)
    if study.endpoints[0].scale == "ratio":
        after = frames["adeff"]["AVISITN"].gt(0)
        frames["adeff"]["CHG"] = (frames["adeff"]["AVAL"] / frames["adeff"]["BASE"]).where(after)
    return frames


def by_hand(values: Values, *, is_ratio: bool) -> dict[str, Told]:
    """Return the difference of every dose from placebo at the second visit, of arms with three values at least."""
    own = [(name[0], base, last) for name, (base, _, last) in values.items() if base is not None and last is not None]
    sizes = {arm: sum(one[0] == arm for one in own) for arm in SHORT}
    if sizes["P"] < 3:
        return {}
    arms = [arm for arm in ("A", "B") if sizes[arm]]
    y = np.array([math.log(last / base) if is_ratio else last - base for _, base, last in own])
    covariate = [math.log(base) if is_ratio else base for _, base, _ in own]
    x = np.array([[1.0, c, *(float(one[0] == arm) for arm in arms)] for one, c in zip(own, covariate, strict=True)])
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ x.T @ y
    left = len(y) - x.shape[1]
    scale = float(((y - x @ beta) ** 2).sum()) / left
    found = {}
    for place, arm in enumerate(arms, 2):
        half = stats.t.ppf(0.975, left) * math.sqrt(scale * inverse[place, place])
        ends = [beta[place], beta[place] - half, beta[place] + half]
        if sizes[arm] >= 3:
            found[arm] = Told(*(100 * math.expm1(end) if is_ratio else end for end in ends))
    return found


def number(text: str) -> tuple[float, int]:
    return float(text.replace("\N{MINUS SIGN}", "-")), len(text.partition(".")[2])


def is_shown(text: str, value: float) -> bool:
    """Return whether a number is shown as it is rounded, with the digits that stand there."""
    told, digits = number(text)
    return abs(told - value) <= 0.5 * 10**-digits * (1 + 1e-9)


def shown(seed: int, values: Values, before: Values | None = None):
    study = study_of(seed)
    displays = (ancova.comparisons, endpoints.ratios, endpoints.changes)
    frames = adeff_of(values, study)
    results = texts_of(*displays, study=study, **frames)
    past = texts_of(*displays, study=study, **adeff_of(before, study)) if before else None
    return a_page(
        study, report="efficacy", results=results, previous=past, frames=given_frames(study, **frames),
    )  # fmt: skip


SEEDS = range(24)
_ESTIMATE = r"(?:{}) ([−\d.]+)(?:\N{{NO-BREAK SPACE}}%)? \(([−\d.]+) to ([−\d.]+)\)"


def named(arms: list[str]) -> str:
    """Return the doses of arms, the unit once."""
    return "10 and 20\N{NO-BREAK SPACE}mg" if len(arms) == 2 else "".join(SHORT[arm] for arm in arms)


def told_side(one: Told) -> int:
    return 1 if one.low > 0 else -1 if one.high < 0 else 0


@pytest.mark.parametrize("seed", SEEDS)
def test_differences_are_told_as_they_are_and_of_fewer_than_three_values_none(seed: int) -> None:
    values = random_values(seed)
    found = by_hand(values, is_ratio=bool(seed % 2))
    page = shown(seed, values)
    compared = [one for one in find_efficacy(page) if "difference from" in one.lead]
    assert len(compared) == bool(found)
    for arm, short in SHORT.items():
        told = re.search(_ESTIMATE.format(re.escape(short)), compared[0].text) if compared else None
        assert (told is not None) is (arm in found)
        if told:
            ends = (found[arm].centre, found[arm].low, found[arm].high)
            assert all(is_shown(text, value) for text, value in zip(told.groups(), ends, strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_titles_name_the_arms_whose_interval_leaves_no_difference_out(seed: int) -> None:
    values = random_values(seed)
    found = by_hand(values, is_ratio=bool(seed % 2))
    page = shown(seed, values)
    lower, higher = ([arm for arm, one in found.items() if told_side(one) == side] for side in (-1, 1))
    title, forest = finding(page), forest_title(page)
    parts = title.removeprefix("Score is ").replace("\N{NO-BREAK SPACE}%", "").split(") and ")
    expected = [(word, arms) for word, arms in (("lower", lower), ("higher", higher)) if arms]
    assert (title == "") is (not expected)
    for place, (word, arms) in enumerate(expected):
        opening, numbers = parts[place].rstrip(")").split(" (")
        assert opening == f"{word}{' than on placebo' if place == 0 else ''} at {named(arms)}"
        assert all(is_shown(text, found[arm].centre) for text, arm in zip(numbers.split(", "), arms, strict=True))
    assert len(parts) == max(1, len(expected))
    differ = [arm for arm in found if arm in (*lower, *higher)]
    ending = {0: "every interval includes no difference", 1: "differs from placebo", 2: "differ from placebo"}
    told = " ".join(filter(None, [named(differ), ending[len(differ)]]))
    assert not found or forest == f"Score at week 8: {told}"
    assert found or forest == "Score at week 8"


@pytest.mark.parametrize("seed", SEEDS)
def test_means_are_told_of_arms_with_three_values_at_the_last_visit_that_half_have_reached(seed: int) -> None:
    values = random_values(seed)
    is_ratio = bool(seed % 2)
    sizes = [sum(own[place] is not None for own in values.values()) for place in (1, 2)]
    place = 2 if sizes[1] * 2 >= max(sizes) else 1
    said = [one for one in find_efficacy(shown(seed, values)) if one.kind == "rest"]
    own: dict[str, list[float]] = {arm: [] for arm in SHORT}
    for name, one in values.items():
        base, last = one[0], one[place]
        if base is not None and last is not None:
            own[name[0]].append(math.log(last / base) if is_ratio else last - base)
    expected = {arm: some for arm, some in own.items() if len(some) >= 3}
    assert len(said) == bool(expected)
    for arm, short in SHORT.items():
        text = said[0].text if said else ""
        told = re.search(rf"{short} ([−\d.]+) \(n\N{{NO-BREAK SPACE}}=\N{{NO-BREAK SPACE}}(\d+)\)", text)
        assert (told is not None) is (arm in expected)
        if told:
            mean = float(np.mean(expected[arm]))
            assert is_shown(told[1], math.exp(mean) if is_ratio else mean)
            assert int(told[2]) == len(expected[arm])


@pytest.mark.parametrize("seed", SEEDS)
def test_an_estimate_that_moved_is_told_from_what_to_what_and_one_that_did_not_is_not(seed: int) -> None:
    values = random_values(seed)
    is_ratio = bool(seed % 2)
    before = {name: [*own[:2], own[2] and own[2] + 4] if name in ("A1", "B2") else own for name, own in values.items()}
    page = shown(seed, values, before)
    now, was = (by_hand(some, is_ratio=is_ratio) for some in (values, before))
    moved = [one for one in find_efficacy(page) if " result moved from " in one.lead]
    digits = 0 if is_ratio else 2
    read = [
        arm for arm in now
        if any(abs(getattr(now[arm], end) - getattr(was[arm], end)) > 10**-digits for end in ("centre", "low", "high"))
    ]  # fmt: skip
    assert not read or len(moved) == 1
    if moved:
        told = re.match(r"The (\d+\N{NO-BREAK SPACE}mg) result " + _ESTIMATE.format("moved from"), moved[0].lead)
        assert told is not None
        arm = next(key for key, short in SHORT.items() if short == told[1])
        old = (was[arm].centre, was[arm].low, was[arm].high)
        assert all(is_shown(text, value) for text, value in zip(told.groups()[1:], old, strict=True))
        new = re.match(" " + _ESTIMATE.format("to"), moved[0].lead[told.end() :])
        assert new is not None
        ends = (now[arm].centre, now[arm].low, now[arm].high)
        assert all(is_shown(text, value) for text, value in zip(new.groups(), ends, strict=True))
        changed = told_side(now[arm]) != told_side(was[arm])
        assert ("its interval" in moved[0].lead) is changed
    assert bool(unchanged(page)) is bool(was)


def test_the_random_trials_have_estimates_on_both_sides_and_arms_of_too_few() -> None:
    sides = {told_side(one) for seed in SEEDS for one in by_hand(random_values(seed), is_ratio=bool(seed % 2)).values()}
    kinds = {frozenset(by_hand(random_values(seed), is_ratio=bool(seed % 2))) for seed in SEEDS}
    assert sides == {-1, 0, 1}
    assert {frozenset(), frozenset("B"), frozenset("AB")} <= kinds
