from __future__ import annotations

import statistics

import pytest
from scipy.special import ndtri

from virtual_trial.stream import Stream, clipped, normal_quantile, rounded


@pytest.mark.parametrize("p", [1e-300, 1e-20, 1e-9, 0.001, 0.07, 0.0751, 0.3, 0.5, 0.8, 0.93, 0.999999])
def test_normal_quantiles_agree_with_scipy(p: float) -> None:
    assert normal_quantile(p) == pytest.approx(ndtri(p), rel=1e-13, abs=1e-16)


def test_a_draw_depends_on_its_name_and_on_nothing_else() -> None:
    first, second = Stream("2|0|5-01"), Stream("2|0|5-01")
    second.uniform("another")
    assert first.uniform("a") == second.uniform("a")
    assert first.uniform("a") != first.uniform("b")
    assert first.uniform("a") != Stream("2|0|5-02").uniform("a")


def test_a_known_draw_keeps_its_value() -> None:
    assert Stream("2|0|5-01").uniform("a") == KNOWN


def test_uniform_and_normal_draws_have_their_moments() -> None:
    stream = Stream("moments")
    uniforms = [stream.uniform(f"u{k}") for k in range(4000)]
    normals = [stream.normal(f"n{k}") for k in range(4000)]
    assert statistics.fmean(uniforms) == pytest.approx(0.5, abs=0.02)
    assert statistics.fmean(normals) == pytest.approx(0, abs=0.05)
    assert statistics.stdev(normals) == pytest.approx(1, abs=0.05)


def test_weighted_draws_follow_their_weights() -> None:
    stream = Stream("weights")
    drawn = [stream.weighted(f"w{k}", ("a", "b"), (3, 1)) for k in range(2000)]
    assert drawn.count("a") / 2000 == pytest.approx(0.75, abs=0.03)


def test_a_shuffle_holds_every_value_once() -> None:
    assert sorted(Stream("s").shuffled("deck", range(20))) == list(range(20))


def test_whole_numbers_reach_both_limits() -> None:
    assert {Stream("w").whole(f"k{k}", 2, 4) for k in range(100)} == {2, 3, 4}


@pytest.mark.parametrize(
    ("value", "decimals", "expected"), [(0.5, 0, 1.0), (-0.5, 0, 0.0), (2.45, 1, 2.5), (7.0, 2, 7.0)]
)
def test_halves_are_rounded_up(value: float, decimals: int, expected: float) -> None:
    assert rounded(value, decimals) == expected


def test_clipping_keeps_the_limits() -> None:
    assert [clipped(value, 1, 3) for value in (0, 2, 9)] == [1, 2, 3]


KNOWN = 0.9661687376355506
