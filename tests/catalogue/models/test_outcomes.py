"""Survival, and the joint rank of function and survival: numbers counted by hand, and the tables as shown."""

import pandas as pd
import pytest

from catalogue.models.trials import as_lines, frames_of, study_with, tables
from cutbook.catalogue import listings
from cutbook.catalogue.models import outcomes
from cutbook.display.show import show
from display.as_shown import _captured, _panel
from display.pages import a_page
from given import given_frames, results_of, texts_of

# P1 died on day 40 after week 4. Of the others: changes at week 8 are P2 -4, A1 -1, A2 1; A3 left after week 4.
VALUES = {"P1": [10, 9, None], "P2": [12, 10, 8], "A1": [11, 10, 10], "A2": [13, 13, 14], "A3": [10, 7, None]}
START = pd.Timestamp("2024-01-01")


def dated(died=(None,) * 5, left=(60, 60, 60, 60, 30)):
    days = pd.to_timedelta([float("nan") if day is None else day - 1 for day in died], unit="D")
    return {
        "TRTSDT": [START] * 5, "RANDDT": [START] * 5, "DTHFL": ["N" if day is None else "Y" for day in died],
        "DTHDT": list(START + days), "EOSDT": list(START + pd.to_timedelta([day - 1 for day in left], unit="D")),
        "DCUTDT": [START + pd.Timedelta(days=100)] * 5,
    }  # fmt: skip


DEAD = dated(died=(40, None, None, None, None))
RANK = {"joint_rank": {"endpoint": "SCORE"}}


def test_wins_ties_and_losses_are_those_counted_by_hand():
    # P1 loses to P2, A1 and A2 by survival. A3 was followed for 30 days, before P1 died: at week 4 P1 -1 beats A3 -3.
    # P2 loses to A1 and A2 at week 8, and with -2 at week 4 beats A3.
    (table,) = tables(outcomes.pairs, study_with(RANK), frames_of(VALUES, **DEAD))
    assert as_lines(table)[:3] == [
        " | Against placebo | Against 10\u00a0mg | Against 20\u00a0mg",
        "Placebo | – | 2 / 0 / 4 | –",
        "X 10 mg | 4 / 0 / 2 | – | –",
    ]
    assert "10 pairs, 3 decided by survival." in table.footnotes[1]


def test_ranks_and_scores_of_the_arms():
    # Scores: P1 -3 + 1, P2 1 - 2 + 1, A1 3 - 1, A2 4, A3 -4: ranks 2, 3, 4, 5, 1.
    results = results_of(outcomes.ranks, study_with(RANK), **frames_of(VALUES, **DEAD))
    own = results[results["variable"].eq("LSMEAN")].set_index(["group", "statistic"])["value"]
    assert [own["P", name] for name in ("n", "deaths", "score", "mean")] == [2, 1, -1.0, 2.5]
    assert [own["A", name] for name in ("n", "deaths", "score", "mean")] == [
        3,
        0,
        pytest.approx(2 / 3),
        pytest.approx(10 / 3),
    ]


def test_small_arms_are_pooled_and_a_share_of_everybody_has_no_interval():
    study = study_with({"survival": {"days": [30, 50]}})
    (table,) = tables(outcomes.survival, study, frames_of(VALUES, **DEAD))
    shares = ("Alive on day 30 % (95 % CI)", "Alive on day 50 % (95 % CI)")
    assert as_lines(table) == [
        " | ".join(["", "Participants", "Died", *shares, "Hazard ratio to placebo (95 % CI)", "p log-rank"]),
        "Placebo | 2 | 1 | 100.0 (NE, NE) | 50.0 (0.6, 91.0) | – | –",
        "Active | 3 | 0 | 100.0 (NE, NE) | 100.0 (NE, NE) | NE | 0.3173",
    ]  # fmt: skip


def test_arms_that_are_large_enough_have_curves_of_their_own():
    study = study_with({"survival": {"days": [50], "fewest": 1}})
    frames = frames_of({**VALUES, "B1": [10, 9, 9]}, **{name: [*own, own[-1]] for name, own in DEAD.items()})
    (table,) = tables(outcomes.survival, study, frames)
    assert [row.label for row in table.rows] == ["Placebo", "X 10 mg", "X 20 mg", "Active"]


def test_without_a_control_nothing_is_compared():
    frames = frames_of(
        {name: own for name, own in VALUES.items() if name[0] == "A"}, **{n: v[2:] for n, v in DEAD.items()}
    )
    (survival,) = tables(outcomes.survival, study_with({"survival": {"days": [50]}}), frames)
    assert survival.empty == "Not estimable: nobody is treated in one of the groups to compare."
    (ranks,) = tables(outcomes.ranks, study_with(RANK), frames)
    assert ranks.empty == "Not estimable: fewer than two arms have participants."


def drawn(study, **frames):
    """Return the figure of survival and what stands in its wide panel."""
    results = texts_of(outcomes.survival, study=study, **frames)
    page = a_page(study, results=results, frames=given_frames(study, **frames, doses=NO_DOSES))
    with _captured() as panels:
        (figure,) = show(outcomes.curves, page).members
    return figure, _panel(panels[0].axes[0])


NO_DOSES = pd.DataFrame({"USUBJID": [], "DOSEOCC": [], "ADY": []}, dtype="float64")


def test_survival_falls_at_each_death_by_the_share_of_those_who_were_followed():
    # P1 dies on day 40, P2 is followed to day 60: 100 to 50 %. Nobody with a dose dies; A3 is followed to day 30.
    figure, panel = drawn(study_with({"survival": {"days": [30, 50]}}), **frames_of(VALUES, **DEAD))
    assert panel[0] == ("Alive, %", "", "")
    assert ("Placebo", [(1, 100), (40, 100), (40, 50), (60, 50)]) in panel
    assert ("Active", [(1, 100), (60, 100)]) in panel
    below = [one[1] for one in panel if one[0] == "followed"]
    assert below == ["followed", "Placebo", "2", "2", "1", "Active", "3", "3", "2"]
    assert figure.alt == "Survival over time. Alive at the end of follow-up: Placebo 50.0 %; Active 100.0 %."


def test_deaths_are_listed_where_survival_is_analysed():
    known = given_frames(study_with(), **frames_of(VALUES, **DEAD))
    why = listings.deaths_of_survival.why_nothing
    assert why(study_with({"survival": {"days": [30]}}), known) == ""
    assert why(study_with(), known) == "Not named in the study file: an analysis of survival."
