"""The study file: one section a module."""

from cutbook.parameters.study.analyses import (
    AdverseEvents,
    Findings,
    Flag,
    Matrix,
    Pharmacokinetics,
)
from cutbook.parameters.study.endpoints import Analysis, Endpoint, Repeated, RowMeans, Slope
from cutbook.parameters.study.oddities import Oddity
from cutbook.parameters.study.participants import (
    Characteristic,
    Disposition,
    PooledSites,
    Populations,
    Requirement,
)
from cutbook.parameters.study.published import Published, Reproduction, Statistic
from cutbook.parameters.study.safety.procedures import Interest, Medicines, Procedure
from cutbook.parameters.study.sources import Default, Restricted, Sources
from cutbook.parameters.study.study import Study
from cutbook.parameters.study.thresholds import Threshold

__all__ = [
    "AdverseEvents",
    "Analysis",
    "Characteristic",
    "Default",
    "Disposition",
    "Endpoint",
    "Findings",
    "Flag",
    "Interest",
    "Matrix",
    "Medicines",
    "Oddity",
    "Pharmacokinetics",
    "PooledSites",
    "Populations",
    "Procedure",
    "Published",
    "Repeated",
    "Reproduction",
    "Requirement",
    "Restricted",
    "RowMeans",
    "Slope",
    "Sources",
    "Statistic",
    "Study",
    "Threshold",
]
