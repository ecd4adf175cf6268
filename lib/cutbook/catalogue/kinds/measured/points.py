"""Figures of single values: scatters with limits, boxes and waterfalls, frozen descriptions."""

from __future__ import annotations

from dataclasses import dataclass

from cutbook.catalogue.kinds.layers import Records
from cutbook.catalogue.kinds.tables import Panel


@dataclass(frozen=True)
class Line:
    """A line across a scatter: at a number, with its words."""

    at: float
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class LimitScatter(Panel):
    """A figure: one point a participant, limits drawn and named; one panel a parameter, or an arm.

    Attributes
    ----------
    points : callable
        USUBJID, TRT01A, panel, panel_words, X, Y, and IS_MARKED (inside a ring) with LABEL (written beside it).
    across, up : str
        What the axes say.
    lines_across, lines_up : tuple of Line
        Limits of X and of Y.
    is_log : bool
        Both axes are logarithmic.
    has_identity : bool
        The line of no change is drawn.
    is_by_arm : bool
        One panel an arm; else one a ``panel`` of the points.
    marked : str
        Who stands inside a ring.
    """

    points: Records
    across: str
    up: str
    lines_across: tuple[Line, ...] = ()
    lines_up: tuple[Line, ...] = ()
    is_log: bool = False
    has_identity: bool = False
    is_by_arm: bool = False
    marked: str = ""


@dataclass(frozen=True, kw_only=True)
class Boxes(Panel):
    """A figure: the spread of values side by side, arm by arm at every place; one panel a parameter.

    Of an arm with twelve participants or more boxes (quartiles and median; whiskers to the last value within 1.5 times
    their distance; others as points), of another every value as a point.

    Attributes
    ----------
    values : callable
        USUBJID, TRT01A, panel, panel_words, place (in order), place_words, VALUE.
    across : str
        What the places are.
    is_change : bool
        The line at 0 is drawn.
    """

    values: Records
    across: str
    is_change: bool = False


@dataclass(frozen=True, kw_only=True)
class Waterfall(Panel):
    """A figure: one bar a participant from no change, sorted by height; one panel an arm on one scale.

    Attributes
    ----------
    values : callable
        USUBJID, KEY, TRT01A, VALUE.
    up : str
        What the heights are.
    """

    values: Records
    up: str
