"""Manifests of sets that tests publish by hand."""

from __future__ import annotations

from typing import Any

from cutbook.published.manifest import FORMAT, Manifest


def a_manifest(**values: Any) -> Manifest:
    """Return the manifest of an empty set of cut C1, with some values changed."""
    told = {
        "format": FORMAT,
        "run": "run1",
        "study": "demo",
        "cut": "C1",
        "audience": "unblinded",
        "revision": 1,
        "is_complete": True,
        "is_synthetic": True,
        "identity": {"parameters": {"cutoff_date": "2024-06-30"}},
        "outputs": (),
    }
    return Manifest.model_validate(told | values)
