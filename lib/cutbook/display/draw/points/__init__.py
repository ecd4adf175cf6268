"""Figures of single values: scatters with limits, boxes."""
