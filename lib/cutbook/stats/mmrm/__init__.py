"""Mixed models for repeated measures (MMRM): the covariance of a participant's records is estimated with the means."""

from cutbook.stats.mmrm.covariances import FALL_BACK, STRUCTURES
from cutbook.stats.mmrm.model import Mmrm, mmrm
from cutbook.stats.mmrm.reasons import NotEstimable

__all__ = ["FALL_BACK", "STRUCTURES", "Mmrm", "NotEstimable", "mmrm"]
