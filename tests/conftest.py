"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("without deadline", deadline=None)
settings.load_profile("without deadline")

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


@pytest.fixture(scope="session")
def staged(project: Path, tmp_path_factory: pytest.TempPathFactory):
    """Return what gives a cut of the virtual trial by its name, each staged once."""
    from reported import stage

    folder = tmp_path_factory.mktemp("cuts")
    return cache(lambda cut_id: stage(project, cut_id, folder / cut_id))


@pytest.fixture(scope="session")
def first_report(staged):
    """Return what gives a report by its name and cut, as if there were no cut before; each is made once."""
    from reported import as_first, reported

    return cache(lambda name, cut_id: reported(name, as_first(staged(cut_id))))
