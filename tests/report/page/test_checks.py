from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest

from cutbook.errors import RenderError
from cutbook.report.page.checks import check_report, check_source
from cutbook.report.page.render import render_page
from cutbook.report.page.scan import scan_page
from cutbook.report.publishing.orders import GIVEN
from report.fake_project import FACTS, PARAMETERS, notebook

BANNER = '<header class="banner"></header>'
END = '<footer id="end-of-report" data-report="safety"></footer>'


def executed(folder: Path, *outputs: Any) -> Path:
    """Write a notebook as a kernel would leave it: banner, the outputs of one cell, end marker."""
    shown = [[html(BANNER)], list(outputs), [html(END)]]
    cells = [nbformat.v4.new_code_cell("x", outputs=part, execution_count=n) for n, part in enumerate(shown, 1)]
    file = folder / "safety.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), file)
    return file


def html(text: str) -> Any:
    return nbformat.v4.new_output("display_data", {"text/html": text})


def faults_of(folder: Path, *outputs: Any, change: Any = None) -> list[str]:
    file = executed(folder, *outputs)
    if change:
        tree = nbformat.read(file, as_version=4)
        change(tree)
        nbformat.write(tree, file)
    page = folder / "safety.html"
    page.write_text(render_page(file, FACTS).page, encoding="utf-8")
    try:
        check_report(file, page, "safety")
    except RenderError as error:
        return [str(fault) for fault in error.faults]
    return []


def test_a_clean_report_passes(tmp_path: Path) -> None:
    assert faults_of(tmp_path, html("<p>12 (34.3)</p>")) == []


def test_a_cell_that_did_not_run_is_found(tmp_path: Path) -> None:
    def skip(tree: Any) -> None:
        tree.cells[1].execution_count = None

    found = faults_of(tmp_path, change=skip)
    assert found[0].startswith("safety.ipynb cell 2: found a cell that did not run")


def test_cells_run_out_of_order_are_found(tmp_path: Path) -> None:
    def swap(tree: Any) -> None:
        tree.cells[0].execution_count, tree.cells[1].execution_count = 2, 1

    assert "found a cell out of order" in faults_of(tmp_path, change=swap)[0]


def test_an_empty_code_cell_need_not_run(tmp_path: Path) -> None:
    def add(tree: Any) -> None:
        tree.cells.insert(1, nbformat.v4.new_code_cell("  \n"))

    assert faults_of(tmp_path, change=add) == []


def test_a_report_without_its_end_is_found_in_notebook_and_page(tmp_path: Path) -> None:
    def cut_short(tree: Any) -> None:
        tree.cells[-1].outputs = []

    found = faults_of(tmp_path, change=cut_short)
    assert [line.split(":")[0] for line in found] == ["safety.ipynb", "safety.html"]


def test_the_end_of_another_report_does_not_count(tmp_path: Path) -> None:
    page = render_page(executed(tmp_path), FACTS).page
    assert "no end" in str(scan_page(page, "page", "efficacy")[0])


def test_a_report_without_its_banner_is_found(tmp_path: Path) -> None:
    def strip(tree: Any) -> None:
        tree.cells[0].outputs = []

    assert ["no banner" in line for line in faults_of(tmp_path, change=strip)] == [True]


@pytest.mark.parametrize(
    "output",
    [
        nbformat.v4.new_output("error", ename="SystemExit", evalue="0", traceback=["SystemExit: 0"]),
        nbformat.v4.new_output("stream", name="stderr", text="careful"),
        nbformat.v4.new_output("stream", name="stdout", text="x.py:1: RuntimeWarning: overflow"),
        nbformat.v4.new_output("display_data", {"text/plain": "UserWarning: odd"}),
    ],
)
def test_errors_and_warnings_in_outputs_are_found(tmp_path: Path, output: Any) -> None:
    assert any(line.startswith("safety.ipynb cell 2: found") for line in faults_of(tmp_path, output))


@pytest.mark.parametrize(
    "text",
    [
        "<td>nan</td>",
        "<td>NaN</td>",
        "<td>12 (nan)</td>",
        "<td>NaN%</td>",
        "<td>inf</td>",
        "<td>-inf</td>",
        "<td>NaT</td>",
        "<td>&lt;NA&gt;</td>",
        "<td>None</td>",
        "<p>Cut-off: 2024-01-01, purpose None</p>",
        "<p>None (0.0)</p>",
        '<img alt="mean nan" src="data:image/png;base64,AAAA">',
        "<pre>nan</pre>",
        '<table><tr><td class="verbatim">None<td>nan</table>',
        '<ul><li class="verbatim">None<li>nan</ul>',
        "<p><bdi>None</bdi> nan</p>",
        '<p aria-label="\u2068None\u2069 nan">x</p>',
        '<a download="a.csv" href="data:text/csv;charset=utf-8,A,N%0D%0A%22None%22,nan%0D%0A">CSV</a>',
    ],
)
def test_python_words_that_a_reader_would_see_are_found(tmp_path: Path, text: str) -> None:
    assert any("a value in words" in line for line in faults_of(tmp_path, html(text)))


@pytest.mark.parametrize(
    "text",
    [
        "<p>None of the participants died.</p>",
        "<p>Nobody died. None of them withdrew.</p>",
        "<p>Infusion, information, banana, Nancy, NANDROLONE, a.nan</p>",
        "<code>nan</code>",
        '<table><tr><td class="verbatim">None</td><td class="verbatim"><b>nan</b></td></tr></table>',
        "<p>NA, NC, NE</p>",
        "<p>Most frequent: <bdi>None</bdi> 3 of 12, <bdi>Warning: nan</bdi> 1 of 12</p>",
        '<p aria-label="\u2068None\u2069">\u2068nan\u2069</p>',
        '<a download="a.csv" href="data:text/csv;charset=utf-8,A,N%0D%0A%22None%22,1%0D%0A">CSV</a>',
    ],
)
def test_words_that_only_look_like_python_pass(tmp_path: Path, text: str) -> None:
    assert faults_of(tmp_path, html(text)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<script>alert(1)</script>", "a script element"),
        ('<script src="https://x.test/a.js"></script>', "src='https://x.test/a.js'"),
        ('<script src="data:text/javascript,1"></script>', "src='data:"),
        ("<style>p{color:red}</style>", "a style element"),
        ('<img src="https://x.test/a.png">', "src="),
        ('<img src="figure.png">', "src='figure.png'"),
        ('<img src="data:text/html;base64,AAAA">', "src='data:text/html"),
        ('<a href="https://x.test">x</a>', "href="),
        ('<a href="data:text/html,x">x</a>', "href="),
        ('<a href="javascript:alert(1)">x</a>', "href="),
        ('<a href="//x.test">x</a>', "href="),
        ('<p onclick="alert(1)">x</p>', "the attribute onclick"),
        ("<img src=x onerror=alert(1)>", "the attribute onerror"),
        ('<p style="color:red">x</p>', "the attribute style"),
        ('<svg><a xlink:href="https://x.test">x</a></svg>', "xlink:href="),
        ("<iframe></iframe>", "<iframe>"),
        ("<form action='#'></form>", "<form>"),
        ('<base href="#">', "<base>"),
        ('<link rel="stylesheet" href="#">', "<link>"),
        ('<meta http-equiv="refresh" content="0;url=https://x.test">', "http-equiv='refresh'"),
        ("<object></object>", "<object>"),
        ("<svg><foreignObject></foreignObject></svg>", "<foreignobject>"),
        ("<svg><script></script></svg>", "<script> in a drawing"),
        ('<svg><use href="#x"></use></svg>', "<use> in a drawing"),
        ("<svg><animate></animate></svg>", "<animate> in a drawing"),
        ('<svg><polyline points="0,nan 1,2"></polyline></svg>', "points='0,nan 1,2'"),
        ('<svg><circle fill="url(#x)"></circle></svg>', "fill="),
        ('<svg><path d="M0 0url(#x)"></path></svg>', "d='M0 0url(#x)'"),
        ('<svg><path stroke="url(#x)"></path></svg>', "stroke="),
        ('<svg><text font-size="1em">x</text></svg>', "font-size='1em'"),
        ('<a download="a.html" href="data:image/png;base64,AAAA">x</a>', "href="),
        ('<a href="data:image/png;base64,AAAA">x</a>', "href="),
        ('<a download="a.png" href="data:image/svg+xml;base64,AAAA">x</a>', "href="),
        ('<a download="a.png" href="data:image/png,<svg>">x</a>', "href="),
        ("<dialog>x</dialog>", "<dialog>"),
        ('<a href="data:text/csv;charset=utf-8,a">x</a>', "href="),
        ('<a download="a.html" href="data:text/csv;charset=utf-8,a">x</a>', "href="),
        ('<a download="a.csv" href="data:text/csv;charset=utf-8,<b>">x</a>', "href="),
        ('<a download="a.csv" href="data:text/csv;base64,AAAA">x</a>', "href="),
        ('<a download="a.csv" href="data:text/csv,a">x</a>', "href="),
        ('<a download="a.csv" href="data:text/html,a">x</a>', "href="),
        ('<a download="a.csv" href="data:text/csv;charset=utf-8,1%2Cnan">x</a>', "'nan'"),
        ('<img src="data:text/csv;charset=utf-8,a">', "src="),
        ('<p id="T-D1">x</p><p id="T-D1">y</p>', "a second id='T-D1'"),
        ("<!-- allocation -->", "the comment"),
        ("<p>caf\N{REPLACEMENT CHARACTER}</p>", "U+FFFD"),
        ('<p title="\N{REPLACEMENT CHARACTER}">x</p>', "U+FFFD"),
    ],
)
def test_what_a_browser_would_run_or_fetch_is_found(tmp_path: Path, text: str, found: str) -> None:
    assert any(found in line for line in faults_of(tmp_path, html(text)))


def test_links_within_the_page_and_inline_images_pass(tmp_path: Path) -> None:
    text = '<a href="#T-D1">x</a><img alt="" src="data:image/svg+xml;base64,AAAA">'
    assert faults_of(tmp_path, html(text)) == []


def test_the_data_of_a_figure_and_a_line_of_counts_pass(tmp_path: Path) -> None:
    data = '<a download="F-D15.csv" href="data:text/csv;charset=utf-8,group%2Cmean%0D%0A20 mg%2C%C2%B5 (1.5)">data</a>'
    line = '<svg class="spark" viewBox="0 0 60 16" role="img" aria-label="Counts 2, 5">'
    drawn = '<title>Counts</title><polyline points="0,1.5 -2,3"></polyline><circle cx="2" cy="3" r="2"></circle></svg>'
    assert faults_of(tmp_path, html(data + line + drawn)) == []


def test_a_drawing_of_paths_points_and_text_and_its_picture_pass(tmp_path: Path) -> None:
    line = '<path class="d3" stroke-width="1.6" stroke-dasharray="3 2" opacity="0.6" d="M0 1.5 -2 3h0z"/>'
    text = '<circle class="s" cx="2" cy="3" r="2"/><text class="i b" x="0" y="12" font-size="10">60 mg n = 9</text>'
    picture = '<a download="F-D15.png" href="data:image/png;base64,AAAA">Picture (PNG)</a>'
    drawn = f'<svg class="drawn" width="212" height="190" viewBox="0 0 212 190">{line}{text}</svg>{picture}'
    assert faults_of(tmp_path, html(drawn)) == []


def test_a_page_without_its_policy_is_found(tmp_path: Path) -> None:
    page = render_page(executed(tmp_path), FACTS).page
    loosened = page.replace("script-src &#39;", "script-src &#39;unsafe-inline&#39; &#39;")
    assert loosened != page
    assert any("no policy" in str(fault) for fault in scan_page(loosened, "page", "safety"))
    assert any("no policy" in str(fault) for fault in scan_page("<p>x</p>", "page", "safety"))


def test_many_findings_are_counted_not_listed(tmp_path: Path) -> None:
    found = faults_of(tmp_path, html("<p>nan</p>" * 50))
    assert len(found) == 21
    assert "30 more" in found[-1]


def test_a_committed_notebook_passes(tmp_path: Path) -> None:
    nbformat.write(notebook("safety"), tmp_path / "safety.ipynb")
    assert check_source(tmp_path / "safety.ipynb", GIVEN) == []


def test_a_notebook_saved_with_outputs_or_counts_is_refused(tmp_path: Path) -> None:
    tree = notebook("safety")
    tree.cells[2].execution_count = 7
    tree.cells[3].outputs = [html("<p>stale</p>")]
    nbformat.write(tree, tmp_path / "safety.ipynb")
    found = [str(fault) for fault in check_source(tmp_path / "safety.ipynb", GIVEN)]
    assert [line.split(":")[0] for line in found] == ["notebooks/safety.ipynb cell 3", "notebooks/safety.ipynb cell 4"]


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        (PARAMETERS + "extra: int = 1\n", "extra"),
        (PARAMETERS.replace('purpose: str = ""\n', ""), "purpose"),
        (PARAMETERS.replace("purpose", "purposes"), "purpose, purposes"),
    ],
)
def test_parameters_that_differ_from_those_given_are_refused(tmp_path: Path, parameters: str, found: str) -> None:
    nbformat.write(notebook("safety", parameters=parameters), tmp_path / "safety.ipynb")
    faults = check_source(tmp_path / "safety.ipynb", GIVEN)
    assert [fault.found for fault in faults] == [f"parameters that differ: {found}"]


def test_a_notebook_without_a_parameters_cell_is_refused(tmp_path: Path) -> None:
    tree = notebook("safety")
    tree.cells[1].metadata["tags"] = []
    nbformat.write(tree, tmp_path / "safety.ipynb")
    assert [fault.found for fault in check_source(tmp_path / "safety.ipynb", GIVEN)] == ["0 cells tagged 'parameters'"]


@pytest.mark.parametrize("content", ["", "not json", "[]", "{}", '{"nbformat": 3, "cells": []}'])
def test_a_file_that_is_no_notebook_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "safety.ipynb").write_text(content, encoding="utf-8")
    assert [fault.found for fault in check_source(tmp_path / "safety.ipynb", GIVEN)] == ["an unreadable file"]


def test_a_missing_notebook_is_refused(tmp_path: Path) -> None:
    assert [fault.found for fault in check_source(tmp_path / "safety.ipynb", GIVEN)] == ["no such file"]


def test_a_page_that_no_mail_carries_is_refused(tmp_path: Path) -> None:
    told = faults_of(tmp_path, html(f"<p>{'x' * 20_000_000}</p>"))
    assert any("safety.html: found 20.1 MB; expected at most 20 MB" in fault for fault in told)
