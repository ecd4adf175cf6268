"""Tables and figures of exposure: parameters of profiles, what functions of statistics say of them, their lines."""

from __future__ import annotations

from dataclasses import dataclass

from cutbook.catalogue.kinds.layers import Records
from cutbook.catalogue.kinds.tables import Panel, Shown


@dataclass(frozen=True, kw_only=True)
class Parameters(Panel):
    """A table of summaries: a heading an occasion and parameter, a row an arm below it, the columns are statistics.

    Attributes
    ----------
    records : callable
        One row a participant and place: USUBJID, KEY, visit, visit_words, level, row_words, variable, VALUE, unit,
        decimals. Places stand in the order of the records.
    columns : tuple of Shown
        Statistics of the table of all, where there is one besides the short one; their variable is that of the place.
    statistics : tuple of str
        Which are computed, as `cutbook.stats.descriptive.describe` names them; n first.
    ranked : frozenset of str
        Levels that are only counted and ranked: n, median, minimum and maximum (times).
    brief : tuple of str
        Levels that stand in the short table, arms as its columns.
    """

    records: Records
    columns: tuple[Shown, ...]
    statistics: tuple[str, ...]
    ranked: frozenset[str] = frozenset()
    brief: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EachValue(Panel):
    """A table of everybody's values: a heading an occasion and arm, a row a participant, the columns are parameters.

    Attributes
    ----------
    records : callable
        One row a participant, occasion and parameter: USUBJID, KEY, TRT01A, visit, visit_words, variable, AVAL, unit,
        REASON (why there is no value), decimals, ENTRY (what the row is called), SAID (words in the last column).
    columns : tuple of (str, str, str)
        Variable, heading and its second line.
    said : str
        Heading of a last column of words; empty: there is none.
    """

    records: Records
    columns: tuple[tuple[str, str, str], ...]
    said: str = ""


@dataclass(frozen=True, kw_only=True)
class Judged(Panel):
    """A table of what functions of statistics say: a heading a visit, a row a level or a group below it.

    Attributes
    ----------
    estimates : callable
        Rows of a results table: visit, visit_words, level, row_words, group, variable, statistic, value, unit,
        decimals, reason, keys. A judgement is statistic ``verdict`` of variable ``VERDICT``.
    columns : tuple of Shown
        Statistics by variable.
    verdict : str
        Heading of the last column, that of judgements.
    verdicts : tuple of str
        Words of a judgement by its number; none: no such column.
    """

    estimates: Records
    columns: tuple[Shown, ...]
    verdict: str = ""
    verdicts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Dots(Panel):
    """A figure: a dot a participant by arm, a bar at the geometric mean, one panel a parameter.

    Attributes
    ----------
    drawn : callable
        USUBJID, KEY, TRT01A, PANEL, PANEL_WORDS, SECOND (second line of the heading), AVAL.
    of : str
        Variable of the geometric means, which the layer computes too.
    note : str
        What dots and bars are.
    """

    drawn: Records
    of: str = "AVAL"
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Fits(Panel):
    """A figure: the terminal line of each profile with the points that it rests on, a small panel a profile.

    Attributes
    ----------
    drawn : callable
        Samples of profiles: PROFILE, USUBJID, KEY, TRT01A, DOSEOCC, TIME, AVAL, USED and PREDICTED (of the line), HALF
        (half-life), HAS_LINE, IS_FLAGGED; profiles in the order in which they stand.
    most : int
        Panels at most.
    """

    drawn: Records
    most: int = 40
