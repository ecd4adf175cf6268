from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest

from cutbook.display.look.elements import Column, Row
from cutbook.display.look.frame import Sentence, Table
from cutbook.display.look.opening import Box, Opening
from cutbook.report.page.render import content_policy, print_style, render_page
from cutbook.report.page.scan import scan_page
from report.fake_project import FACTS

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)></title></style>\"'"
LARGEST_OVERHEAD_BYTES = 90_000


class Page(HTMLParser):
    """The elements of a page with their attributes, and the text by element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self._tag = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag = tag
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.texts.append((self._tag, data))

    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    def find(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [
            found
            for name, found in self.elements
            if name == tag and all(found.get(key.rstrip("_")) == value for key, value in wanted.items())
        ]

    def text(self) -> str:
        return " ".join(data for tag, data in self.texts if tag not in {"style", "script"})


def output(**data: str) -> Any:
    kinds = {name.replace("__", "/").replace("_plus_", "+"): value for name, value in data.items()}
    return nbformat.v4.new_output("display_data", kinds)


def html_of(folder: Path, *outputs: Any, prose: str = "", **facts: Any) -> str:
    cell = nbformat.v4.new_code_cell("secret_input = 1", outputs=list(outputs), execution_count=1)
    cells = [nbformat.v4.new_markdown_cell(prose), cell] if prose else [cell]
    notebook = nbformat.v4.new_notebook(cells=cells)
    file = folder / "safety.ipynb"
    nbformat.write(notebook, file)
    return render_page(file, replace(FACTS, **facts)).page


def test_data_that_looks_like_script_stays_text(tmp_path: Path) -> None:
    rows = (Row(HOSTILE, (HOSTILE,)),)
    columns = (Column(HOSTILE, HOSTILE, is_number=False),)
    table = Table("T-1", HOSTILE, HOSTILE, HOSTILE, columns, rows, footnotes=(HOSTILE,))
    page = Page(html_of(tmp_path, output(text__html=table._repr_html_())))
    assert len(page.find("script")) == 1
    assert page.find("img") == []
    assert ("td", HOSTILE) in [(tag, text.rstrip("\n")) for tag, text in page.texts]
    assert ("h3", HOSTILE) in page.texts


@pytest.mark.parametrize("field", ["study_title", "study", "cut", "status", "cutoff", "extracted"])
def test_a_hostile_fact_stays_text_on_the_page_and_in_its_margins(tmp_path: Path, field: str) -> None:
    text = html_of(tmp_path, **{field: HOSTILE})
    page = Page(text)
    assert len(page.find("script")) == len(page.find("style")) == 1
    assert [fault for fault in scan_page(text, "page", "safety") if "no banner" not in str(fault)][1:] == []


def test_the_margins_of_every_sheet_hold_class_place_dates_and_page_number() -> None:
    style = print_style(replace(FACTS, study='x"} body{display:none} \\'))
    assert 'counter(page) " of " counter(pages)' in style
    assert "UNBLINDED \\b7 DRAFT" in style.replace("  ", " ")
    assert "display:none" not in style.replace("display\\3a none", "")
    assert style.count("{") == style.count("}") == 5


@pytest.mark.parametrize(
    "data",
    [
        {"text__markdown": "<b>live</b>", "text__plain": "plain & safe"},
        {"application__javascript": "alert(1)", "text__plain": "plain & safe"},
        {"application__vnd.jupyter.widget-view_plus_json": '{"model_id": "1"}', "text__plain": "plain & safe"},
        {"text__latex": "$x$", "text__plain": "plain & safe"},
        {"text__plain": "plain & safe"},
    ],
)
def test_what_is_not_html_or_an_image_is_shown_as_its_text(tmp_path: Path, data: dict[str, str]) -> None:
    page = Page(html_of(tmp_path, output(**data)))
    assert ("pre", "plain & safe") in page.texts
    assert len(page.find("script")) == 1


def test_standard_output_is_escaped(tmp_path: Path) -> None:
    stream = nbformat.v4.new_output("stream", name="stdout", text="\x1b[31m<b>red</b>\x1b[0m")
    assert ("pre", "<b>red</b>") in Page(html_of(tmp_path, stream)).texts


def test_an_image_is_inline_and_never_live_markup(tmp_path: Path) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    page = Page(html_of(tmp_path, output(image__svg_plus_xml=drawing), output(image__png="iVBO\nRw0K")))
    encoded = base64.b64encode(drawing.encode()).decode()
    assert [image["src"] for image in page.find("img")] == [
        f"data:image/svg+xml;base64,{encoded}",
        "data:image/png;base64,iVBORw0K",
    ]
    assert "svg" not in page.tags()


def test_inputs_are_hidden(tmp_path: Path) -> None:
    assert "secret_input" not in html_of(tmp_path)


def test_prose_is_rendered_but_html_in_it_stays_text(tmp_path: Path) -> None:
    page = Page(html_of(tmp_path, prose="Some *emphasis*.\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))"))
    assert "em" in page.tags()
    assert len(page.find("script")) == 1
    assert page.find("a", href="javascript:alert(1)") == []


def test_the_policy_allows_this_style_and_this_script_and_nothing_else(tmp_path: Path) -> None:
    text = html_of(tmp_path)
    page = Page(text)
    style, script = ("".join(data for tag, data in page.texts if tag == kind).strip() for kind in ("style", "script"))
    policy = page.find("meta", **{"http-equiv": "Content-Security-Policy"})[0]["content"]
    assert policy == content_policy(style, script)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.endswith("base-uri 'none'; form-action 'none'")


def test_the_page_fetches_nothing(tmp_path: Path) -> None:
    text = html_of(tmp_path, prose="## A\n\ntext")
    page = Page(text)
    addresses = [value for _, found in page.elements for name, value in found.items() if name in {"src", "href"}]
    assert addresses == ["#report", "#a"]
    # The name of SVG's elements for a script that draws: a name, which nobody fetches.
    assert re.findall(r"url\(|@import|https?://", text.replace('"http://www.w3.org/2000/svg"', "")) == []


def test_the_page_names_study_cut_report_class_and_status(tmp_path: Path) -> None:
    page = Page(html_of(tmp_path, is_verified=False, revision=2))
    title = next(data for tag, data in page.texts if tag == "title")
    assert title == "demo · cut C1 r2 · safety · unblinded · draft · synthetic data · row counts unverified"
    assert page.find("html", lang="en")
    strip = page.text()
    for mark in ("unblinded", "draft", "synthetic data", "row counts unverified"):
        assert mark in strip
    assert "Demo · C1 r2" in strip
    assert "cut-off 30 Jun 2024" in strip
    assert "compared with" not in strip


def test_the_strip_leads_to_the_other_reports_and_says_what_is_compared(tmp_path: Path) -> None:
    more = {"previous": "C0", "previous_cutoff": "2024-03-31", "reports": ("safety", "pharmacokinetics")}
    page = Page(html_of(tmp_path, **more))
    assert "cut-off 30 Jun 2024 · compared with C0, 31 Mar 2024" in page.text()
    assert page.find("span", **{"aria-current": "page"})
    assert page.find("a", href="pharmacokinetics.html")
    assert page.find("a", href="../../index-unblinded.html")
    assert not page.find("a", href="safety.html")


def test_the_first_screen_brings_the_title_of_the_page(tmp_path: Path) -> None:
    opening = Opening("SOD1 is lower", "50 treated.", (Box("Key findings", "findings", (Sentence("x.", ""),)),))
    page = html_of(tmp_path, output(text__html=opening._repr_html_()), prose="# Safety\n\nIs it tolerated?")
    assert page.count("<h1") == 1
    assert "Is it tolerated?" not in page
    assert html_of(tmp_path, prose="# Safety\n\nIs it tolerated?").count("Is it tolerated?") == 1


def test_real_and_verified_data_carry_no_warning(tmp_path: Path) -> None:
    text = Page(html_of(tmp_path, is_synthetic=False)).text()
    assert "synthetic" not in text
    assert "unverified" not in text


def test_the_contents_list_leads_to_sections_and_displays(tmp_path: Path) -> None:
    displays = '<section class="display" id="T-D1"><h3 id="T-D1-title">Disposition &amp; more</h3></section>'
    page = Page(html_of(tmp_path, output(text__html=displays), prose="## Who was *treated*\n\n## Who was treated"))
    links = [found["href"] for found in page.find("a")]
    assert links == ["#report", "#who-was-treated", "#who-was-treated-2", "#T-D1"]
    identities = [found["id"] for _, found in page.elements if "id" in found]
    assert len(identities) == len(set(identities))
    assert {link[1:] for link in links} <= set(identities)


def test_the_template_weighs_little(tmp_path: Path) -> None:
    assert len(html_of(tmp_path).encode()) < LARGEST_OVERHEAD_BYTES


def test_the_page_has_landmarks_and_a_way_to_skip_to_the_report(tmp_path: Path) -> None:
    page = Page(html_of(tmp_path, prose="## A"))
    assert {"nav", "main"} <= page.tags()
    assert page.find("a", class_="skip", href="#report")
    assert page.find("main", id="report")
