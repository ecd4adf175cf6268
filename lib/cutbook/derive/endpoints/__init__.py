"""Endpoints by visit."""
