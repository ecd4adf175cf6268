"""A small executed notebook with every kind of display that a report can hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat

from cutbook.report.page.render import render_page
from report.fake_project import FACTS

DISPLAYS = Path(__file__).parent / "displays"
PEOPLE = {f"P-00{place}": "Placebo" if place < 4 else "20 mg" for place in range(1, 8)}

END = '<footer id="end-of-report" data-report="safety"><p>End of report.</p></footer>'


LINKS = "Counts in"
HOSTILE_TEXTS = ("=1+1", "  +cmd", "@sum", "-2 to 3", "\N{MINUS SIGN}1.5", '5 "quoted", text', "plain")


def listing(key: str, title: str, columns: Iterable[str], rows: Iterable[str]) -> str:
    """Return a listing with ready rows."""
    heads = "".join(f'<th scope="col"{" data-role=displays" * (column == LINKS)}>{column}</th>' for column in columns)
    return (
        f'<section class="display" id="{key}" aria-labelledby="{key}-title"><h3 id="{key}-title">{title}</h3>'
        f' <a class="number" href="#{key}">{key}</a>'
        f'<p class="population">All.</p><div class="scroll" role="region" tabindex="0" aria-label="{title}">'
        f'<table class="listing marked"><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
        "</section>"
    )


def serious() -> str:
    """Return a listing with new, changed and withdrawn rows, and texts that a spreadsheet would run."""
    status = ("new", "changed", "withdrawn")
    rows = [
        f'<tr class="{kind}"><th scope="row"><a href="#P.P-00{place}">P-00{place}</a>'
        f' <b class="{kind}">{kind}</b></th><td class="verbatim">row {place}</td>'
        f"<td><del>mild</del> <ins>severe</ins></td></tr>"
        for place, kind in enumerate(status, 1)
    ]
    rows += [
        f'<tr><th scope="row"><a href="#P.P-004">P-004</a></th><td class="verbatim">{text}</td><td>mild</td></tr>'
        for text in HOSTILE_TEXTS
    ]
    rows += ['<tr><th scope="row"><a href="#P.P-005">P-005</a></th><td class="verbatim">last</td><td>mild</td></tr>']
    return listing("L-D9", "Serious adverse events", ("Participant", "Verbatim", "Severity"), rows)


def participants() -> str:
    """Return the listing of participants that all records link to."""
    rows = [
        f'<tr id="R.{place}"><th scope=row id="P.{person}">{place}<td><a href="#P.{person}">{person}</a><td>{group}'
        '<td><a href="#T-D5">adverse events</a>'
        for place, (person, group) in enumerate(PEOPLE.items(), 11)
    ]
    return listing("L-P", "Participants", ("No.", "Participant", "Group", LINKS), rows) + COURSES


COURSES = (
    '<details class="display" id="L-V"><summary>Courses</summary>'
    '<div class="scroll" role="region" tabindex="0" aria-label="Who"><table class="listing people"><thead><tr>'
    "<th scope=col>Participant<th scope=col>Who<th scope=col>Doses on days<th scope=col>Adverse events</thead><tbody>"
    "<tr><th scope=row>P-004<td>20 mg, 46 years, Male<td>1 15 29<td>3–9 1 Headache; 40– 3s Fall</tbody></table></div>"
    '<div class="scroll" role="region" tabindex="0" aria-label="Values"><table class="listing values"><thead><tr>'
    "<th scope=col>Cerebrospinal fluid<th scope=col>Days<th scope=col>White cells (cells/µL)<th scope=col>Protein"
    "</thead><tbody><tr><th scope=row>P-004<td>−7 15 71u<td>3 – 41h<td>– – –</tbody></table></div></details>"
)
"""Doses, events and values of one participant."""


def long_table(count: int) -> str:
    """Return a listing of many rows."""
    rows = [
        f'<tr><th scope="row">{number}</th>{"".join(f"<td>{number * step % 997}</td>" for step in range(1, 8))}</tr>'
        for number in range(1, count + 1)
    ]
    return listing("L-LONG", "Many rows", ("No.", *(f"Value {step}" for step in range(1, 8))), rows)


def wide_table(count: int) -> str:
    """Return a listing of one row with many columns, each cell with its change."""
    cells = "".join(f"<td>value {number}<b>▲<i>value {number - 1} before</i></b></td>" for number in range(count))
    heads = ("Participant", *(f"Column {number}" for number in range(count)))
    return listing("L-WIDE", "Many columns", heads, [f'<tr><th scope="row">P-001</th>{cells}</tr>'])


def read(name: str) -> str:
    """Return one display of the mock notebook."""
    return (DISPLAYS / f"{name}.html").read_text(encoding="utf-8")


def output(text: str) -> Any:
    """Return a cell output of HTML."""
    return nbformat.v4.new_output("display_data", {"text/html": text})


def write_page(folder: Path, *displays: str, **facts: Any) -> Path:
    """Return a rendered page of the mock notebook, with more displays before its end, and other facts in its strip."""
    parts = [read("banner"), "## Adverse events", read("events"), read("overview"), serious()]
    parts += ["## Laboratory", read("visits"), read("figure"), *displays]
    parts += ["## Appendix", read("folded"), participants(), read("records"), END]
    cells = [
        nbformat.v4.new_markdown_cell(part)
        if part.startswith("#")
        else nbformat.v4.new_code_cell("x", outputs=[output(part)], execution_count=place)
        for place, part in enumerate(["# Safety", *parts], 1)
    ]
    file = folder / "safety.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), file)
    page = folder / "safety.html"
    page.write_text(render_page(file, replace(FACTS, **facts)).page, encoding="utf-8")
    return page
