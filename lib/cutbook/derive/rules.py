"""Ordered rules: the first one that applies to a record decides."""

from __future__ import annotations

from cutbook.columns import Rule, first_match

__all__ = ["Rule", "first_match"]
