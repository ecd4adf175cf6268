"""Delivery: finished reports announced by mail to those whose role allows it, never silently lost."""
