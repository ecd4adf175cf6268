"""The smallest study file that the introduction shows is complete: its data are read, cut and checked with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cutbook import cli
from cutbook.parameters.document import introduction
from transfer_files import clean_datasets, write_transfer


def test_the_smallest_file_is_complete(tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study, cut = re.findall(r"```yaml\n(.*?)```", introduction(), re.DOTALL)
    folder = tmp_path / "parameters/demo"
    folder.mkdir(parents=True)
    (tmp_path / "notebooks").symlink_to(project / "notebooks")
    (folder / "study.yaml").write_text(study, encoding="utf-8")
    (folder / "C1.yaml").write_text(cut, encoding="utf-8")
    transfer = tmp_path / "data/demo/T1"
    transfer.mkdir(parents=True)
    write_transfer(transfer, {f"{name}.csv": frame for name, frame in clean_datasets().items() if name != "lb"})
    for manifest in transfer.glob("manifest.json"):
        manifest.unlink()
    with pytest.raises(SystemExit) as ended:
        cli.main(["check", "demo", "C1", "--unverified", "--project", str(tmp_path)])
    told = capsys.readouterr()
    assert (ended.value.code, told.err.replace("warning: Python", "").count("found")) == (0, 0)
    assert told.out.splitlines()[0] == "demo C1: 4 datasets, 9 rows after the cut"
