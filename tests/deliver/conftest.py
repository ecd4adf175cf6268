from __future__ import annotations

from pathlib import Path

import pytest

from cutbook.parameters.project import Project
from deliver.catcher import Authority, make_authority
from deliver.published import make_project


@pytest.fixture
def study(tmp_path: Path) -> Project:
    return make_project(tmp_path / "project")


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"))
