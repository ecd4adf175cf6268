"""What stands as a table or figure of its own: frozen descriptions that nobody computes here (see `layers`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from cutbook.catalogue.kinds.layers import Records, RowLayer
from cutbook.catalogue.kinds.populations import Population
from cutbook.derive import Frames
from cutbook.parameters.study import Matrix
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
        ``share`` n (%) [events] · ``number`` · ``if_any``: a number, a dash where nobody has a value · ``pair`` a (b) ·
        ``span`` a, b · ``interval`` a to b · ``estimate`` a (b, c), a dash where there is no a.
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
    """

    parameter: str = ""
    id: str = ""
    title: str = ""
    population: Population | None = None
    notes: tuple[str, ...] = ()
    empty: str = ""


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


@dataclass(frozen=True, kw_only=True)
class Model(Panel):
    """A table of estimates, one row an arm: what a function of `cutbook.stats` says of one endpoint at one visit.

    Attributes
    ----------
    visit, visit_words : str
        The visit of analysis.
    records : callable
        One row a participant at the visit: USUBJID, KEY, ARM (code), AVAL, BASE and the factors.
    values : ByVisit
        The table whose values open behind its counts.
    fit : callable
        Function of `cutbook.stats`: data, response, arms, control, covariates, factors.
    factors : tuple of str
        Columns of the records that stratify.
    is_ratio : bool
        On logarithms.
    decimals : int
        Of the values as collected.
    columns : tuple of Shown
        Statistics of the arm, and of its difference from the control.
    """

    visit: str
    visit_words: str
    records: Records
    values: ByVisit
    fit: Callable[..., Any]
    factors: tuple[str, ...] = ()
    is_ratio: bool = False
    decimals: int = 0
    columns: tuple[Shown, ...] = ()


@dataclass(frozen=True)
class Field:
    """One column of a listing.

    Attributes
    ----------
    label, variable : str
        Heading, and the column of the records.
    form : str
        ``words`` · ``sentence`` controlled terms in sentence case · ``day`` · ``whole`` a whole number · ``number``
        with ``decimals`` · ``visit`` · ``hash`` its beginning · ``count`` a number that is a row of the results table
        too, with its change.
    beside : str
        Column that stands behind it in brackets, in the same form.
    or_day : str
        Column of days that stands in for it where records do not have it.
    is_number, is_verbatim : bool
        Numbers stand to the right; text as collected.
    opens : str
        Id of a listing that its counts open.
    """

    label: str
    variable: str
    form: str = "words"
    beside: str = ""
    or_day: str = ""
    decimals: int = 0
    is_number: bool = False
    is_verbatim: bool = False
    opens: str = ""


@dataclass(frozen=True)
class Listing:
    """Records, one line each.

    Attributes
    ----------
    records : callable
        The records in order, KEY among their columns where changes since the previous cut are marked.
    fields : tuple of Field
        The first one names the line.
    most : int
        Lines at most; a footnote says how many there are.
    folds_beyond : int or None
        Shown closed beyond so many lines, their number in the title where that has a place for it; None: as the display
        says.
    is_numbered : bool
        Lines have the addresses to which counts point.
    known : callable or None
        Every record of the kind, listed or not. Lines are then compared with those of the previous cut, as derived with
        the study file of today: a record that is known but listed no longer was not withdrawn.
    level : str
        Variable that tells the lines of counts; empty: that of the first field. A line without one repeats no count.
    says_more, says_empty : callable or None
        Footnotes, and the sentence for an empty listing, that depend on the data: derived datasets -> words.
    """

    records: Records
    fields: tuple[Field, ...]
    most: int = 2000
    folds_beyond: int | None = None
    is_numbered: bool = False
    known: Records | None = None
    level: str = ""
    says_more: Callable[[Frames], tuple[str, ...]] | None = None
    says_empty: Callable[[Frames], str] | None = None

    @property
    def counts(self) -> list[Field]:
        """The fields that are rows of the results table too."""
        return [field for field in self.fields if field.form == "count"]


@dataclass(frozen=True)
class RecordIndex:
    """The records that counts of the page point to: participants or adverse events."""

    kind: Literal["participants", "events"]


@dataclass(frozen=True, kw_only=True)
class Course(Panel):
    """A figure: means by visit with their intervals, one panel a parameter; or one parameter above everybody's course.

    Attributes
    ----------
    variables : tuple of (str, str)
        Variables with the words for what is shown of them; the first that somebody has is drawn.
    is_ratio : bool
        Geometric means, on logarithmic axes.
    is_carried : bool
        Carried values enter the means.
    drawn : callable or None
        The courses: USUBJID, KEY, TRT01A, ADY, AVAL.
    axis : str
        What the axis of the courses says.
    """

    variables: tuple[tuple[str, str], ...]
    is_ratio: bool = False
    is_carried: bool = False
    drawn: Records | None = None
    axis: str = ""


@dataclass(frozen=True, kw_only=True)
class Profile(Panel):
    """A figure: concentrations of one matrix over time, individuals and means, linear and semi-logarithmic.

    Attributes
    ----------
    of : str
        Key of the display whose geometric means it draws.
    matrix : Matrix
        What was sampled; by hours after the dose where it has profile visits, else by study day.
    drawn : callable
        Its samples: USUBJID, KEY, TRT01A, X (time drawn at), AT (time of the mean), NOMINAL, COURSE, AVAL, LLOQ, BLQFL.
    """

    of: str
    matrix: Matrix
    drawn: Records


class Comparison(Enum):
    """Results or data beside others, as the catalogue says it: computed of all of a report when it is shown."""

    CHANGES = "counts of participants, and of events where there are any: previous cut, this cut, change"
    TRENDS = "count at this cut, and a line over all published cuts; beside counts of events, their rate (D12)"
    PAST = "one line a new or removed record, or the fields of a record that changed alike, with old and new value"
    PUBLISHED = "published number and number shown, as text, whether they are the same, and the source"


Layer = RowLayer | ByVisit | Model | Listing | RecordIndex | Course | Profile | Comparison
"""What a display is made of."""
