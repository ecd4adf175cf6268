from __future__ import annotations

import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cutbook.data.characters import BLANKS, HIDDEN, shows
from cutbook.data.formats.text.trimming import trim, trim_value
from cutbook.data.wording import quoted

AROUND = {
    "blank": " ",
    "tab": "\t",
    "line end": "\r\n",
    "no-break": "\N{NO-BREAK SPACE}",
    "thin": "\N{THIN SPACE}",
    "narrow no-break": "\N{NARROW NO-BREAK SPACE}",
    "ideographic": "\N{IDEOGRAPHIC SPACE}",
    "zero width": "\N{ZERO WIDTH SPACE}",
    "joiner": "\N{ZERO WIDTH JOINER}",
    "word joiner": "\N{WORD JOINER}",
    "byte order mark": "\N{ZERO WIDTH NO-BREAK SPACE}",
    "right to left": "\N{RIGHT-TO-LEFT MARK}",
    "override": "\N{RIGHT-TO-LEFT OVERRIDE}",
    "next line": "\N{NEXT LINE}",
    "line separator": "\N{LINE SEPARATOR}",
    "Hangul filler": "\N{HANGUL FILLER}",
}
BLANK = st.text(st.sampled_from(BLANKS), max_size=4)
VALUE = st.text(st.characters(codec="utf-8", exclude_characters="\0" + BLANKS), min_size=1, max_size=5)


def trimmed(*values: str | None) -> tuple[list[str | None], list[int]]:
    found = trim(pa.array(values, pa.large_string()))
    return found.text.to_pylist(), found.places.tolist()


@pytest.mark.parametrize("blank", AROUND.values(), ids=AROUND)
def test_a_blank_of_any_kind_around_a_value_is_no_part_of_it(blank: str) -> None:
    assert trimmed(f"{blank}Y", f"Y{blank}", f"{blank}Y{blank}", "Y") == (["Y"] * 4, [0, 1, 2])


@pytest.mark.parametrize("blank", AROUND.values(), ids=AROUND)
def test_a_value_of_blanks_alone_is_missing(blank: str) -> None:
    assert trimmed(blank, "", None)[0] == [None, None, None]


def test_empty_values_and_plain_blanks_alone_are_not_told_as_trimmed() -> None:
    assert trimmed("", "   ", None, "\t", "x") == ([None, None, None, None, "x"], [3])


def test_blanks_inside_a_value_stay() -> None:
    value = "NOT\N{NO-BREAK SPACE}RELATED\N{ZERO WIDTH SPACE}x"
    assert trimmed(value) == ([value], [])


def test_letters_marks_and_flags_at_the_end_of_a_value_stay() -> None:
    values = ["\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}", "e\N{COMBINING ACUTE ACCENT}", "日本", "-", "."]
    assert trimmed(*values) == (values, [])


@given(st.lists(st.tuples(BLANK, VALUE, BLANK), max_size=6))
def test_trimming_gives_back_what_stood_between_the_blanks(parts: list[tuple[str, str, str]]) -> None:
    values, places = trimmed(*(before + value + after for before, value, after in parts))
    assert values == [value for _, value, _ in parts]
    assert places == [place for place, (before, _, after) in enumerate(parts) if before or after]


@given(st.text(st.characters(codec="utf-8"), max_size=10))
def test_one_value_is_trimmed_as_a_column_is(text: str) -> None:
    assert trimmed(text)[0] == [trim_value(text) or None]


def test_controls_around_a_value_that_are_no_blanks_stay() -> None:
    assert trimmed("\x1b[2J", "Y\x1a", "\x07") == (["\x1b[2J", "Y\x1a", "\x07"], [])


def test_every_white_space_is_a_blank_and_every_control_hidden() -> None:
    every = [chr(code) for code in range(1, 0x3100)]
    assert {one for one in every if one.isspace()} <= set(BLANKS)
    assert {one for one in every if unicodedata.category(one) == "Cc"} <= set(HIDDEN)
    assert {one for one in every if one.isspace()} - {" ", "\N{IDEOGRAPHIC SPACE}"} <= set(HIDDEN)


@pytest.mark.parametrize("character", HIDDEN)
def test_no_message_holds_a_character_that_does_not_show(character: str) -> None:
    message = quoted(f"a{character}b")
    assert all(shows(one) for one in message)
    assert (message[:3], message[-2:]) == ('"a\\', 'b"')
