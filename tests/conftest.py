"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def project() -> Path:
    """Return the folder that holds this checkout."""
    return PROJECT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of clinical data and reference numbers beside the checkout; skip where it is absent."""
    folder = PROJECT.parent / "shared"
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail("the shared folder must lie beside the checkout in CI")
        pytest.skip("no shared folder beside the checkout")
    return folder
