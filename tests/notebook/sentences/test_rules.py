"""When words of comparison may be said of counts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cutbook.notebook.sentences.rules import Judgement, Share, counted, differs, judge, listed

DOSES = ("20 mg", "40 mg", "60 mg", "100 mg")


def arms(*counts: tuple[int, int]) -> list[Share]:
    return [Share(arm, *pair) for arm, pair in zip(DOSES, counts, strict=False)]


@pytest.mark.parametrize(
    ("counts", "control", "judged", "different"),
    [
        ([(1, 10), (2, 9), (4, 9), (5, 10)], (0, 12), Judgement.RISES, ["40 mg", "60 mg", "100 mg"]),
        ([(1, 10), (2, 9), (3, 9), (3, 10)], (0, 12), Judgement.SOME, ["40 mg", "60 mg", "100 mg"]),  # falls at the top
        ([(0, 10), (0, 9), (4, 9), (1, 10)], (0, 12), Judgement.ONE, ["60 mg"]),
        ([(1, 10), (1, 9), (1, 9), (1, 10)], (0, 12), Judgement.NONE, []),
        ([(0, 10), (0, 9), (0, 9), (0, 10)], (0, 12), Judgement.NONE, []),  # nobody
        ([(10, 10), (9, 9), (9, 9), (10, 10)], (12, 12), Judgement.NONE, []),  # everybody
        ([(0, 10), (1, 4)], (0, 12), Judgement.NONE, []),  # 25 points, but one participant
        ([(0, 10), (2, 2)], (0, 12), Judgement.NONE, []),  # fewer than three participants
        ([(0, 10), (9, 9)], (1, 2), Judgement.NONE, []),  # fewer than three on control
        ([(0, 10), (2, 10)], (0, 12), Judgement.RISES, ["40 mg"]),  # just 20 points and two participants
        ([(4, 10)], (0, 12), Judgement.ONE, ["20 mg"]),  # one arm rises from nothing
        ([(6, 10), (0, 9)], (1, 12), Judgement.ONE, ["20 mg"]),
        ([(3, 10), (9, 20)], (12, 12), Judgement.NONE, []),  # below the control is no difference upwards
    ],
)
def test_words_of_comparison_follow_the_rule(counts, control, judged, different):
    found = judge(arms(*counts), Share("placebo", *control))
    assert (found[0], [share.arm for share in found[1]]) == (judged, different)


def test_without_a_control_or_anybody_on_it_nothing_is_compared():
    assert judge(arms((0, 9), (9, 9)), None) == (Judgement.NONE, [])
    assert judge(arms((0, 9), (9, 9)), Share("placebo", 0, 0)) == (Judgement.NONE, [])


_PAIR = some.integers(1, 30).flatmap(lambda size: some.tuples(some.integers(0, size), some.just(size)))


@given(some.lists(_PAIR, min_size=1, max_size=4), _PAIR)
def test_what_is_said_holds_when_it_is_worked_out_in_whole_numbers(counts, control):
    judged, different = judge(arms(*counts), Share("placebo", *control))
    n0, size0 = control
    # 100 n/N - 100 n0/N0 >= 20 and n - N n0/N0 >= 2, multiplied out.
    apart = [
        5 * (n * size0 - n0 * size) >= size * size0 and n * size0 - n0 * size >= 2 * size0 and min(size, size0) >= 3
        for n, size in counts
    ]
    assert [share.arm for share in different] == [arm for arm, is_apart in zip(DOSES, apart, strict=False) if is_apart]
    falls = any(n * other[1] > other[0] * size for (n, size), other in pairwise(counts))
    is_rising = apart[-1] and not falls and len(counts) > 1
    assert (judged is Judgement.RISES) == is_rising
    assert (judged is Judgement.NONE) == (not any(apart))


@pytest.mark.parametrize(
    ("share", "is_different"), [((2, 9), True), ((1, 4), False), ((2, 11), False), ((3, 12), True)]
)
def test_an_arm_differs_by_points_and_by_people(share, is_different):
    assert differs(Share("40 mg", *share), Share("placebo", 0, 12)) is is_different


def test_numbers_and_lists_read_as_words():
    assert [counted(1, "death"), counted(2, "death"), counted(12, "death"), counted(0, "death")] == [
        "one death", "two deaths", "12 deaths", "no deaths",
    ]  # fmt: skip
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"]), listed([])] == [
        "a",
        "a and b",
        "a, b and c",
        "",
    ]
