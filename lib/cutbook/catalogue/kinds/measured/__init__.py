"""Kinds of displays of measurements: shares of those measured, scatters with limits, boxes."""
