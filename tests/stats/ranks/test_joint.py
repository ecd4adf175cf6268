"""Joint rank of function and survival, and rank sums, against R."""

import pandas as pd
import pytest

from cutbook.stats.ancova import ancova
from cutbook.stats.ranks.joint import joint_rank
from cutbook.stats.ranks.rank_sum import rank_sum


@pytest.fixture(scope="module")
def folder(shared):
    """Return where the reference stands."""
    return shared / "reference/stats"


@pytest.fixture(scope="module")
def people(folder):
    """Return participants with their scores as the reference has them."""
    found = pd.read_csv(folder / "cafs_dev/subjects.csv").rename(columns={"id": "USUBJID"})
    return found.assign(FOLLOWED=found["end_week"], IS_DEAD=found["death"].eq(1))


@pytest.fixture(scope="module")
def ranked(folder, people):
    """Return the joint rank of the reference data."""
    visits = pd.read_csv(folder / "cafs_dev/visits.csv").rename(columns={"id": "USUBJID", "week": "VISIT"})
    base = people.set_index("USUBJID")["baseline"]
    after = visits[visits["VISIT"].gt(0)]
    return joint_rank(people, after.assign(CHG=after["score"] - after["USUBJID"].map(base)))


def test_scores_and_ranks_are_those_of_the_reference(folder, ranked):
    expected = pd.read_csv(folder / "cafs_dev/scores.csv")
    assert ranked.people == expected["id"].tolist()
    assert ranked.scores.tolist() == expected["score"].tolist()
    assert ranked.ranks.tolist() == expected["rank"].tolist()
    assert (ranked.pairs == -ranked.pairs.T).all()


def test_ranks_are_compared_as_the_reference_does(folder, people, ranked):
    data = people.assign(ARM=people["arm"], rank=ranked.ranks, base=people["baseline"].astype("float64"))
    fit = ancova(data, "rank", ["Placebo", "Active"], control="Placebo", covariates=["base"])
    expected = pd.read_csv(folder / "cafs_dev/ancova_on_ranks.csv").iloc[0]
    own = fit.differences.iloc[0]
    assert [own["estimate"], own["se"], own["p"]] == pytest.approx(
        expected[["estimate", "SE", "p.value"]].tolist(), rel=1e-9
    )
    tests = pd.read_csv(folder / "cafs_dev/tests.csv").set_index("test")
    groups = [data.loc[data["ARM"].eq(arm), "rank"].tolist() for arm in ("Placebo", "Active")]
    for name, is_corrected in (("wilcoxon_nocc", False), ("wilcoxon_cc", True)):
        found = rank_sum(*groups, is_corrected=is_corrected)
        assert found.p == pytest.approx(tests.loc[name, "p"], rel=1e-9)
        assert tests.loc[name, "statistic"] in (found.w, len(groups[0]) * len(groups[1]) - found.w)


def test_rank_sums_and_the_shift_are_those_of_wilcox_test(folder):
    data = pd.read_csv(folder / "wilcoxon_dev_ties/data.csv")
    expected = pd.read_csv(folder / "wilcoxon_dev_ties/results.csv").iloc[3]
    first, second = (data.loc[data["g"].eq(name), "v"].tolist() for name in ("x", "y"))
    found = rank_sum(first, second)
    assert (found.w, found.p) == (expected["W"], pytest.approx(expected["p"], rel=1e-9))
    assert found.shift == expected["median_pairwise_difference"]
    assert [found.ci_low, found.ci_high] == pytest.approx([expected["lower"], expected["upper"]], abs=1e-3)


def test_a_death_beats_nobody_who_was_followed_to_it_and_is_not_held_against_one_who_left_before():
    people = pd.DataFrame(
        {"USUBJID": list("abcd"), "FOLLOWED": [50.0, 90.0, 30.0, 60.0], "IS_DEAD": [True, False, False, True]}
    )
    changes = pd.DataFrame({"USUBJID": list("abc"), "VISIT": [1, 1, 1], "CHG": [-1.0, -2.0, -3.0]})
    found = joint_rank(people, changes)
    # a died before d and while b was followed; c left before a died, so that their changes decide.
    assert found.pairs.tolist() == [[0, -1, 1, -1], [1, 0, 1, 1], [-1, -1, 0, 0], [1, -1, 0, 0]]
    assert found.scores.tolist() == [-1, 3, -2, 0]
    assert found.ranks.tolist() == [2, 4, 1, 3]


def test_nothing_to_compare_has_a_reason():
    assert rank_sum([], [1.0]) == "a group has no values"
    assert rank_sum([1.0], [1.0]) == "all values are the same"
