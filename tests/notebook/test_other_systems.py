"""What notebooks call works on systems without the modules of Unix."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from report.fake_project import LIB

CALLED = (
    "cutbook.notebook.report",
    "cutbook.notebook.closing",
    "cutbook.data.staging.history",
    "cutbook.derive",
    "cutbook.parameters.project",
    "cutbook.published.ledger",
    "cutbook.published.sets",
)

SCRIPT = """
import sys
sys.modules.update({"pwd": None, "fcntl": None})
import importlib
importlib.import_module(sys.argv[1])
"""


@pytest.mark.parametrize("name", CALLED)
def test_what_notebooks_call_is_imported_without_accounts_and_file_locks(name: str) -> None:
    environment = {"PYTHONPATH": str(LIB), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", SCRIPT, name]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr


def test_a_run_says_which_module_it_lacks() -> None:
    environment = {"PYTHONPATH": str(LIB), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", SCRIPT, "cutbook.report.execution.account"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.stderr.splitlines()[-1].startswith("ModuleNotFoundError: import of pwd halted")
