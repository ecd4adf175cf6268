"""Words out of collected texts: one line of text, terms in sentence case, names of visits."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(
    r"\b(?:DAY|WEEK|MONTH|YEAR|VISIT|CYCLE|DOSE|PERIOD|SCREENING|BASELINE|UNSCHEDULED|FOLLOW|UP|EARLY|TERMINATION|END|OF"
    r"|TO|STUDY|TREATMENT|RETRIEVAL|PRE|POST)\b"
)


def single_line(text: str) -> str:
    r"""Return a text as one line: control and format characters and line separators become spaces, at its ends nothing.

    Examples
    --------
    >>> single_line("5 of 38\n(13.2 %)\x1b[2J\u2028")
    '5 of 38 (13.2 %) [2J'
    """
    return "".join(" " if _is_unprintable(mark) else mark for mark in text).strip(" ")


def _is_unprintable(mark: str) -> bool:
    kind = unicodedata.category(mark)
    return kind[0] == "C" or kind in {"Zl", "Zp"}


def sentence_case(text: str) -> str:
    """Return a term in capitals in sentence case; single letters and others as they are.

    Examples
    --------
    >>> sentence_case("ADVERSE EVENT"), sentence_case("CSF protein increased"), sentence_case("Y")
    ('Adverse event', 'CSF protein increased', 'Y')
    """
    return text.capitalize() if text.isupper() and len(text) > 1 else text


def visit_name(collected: str) -> str:
    """Return a visit as collected with its plain words in lower case after a capital; abbreviations stay.

    Examples
    --------
    >>> visit_name("DAY 169/ET"), visit_name("END OF TREATMENT"), visit_name("WEEK 4 (CSF)"), visit_name("MAD DAY 1")
    ('Day 169/ET', 'End of treatment', 'Week 4 (CSF)', 'MAD day 1')
    """
    text = _WORD.sub(lambda found: found[0].lower(), collected)
    return text[:1].upper() + text[1:]
