from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from virtual_trial.simulate import simulate

DIGEST = "518ecc5b946c739b3caa88f4bef398135a2002a5ee2bf5beabc794040bbb9315"
"""SHA-256 of all files of the transfers, one line of hash and relative path each, sorted; changes with any value."""


DEFINE_DIGEST = "fa746abdba67b0f054aa777a3a4e7e46af4395cfea43e6d3362d325b98730a12"
"""The same of the metadata, the files of ``define/``."""


def digest_of(folder: Path, without: str = "") -> str:
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path.relative_to(folder).as_posix()}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] != without
    ]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def test_the_transfers_have_the_stored_bytes(transfers: Path) -> None:
    assert digest_of(transfers, without="define") == DIGEST


def test_the_metadata_have_the_stored_bytes(transfers: Path) -> None:
    assert digest_of(transfers / "define") == DEFINE_DIGEST


@pytest.mark.parametrize("name", ["planted.json", "expected_changes.json"])
def test_the_ledgers_are_indented_as_json_writes_it(transfers: Path, name: str) -> None:
    text = (transfers / name).read_text("utf-8")
    assert text == json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n"


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


def test_workers_and_batches_change_no_byte_and_older_files_are_replaced(
    transfers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "C1").mkdir()
    (tmp_path / "C1" / "dm.xpt").write_bytes(b"older")
    monkeypatch.setattr("virtual_trial.simulate.BATCH_SIZE", 24)
    assert simulate(tmp_path, only=["C1"], workers=2) == [tmp_path / "C1"]
    assert digest_of(tmp_path / "C1") == digest_of(transfers / "C1")
