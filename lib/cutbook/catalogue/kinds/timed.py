"""Events for the time in which they could happen, and along it: frozen descriptions that nobody computes here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cutbook.catalogue.kinds.layers import Count, Records
from cutbook.catalogue.kinds.tables import Panel, Shown


@dataclass(frozen=True, kw_only=True)
class FirstEvents(Panel):
    """A table of rates: below every kind of event the arms, the columns are statistics and the difference from control.

    Attributes
    ----------
    counts : tuple of Count
        The kinds of events: USUBJID, KEY, ASTDT.
    people : callable
        USUBJID, TRTSDT, DAYS at risk.
    columns : tuple of Shown
        Statistics of the arm, and of its difference from the control.
    """

    counts: tuple[Count, ...]
    people: Records
    columns: tuple[Shown, ...]


@dataclass(frozen=True, kw_only=True)
class Timeline(Panel):
    """A figure: one lane a participant over study days, one panel an arm; doses as ticks, events as bars, deaths.

    Of an arm with more participants than can be told apart, those with the most telling lanes are drawn.

    Attributes
    ----------
    lanes : callable
        Treated participants, the most telling first: USUBJID, KEY, TRT01A, LASTDY, TREATEDDY (study days), IS_DEAD.
    bars : callable or None
        USUBJID, KEY, START, END (study days, missing while going on), LEVEL; None: lanes alone.
    levels : mapping of str to str
        Words by level of a bar, the mildest first; other levels are drawn as the mildest.
    """

    lanes: Records
    bars: Records | None = None
    levels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Steps(Panel):
    """A figure: the shares of groups without the event over study days, as steps, from the results of its table.

    Attributes
    ----------
    days : tuple of float
        Study days below which stands how many were followed so long.
    """

    days: tuple[float, ...] = ()
