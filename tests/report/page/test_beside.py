"""What a page has no room for lies beside it: whole tables, kind by kind, and every address still leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from cutbook.display.look.elements import Cell, Column, RecordGroup, Records, RecordTable, Row
from cutbook.display.look.frame import Table
from cutbook.errors import DeliveryError
from cutbook.published.sets import Beside, ReportFile, read_beside
from cutbook.report.page import render
from cutbook.report.page.beside import divide
from cutbook.report.page.checks import check_report
from cutbook.report.page.render import render_page
from cutbook.report.page.scan import scan_page
from report.fake_project import FACTS

FILES = ("safety.html", "safety.tables.html")


def grid(key: str) -> Records:
    people = RecordGroup("A", ("A",), (Row("p1", ("5",)),))
    values = RecordTable((Column("Day 1", id=f"{key}.c0"),), (people,), "Participant")
    return Records("Values", "All values.", (), (values,))


def by_visit(key: str, *, cell: str = "", is_folded: bool = True) -> str:
    columns = (Column("n", counts="all"), Column("Mean"))
    counted = Row("A", (Cell("1", id=cell, link="R.7"), "5.0"), group="A")
    rows = (Row("Day 1", (), is_head=True, grid=f"{key}.c0"), counted)
    table = Table(key, f"Title of {key}", "All. N = 1.", "", columns, rows, is_folded=is_folded, records=grid(key))
    return table._repr_html_()


def folded(key: str) -> str:
    rows = (Row("Any", ("1 (100.0)",)),)
    table = Table(key, f"Title of {key}", "All. N = 1.", "", (Column("A"),), rows, is_folded=True)
    return table._repr_html_()


BODY = "\n".join(
    [
        '<h2 id="first">First</h2>',
        by_visit("T-open", is_folded=False),
        by_visit("T-1"),
        folded("T-2"),
        '<h2 id="second">Second</h2>',
        by_visit("T-3"),
        by_visit("T-4", cell="T-4-1"),
        '<p><a href="#T-4-1">5</a></p>',
    ]
)


def told(body: str) -> list[str]:
    return re.findall(r'The whole table is in <a href="([^"]+)"', body)


def test_a_body_that_fits_stays_whole() -> None:
    assert divide(BODY, "safety", 0).page == BODY
    assert divide(BODY, "safety", 0).beside == ""


def test_tables_by_visit_move_first_and_all_together_but_those_that_a_sentence_leads_to() -> None:
    made = divide(BODY, "safety", 1)
    assert told(made.page) == ["safety.tables.html#T-1", "safety.tables.html#T-3"]
    assert [made.page.count(f'id="{key}"') for key in ("T-open", "T-1", "T-2", "T-3", "T-4")] == [1, 1, 1, 1, 1]
    assert re.findall(r'<details class="display" id="([^"]+)"', made.beside) == ["T-1", "T-3"]
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", made.beside) == ["First", "Second"]


def test_the_records_behind_a_table_that_moves_stay_on_the_page_and_are_beside_too() -> None:
    made = divide(BODY, "safety", 1)
    assert made.page.count('id="T-1.c0"') == made.beside.count('id="T-1.c0"') == 1
    assert "5.0" in made.beside
    assert "All. N = 1." in made.page


PICTURE = (
    '<section class="display figure" id="F-1"><p class="tools">'
    '<a download="F-1.csv" href="data:text/csv;base64,QQ==">Data of this figure (CSV)</a></p></section>'
)


def test_the_data_of_figures_move_after_the_tables_and_are_a_line_each_beside() -> None:
    assert "data:text/csv" in divide(PICTURE + BODY, "safety", 3).page
    made = divide(PICTURE + BODY, "safety", 4)
    assert '<a href="safety.tables.html#F-1.csv">Data of this figure (CSV)</a>' in made.page
    assert "data:text/csv" not in made.page
    line = '<li id="F-1.csv"><a download="F-1.csv" href="data:text/csv;base64,QQ==">F-1.csv</a></li>'
    assert made.beside.count(line) == 1
    assert divide(PICTURE, "safety", 4).beside.count(line) == 1


def test_values_of_every_participant_move_last_and_only_with_their_table() -> None:
    def kept(body: str, kinds: int) -> list[str]:
        page = divide(body, "safety", kinds).page
        return [key for key in ("T-open", "T-1", "T-3", "T-4") if f'id="{key}.c0"' in page]

    assert kept(BODY, 4) == ["T-open", "T-1", "T-3", "T-4"]
    assert kept(BODY, 5) == ["T-open", "T-4"]
    assert kept(BODY + '<p><a href="#T-1.c0">n</a></p>', 5) == ["T-open", "T-1", "T-4"]
    unopened = Table(
        "T-none", "No count", "All. N = 1.", "", (Column("A"),), (Row("Any", ("0",)),), records=grid("T-none")
    )
    assert 'id="T-none.c0"' in divide(BODY + unopened._repr_html_(), "safety", 5).page
    made = divide(BODY, "safety", 5)
    assert 'They are in <a href="safety.tables.html#T-1.r">safety.tables.html</a>' in made.page
    assert made.beside.count('id="T-1.c0"') == 1


def test_other_folded_tables_move_when_those_by_visit_are_not_enough() -> None:
    assert told(divide(BODY, "safety", 2).page) == [f"safety.tables.html#{key}" for key in ("T-1", "T-2", "T-3")]


def test_links_of_the_file_beside_lead_into_it_or_back_to_the_page() -> None:
    beside = divide(BODY, "safety", 1).beside
    inside = set(re.findall(r'id="?([^"\s>]+)', beside))
    links = re.findall(r'href="([^"]+)"', beside)
    assert "safety.html#R.7" in links
    assert "#T-1.c0" in links
    assert all(link.removeprefix("#") in inside for link in links if link.startswith("#"))


def made(folder: Path, body: str) -> Any:
    end = '<header class="banner"><h1>x</h1></header>', '<footer id="end-of-report" data-report="safety"></footer>'
    outputs = [nbformat.v4.new_output("display_data", {"text/html": part}) for part in (end[0], body, end[1])]
    cells = [
        nbformat.v4.new_code_cell("x", outputs=[one], execution_count=number) for number, one in enumerate(outputs, 1)
    ]
    file = folder / "safety.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), file)
    return render_page(file, FACTS)


@pytest.mark.parametrize(("room", "moved"), [(0, []), (-1, ["T-1", "T-3"]), (-100_000, ["T-1", "T-2", "T-3"])])
def test_a_page_is_divided_no_further_than_it_must(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int, moved: list[str]
) -> None:
    whole = len(made(tmp_path, BODY).page.encode())
    monkeypatch.setattr(render, "LARGEST_PAGE", whole + room)
    parts = made(tmp_path, BODY)
    assert [link.partition("#")[2] for link in told(parts.page)] == moved
    assert bool(parts.beside) == bool(moved)
    assert scan_page(parts.page, "page", "safety", files=FILES) == []
    assert not moved or scan_page(parts.beside, "beside", "safety", files=FILES) == []


def test_what_lies_beside_a_page_is_checked_like_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "LARGEST_PAGE", 0)
    parts = made(tmp_path, BODY)
    (tmp_path / FILES[0]).write_text(parts.page, encoding="utf-8")
    (tmp_path / FILES[1]).write_text(parts.beside.replace("5.0", "nan"), encoding="utf-8")
    with pytest.raises(Exception, match=r"safety\.tables\.html.*'nan'"):
        check_report(tmp_path / "safety.ipynb", tmp_path / FILES[0], "safety", files=FILES)


def test_the_page_beside_says_whose_tables_it_has_and_has_all_tabs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "LARGEST_PAGE", 0)
    beside = made(tmp_path, BODY).beside
    assert "<h1>Tables of the report on safety</h1>" in beside
    assert f"<title>{FACTS.study} · cut {FACTS.cut} · safety · tables" in beside


def test_a_file_beside_that_is_another_than_the_published_one_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "safety.tables.html"
    file.write_bytes(b"published")
    digest = "e7e2d4f9e5eb2e0f5e9a4a6b8a8d7ae5c7b3f2f7f4f9d9b9f5b8e1a7c1d2e3f4"
    report = ReportFile("safety", tmp_path / "safety.html", 9, "", "", None, Beside(file, digest))
    with pytest.raises(DeliveryError, match="another SHA-256"):
        read_beside(report)
