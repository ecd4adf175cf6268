"""Typed models of the study file and of the cut files."""

from cutbook.parameters.project import check_parameters

__all__ = ["check_parameters"]
