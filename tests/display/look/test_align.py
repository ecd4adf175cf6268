import re

import pytest

from cutbook.display.look.align import FIGURE_SPACE, PADDING, aligned, padding_after, without_padding


def seen(texts):
    return [text.replace(FIGURE_SPACE, "_") for text in aligned(texts)]


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["5 (13.2)", "12 (7.9)"], ["5 (13.2)", "12 (_7.9)"]),
        (["1.5", "12.25"], ["1.5_", "12.25"]),
        (["7", "120"], ["7", "120"]),
        (["–", "NE"], ["–", "NE"]),
        (["3 (7.9) [12]", "3 (7.9) [4]"], ["3 (7.9) [12]", "3 (7.9) [_4]"]),
        (["−1.0 (0.50)", "−2.0 (11.25)"], ["−1.0 (_0.50)", "−2.0 (11.25)"]),
        (["21.3, 34.0", "25.50, 8.94"], ["21.3, _34.0_", "25.50, _8.94"]),
        (["9.5 (1.2)", "10.25 (3.169)"], ["9.5_ (1.2)__", "10.25 (3.169)"]),
        (["0.5 to 1.25", "0.25 to 1.5"], ["0.5_ to 1.25", "0.25 to 1.5_"]),
        ([], []),
    ],
)
def test_numbers_of_one_shape_stand_below_each_other(texts, shown):
    assert seen(texts) == shown


def test_first_numbers_end_at_one_place_whatever_follows_them():
    texts = aligned(["5 (13.2) [7]", "0", "12 (7.9)", "3.25", "<0.5", "NE"])
    ends = [len(text) - re.match(r"\D?\d+", text).end() for text in texts[:-1]]
    assert len(set(ends)) == 1
    assert texts[-1] == "NE"


def test_padding_changes_no_sign_that_can_be_read():
    texts = ["5 (13.2) [7]", "0", "12 (7.9)", "3.25", "−0.5 to 1.25", "<0.5", "–"]
    strip = re.compile(f"[{PADDING}]")
    assert [strip.sub("", text) for text in aligned(texts)] == texts


def test_the_blanks_after_a_number_are_no_part_of_its_link():
    padded = aligned(["5", "5 (13.2)"])[0]
    assert without_padding(padded) == "5"
    assert without_padding(padded) + padding_after(padded) == padded
    assert padding_after("5") == ""
