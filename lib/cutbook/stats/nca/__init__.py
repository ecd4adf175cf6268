"""Non-compartmental analysis of concentration profiles, vectorised over profiles."""

from cutbook.stats.nca.acceptance import AcceptanceLimits, acceptance
from cutbook.stats.nca.analysis import nca, terminal_points
from cutbook.stats.nca.estimates import NcaReason
from cutbook.stats.nca.names import nca_parameters
from cutbook.stats.nca.options import NcaOptions
from cutbook.stats.nca.urine import urine

__all__ = [
    "AcceptanceLimits",
    "NcaOptions",
    "NcaReason",
    "acceptance",
    "nca",
    "nca_parameters",
    "terminal_points",
    "urine",
]
