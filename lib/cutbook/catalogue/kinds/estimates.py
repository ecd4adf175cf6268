"""Tables of estimates: which model is fitted to which records. Nothing is fitted here (see `layers`)."""

from __future__ import annotations

from dataclasses import dataclass

from cutbook.catalogue.kinds.layers import Records
from cutbook.catalogue.kinds.tables import ByVisit, Panel, Shown


@dataclass(frozen=True, kw_only=True)
class Comparing:
    """How any model compares the arms.

    Attributes
    ----------
    is_ratio : bool
        The logarithm of the ratio to baseline is explained; else the change.
    factors : tuple of str
        Columns of the records that stratify.
    is_all_pairs : bool
        The arms with a dose are compared with each other too.
    """

    is_ratio: bool = False
    factors: tuple[str, ...] = ()
    is_all_pairs: bool = False


@dataclass(frozen=True, kw_only=True)
class RepeatedMeasures(Comparing):
    """A mixed model for repeated measures (see `cutbook.stats.mmrm`).

    Attributes
    ----------
    covariances : tuple of str
        Structures in the order in which they are tried.
    df : str
        Degrees of freedom.
    has_baseline_by_visit, has_average : bool
        The effect of the baseline differs from visit to visit; the average over the visits is estimated too.
    """

    covariances: tuple[str, ...]
    df: str
    has_baseline_by_visit: bool = True
    has_average: bool = False


@dataclass(frozen=True, kw_only=True)
class RandomSlope(Comparing):
    """A random intercept and slope of each participant over time in months (see `cutbook.stats.random_slope`).

    Attributes
    ----------
    df : str
        Degrees of freedom.
    """

    df: str


@dataclass(frozen=True, kw_only=True)
class MeanScores:
    """Ordered categories, compared by row mean scores within strata (see `cutbook.stats.strata`).

    Attributes
    ----------
    categories : tuple of float
        Scores of the categories that are counted.
    stratum : str
        Column of the records; empty: one stratum.
    """

    categories: tuple[float, ...] = ()
    stratum: str = ""


@dataclass(frozen=True, kw_only=True)
class DoseResponse(Comparing):
    """Models of the response by dose (see `cutbook.stats.dose_response`).

    Attributes
    ----------
    models : tuple of str
        ``linear``, ``log_linear``, ``emax``, ``trend``.
    doses : tuple of (str, float)
        Dose by code of the arm.
    target : float or None
        Difference from no dose, on the scale of the response, of which the dose that reaches it is estimated.
    """

    models: tuple[str, ...]
    doses: tuple[tuple[str, float], ...]
    target: float | None = None


@dataclass(frozen=True, kw_only=True)
class JointRanks:
    """Every participant compared with every other, by survival and then by change (see `cutbook.stats.ranks`)."""


@dataclass(frozen=True, kw_only=True)
class Survival:
    """Time until death of arms, or of all active ones against the control where an arm is small.

    Attributes
    ----------
    days : tuple of float
        Study days at which the share alive is told.
    fewest : int
        An arm with fewer participants is pooled with the others.
    """

    days: tuple[float, ...]
    fewest: int = 8


Method = RepeatedMeasures | RandomSlope | MeanScores | DoseResponse | JointRanks | Survival


@dataclass(frozen=True, kw_only=True)
class Estimates(Panel):
    """A table of estimates, rows by arm below headings by visit where there are several.

    Attributes
    ----------
    method : Method
        What is fitted.
    records : callable
        The records of the fit: USUBJID, KEY, TRT01A, visit, visit_words, AVAL, BASE, CHG and what the method names.
    values : ByVisit or None
        The table whose values open behind the counts; None: counts open participants.
    decimals : int
        Of the values as collected.
    columns : tuple of Shown
        Statistics of the arm, and of differences.
    visits : tuple of (str, str)
        Visits with their words in order.
    is_by_level : bool
        A row is a level (a model), not an arm.
    """

    method: Method
    records: Records
    values: ByVisit | None
    decimals: int = 0
    columns: tuple[Shown, ...] = ()
    visits: tuple[tuple[str, str], ...] = ()
    is_by_level: bool = False
