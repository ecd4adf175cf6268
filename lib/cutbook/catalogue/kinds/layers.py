"""What the rows, tables and figures of a display are made of: frozen descriptions that nobody computes here.

Each kind is computed by one function of `cutbook.results` and shown by one of `cutbook.display`, which know no display
by name. A function of a layer takes the derived datasets (`cutbook.derive.Frames`) and gives its records: USUBJID, KEY,
and the columns that its kind names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from cutbook.catalogue.kinds.absence import Why, told
from cutbook.derive import Frames
from cutbook.vocabulary import COUNTS_ALL

Records = Callable[[Frames], pd.DataFrame]
"""Derived datasets -> records."""

Words = Callable[[str], str]
"""Code or collected value -> the words of its row."""


@dataclass(frozen=True)
class Heading:
    """A heading of the rows below it."""

    words: str


@dataclass(frozen=True)
class Worst:
    """Rows below a row of events: each participant once, in the worst category of the records that count there.

    A category that nobody has there has no row.

    Attributes
    ----------
    variable : str
        Column of the records that holds the category.
    levels : mapping of str to str
        Words by category, the mildest first.
    missing : str
        Words of the row of participants none of whose records has a category of these.
    """

    variable: str
    levels: Mapping[str, str]
    missing: str = "Missing"


@dataclass(frozen=True)
class Count:
    """One row: participants with a record, n (%), and where asked for their records, [events].

    Attributes
    ----------
    variable, level, words : str
        Its key in the results table, and the words of the row.
    records : callable
        The records that count.
    has_events : bool
        Records are counted too.
    of_those : str
        Variable of the row whose count is the denominator, for n/N (%); empty: N of the column.
    is_compared : bool
        All active arms are compared with the control: difference of the percentages.
    is_of_everybody : bool
        Counted among everybody in the data, in the column of all participants alone, without a percentage.
    indent : int
        0, or 1 below a row of its kind.
    below : str
        What a table of changes says before the words, where the row alone would not be understood.
    worst : Worst or None
        Rows below it; rows next to each other have the same.
    bounds_zero : bool
        Where nobody of a group counts, the upper 95 % confidence limit of the share (Clopper-Pearson) stands beside 0.
    is_there : callable
        Derived datasets -> whether the row is there: a breakdown that nobody collected is no row.
    why : callable
        Why the row has no numbers.
    """

    variable: str
    words: str
    records: Records
    level: str = ""
    has_events: bool = False
    of_those: str = ""
    is_compared: bool = False
    is_of_everybody: bool = False
    indent: int = 0
    below: str = ""
    worst: Worst | None = None
    bounds_zero: bool = False
    is_there: Callable[[Frames], bool] = lambda _: True
    why: Why = told


@dataclass(frozen=True)
class CountBy:
    """One row a value of a variable, or of one within another (``by`` of two: system organ class, term).

    Of two, both stand by falling frequency, or in the order of the previous cut where the study file keeps it
    (``adverse_events.order``).

    Attributes
    ----------
    by : tuple of str
        Columns of the records: the variable; or what encloses it, and the variable.
    records : callable
        The records that count.
    variable : str
        Its key in the results table where that is not the last of ``by``.
    levels : mapping of str to str
        Words by value, in the order of the rows, whether they occur or not; values that it does not name come after.
        Values with the same words share the row of the first.
    order : str
        Of values that ``levels`` does not name: ``frequency`` (falling, ties alphabetical) or ``alphabet``
        (whole numbers by size).
    words : callable
        Words of a value that ``levels`` does not name; the value itself.
    is_missing_shown : bool
        Records without a value have a row, Missing, where there are any; else they are in no row.
    has_events : bool
        Records are counted too.
    rows_of : callable or None
        Records whose values make the rows, where those are not the records that count.
    worst : Worst or None
        Rows below each row.
    is_of_everybody : bool
        As for Count.
    is_flat : bool
        Of two variables, the values of the inner one stand in one list, what lies farthest above the control first, and
        those that one participant had closed below; the classes with their values are shown closed.
    indent : int
        Of the rows.
    below, why : str, callable
        As for Count; without their numbers the rows are those of ``levels``.
    """

    by: tuple[str, ...]
    records: Records
    variable: str = ""
    levels: Mapping[str, str] = field(default_factory=dict)
    order: Literal["frequency", "alphabet"] = "alphabet"
    words: Words = str
    is_missing_shown: bool = False
    has_events: bool = False
    rows_of: Records | None = None
    worst: Worst | None = None
    is_of_everybody: bool = False
    is_flat: bool = False
    indent: int = 0
    below: str = ""
    why: Why = told

    @property
    def name(self) -> str:
        """The variable in the results table."""
        return self.variable or self.by[-1]


@dataclass(frozen=True)
class Summary:
    """A heading, and below it n, mean (SD), median, quartiles, minimum and maximum of one value a participant.

    Attributes
    ----------
    variable, words : str
        Key, and the words of the heading.
    records : callable
        USUBJID, KEY, AVAL.
    unit : str
        Unit of the values.
    decimals : int
        Decimals of the values as collected.
    categories : CountBy or None
        The rows below the heading where the values are text.
    is_brief : bool
        One row, median (minimum to maximum), in the place of the heading and the rows below it.
    is_there, why : callable
        As for Count.
    """

    variable: str
    words: str
    records: Records
    unit: str = ""
    decimals: int = 0
    categories: CountBy | None = None
    why: Why = told
    is_brief: bool = False
    is_there: Callable[[Frames], bool] = lambda _: True


@dataclass(frozen=True)
class PersonYears:
    """One row: the sum of days by participant, in years of 365.25 days.

    Where somebody's days are not known, a row below it says of how many.

    Attributes
    ----------
    variable, words : str
        Key, and the words of the row.
    records : callable
        USUBJID, KEY, DAYS.
    is_whole : bool
        Missing when somebody's days are not known; else the sum of those that are.
    why : callable
        As for Count.
    """

    variable: str
    words: str
    records: Records
    is_whole: bool = True
    why: Why = told

    @property
    def unknown(self) -> str:
        """The variable of the row of participants whose days are not known."""
        return f"{self.variable}_UNKNOWN"

    @property
    def unknown_words(self) -> str:
        """The words of that row."""
        return f"Participants of unknown time{', so none is summed' if self.is_whole else ', not in the sum'}"


@dataclass(frozen=True, kw_only=True)
class Rate:
    """One row: events of a row of counts per 100 person-years.

    Attributes
    ----------
    of : Count
        The row whose events are divided.
    years : PersonYears
        The row that they are divided by.
    """

    of: Count
    years: PersonYears


@dataclass(frozen=True)
class WorstCase:
    """Rows of counts as if whoever they count had been on the drug: participants of those on it at the planned ratio.

    Attributes
    ----------
    counts : tuple of Count
        The rows.
    shares : mapping of str to float
        By column, the share of its participants who are on the drug as planned: above 0, at most 1.
    """

    counts: tuple[Count, ...]
    shares: Mapping[str, float]


@dataclass(frozen=True)
class Tally:
    """One row: participants or records by parameter, one column a parameter (samples by matrix).

    Attributes
    ----------
    variable, words : str
        Key, and the words of the row.
    records : callable
        USUBJID, KEY, parameter, parameter_words.
    among : callable
        Records of every parameter that has a column.
    is_of_participants : bool
        Participants are counted; else records.
    counts : str
        What it counts.
    told : str
        The words of the row where it stands alone, in a table of changes; empty: as in its own table.
    """

    variable: str
    words: str
    records: Records
    among: Records
    told: str = ""
    is_of_participants: bool = False
    counts: str = COUNTS_ALL


RowByArm = Heading | Count | CountBy | Summary | PersonYears | Rate
"""Layers that are rows of a table whose columns are arms."""
