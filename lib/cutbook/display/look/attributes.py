"""Values of attributes of a page, and names as parts of its addresses."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from cutbook.words import without_isolates

_BARE = re.compile(r"[A-Za-z0-9_.:|-]+")
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9.-]")


def bare(value: str) -> Markup:
    """Return the value of an attribute, in quotes only where it needs them, for thousands of rows have one.

    Examples
    --------
    >>> print(bare("TOF20|TOTAL"), bare('20 mg "x"'), bare(""))
    TOF20|TOTAL "20 mg &#34;x&#34;" ""
    """
    text = escape(value)
    return text if _BARE.fullmatch(value) else Markup('"{}"').format(text)


def anchor(name: str) -> str:
    """Return a participant's name as part of an id: other signs than letters, digits, ``.``, ``-`` by their number.

    Examples
    --------
    >>> anchor("01-701-1015"), anchor("A B")
    ('01-701-1015', 'A_20.B')
    """
    return _NOT_IN_ID.sub(lambda found: f"_{ord(found[0]):x}.", without_isolates(name))
