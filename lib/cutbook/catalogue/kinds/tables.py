"""What tables are declared with: their columns, what stands around them, and the table of values by visit."""

from __future__ import annotations

from dataclasses import dataclass

from cutbook.catalogue.kinds.absence import Why, told
from cutbook.catalogue.kinds.layers import Records
from cutbook.catalogue.kinds.populations import Population
from cutbook.vocabulary import COUNTS_ALL


@dataclass(frozen=True)
class Shown:
    """Statistics of one place as one cell, and the heading of its column or row.

    Attributes
    ----------
    label, note : str
        Heading and its second line.
    statistics : tuple of str
        As the form takes them.
    form : str
        ``share`` n (%) [events] · ``share_of`` n/N (%) [events] · ``number`` · ``if_any``: a number, a dash where
        nobody has a value · ``pair`` a (b) · ``span`` a, b · ``interval`` a to b · ``range`` a (b to c) ·
        ``estimate`` a (b, c), a dash where there is no a · ``record`` a / b / c · ``of_drug`` n/N.
    variable : str
        Variable of the results table; empty: that of the row.
    counts : str
        What a count counts: all values, those with a change, those below the limit, those above it; empty: each cell
        says it.
    is_contrast : bool
        The statistics are of the difference from the control.
    """

    label: str
    statistics: tuple[str, ...]
    form: str = "number"
    variable: str = ""
    note: str = ""
    counts: str = COUNTS_ALL
    is_contrast: bool = False


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What tables that stand by themselves say: one of several of a display.

    Attributes
    ----------
    parameter : str
        The parameter, where it is about one alone.
    id : str
        Ends the address of the table; empty: the parameter does.
    title : str
        Its title.
    population : Population or None
        Whom it is about, where that is not the display's.
    notes : tuple of str
        Its footnotes, where they are not the display's.
    empty : str
        The sentence that stands for it when it has no rows.
    why_empty : callable
        The sentence in its place where something is absent that it rests on.
    """

    parameter: str = ""
    id: str = ""
    title: str = ""
    population: Population | None = None
    notes: tuple[str, ...] = ()
    empty: str = ""
    why_empty: Why = told


@dataclass(frozen=True, kw_only=True)
class ByVisit(Panel):
    """A table of values: visits one below the other, the columns are statistics; one table a parameter of its records.

    Attributes
    ----------
    records : callable
        USUBJID, KEY, parameter, parameter_words, visit, visit_words, level, row_words, variable (AVAL, CHG, RATIO...),
        VALUE, unit, decimals, TEXT (the value as reported, empty: VALUE with its decimals), IS_CARRIED; IS_BLQ where
        values can lie below the limit of quantification: samples are then counted, and such values hide statistics.
    columns : tuple of Shown
        Statistics by variable; columns of a variable that nobody has are left out.
    statistics : tuple of str
        Which statistics are computed of every variable, as `cutbook.stats.descriptive.describe` names them.
    is_whole : bool
        All columns stand, whether anybody has a value of their variable or not.
    is_by_level : bool
        A row is a level (a nominal time) below visit and arm, and its population is named without N; else an arm below
        its visit.
    """

    records: Records
    columns: tuple[Shown, ...]
    statistics: tuple[str, ...]
    is_whole: bool = False
    is_by_level: bool = False
