"""A browser, pages to open in it, and the rules of accessibility."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from browser.mock import long_table, write_page
from command_line import UNBLINDED

WIDE = {"width": 1600, "height": 1000}
NARROW = {"width": 390, "height": 844}


def missing(what: str) -> None:
    """Skip a test for want of a program; fail where everything must be there."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} must be there in CI: .ci/run installs it")
    pytest.skip(f"{what} is not installed: .ci/run installs it")


def program(name: str) -> str:
    """Return the path of a program of the machine."""
    return shutil.which(name) or missing(name) or ""


@pytest.fixture(scope="session")
def axe() -> Path:
    """Return the script with the rules of accessibility."""
    file = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
    return file if file.is_file() else missing("axe-core") or file


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Return a running Chromium."""
    if find_spec("playwright") is None:
        missing("playwright")
    api = import_module("playwright.sync_api")
    path = program("chromium")
    with api.sync_playwright() as driver:
        # Chromium refuses its sandbox to root, which CI runs as.
        chromium = driver.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Return a function that opens a page file; no page may complain or fetch anything."""
    contexts, said, fetched = [], [], []

    def opened(file: Path, address: str = "", **settings: Any) -> Any:
        context = browser.new_context(**({"viewport": WIDE} | settings))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda line: said.append(line.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: fetched.append(request.url.partition("#")[0]))
        page.goto(file.as_uri() + address)
        fetched[:] = [url for url in fetched if url != file.as_uri() and not url.startswith(("data:", "blob:"))]
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []
    assert [url for url in fetched if not url.startswith(("data:", "blob:"))] == []


@pytest.fixture(scope="session")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of the mock notebook."""
    return write_page(tmp_path_factory.mktemp("mock"), long_table(40))


def render(project: Path, outputs: Path, *cuts: str) -> Path:
    """Return the published set of the last of some cuts of the virtual trial."""
    assert (project / "data/tofersen" / cuts[-1]).is_dir(), "make test generates the virtual trial"
    for cut in cuts:
        command = [sys.executable, "-m", "cutbook", "run", "tofersen", cut, *UNBLINDED, "--outputs", str(outputs)]
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=500, check=False)
        assert done.returncode == 0, done.stderr
    return outputs / "tofersen" / cuts[-1] / "unblinded"


@pytest.fixture(scope="session")
def published(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the published set of the second cut of the virtual trial, compared with the first."""
    return render(project, tmp_path_factory.mktemp("outputs"), "C1", "C2")


@pytest.fixture(scope="session")
def final(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the published set of the last cut, which is compared with published numbers."""
    return render(project, tmp_path_factory.mktemp("final"), "DBL")
