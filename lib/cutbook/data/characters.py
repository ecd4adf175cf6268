r"""Characters that a reader does not see: which are trimmed from values, which are told, and how they are written.

After the Unicode standard (16.0): White_Space, the controls, the format characters that have no width or only direct
the writing, and letters drawn blank. NUL is in none of them: no text holds it.
"""

from __future__ import annotations

import unicodedata

import pandas as pd

_CONTROLS = ((0x01, 0x1F), (0x7F, 0x9F))
_BLANK_CONTROLS = ((0x09, 0x0D), (0x1C, 0x1F), (0x85, 0x85))
_WIDE_BLANKS = (
    (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F),
    (0x205F, 0x205F), (0x2800, 0x2800), (0x3000, 0x3000), (0x3164, 0x3164), (0xFFA0, 0xFFA0),
)  # fmt: skip
_WITHOUT_WIDTH = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x180E, 0x180E), (0x200B, 0x200F), (0x202A, 0x202E),
    (0x2060, 0x206F), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB),
)  # fmt: skip
_TAGS = ((0xE0001, 0xE0001), (0xE0020, 0xE007F))


def _characters(*ranges: tuple[int, int]) -> str:
    return "".join(chr(code) for first, last in ranges for code in range(first, last + 1))


BLANKS = _characters(*_BLANK_CONTROLS, *_WIDE_BLANKS, *_WITHOUT_WIDTH)
"""Characters that are no part of a value at its ends; a value of nothing else is missing.

Controls other than tabs and line ends are none of them: they stay, and are told.
"""

HIDDEN = _characters(*_CONTROLS, *_WIDE_BLANKS, *_WITHOUT_WIDTH, *_TAGS).replace(" ", "").replace("\u3000", "")
"""Characters inside a value that a reader cannot see or cannot tell from a plain blank.

The wide blank of Chinese, Japanese and Korean text is seen, and the plain one is no fault.
"""

_LETTERS_ALIKE = str.maketrans(
    "АВЕКМНОРСТУХІЅЈЁаеорсухіѕјΑΒΕΖΗΙΚΜΝΟΡΤΥΧο‐‑‒–—−", "ABEKMHOPCTYXISJEaeopcyxisjABEZHIKMNOPTYXo------"
)
"""Letters of Cyrillic and Greek, and dashes, that a reader takes for Latin ones, after the confusables of Unicode."""

_IS_HIDDEN = frozenset(HIDDEN)
_UNSEEN = str.maketrans(dict.fromkeys(BLANKS + HIDDEN))


def shows(character: str) -> bool:
    r"""Return whether a reader sees the character, or the plain blank that it is.

    Examples
    --------
    >>> [shows(character) for character in ("a", " ", "\u200b", "\u202e", "\t", "\xa0", "\u3164")]
    [True, True, False, False, False, False, False]
    """
    return character.isprintable() and character not in _IS_HIDDEN


def escaped(character: str) -> str:
    r"""Return a character as its escape.

    Examples
    --------
    >>> print(escaped("\u200b"), escaped("\xa0"), escaped("\t"))
    \u200b \xa0 \t
    """
    return ascii(character)[1:-1]


def without_unseen(text: pd.Series) -> pd.Series:
    r"""Return the texts in small letters without any blank and any character that does not show; missing stays so.

    Two texts that a reader takes for the same are the same here.

    Examples
    --------
    >>> without_unseen(pd.Series(["ZZ1-001", "zz1-\u200b001", "ZZ1 -001", None])).tolist()
    ['zz1-001', 'zz1-001', 'zz1-001', nan]
    """
    codes, spellings = pd.factorize(text)
    folded = [str(spelling).translate(_UNSEEN).casefold() for spelling in spellings]
    return pd.Series(pd.Series([*folded, None], dtype="str").take(codes).array, index=text.index)


def looks_like(text: str) -> str:
    r"""Return what a reader takes a text for: without blanks, in small letters, full width and other scripts in Latin.

    Examples
    --------
    >>> looks_like("F\u0410TAL") == looks_like(" fatal\u200b"), looks_like("\uff39"), looks_like("Not  Done")
    (True, 'y', 'notdone')
    """
    return unicodedata.normalize("NFKC", text).translate(_UNSEEN).translate(_LETTERS_ALIKE).casefold()
