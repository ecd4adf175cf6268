"""Words out of collected texts: one line of text, terms in sentence case, names of visits, and what is no word."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(
    r"\b(?:DAY|WEEK|MONTH|YEAR|VISIT|CYCLE|DOSE|PERIOD|SCREENING|BASELINE|UNSCHEDULED|FOLLOW|UP|EARLY|TERMINATION|END|OF"
    r"|TO|STUDY|TREATMENT|RETRIEVAL|PRE|POST)\b"
)
_RAW = re.compile(r"(?<![\w.])(?:nan|NaN|-?inf|NaT|<NA>)(?![\w.]*\w)")
# "None of the participants" is English; "None" anywhere else is Python.
_PYTHON_NONE = re.compile(r"(?<!\w)None(?!\w)")
_ENGLISH_NONE = re.compile(r"(?:^|[.:;?!•–—(]\s*)None(?= [a-z])")
_WARNING = re.compile(r"\b\w*Warning:")

ISOLATE, END_OF_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
"""Signs around collected text in a line of ours; inside it they never stand."""

_ISOLATED = re.compile(f"{ISOLATE}[^{ISOLATE}{END_OF_ISOLATE}]*{END_OF_ISOLATE}")


_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d))?")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def single_line(text: str) -> str:
    r"""Return a text as one line: control and format characters and line separators become spaces, at its ends nothing.

    Examples
    --------
    >>> single_line("5 of 38\n(13.2 %)\x1b[2J\u2028")
    '5 of 38 (13.2 %) [2J'
    """
    return "".join(" " if _is_unprintable(mark) else mark for mark in text).strip(" ")


def values_in_words(text: str) -> list[str]:
    """Return the words of a line that are a value which a program failed to put into words.

    Examples
    --------
    >>> values_in_words("12 (nan), None"), values_in_words("None of them; Nancy, infusion")
    (['nan', 'None'], [])
    """
    nones = len(_PYTHON_NONE.findall(text)) - len(_ENGLISH_NONE.findall(text))
    return _RAW.findall(text) + ["None"] * nones


def warning_in(text: str) -> str:
    """Return the beginning of a warning of a program in a text, empty where there is none."""
    found = _WARNING.search(text)
    return found[0] if found else ""


def may_read_as_fault(text: str) -> bool:
    """Return whether a text could be taken for a program's fault, wherever it stands.

    Examples
    --------
    >>> may_read_as_fault("None of the above"), may_read_as_fault("Warning: fall"), may_read_as_fault("Headache")
    (True, True, False)
    """
    return bool(_RAW.search(text) or _PYTHON_NONE.search(text) or warning_in(text))


def without_isolated(text: str) -> str:
    """Return a line of ours without the collected text in it."""
    return _ISOLATED.sub("", text)


def without_isolates(text: str) -> str:
    """Return a line with the collected text in it, but not the signs around that."""
    return text.replace(ISOLATE, "").replace(END_OF_ISOLATE, "")


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


def day_in_words(date: str) -> str:
    """Return an ISO 8601 date in words, its time after it; what is none as it is.

    Examples
    --------
    >>> day_in_words("2018-11-16"), day_in_words("2018-01-02T12:30"), day_in_words("2018-11")
    ('16 Nov 2018', '2 Jan 2018, 12:30', '2018-11')
    """
    found = _DAY.fullmatch(date)
    if not found or not 1 <= int(found[2]) <= len(_MONTHS):
        return date
    time = f", {found[4]}" if found[4] else ""
    return f"{int(found[3])} {_MONTHS[int(found[2]) - 1]} {found[1]}{time}"


def in_sentence(text: str) -> str:
    """Return a term as it stands within a sentence: a first capital is small unless it begins an abbreviation.

    Examples
    --------
    >>> in_sentence("CSF protein increased"), in_sentence("HEADACHE"), in_sentence("Femur fracture")
    ('CSF protein increased', 'headache', 'femur fracture')
    """
    plain = sentence_case(text)
    return plain[:1].lower() + plain[1:] if plain[1:2].islower() else plain


def capital(text: str) -> str:
    """Return a text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def visit_name(collected: str) -> str:
    """Return a visit as collected with its plain words in lower case after a capital; abbreviations stay.

    Examples
    --------
    >>> visit_name("DAY 169/ET"), visit_name("END OF TREATMENT"), visit_name("WEEK 4 (CSF)"), visit_name("MAD DAY 1")
    ('Day 169/ET', 'End of treatment', 'Week 4 (CSF)', 'MAD day 1')
    """
    text = _WORD.sub(lambda found: found[0].lower(), collected)
    return capital(text)
