"""What stands as a table or figure of its own: frozen descriptions that nobody computes here (see `layers`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from cutbook.catalogue.kinds.estimates import Estimates as Estimates
from cutbook.catalogue.kinds.exposure import Dots, EachValue, Fits, Judged, Parameters
from cutbook.catalogue.kinds.layers import Count, Records, RowByArm, Summary, Tally, WorstCase
from cutbook.catalogue.kinds.listings import Field as Field
from cutbook.catalogue.kinds.listings import Listing as Listing
from cutbook.catalogue.kinds.listings import RecordIndex as RecordIndex
from cutbook.catalogue.kinds.measured.points import Boxes, LimitScatter, Waterfall
from cutbook.catalogue.kinds.measured.shares import Shares
from cutbook.catalogue.kinds.numbers import Amount, Facts, Signal
from cutbook.catalogue.kinds.tables import ByVisit as ByVisit
from cutbook.catalogue.kinds.tables import Panel as Panel
from cutbook.catalogue.kinds.tables import Shown as Shown
from cutbook.catalogue.kinds.timed import FirstEvents as FirstEvents
from cutbook.catalogue.kinds.timed import Steps as Steps
from cutbook.catalogue.kinds.timed import Timeline as Timeline
from cutbook.parameters.study import Matrix, Study
from cutbook.records import Where


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
    is_ratio, is_all_pairs : bool
        On logarithms; the arms with a dose are compared with each other too.
    adjustments : tuple of str
        Adjusted p values of the differences from the control: ``dunnett``, ``holm``.
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
    is_all_pairs: bool = False
    adjustments: tuple[str, ...] = ()
    decimals: int = 0
    columns: tuple[Shown, ...] = ()

    @property
    def effect(self) -> tuple[str, str, str]:
        """Estimate, lower and upper end of the difference from the control as the results table names them."""
        return ("diff_pct", "diff_pct_low", "diff_pct_high") if self.is_ratio else ("estimate", "ci_low", "ci_high")


@dataclass(frozen=True, kw_only=True)
class Moved(Panel):
    """A table of estimates of another display that moved since the previous cut, with the records that moved them.

    Attributes
    ----------
    of : str
        Key of that display.
    layer : Model, Summary or FirstEvents
        Its layer, computed again with changed records of the past set back.
    variable : str
        Variable of the estimates.
    statistics : tuple of str
        The estimate, and its limits where it has some.
    counted, counted_words : str
        Variable whose n says how many take part, and who they are.
    unit : str
        Stands behind an estimate.
    feeds : callable
        Study -> datasets that the estimates are made of, each with the condition on its records, the nearest first.
    """

    of: str
    layer: Model | Summary | FirstEvents
    variable: str
    statistics: tuple[str, ...]
    counted: str
    counted_words: str = "Participants with a value"
    unit: str = ""
    feeds: Callable[[Study], tuple[tuple[str, Where], ...]]


@dataclass(frozen=True, kw_only=True)
class ShareMatrix(Panel):
    """A table of what stands out: participants with something by arm, each share a bar too.

    Where nobody of an arm has it, the upper 95 % confidence limit of the share (Clopper-Pearson) stands beside the 0.

    Attributes
    ----------
    counts : tuple of Count
        The rows.
    """

    counts: tuple[Count, ...]


@dataclass(frozen=True, kw_only=True)
class Course(Panel):
    """A figure: centres by visit with their spread, one panel a parameter; or one parameter beside everybody's course.

    Attributes
    ----------
    variables : tuple of (str, str)
        Variables with the words for what is shown of them; the first that somebody has is drawn.
    is_ratio : bool
        Geometric means, on an axis of ratios.
    is_skewed : bool
        Medians with quartiles, not means with their intervals: for values such as counts of cells.
    is_carried : bool
        Carried values enter the means.
    timed : callable or None
        Records that tell the days of visits, and who is outside the limits of the laboratory: USUBJID, PARAMCD,
        AVISITID, ADY, ANRIND; None: those of ``drawn`` do.
    only_outside : bool
        Parameters of which nobody is outside its limits after the first day are a sentence.
    drawn : callable or None
        The courses: USUBJID, KEY, TRT01A, ADY, AVAL, AVISITID.
    axis : str
        What the axis of the courses says.
    """

    variables: tuple[tuple[str, str], ...]
    is_ratio: bool = False
    is_skewed: bool = False
    is_carried: bool = False
    only_outside: bool = False
    timed: Records | None = None
    drawn: Records | None = None
    axis: str = ""

    @property
    def statistics(self) -> tuple[str, str, str]:
        """Centre, lower and upper end as the results table names them."""
        if self.is_skewed:
            return "median", "q1", "q3"
        return "geomean" if self.is_ratio else "mean", "ci_low", "ci_high"


@dataclass(frozen=True, kw_only=True)
class Profile(Panel):
    """A figure: concentrations of one matrix over time, individuals and means, semi-logarithmic; linear folded.

    Attributes
    ----------
    of : str
        Key of the display whose geometric means it draws.
    matrix : Matrix
        What was sampled; by hours after the dose where it has profile visits, else by study day.
    drawn : callable
        Its samples: USUBJID, KEY, TRT01A, X (time drawn at), AT (time of the mean), NOMINAL, LEVEL (planned time, as
        in the table), COURSE, AVAL, LLOQ, BLQFL.
    """

    of: str
    matrix: Matrix
    drawn: Records


@dataclass(frozen=True, kw_only=True)
class Individuals(Panel):
    """A figure: everybody's values over time, one panel an arm side by side, those once above a limit highlighted.

    Attributes
    ----------
    drawn : callable
        All values of the parameter, those of unscheduled visits too: USUBJID, KEY, TRT01A, ADY, AVAL, DECIMALS,
        AVISITID, APOBLFL.
    limit : float
        Above it a value counts, after the first dose.
    words : str
        What was measured, with its unit.
    unit : str
        As the values have it.
    is_count : bool
        Drawn as log(x + 1).
    of : str
        Column of the values of which the limit is a multiple (``ANRHI``); empty: it is a number.
    has_limit : bool
        A value at the limit counts too.
    """

    drawn: Records
    limit: float
    words: str
    unit: str = ""
    is_count: bool = False
    of: str = ""
    has_limit: bool = False


@dataclass(frozen=True, kw_only=True)
class Forest(Panel):
    """A figure: the estimates of a model beside each other, one line an arm, with those of the previous cut in grey.

    Attributes
    ----------
    visit : str
        Code of the visit of analysis.
    statistics : tuple of str
        Estimate, lower and upper end of the difference from the control.
    words : str
        What is estimated.
    against : str
        The control in the middle of a sentence.
    unit : str
        Behind the numbers of the axis.
    """

    visit: str
    statistics: tuple[str, str, str]
    words: str
    against: str
    unit: str = ""


class Comparison(Enum):
    """Results or data beside others, as the catalogue says it: computed of all of a report when it is shown."""

    CHANGES = "counts of participants, and of events where there are any: previous cut, this cut, change"
    RECONCILED = "numbers of this report that must agree, side by side, and whether they do"
    TRENDS = "count at this cut, and a line over all published cuts; beside counts of events, their rate (D12)"
    PAST = "one line a new or removed record, or the fields of a record that changed alike, with old and new value"
    PUBLISHED = "published number and number shown, as text, whether they are the same, and the source"


_Figure = Course | Profile | Individuals | Forest | Dots | Fits | LimitScatter | Boxes | Waterfall | Steps
_Exposure = Parameters | EachValue | Judged
_Row = RowByArm | WorstCase | FirstEvents | Timeline | Tally | Amount | Facts | Signal
_Table = ByVisit | Model | Estimates | Moved | ShareMatrix | Shares

Layer = _Row | _Table | _Exposure | Listing | RecordIndex | _Figure | Comparison
"""What a display is made of."""
