"""Formulas of models as R and SAS users write them: ``AVAL ~ BASE + ARM * AVISIT``."""

from __future__ import annotations

import re
from dataclasses import dataclass

Term = tuple[str, ...]
"""Variables whose product is a term; the empty term is the intercept."""

_Terms = dict[frozenset[str], None]
"""Terms in the order written, as a set that keeps its order."""

_TOKEN = re.compile(r"\s*(?:(?P<name>[^\W\d][\w.]*)|`(?P<quoted>[^`]+)`|(?P<sign>[-+*:()01]))")


@dataclass(frozen=True)
class Formula:
    """A model of fixed effects.

    Attributes
    ----------
    response : str
        Variable to explain.
    terms : tuple of Term
        Terms without the intercept, by their number of variables and then as written. The variables of a term stand in
        the order in which the formula names them first.
    has_intercept : bool
        Whether there is an intercept.
    """

    response: str
    terms: tuple[Term, ...]
    has_intercept: bool

    @property
    def variables(self) -> tuple[str, ...]:
        """Explaining variables, in the order of their first term."""
        return tuple(dict.fromkeys(name for term in self.terms for name in term))


def parse(text: str) -> Formula:
    """Return the formula that a text states, by the rules of R's ``terms``.

    Parameters
    ----------
    text : str
        ``response ~ terms``, of names (in backticks where they hold other signs), ``+``, ``-``, ``*``, ``:``,
        parentheses, and ``0``, ``1`` or ``-1`` for the intercept.

    Raises
    ------
    ValueError
        The text is no such formula.

    Examples
    --------
    >>> parse("AVAL ~ BASE + AVISIT:ARM + ARM * AVISIT").terms
    (('BASE',), ('ARM',), ('AVISIT',), ('AVISIT', 'ARM'))
    >>> parse("AVAL ~ 0 + AVISIT").has_intercept
    False
    """
    left, separator, right = text.partition("~")
    response = _tokens(left)
    if not separator or len(response) != 1 or response[0] in "+-*:()01":
        raise ValueError(f"{text!r} is no formula: expected 'response ~ terms'")
    reader = _Reader(_tokens(right), text)
    found = reader.whole()
    order = {name: place for place, name in enumerate(dict.fromkeys(reader.names))}
    terms = dict.fromkeys(tuple(sorted(term, key=order.__getitem__)) for term in found)
    return Formula(response[0], tuple(sorted(terms, key=len)), reader.has_intercept)


def _tokens(text: str) -> list[str]:
    found, place = [], 0
    text = text.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if not match:
            raise ValueError(f"{text!r} is no part of a formula: {text[place:].strip()[:1]!r} is not understood")
        found.append(match["name"] or match["quoted"] or match["sign"])
        place = match.end()
    return found


class _Reader:
    """Reads tokens by the precedence of R: ``:`` before ``*`` before ``+`` and ``-``."""

    def __init__(self, tokens: list[str], text: str) -> None:
        self._tokens = tokens
        self._text = text
        self.names: list[str] = []
        self.has_intercept = True

    def whole(self) -> _Terms:
        found = self._sum()
        if self._tokens:
            raise ValueError(f"{self._text!r} is no formula: {self._tokens[0]!r} is not expected there")
        return found

    def _next_is(self, signs: str) -> bool:
        return bool(self._tokens) and self._tokens[0] in signs

    def _sum(self) -> _Terms:
        found: _Terms = {}
        sign = self._tokens.pop(0) if self._next_is("+-") else "+"
        while True:
            if self._next_is("01"):
                self.has_intercept = (self._tokens.pop(0) == "1") == (sign == "+")
            elif sign == "+":
                found |= self._product()
            else:
                gone = self._product()
                found = {term: None for term in found if term not in gone}
            if not self._next_is("+-"):
                return found
            sign = self._tokens.pop(0)

    def _product(self) -> _Terms:
        found = self._interaction()
        while self._next_is("*"):
            self._tokens.pop(0)
            other = self._interaction()
            found = found | other | _crossed(found, other)
        return found

    def _interaction(self) -> _Terms:
        found = self._atom()
        while self._next_is(":"):
            self._tokens.pop(0)
            found = _crossed(found, self._atom())
        return found

    def _atom(self) -> _Terms:
        if not self._tokens or self._next_is("+-*:)01"):
            raise ValueError(f"{self._text!r} is no formula: a variable is missing")
        if not self._next_is("("):
            self.names.append(self._tokens.pop(0))
            return {frozenset(self.names[-1:]): None}
        self._tokens.pop(0)
        found = self._sum()
        if not self._next_is(")"):
            raise ValueError(f"{self._text!r} is no formula: a parenthesis is not closed")
        self._tokens.pop(0)
        return found


def _crossed(first: _Terms, second: _Terms) -> _Terms:
    return {one | other: None for one in first for other in second}
