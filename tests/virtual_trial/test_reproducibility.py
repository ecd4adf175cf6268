from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from virtual_trial.simulate import simulate

DIGEST = "TO BE FILLED"
"""SHA-256 of all files of the transfers, one line of hash and relative path each, sorted; changes with any value."""


def digest_of(folder: Path) -> str:
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path.relative_to(folder).as_posix()}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def test_the_transfers_have_the_stored_bytes(transfers: Path) -> None:
    assert digest_of(transfers) == DIGEST


def test_hash_seed_time_zone_and_locale_change_no_byte(transfers: Path, project: Path, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "4711",
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "PYTHONPATH": str(project / "lib"),
    }
    code = "import sys, pathlib, virtual_trial.simulate as s; s.simulate(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=environment, check=True)
    assert digest_of(tmp_path) == digest_of(transfers)


def test_a_simulation_replaces_an_earlier_one_in_the_same_folder(transfers: Path, tmp_path: Path) -> None:
    simulate(tmp_path, only=["C1"])
    again = simulate(tmp_path, only=["C1"])
    assert again == [tmp_path / "C1"]
    assert digest_of(tmp_path / "C1") == digest_of(transfers / "C1")


def test_workers_change_no_byte(tmp_path: Path) -> None:
    simulate(tmp_path / "one", copies=2, only=["C1"])
    simulate(tmp_path / "two", copies=2, only=["C1"], workers=2)
    assert digest_of(tmp_path / "one") == digest_of(tmp_path / "two")
