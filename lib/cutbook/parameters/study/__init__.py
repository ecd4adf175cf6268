"""The study file: one section a module."""

from cutbook.parameters.study.analyses import (
    AdverseEvents,
    Analysis,
    Endpoint,
    Findings,
    Flag,
    Matrix,
    Pharmacokinetics,
)
from cutbook.parameters.study.oddities import Oddity
from cutbook.parameters.study.participants import (
    Characteristic,
    Disposition,
    PooledSites,
    Populations,
    Requirement,
)
from cutbook.parameters.study.published import Published, Reproduction, Statistic
from cutbook.parameters.study.sources import Restricted, Sources
from cutbook.parameters.study.study import Study

__all__ = [
    "AdverseEvents",
    "Analysis",
    "Characteristic",
    "Disposition",
    "Endpoint",
    "Findings",
    "Flag",
    "Matrix",
    "Oddity",
    "Pharmacokinetics",
    "PooledSites",
    "Populations",
    "Published",
    "Reproduction",
    "Requirement",
    "Restricted",
    "Sources",
    "Statistic",
    "Study",
]
