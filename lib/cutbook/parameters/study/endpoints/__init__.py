"""Endpoints of the study file."""

from cutbook.parameters.study.endpoints.comparisons import Analysis, Comparison, Repeated, RowMeans, Slope
from cutbook.parameters.study.endpoints.endpoint import Endpoint
from cutbook.parameters.study.endpoints.outcomes import JointRank, Survival

__all__ = ["Analysis", "Comparison", "Endpoint", "JointRank", "Repeated", "RowMeans", "Slope", "Survival"]
