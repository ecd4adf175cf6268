from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from cutbook.errors import BlindingError
from cutbook.parameters.project import Project, read_study
from cutbook.parameters.study import Study
from cutbook.report.publishing.gate import leaks_in, refuse_leaks

OPEN = "<h1>Tofersen in SOD1 ALS</h1><p>Cohort 7 (60 mg or placebo): 3 of 12; CSF SOD1 is withheld.</p>"


@pytest.fixture(scope="module")
def study(project: Path) -> Study:
    return read_study(Project(project), "tofersen")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a set that tells nothing."""
    made = tmp_path / "set"
    made.mkdir()
    (made / "safety.html").write_text(OPEN, encoding="utf-8")
    (made / "safety.ipynb").write_text(json.dumps({"cells": [{"source": [OPEN]}]}), encoding="utf-8")
    results = pd.DataFrame({"group": ["COHORT 7", "TOTAL"], "value": [3.0, 12.0], "keys": [["ae/101-001/1"], []]})
    results.to_parquet(made / "safety.results.parquet")
    return made


def found(folder: Path, study: Study) -> set[tuple[str, str]]:
    return {(leak.file, leak.kind) for leak in leaks_in(folder, study)}


def test_a_set_of_cohorts_tells_nothing(folder: Path, study: Study) -> None:
    assert found(folder, study) == set()
    refuse_leaks(folder, study)


def _png(*chunks: tuple[bytes, bytes]) -> bytes:
    parts = [(b"IHDR", bytes(13)), *chunks, (b"IEND", b"")]
    whole = (len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4) for kind, data in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(whole)


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


GIVEN = "participant 101-001 was given TOF60 on day 1"
PAGES: dict[str, tuple[str, str]] = {
    "code": ("<p>TOF60</p>", "the code of an arm"),
    "code of the control": ("<td>PBO</td>", "the code of an arm"),
    "label": ("<p>tofersen  60 MG: 2 of 9</p>", "the name of an arm"),
    "control": ("<p>received Placebo by mistake</p>", "the name of an arm"),
    "entities": ("<p>&#84;OF6&#48;</p>", "the code of an arm"),
    "split by a tag": ("<p>TO<b>F6</b>0</p>", "the code of an arm"),
    "split by what does not show": ("<p>TO\u200bF60</p>", "the code of an arm"),
    "wide letters": ("<p>ＴＯＦ６０</p>", "the code of an arm"),
    "alternative text": ('<img alt="TOF60: 2 of 9">', "the code of an arm"),
    "address of a file": ('<a href="data:text/csv,arm%2CTOF%36%30">CSV</a>', "the code of an arm"),
    "base 64": (f"<p data-x={_b64(GIVEN.encode())}>", "the code of an arm"),
    "base 64 twice": (f"<p data-x={_b64(_b64(GIVEN.encode()).encode())}>", "the code of an arm"),
    "hexadecimal": (f"<p data-x={GIVEN.encode().hex()}>", "the code of an arm"),
    "packed": (f"<p data-x={_b64(gzip.compress(GIVEN.encode()))}>", "the code of an arm"),
    "metadata of a picture": (
        f'<img src="data:image/png;base64,{_b64(_png((b"tEXt", b"Title" + bytes(1) + GIVEN.encode())))}">',
        "the code of an arm",
    ),
    "packed metadata": (
        f'<img src="data:image/png;base64,{_b64(_png((b"zTXt", b"T" + bytes(2) + zlib.compress(GIVEN.encode()))))}">',
        "the code of an arm",
    ),
    "drawing": (
        f'<img src="data:image/svg+xml;base64,{_b64(b"<svg><text>PBO n = 3</text></svg>")}">',
        "the code of an arm",
    ),
    "key of a concentration": ("<li id=k>pc/233AS101-101001/12</li>", "a restricted record"),
    "variable of a concentration": ("<th>PCSTRESN</th>", "a restricted record"),
    "file of the restricted part": ("<td>restricted/dm.xpt</td>", "the restricted part"),
    "number of a kit": ("<td>KITNO</td>", "a number of the randomisation"),
    "address": ("<p>ask jane.doe@example.org</p>", "an address"),
    "birth date": ("<p>date of birth 1961-02-03</p>", "a birth date"),
    "record number": ("<p>MRN: 0048213</p>", "a record number"),
}


@pytest.mark.parametrize(("planted", "kind"), PAGES.values(), ids=PAGES.keys())
def test_what_a_page_may_not_hold_is_found(folder: Path, study: Study, planted: str, kind: str) -> None:
    (folder / "safety.html").write_text(OPEN + planted, encoding="utf-8")
    assert ("safety.html", kind) in found(folder, study)


def _in_notebook(folder: Path) -> None:
    cell = {"outputs": [{"data": {"text/plain": ["arm \\u0054OF60"]}}]}
    (folder / "safety.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")


def _in_results(folder: Path) -> None:
    pd.DataFrame({"group": ["TOF60"], "value": [1.0]}).to_parquet(folder / "safety.results.parquet")


def _in_keys(folder: Path) -> None:
    pd.DataFrame({"keys": [["ae/1/1", "pc/233AS101-101001/3"]]}).to_parquet(folder / "safety.results.parquet")


def _as_column(folder: Path) -> None:
    pd.DataFrame({"EXDOSE": [1.0]}).to_parquet(folder / "safety.records.parquet")


def _in_the_name(folder: Path) -> None:
    (folder / "F-D0I-TOF60.csv").write_text("x", encoding="utf-8")


def _in_headline(folder: Path) -> None:
    (folder / "safety.headline.json").write_text(json.dumps({"title": "2 deaths on Tofersen 60 mg"}), encoding="utf-8")


ELSEWHERE: dict[str, tuple[Callable[[Path], None], tuple[str, str]]] = {
    "notebook": (_in_notebook, ("safety.ipynb", "the code of an arm")),
    "results": (_in_results, ("safety.results.parquet", "the code of an arm")),
    "keys": (_in_keys, ("safety.results.parquet", "a restricted record")),
    "column": (_as_column, ("safety.records.parquet", "a restricted variable")),
    "file name": (_in_the_name, ("a file name", "the code of an arm")),
    "headline": (_in_headline, ("safety.headline.json", "the name of an arm")),
}


@pytest.mark.parametrize(("plant", "expected"), ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_what_any_other_file_may_not_hold_is_found(folder: Path, study: Study, plant, expected) -> None:
    plant(folder)
    assert expected in found(folder, study)


def test_a_file_that_cannot_be_looked_through_is_a_leak(folder: Path, study: Study) -> None:
    (folder / "safety.results.parquet").write_bytes(b"PAR1 and no more")
    assert found(folder, study) == {("safety.results.parquet", "a file that cannot be looked through")}


def test_blinded_readers_are_told_a_reference_and_nothing_else(folder: Path, study: Study) -> None:
    (folder / "safety.html").write_text("<p>TOF60</p>", encoding="utf-8")
    leak = next(leaks_in(folder, study))
    with pytest.raises(BlindingError) as error:
        refuse_leaks(folder, study)
    said = str(error.value)
    assert said == (
        f"blinded set: found what it may not hold, reference {leak.reference}; expected nothing that tells the "
        "treatment, or names a person; nothing is published; tell those who keep the allocation the reference"
    )
    assert error.value.exit_code == 4
    with pytest.raises(BlindingError, match=r"safety\.html: found the code of an arm, 'TOF60'"):
        refuse_leaks(folder, study, role="statistician")
    with pytest.raises(BlindingError, match="reference"):
        refuse_leaks(folder, study, role="monitor")
