"""Everybody's change at the visit of analysis, and why somebody has no value there."""

from __future__ import annotations

import pandas as pd
import pytest

from catalogue.models.trials import frames_of, study_with
from cutbook.catalogue.models import changes
from cutbook.display.show import show
from display.as_shown import _captured, _panel
from display.pages import a_page
from given import given_frames, results_of, texts_of

ANALYSIS = {"analysis": {"visit": "Week 8"}}
START = pd.Timestamp("2024-01-01")


def dated(people, **days):
    """Return dates of everybody: treated on day 1, followed to day 60; the cut-off is day 100 or as said."""
    facts = {"died": {}, "left": {}, "cut": 100, "doubtful": ()} | days

    def day(known, name, otherwise=None):
        number = known.get(name, otherwise)
        return pd.NaT if number is None else START + pd.Timedelta(days=number - 1)

    return {
        "TRTSDT": [START] * len(people), "RANDDT": [START] * len(people),
        "DTHFL": ["Y" if name in facts["died"] or name in facts["doubtful"] else "N" for name in people],
        "DTHDT": [day(facts["died"], name) for name in people],
        "EOSDT": [day(facts["left"], name) for name in people],
        "DCUTDT": [START + pd.Timedelta(days=facts["cut"] - 1)] * len(people),
    }  # fmt: skip


def states(values, study, **days):
    found = results_of(changes.missing, study, **frames_of(values, **dated(list(values), **days)))
    own = found[found["statistic"].eq("n") & found["group"].eq("TOTAL")]
    named = own.set_index(own["variable"].str.removesuffix("_SCORE"))["value"].astype(int)
    return {name: int(count) for name, count in named.items() if count}


def planned():
    study = study_with(**ANALYSIS)
    visits = [
        visit.model_copy(update={"target_day": 57}) if visit.label == "Week 8" else visit
        for visit in study.schedules["clinic"].visits
    ]
    clinic = study.schedules["clinic"].model_copy(update={"visits": visits})
    return study.model_copy(update={"schedules": {"clinic": clinic}})


@pytest.mark.parametrize(
    ("value", "days", "state"),
    [
        ([10, 9, 8], {}, "VALUE"),
        ([None, 9, 8], {}, "NOBASELINE"),
        ([10, 9, 8], {"died": {"A1": 57}}, "VALUE"),
        ([10, 9, None], {"died": {"A1": 57}}, "DIED"),
        ([10, 9, None], {"doubtful": ("A1",)}, "DIED"),
        ([10, 9, None], {"died": {"A1": 58}}, "MISSED"),
        ([10, 9, None], {"left": {"A1": 57}}, "LEFT"),
        ([10, 9, None], {"left": {"A1": 58}}, "MISSED"),
        ([10, 9, None], {"cut": 56}, "NOTDUE"),
        ([10, 9, None], {"cut": 57}, "MISSED"),
    ],
)
def test_the_first_reason_that_applies_counts(value, days, state):
    assert states({"A1": value}, planned(), **days) == {"EXPECTED": 1, state: 1}


def test_without_a_planned_day_that_of_those_seen_counts_and_without_any_none_is_known():
    values = {"A1": [10, 9, 8], "A2": [10, 9, None], "P1": [12, 11, None]}
    assert states(values, study_with(**ANALYSIS), died={"A2": 56}) == {
        "EXPECTED": 3, "VALUE": 1, "DIED": 1, "MISSED": 1,
    }  # fmt: skip
    assert states({"A2": [10, 9, None]}, study_with(**ANALYSIS)) == {"EXPECTED": 1, "UNPLANNED": 1}


def test_an_endpoint_with_a_model_over_visits_is_looked_at_where_it_ends_and_one_without_is_not():
    values = {"A1": [10, 9, None]}
    assert states(values, study_with(repeated={})) == {"EXPECTED": 1, "UNPLANNED": 1}
    assert states(values, study_with(repeated={"visits": ["Week 4"]})) == {"EXPECTED": 1, "VALUE": 1}
    assert changes.missing.rows(study_with()) == []


VALUES = {"P1": [10, 9, 13], "P2": [12, 10, 8], "A1": [10, 10, 5], "A2": [13, 13, None], "A3": [None, 7, 7]}


def figure(study):
    frames = frames_of(VALUES, **dated(list(VALUES)))
    results = texts_of(changes.everybody, study=study, **frames)
    page = a_page(study, results=results, frames=given_frames(study, **frames))
    with _captured() as drawn:
        (made,) = show(changes.everybody, page).members
    return made, [_panel(axis) for axis in drawn[0].axes]


def bars(panel):
    (points,) = [one[1] for one in panel if one[0] == "bars"]
    return [y for _, y in points if y == y and y != 0]


def test_bars_stand_by_their_height_arm_by_arm():
    made, (placebo, dosed) = figure(study_with(**ANALYSIS))
    assert (placebo[0][:2], bars(placebo)) == (("Placebo", "n = 2"), [3, -4])
    assert (dosed[0][:2], bars(dosed)) == (("10 mg", "n = 1"), [-5])
    assert made.alt == (
        "Score at Week 8: every participant: change from baseline, points. Placebo 1 of 2 below 0, −4 to 3; "
        "10 mg 1 of 1 below 0, −5 to −5."
    )


def test_a_ratio_stands_as_a_change_in_percent():
    (layer,) = changes.everybody.rows(study_with(scale="ratio", **ANALYSIS))
    frames = frames_of({"A1": [10, 9, 8]})
    ratio = frames["adeff"].assign(CHG=frames["adeff"]["AVAL"] / frames["adeff"]["BASE"])
    values = layer.values(given_frames(study_with(**ANALYSIS), adsl=frames["adsl"], adeff=ratio))["VALUE"]
    assert values.round(9).tolist() == [-20.0]
    assert layer.up == "change from baseline, %"
