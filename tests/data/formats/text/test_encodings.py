from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cutbook.data.formats.text.encodings import decode_values, encoding_faults, ends_inside_character, undecodable_of
from cutbook.errors import Fault

CUT = "text cut off in the middle of a character"
BYTES = "bytes that are not utf-8"
WINDOWS, MACINTOSH = "Windows-1252 (cp1252) gives", "Macintosh Roman (mac_roman) gives"
BEYOND_ASCII = st.characters(codec="utf-8", min_codepoint=0x80)


def faults(values: list[bytes], encoding: str = "utf-8", width: int = 0) -> list[Fault]:
    _, is_bad = decode_values(values, encoding)
    rows = np.arange(1, len(values) + 1)
    return encoding_faults("ae", "AETERM", undecodable_of(rows, values, is_bad, encoding, width=width))


def fault(*values: bytes, width: int = 0) -> Fault:
    (only,) = faults(list(values), width=width)
    return only


def test_a_value_cut_off_inside_a_character_says_so_with_row_and_variable() -> None:
    found = fault(b"HEADACHE", "Nausée et ".encode() + "é".encode()[:1])
    assert str(found) == (
        'ae.AETERM row 2: found text cut off in the middle of a character in row 2, first "Nausée et \\xc3"; expected '
        "whole characters of utf-8; have the file sent again with room for the whole text, or with the text cut "
        "between two characters"
    )


@given(text=st.text(BEYOND_ASCII, min_size=2, max_size=8), data=st.data())
def test_text_beyond_ascii_cut_off_anywhere_inside_a_character_is_told_as_cut_off(
    text: str, data: st.DataObject
) -> None:
    content = text.encode()
    starts = np.cumsum([0, *(len(character.encode()) for character in text)]).tolist()
    length = data.draw(st.sampled_from([end for end in range(starts[1] + 1, len(content)) if end not in starts]))
    assert fault(content[:length]).found.startswith(CUT)
    assert ends_inside_character(content[:length])
    assert not ends_inside_character(content)


@pytest.mark.parametrize(
    ("values", "width"),
    [
        ([b"caf\xe9", "Müller".encode()], 0),
        ([b"caf\xe9"], 4),
        ([b"caf\xe2\x80"], 0),
        ([b"IRM\xc3"], 0),
        ([b"caf\xc3  "], 0),
        ([b"\xa9e et vertiges", "Müller".encode()], 0),
    ],
    ids=["other value", "width", "two bytes", "common beginning", "padded", "second half"],
)
def test_what_else_is_known_of_a_variable_tells_that_a_last_byte_begins_a_character(
    values: list[bytes], width: int
) -> None:
    assert fault(*values, width=width).found.startswith(f"{CUT} in row 1")


@pytest.mark.parametrize(
    ("value", "remedy"),
    [
        (b"caf\xe9", f'{WINDOWS} "café"'),
        (b"M\xfcller", f'{WINDOWS} "Müller"'),
        (b"M\xdcLLER", f'{WINDOWS} "MÜLLER"'),
        (b"M\x9fller", f'{MACINTOSH} "Müller"'),
        (b"M\x86LLER", f'{MACINTOSH} "MÜLLER"'),
        (b"Mus\x8ee", f'{MACINTOSH} "Musée"'),
        (b"37 \xb0C", f'{WINDOWS} "37 °C"'),
        (b"37 \xa1C", f'{MACINTOSH} "37 °C"'),
        (b"Alzheimer\x92s", f'{WINDOWS} "Alzheimer’s" and {MACINTOSH} "Alzheimerís"'),
    ],
)
def test_bytes_that_utf_8_cannot_have_advise_the_encoding_that_gives_letters(value: bytes, remedy: str) -> None:
    found = fault(value, b"plain")
    assert found.found == f"{BYTES} in row 1"
    assert found.remedy == f"declare the file's encoding under sources.encodings in the study file; {remedy}"


def test_bytes_that_no_likely_encoding_reads_are_shown_and_none_is_advised() -> None:
    found = fault(b"\xf7\x9d\xfe")
    assert found.found == f'{BYTES} in row 1, first "\\xf7\\x9d\\xfe"'
    assert found.remedy == "declare the file's encoding under sources.encodings in the study file"


def test_a_column_of_windows_1252_is_not_taken_for_cut_off_text_where_a_value_ends_with_a_letter_beyond_ascii() -> None:
    assert fault(b"caf\xe9", b"caf\xe9s", b"IRM\xc3").found == f"{BYTES} in rows 1, 2 and 3"


def test_cut_off_text_and_foreign_bytes_of_one_variable_are_two_faults() -> None:
    found = faults(["Müller".encode(), b"na\xc3", b"Mus\xe9e"])
    assert [(one.found.split(" in row")[0].split(" in the")[0], one.row) for one in found] == [
        ("text cut off", 2),
        (BYTES, 3),
    ]


def test_utf_8_declared_as_another_encoding_is_advised() -> None:
    (found,) = faults(["Ýmir".encode()], "cp1252")
    assert found.remedy.endswith('UTF-8 (utf-8) gives "Ýmir"')


def test_a_character_of_two_bytes_cut_off_in_another_encoding_is_told_as_cut_off() -> None:
    (found,) = faults(["頭痛".encode("shift_jis")[:-1]], "shift_jis")
    assert found.found.startswith(CUT)


@given(st.lists(st.binary(min_size=1, max_size=12), min_size=1, max_size=5))
def test_every_value_that_is_no_text_is_in_a_fault_and_every_message_shows_its_characters(values: list[bytes]) -> None:
    is_bad = decode_values(values, "utf-8")[1]
    found = faults(values) if is_bad.any() else []
    assert bool(found) == bool(is_bad.any())
    assert all(str(one).isprintable() for one in found)
    assert {one.row for one in found} <= set((np.flatnonzero(is_bad) + 1).tolist())
