"""Words out of collected texts: terms in sentence case, names of visits."""

from __future__ import annotations

import re

_WORD = re.compile(
    r"\b(?:DAY|WEEK|MONTH|YEAR|VISIT|CYCLE|DOSE|PERIOD|SCREENING|BASELINE|UNSCHEDULED|FOLLOW|UP|EARLY|TERMINATION|END|OF"
    r"|TO|STUDY|TREATMENT|RETRIEVAL|PRE|POST)\b"
)


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
