"""The study files that the introduction shows are complete: their data are read, cut and checked with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from cutbook import cli
from cutbook.parameters.document import introduction
from transfer_files import clean_datasets, frame_of_records, write_transfer


def smallest() -> dict[str, pd.DataFrame]:
    return {name: frame for name, frame in clean_datasets().items() if name != "lb"}


def grown() -> dict[str, pd.DataFrame]:
    lb = clean_datasets()["lb"].assign(LBCAT=pd.Series(["CHEMISTRY"] * 4, dtype="str"))
    tests = {"WEIGHT": 70.0, "HEIGHT": 175.0, "SYSBP": 120.0, "DIABP": 80.0, "PULSE": 64.0}
    units = {"WEIGHT": "kg", "HEIGHT": "cm", "PULSE": "beats/min"}
    vs = {
        "USUBJID": ["01-001"] * len(tests),
        "VSSEQ": [float(number) for number in range(1, len(tests) + 1)],
        "VSTESTCD": list(tests),
        "VSTEST": list(tests),
        "VSORRES": [str(value) for value in tests.values()],
        "VSSTRESC": [str(value) for value in tests.values()],
        "VSSTRESN": list(tests.values()),
        "VSSTRESU": [units.get(name, "mmHg") for name in tests],
        "VISITNUM": [1.0] * len(tests),
        "VISIT": ["SCREENING"] * len(tests),
        "VSDTC": ["2024-01-02"] * len(tests),
    }
    return {**clean_datasets(), "lb": lb, "vs": frame_of_records(vs)}


@pytest.mark.parametrize(
    ("place", "datasets", "told"),
    [
        (0, smallest(), "demo C1: 4 datasets, 9 rows after the cut"),
        (2, grown(), "demo C1: 6 datasets, 18 rows after the cut"),
    ],
)
def test_the_shown_files_are_complete(
    tmp_path: Path,
    project: Path,
    capsys: pytest.CaptureFixture[str],
    place: int,
    datasets: Mapping[str, pd.DataFrame],
    told: str,
) -> None:
    shown = re.findall(r"```yaml\n(.*?)```", introduction(), re.DOTALL)
    assert len(shown) == 3
    folder = tmp_path / "parameters/demo"
    folder.mkdir(parents=True)
    (tmp_path / "notebooks").symlink_to(project / "notebooks")
    (folder / "study.yaml").write_text(shown[place], encoding="utf-8")
    (folder / "C1.yaml").write_text(shown[1], encoding="utf-8")
    transfer = tmp_path / "data/demo/T1"
    transfer.mkdir(parents=True)
    write_transfer(transfer, {f"{name}.csv": frame for name, frame in datasets.items()}).unlink()
    with pytest.raises(SystemExit) as ended:
        cli.main(["check", "demo", "C1", "--unverified", "--project", str(tmp_path)])
    out, errors = capsys.readouterr()
    assert (ended.value.code, errors.replace("warning: Python", "").count("found")) == (0, 0)
    assert out.splitlines()[0] == told
