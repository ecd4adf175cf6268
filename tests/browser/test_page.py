from __future__ import annotations

import re
import subprocess
from base64 import b64encode
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from browser.conftest import NARROW, WIDE, program
from browser.mock import long_table, wide_table, write_page
from cutbook.display.look.frame import Figure
from cutbook.page_script import displays_script
from cutbook.report.page.beside import LARGEST_PAGE

pytestmark = pytest.mark.slow
REPORTS = ("safety", "efficacy", "pharmacokinetics")
SCREENS = [("light", WIDE), ("dark", WIDE), ("light", NARROW), ("dark", NARROW)]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# Brings every display on the screen once, all of them open, so that each has its links and tools.
READ_ALL = """async () => {
  document.querySelectorAll("details").forEach((folded) => { folded.open = true; });
  for (const display of document.querySelectorAll(".display")) {
    display.scrollIntoView();
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  }
}"""
# Every count that opens records, beside the number of participants and of records that it opens.
COUNTS = """() => [...document.querySelectorAll(".display table.stat td a")].flatMap((link) => {
  const found = window.cutbook.recordsOf(link);
  if (!found?.length) { return []; }
  const rows = found.flatMap((part) => part.rows);
  const people = new Set(rows.map((row) => row.querySelector('a[href^="#P."]')?.hash ?? row.cells[0].textContent));
  const number = parseInt(link.textContent.replace(/[\\u2007\\u2008]/g, ""), 10);
  return [[link.closest(".display").id, number, people.size, rows.length]];
})"""
MOST_SHEETS = 15
# Tables of statistics wider than their box.
WIDER = """() => [...document.querySelectorAll(".scroll:has(table.stat)")]
  .filter((box) => box.scrollWidth > box.clientWidth)
  .map((box) => `${box.closest(".display").id} ${box.scrollWidth - box.clientWidth}`)"""
# Where every cell that is shown of a table of statistics by arm ends, with its display.
ENDS_OF_CELLS = """() => [...document.querySelectorAll("table.stat:not(.visits) tbody td")]
  .filter((cell) => cell.textContent.trim() && cell.getClientRects().length)
  .map((cell) => [cell.closest(".display").id, cell.getBoundingClientRect().right])"""
# Words, own text, left and right edge and top of every cell of a card.
CARD = """(cells) => [...document.querySelectorAll(cells)].map((cell) => {
  const { left, right, top } = cell.getBoundingClientRect();
  return [getComputedStyle(cell, "::before").content, cell.firstChild.data, left, right, top];
})"""
FIRST_FINDING = "document.querySelector('.box').getBoundingClientRect().top"
DEAD_LINKS = """() => [...document.querySelectorAll("a[href^='#']")]
  .map((link) => decodeURIComponent(link.hash.slice(1))).filter((id) => !document.getElementById(id))"""


def texts(page: Any, selector: str) -> list[str]:
    return [" ".join(text.split()) for text in page.locator(selector).all_inner_texts()]


def first_cells(page: Any, display: str) -> list[str]:
    return texts(page, f"{display} tbody tr:not([hidden]) > :first-child")


def seen(page: Any, display: str) -> Any:
    found = page.locator(f"#{display}").first
    found.evaluate("display => display.scrollIntoView()")
    found.locator(".cb-tools").first.wait_for()
    return found


def save(page: Any, selector: str, folder: Path) -> str:
    with page.expect_download() as waiting:
        page.locator(selector).click()
    waiting.value.save_as(folder / waiting.value.suggested_filename)
    return (folder / waiting.value.suggested_filename).read_bytes().decode("utf-8")


def violations(page: Any, axe: Path) -> list[str]:
    # The policy of the page forbids other scripts; the driver evaluates this one outside of it.
    page.evaluate(axe.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run({ runOnly: rules })", RULES)
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]


TOOLS = ("Only what changed", "Print everything", "Close", "Records behind the counts", "CSV")


def print_text(page: Any, folder: Path) -> str:
    pdftotext = program("pdftotext")
    page.pdf(path=folder / "page.pdf", prefer_css_page_size=True)
    command = [pdftotext, "-layout", str(folder / "page.pdf"), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_count_opens_exactly_its_records(open_page, mock):
    page = open_page(mock)
    page.get_by_role("link", name="3 (75.0)").click()
    panel = page.get_by_role("dialog", name="3 (75.0) · Headache · 20 mg")
    assert "Previous cut: 1 (33.3)" in panel.inner_text()
    assert "3 records of 3 participants" in panel.inner_text()
    assert "Began on or after the first dose" in panel.inner_text()
    assert first_cells(page, ".cb-panel") == ["3", "4", "5"]


def test_a_total_opens_the_records_of_all_groups_under_their_names(open_page, mock):
    page = open_page(mock)
    page.get_by_role("link", name="4 (57.1)").click()
    assert first_cells(page, ".cb-panel") == ["Placebo", "1", "20 mg", "3", "4", "5"]


def test_the_panel_leads_to_the_list_of_all_records(open_page, mock):
    page = open_page(mock)
    page.get_by_role("link", name="3 (75.0)").click()
    page.get_by_role("dialog").get_by_role("link", name="Adverse events behind the counts (6)").click()
    assert page.url.endswith("#L-R")
    assert page.locator("tr[id='R.2']").is_visible()


@pytest.mark.parametrize(
    ("entry", "heading", "rows"),
    [
        ("a[href='#T-D4.e1']:not([data-counts])", "1 · Severe · Placebo", ["1"]),
        ("a[data-counts='all']", "9 · Events · 20 mg", ["Placebo", "1", "20 mg", "2"]),
        ("td a[href='#T-D4.r']", "9 · Any · 20 mg", []),
    ],
    ids=["of a group", "of everybody", "too many"],
)
def test_a_table_with_records_of_its_own_opens_those(open_page, mock, entry, heading, rows):
    page = open_page(mock)
    seen(page, "T-D4").locator(entry).click()
    assert page.locator(".cb-panel h2").inner_text() == heading
    assert first_cells(page, ".cb-panel") == rows
    assert ("Too many to open here." in page.locator(".cb-panel").inner_text()) == (not rows)


def test_counts_of_values_open_the_values_that_they_count(open_page, mock):
    page = open_page(mock)
    seen(page, "T-D15-ALT")
    opened = {}
    assert page.locator("#T-D15-ALT table.stat td", has_text="0").locator("a").count() == 0
    for count in page.locator("#T-D15-ALT table.stat td a").all():
        count.click()
        opened[page.locator(".cb-panel h2").inner_text()] = first_cells(page, ".cb-panel")
    assert opened == {
        "2 · Placebo · Week 4": ["P-001", "P-002"],
        "1 · Placebo · Week 4": ["P-001"],
        "3 · Everybody · Week 4": ["Placebo", "P-001", "P-002", "20 mg", "P-004"],
        "1 · Everybody · Week 4": ["P-004"],
    }


def test_a_participant_opens_all_their_records_by_display(open_page, mock):
    page = open_page(mock)
    page.get_by_role("link", name="3 (75.0)").click()
    page.locator(".cb-panel").get_by_role("link", name="P-004").click()
    assert page.locator(".cb-panel h2").inner_text() == "P-004"
    assert texts(page, ".cb-panel h3") == [
        "Cerebrospinal fluid",
        "Serious adverse events",
        "Alanine aminotransferase by visit",
        "Participants",
        "Adverse events behind the counts (6)",
    ]
    assert page.locator(".cb-panel section:nth-of-type(5) .cb-card").count() == 2
    page.get_by_role("button", name="Back").click()
    assert page.locator(".cb-panel h2").inner_text() == "3 (75.0) · Headache · 20 mg"


@pytest.mark.parametrize("screen", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_participant_has_doses_events_and_every_value_with_its_day_over_one_time(open_page, mock, screen):
    page = open_page(mock, "#L-P", viewport=screen)
    page.locator("#L-P").get_by_role("link", name="P-004").click()
    panel = page.locator(".cb-panel")
    assert texts(page, ".cb-panel > p:nth-of-type(n + 2)")[:2] == ["20 mg, 46 years, Male", "Doses on days 1, 15, 29"]
    assert panel.locator("svg").first.locator("text").all_text_contents() == [
        "Headache", "Fall", "−7", "1", "15", "29", "71"
    ]  # fmt: skip
    assert texts(page, ".cb-panel h4") == ["White cells (cells/µL)"]
    assert panel.locator(".cb-values").inner_text() == "−7: 3 · 71 unscheduled: 41"
    assert panel.locator(".cb-values strong").inner_text() == "71 unscheduled: 41"
    # An open red circle: unscheduled, and outside the limits.
    assert panel.locator("circle").evaluate_all("all => all.map((one) => one.getAttribute('class'))") == ["i f", "a"]
    assert panel.evaluate("(one) => one.scrollWidth <= one.clientWidth")


@pytest.mark.parametrize("screen", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_keyboard_alone_opens_and_closes_records_and_comes_back(open_page, mock, screen):
    page = open_page(mock, viewport=screen)
    page.locator("#D5-1a2b3c4d5e a").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "3 (75.0) · Headache · 20 mg"
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('.cb-panel'))")
    page.keyboard.press("Escape")
    assert not page.locator(".cb-panel").is_visible()
    assert page.evaluate("document.activeElement.textContent") == "3 (75.0)"


def test_a_listing_sorts_by_a_heading_and_a_third_press_restores_it(open_page, mock):
    page = open_page(mock)
    heading = seen(page, "L-LONG").get_by_role("button", name="Value 7")
    column = "#L-LONG tbody tr > :nth-child(8)"
    before = texts(page, column)
    heading.click()
    ascending = [int(text) for text in texts(page, column)]
    assert ascending == sorted(ascending)
    assert page.locator("#L-LONG th[aria-sort='ascending']").inner_text().strip() == "Value 7"
    heading.click()
    assert [int(text) for text in texts(page, column)] == ascending[::-1]
    heading.click()
    assert texts(page, column) == before
    assert page.locator("#L-LONG th[aria-sort]").count() == 0


def test_a_table_of_statistics_sorts_within_its_heads(open_page, mock):
    page = open_page(mock)
    page.locator("#T-D5 thead").get_by_role("button", name="20 mg").first.click()
    rows = ["Nervous system disorders", "Dizziness new", "Headache", "Vascular disorders", "Flushing"]
    assert first_cells(page, "#T-D5 .marked") == rows


def test_a_filter_keeps_rows_that_match_and_counts_them(open_page, mock):
    page = open_page(mock)
    seen(page, "L-LONG").get_by_label("Filter rows").fill("39")
    assert page.locator("#L-LONG output").inner_text() == "2 of 40 rows"
    assert first_cells(page, "#L-LONG") == ["13", "39"]
    page.keyboard.press("Escape")
    assert len(first_cells(page, "#L-LONG")) == 40


def test_only_what_changed_leaves_rows_with_a_mark_under_their_heads(open_page, mock):
    page = open_page(mock)
    page.locator(".switches").get_by_role("button", name="Only what changed").click()
    assert first_cells(page, "#T-D5 .marked") == ["Nervous system disorders", "Headache", "Dizziness new"]
    assert first_cells(page, "#L-D9") == ["P-001 new", "P-002 changed", "P-003 withdrawn"]
    page.locator(".switches").get_by_role("button", name="Only what changed").click()
    assert len(first_cells(page, "#L-D9")) == 11


def test_previous_values_stand_beside_the_marks_on_demand(open_page, mock):
    page = open_page(mock)
    width = "document.querySelector('#D5-1a2b3c4d5e i').offsetWidth"
    assert page.evaluate(width) == 1
    page.locator(".switches").get_by_role("button", name="Previous values").click()
    assert page.evaluate(width) > 20


def test_a_table_is_saved_as_csv_with_its_changes(open_page, mock, tmp_path):
    page = open_page(mock)
    lines = save(page, "#T-D5 .cb-tools button:text-is('CSV')", tmp_path).split("\r\n")
    assert lines[0] == (
        "Section,Term,Term change,Term previous,Placebo (N = 3),Placebo (N = 3) change,Placebo (N = 3) previous,"
        "20 mg (N = 4),20 mg (N = 4) change,20 mg (N = 4) previous,All participants (N = 7),Over cuts"
    )
    assert lines[1] == "Nervous system disorders,Headache,,,1 (33.3),N,1 (50.0),3 (75.0),▲2,1 (33.3),4 (57.1),"
    assert lines[3:] == ["Vascular disorders,Flushing,,,0,,,12 (8.1),,,-1.5,–", ""]


def test_no_cell_of_a_csv_file_is_a_formula(open_page, mock, tmp_path):
    page = open_page(mock)
    seen(page, "L-D9")
    text = save(page, "#L-D9 .cb-tools button:text-is('CSV')", tmp_path)
    verbatim = [line.partition(",")[2] for line in text.split("\r\n")]
    assert verbatim[1] == "new,,row 1,severe,,mild"
    shown = ["'=1+1", "'+cmd", "'@sum", "'-2 to 3", "-1.5", '"5 ""quoted"", text"', "plain"]
    assert [line.removeprefix(",,").removesuffix(",mild,,") for line in verbatim[4:11]] == shown


def test_records_and_figures_are_saved_as_csv(open_page, mock, tmp_path):
    page = open_page(mock)
    page.locator("summary", has_text="Adverse events behind the counts").click()
    records = save(page, "#L-R .cb-tools button:text-is('CSV')", tmp_path).split("\r\n")
    assert records[:2] == [
        "Section,No.,Participant,Term,Start,Rule",
        "Placebo,1,P-001,Headache,2024-02-01,Began on or after the first dose",
    ]
    seen(page, "T-D15-ALT")
    assert save(page, "#F-D15 a[download$='.csv']", tmp_path) == "group,mean\r\nPlacebo,1.5\r\n"


def test_a_figure_is_saved_as_one_picture(open_page, mock, tmp_path):
    page = open_page(mock)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Picture (PNG)").click()
    assert waiting.value.suggested_filename == "F-D15.png"
    waiting.value.save_as(tmp_path / "F-D15.png")
    held = page.locator("#F-D15 a[download$='.png']").get_attribute("href")
    assert held == "data:image/png;base64," + b64encode((tmp_path / "F-D15.png").read_bytes()).decode()


@pytest.mark.parametrize(("width", "shown"), [(390, 350), (1000, 560)])
def test_a_wide_panel_has_a_second_layout_for_a_phone(open_page, mock, width, shown):
    page = open_page(mock, viewport={"width": width, "height": 900})
    drawn = page.locator("#F-D15 svg:visible")
    assert drawn.count() == 1
    assert drawn.bounding_box()["width"] <= min(shown, width)
    assert drawn.get_attribute("width") == str(shown)


def test_a_figure_has_the_colours_of_the_paper_that_it_stands_on(open_page, mock):
    def colours(scheme):
        page = open_page(mock, color_scheme=scheme)
        return [
            page.locator(f"#F-D15 svg:visible {tag}").evaluate(f"one => getComputedStyle(one).{what}")
            for tag, what in (("path", "stroke"), ("text", "fill"))
        ]

    light, dark = colours("light"), colours("dark")
    assert [one != other for one, other in zip(light, dark, strict=True)] == [True, True]


@pytest.mark.parametrize("width", [390, 1000, 1400])
def test_no_table_makes_the_page_wider_than_the_screen(open_page, tmp_path, width):
    page = open_page(write_page(tmp_path, wide_table(30)), viewport={"width": width, "height": 900})
    page.evaluate(READ_ALL)
    is_wider = page.locator("#L-WIDE .scroll").evaluate("place => place.scrollWidth > place.clientWidth")
    assert is_wider == (width > 640)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [390, 1400])
def test_a_picture_wider_than_a_phone_is_drawn_large_enough_to_read_and_scrolls_in_its_box(open_page, tmp_path, width):
    file = BytesIO()
    Image.new("RGB", (1060, 40), "white").save(file, "PNG")
    picture = Figure("F-P", "Many marks", "All.", image=file.getvalue(), alt="Marks.")
    page = open_page(write_page(tmp_path, picture._repr_html_()), viewport={"width": width, "height": 900})
    box = page.locator("#F-P .scroll")
    assert page.locator("#F-P img").bounding_box()["width"] >= 700
    assert box.evaluate("place => place.scrollWidth > place.clientWidth") == (width < 700)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone_a_record_is_a_card_with_every_value_after_the_words_of_its_column(open_page, tmp_path):
    page = open_page(write_page(tmp_path, wide_table(30)), viewport=NARROW)
    assert page.locator("#L-WIDE tbody").bounding_box()["width"] <= NARROW["width"]
    cells = page.evaluate(CARD, "#L-WIDE tbody td")
    assert [(words, value) for words, value, *_ in cells] == [(f'"Column {at}"', f"value {at}") for at in range(30)]
    assert [cell for cell in cells if not 0 <= cell[2] < cell[3] <= NARROW["width"]] == []
    tops = [cell[4] for cell in cells]
    assert tops == sorted(set(tops))


STRIP = "document.querySelector('.strip').getBoundingClientRect()"


@pytest.mark.parametrize("width", [1400, 1280])
def test_the_strip_is_one_row_and_keeps_no_height_that_it_grew_to(open_page, tmp_path, width):
    compared = {"study": "tofersen", "previous": "C3", "previous_cutoff": "2018-01-12", "reports": REPORTS}
    page = open_page(write_page(tmp_path, **compared), viewport={"width": width, "height": 900})
    row = page.evaluate(f"{STRIP}.height")
    assert row < 50
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate(f"{STRIP}.height") > row
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate(f"{STRIP}.height") == row


def test_on_a_phone_the_strip_makes_way_downwards_and_comes_back_upwards(open_page, tmp_path):
    page = open_page(write_page(tmp_path, long_table(60)), viewport=NARROW)
    page.mouse.move(200, 400)
    page.mouse.wheel(0, 900)
    page.locator("html.cb-away").wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate(f"{STRIP}.bottom") <= 0
    page.mouse.wheel(0, -200)
    page.locator("html:not(.cb-away)").wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate(f"{STRIP}.top") == 0


def test_on_a_phone_the_contents_open_by_a_button_and_close_when_one_is_chosen(open_page, mock):
    page = open_page(mock, viewport=NARROW)
    contents, button = page.locator(".contents"), page.get_by_role("button", name="Contents")
    assert (contents.is_visible(), button.get_attribute("aria-expanded")) == (False, "false")
    button.click()
    assert (contents.is_visible(), button.get_attribute("aria-expanded")) == (True, "true")
    contents.get_by_role("link", name="Laboratory").click()
    assert not contents.is_visible()
    button.click()
    page.keyboard.press("Escape")
    assert not contents.is_visible()


def test_a_heading_keeps_its_width_when_it_tells_the_order(open_page, mock):
    page = open_page(mock)
    heading = seen(page, "L-D9").locator("th[scope='col']").nth(1)
    width = heading.bounding_box()["width"]
    heading.locator(".cb-sort").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    assert heading.bounding_box()["width"] == width


def test_without_colours_of_its_own_the_page_still_shows_what_is_open_and_switched_on(open_page, mock):
    page = open_page(mock, forced_colors="active")
    count = page.get_by_role("link", name="3 (75.0)")
    count.click()
    assert page.locator("td.cb-open").evaluate("cell => getComputedStyle(cell).outlineStyle") == "solid"
    switch = page.get_by_role("button", name="Previous values").first
    plain = switch.evaluate("button => getComputedStyle(button).borderColor")
    switch.click()
    assert switch.evaluate("button => getComputedStyle(button).borderColor") != plain
    assert switch.evaluate("button => getComputedStyle(button, '::before').content") == '"✓ "'


def test_search_finds_text_in_folded_displays_and_walks_through_the_hits(open_page, mock):
    page = open_page(mock)
    page.keyboard.press("/")
    page.keyboard.type("zebra")
    page.locator(".finder output", has_text="1 of 1").wait_for()
    assert page.locator("#L-A3 td", has_text="zebra").is_visible()
    page.get_by_label("Find in this report").fill("12 (8.1)")
    page.locator(".finder output", has_text="1 of 1").wait_for()
    page.get_by_label("Find in this report").fill("headache")
    page.locator(".finder output", has_text="1 of 9").wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Enter")
    assert page.locator(".finder output").inner_text() == "2 of 9"
    # In the headline, the events, their notes, the overview, the courses, and four records of the events.
    assert page.evaluate("CSS.highlights.get('cb-hit').size") == 9
    page.keyboard.press("Escape")
    assert page.get_by_label("Find in this report").input_value() == ""
    assert page.evaluate("CSS.highlights.get('cb-hit').size") == 0


@pytest.mark.parametrize("place", ["L-A3", "L-A3.x", "R.4", "T-D4.r2"])
def test_a_link_from_outside_opens_what_is_folded(open_page, mock, place):
    page = open_page(mock, f"#{place}")
    assert page.locator(f"[id='{place}']").is_visible()
    assert page.evaluate("id => document.getElementById(id).closest('details').open", place)


def test_the_number_of_a_display_is_its_address(open_page, mock):
    page = open_page(mock)
    page.get_by_role("link", name="T-D5", exact=True).click()
    assert page.url.endswith("#T-D5")
    assert texts(page, "summary small") == ["L-A3", "L-R"]


def test_the_contents_tell_the_current_section(open_page, mock):
    page = open_page(mock)
    seen(page, "T-D15-ALT")
    page.locator(".contents a[aria-current]", has_text="Alanine aminotransferase").wait_for()


def test_a_display_that_comes_later_gets_its_tools_and_a_second_script_changes_nothing(open_page, mock):
    page = open_page(mock)
    page.evaluate("document.querySelector('main').prepend(document.getElementById('T-D5').cloneNode(true))")
    page.evaluate(displays_script())
    seen(page, "T-D5").get_by_role("link", name="3 (75.0)").click()
    assert first_cells(page, ".cb-panel") == ["3", "4", "5"]
    assert page.locator("dialog").count() == 1


def test_print_has_page_numbers_and_no_tools(open_page, mock, tmp_path):
    page = open_page(mock)
    page.get_by_role("link", name="3 (75.0)").click()
    text = print_text(page, tmp_path)
    pages = text.count("\f")
    assert f"Page 1 of {pages}" in text
    assert f"Page {pages} of {pages}" in text
    assert "UNBLINDED · DRAFT" in text
    assert re.search(r"Records removed by the data cut.*: not printed", text)
    assert "after the cut-off, zebra" not in text
    assert [word for word in TOOLS if word in text] == []


def test_print_has_what_is_open_and_everything_on_demand(open_page, mock, tmp_path):
    page = open_page(mock)
    page.locator("#L-A3 > summary").click()
    assert "after the cut-off, zebra" in print_text(page, tmp_path)
    page.locator("#L-A3 > summary").click()
    assert "after the cut-off, zebra" not in print_text(page, tmp_path)
    page.get_by_role("button", name="Print everything").click()
    text = print_text(page, tmp_path)
    assert "after the cut-off, zebra" in text
    assert [word for word in (*TOOLS, "not printed") if word in text] == []


def test_headings_are_repeated_in_print_when_the_table_has_its_tools(open_page, tmp_path):
    page = open_page(write_page(tmp_path, long_table(200)))
    page.evaluate(READ_ALL)
    pages = [
        sheet for sheet in print_text(page, tmp_path).split("\f") if re.search(r"^ *1\d\d +\d", sheet, re.MULTILINE)
    ]
    assert len(pages) > 1
    assert [sheet for sheet in pages if "Value 7" not in sheet] == []


def test_a_heading_sorts_by_the_keyboard_too(open_page, mock):
    page = open_page(mock)
    heading = seen(page, "L-D9").locator("th[scope='col']").nth(1)
    heading.get_by_role("button").press("Enter")
    assert heading.get_attribute("aria-sort") == "ascending"
    heading.get_by_role("button").press(" ")
    assert heading.get_attribute("aria-sort") == "descending"


def test_no_table_covers_the_class_of_the_report(open_page, tmp_path):
    page = open_page(write_page(tmp_path, wide_table(30)), viewport={"width": 800, "height": 500})
    seen(page, "L-WIDE")
    page.locator("#L-WIDE .scroll.wide").evaluate(
        "place => scrollTo(0, place.getBoundingClientRect().top + scrollY - 5)"
    )
    covered = """() => {
      const { left, top } = document.querySelector(".strip .class").getBoundingClientRect();
      const hit = document.elementFromPoint(left + 5, top + 5);
      return hit !== null && !hit.closest(".strip");
    }"""
    assert not page.evaluate(covered)


def test_records_that_are_open_are_printed(open_page, mock, tmp_path):
    page = open_page(mock)
    seen(page, "T-D4").get_by_text("Records behind the counts").click()
    text = print_text(page, tmp_path)
    assert "Too many to open here." in text
    assert "Every count opens its records." not in text


def test_without_script_the_page_is_complete(open_page, mock):
    page = open_page(mock, java_script_enabled=False)
    assert page.locator("button, input, dialog").count() == 0
    page.locator("#D5-1a2b3c4d5e a").click()
    assert page.url.endswith("#T-D5.e1")
    assert page.locator("li[id='T-D5.e1']").is_visible()
    page.locator("[id='T-D15-ALT'] tr.head a").click()
    assert page.locator("[id='T-D15-ALT.c2']").is_visible()


@pytest.mark.parametrize(("scheme", "screen"), SCREENS)
def test_the_page_can_be_read_by_everyone(open_page, mock, axe, scheme, screen):
    page = open_page(mock, color_scheme=scheme, viewport=screen)
    page.evaluate("document.querySelectorAll('details').forEach((folded) => { folded.open = true; })")
    page.locator("#T-D5").get_by_role("button", name="Previous values").click()
    assert violations(page, axe) == []
    page.get_by_role("link", name="4 (57.1)").click()
    assert violations(page, axe) == []


@pytest.mark.parametrize("report", REPORTS)
def test_every_count_of_a_report_opens_as_many_as_it_says(open_page, published, report):
    page = open_page(published / f"{report}.html")
    page.evaluate(READ_ALL)
    counts = page.evaluate(COUNTS)
    assert len(counts) > 50
    assert [count for count in counts if count[1] not in count[2:]] == []
    assert page.evaluate(DEAD_LINKS) == []


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize(("scheme", "screen"), [SCREENS[0], SCREENS[3]], ids=["light-wide", "dark-narrow"])
def test_a_report_can_be_read_by_everyone(open_page, published, axe, report, scheme, screen):
    page = open_page(published / f"{report}.html", color_scheme=scheme, viewport=screen)
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]
    page.locator("table.stat td a:visible").first.press("Enter")
    page.get_by_role("dialog").wait_for()


def test_the_index_of_a_set_is_no_wider_than_a_phone_and_can_be_read_by_everyone(open_page, final, axe):
    page = open_page(final / "index.html", viewport=SCREENS[3][1])
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREENS[3][1]["width"]


@pytest.mark.parametrize("report", REPORTS)
def test_a_printed_report_has_page_numbers_and_is_short(open_page, published, final, report, tmp_path):
    for folder in (published, final):
        text = print_text(open_page(folder / f"{report}.html"), tmp_path)
        pages = text.count("\f")
        assert f"Page {pages} of {pages}" in text
        assert "End of report." in text
        assert pages <= MOST_SHEETS


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("family", ["DejaVu Sans", "Liberation Sans"])
def test_no_table_of_a_report_is_wider_than_its_box(open_page, published, final, report, family):
    for folder in (published, final):
        page = open_page(folder / f"{report}.html", viewport={"width": 1280, "height": 900}, bypass_csp=True)
        page.add_style_tag(content=f"* {{ font-family: '{family}' !important; }}")
        page.evaluate(READ_ALL)
        assert page.locator(".scroll:has(table.stat)").count() > 5
        assert page.evaluate(WIDER) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.parametrize("report", REPORTS)
def test_a_phone_shows_every_arm_of_every_table(open_page, published, report):
    page = open_page(published / f"{report}.html", viewport=SCREENS[3][1])
    page.evaluate(READ_ALL)
    cells = page.evaluate(ENDS_OF_CELLS)
    assert len(cells) > 50
    assert [cell for cell in cells if not 0 < cell[1] <= SCREENS[3][1]["width"]] == []


@pytest.mark.parametrize("report", REPORTS)
def test_the_first_finding_stands_on_the_first_screen_and_a_page_is_not_too_large(open_page, published, final, report):
    for folder in (published, final):
        page = open_page(folder / f"{report}.html", viewport={"width": 1400, "height": 900})
        assert 0 < page.evaluate(FIRST_FINDING) < 300
        assert len((folder / f"{report}.html").read_bytes()) <= LARGEST_PAGE
