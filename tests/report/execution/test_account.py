from __future__ import annotations

from pathlib import Path

import pytest

from cutbook.report.execution.account import figure_cache_folder


def test_fonts_are_listed_in_a_cache_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = figure_cache_folder(tmp_path / "fallback")
    assert folder.parent == tmp_path / "cache" / "cutbook"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_an_account_without_a_cache_uses_the_run_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert figure_cache_folder(tmp_path / "fallback") == tmp_path / "fallback"
