import pytest

from cutbook.display.look.align import FIGURE_SPACE, PADDING, padding, parted, width


@pytest.mark.parametrize(
    ("texts", "blanks"),
    [
        (["1.5", "12.25"], ["_", ""]),
        (["7", "120"], ["", ""]),
        (["–", "NE", "12 (7.9)"], ["", "", ""]),
        (["−1.0 (0.50)", "−2.0 (11.25)"], ["_", ""]),
        (["9.5 (1.2)", "10.25 (3.169)"], ["___", ""]),
        ([], []),
    ],
)
def test_first_numbers_end_below_each_other_and_nothing_is_added_inside_a_text(texts, blanks):
    assert [text.replace(FIGURE_SPACE, "_") for text in padding(texts)] == blanks


def test_what_a_text_lacks_is_made_up_sign_by_sign():
    # Of " (13.2) [7]" the 0 lacks two blanks, a pair of each bracket, a point and four digits; 12 (7.9) less of them.
    full, none, some, word = padding(["5 (13.2) [7]", "0", "12 (7.9)", "NE"])
    assert (full, word) == ("", "")
    assert len(none) == len(" (13.2) [7]")
    assert len(some) == len(" (13.2) [7]") - len(" (7.9)")
    assert set(none + some) <= set(PADDING)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("5 (13.2) [7]", ("5", " (13.2) [7]")),
        ("3/9 (33.3)", ("3", "/9 (33.3)")),
        ("0", ("0", "")),
        ("−0.5 to 1.25", ("−0", ".5 to 1.25")),
        ("<0.0001", ("<0", ".0001")),
        ("–", ("–", "")),
        ("not collected", ("not collected", "")),
        ("", ("", "")),
    ],
)
def test_a_text_is_its_first_number_and_what_follows(text, parts):
    assert parted(text) == parts


@pytest.mark.parametrize(("tail", "places"), [("", 0), (" (7.9)", 5), (" (100.0)", 7), (" (100.0) [131]", 11)])
def test_a_place_is_wide_enough_for_digits_and_no_wider_for_brackets(tail, places):
    assert width(tail) == places
