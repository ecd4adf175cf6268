"""Collected text in pages: it stands there as it is, told from text of ours, with nothing hidden in it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from cutbook.data.characters import HIDDEN, escaped
from cutbook.words import END_OF_ISOLATE, ISOLATE, may_read_as_fault

_SEEN_AS_BLANK = "Zs"
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_MOST_KEPT = 8192
_TAG = re.compile(r"(<[^>]*>)")
_UNSEEN = str.maketrans(
    {sign: escaped(sign) for sign in HIDDEN if unicodedata.category(sign) != _SEEN_AS_BLANK and sign not in _JOINERS}
)


@lru_cache(maxsize=_MOST_KEPT)
def collected(text: str) -> str:
    r"""Return a collected text as it stands in a line of ours: controls and marks of direction as their escapes.

    Text that could be taken for a value that a program failed to put into words, or that is written from right to left,
    stands between two signs that no reader sees: a page makes an element of its own of it, and what checks the page
    leaves it out. Blanks of every width and the joiners of letters stay, for they are seen. A text that has the signs
    already stays as it is: values are trimmed of them at reading.

    Examples
    --------
    >>> collected("Headache"), collected("DAY\t1") == "DAY" + chr(92) + "t1"
    ('Headache', True)
    >>> [collected(text)[1:-1] for text in ("None", "10 nan mg")]
    ['None', '10 nan mg']
    """
    if text.startswith(ISOLATE) and text.endswith(END_OF_ISOLATE):
        return text
    visible = text.translate(_UNSEEN)
    is_apart = may_read_as_fault(visible) or any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in visible)
    return f"{ISOLATE}{visible}{END_OF_ISOLATE}" if is_apart else visible


def with_elements(html: str) -> str:
    """Return HTML with collected text that is told apart in elements of its own; in attributes it stays as it is.

    Examples
    --------
    >>> marked = collected("None")
    >>> with_elements(f'<p title="{marked}">{marked}</p>') == f'<p title="{marked}"><bdi>None</bdi></p>'
    True
    """
    if ISOLATE not in html:
        return html
    parts = _TAG.split(html)
    return "".join(part if part.startswith("<") else _as_elements(part) for part in parts)


def _as_elements(text: str) -> str:
    return text.replace(ISOLATE, "<bdi>").replace(END_OF_ISOLATE, "</bdi>")
