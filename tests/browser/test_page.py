from __future__ import annotations

import re
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from browser.conftest import NARROW, WIDE, program
from browser.mock import long_table, wide_table, write_page
from cutbook.page_script import displays_script

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
    page.get_by_role("link", name="Adverse events behind the counts (6)").click()
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
        "Serious adverse events",
        "Alanine aminotransferase by visit",
        "Participants",
        "Adverse events behind the counts (6)",
    ]
    assert first_cells(page, ".cb-panel section:nth-of-type(4)") == ["3", "6"]
    page.get_by_role("button", name="Back").click()
    assert page.locator(".cb-panel h2").inner_text() == "3 (75.0) · Headache · 20 mg"


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
    page.locator(".finder").get_by_role("button", name="Only what changed").click()
    assert first_cells(page, "#T-D5 .marked") == ["Nervous system disorders", "Headache", "Dizziness new"]
    assert first_cells(page, "#L-D9") == ["P-001 new", "P-002 changed", "P-003 withdrawn"]
    page.locator(".finder").get_by_role("button", name="Only what changed").click()
    assert len(first_cells(page, "#L-D9")) == 11


def test_previous_values_stand_beside_the_marks_on_demand(open_page, mock):
    page = open_page(mock)
    width = "document.querySelector('#D5-1a2b3c4d5e i').offsetWidth"
    assert page.evaluate(width) == 1
    page.locator(".finder").get_by_role("button", name="Previous values").click()
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
    page.get_by_text("Adverse events behind the counts").click()
    records = save(page, "#L-R .cb-tools button:text-is('CSV')", tmp_path).split("\r\n")
    assert records[:2] == [
        "Section,No.,Participant,Term,Start,Rule",
        "Placebo,1,P-001,Headache,2024-02-01,Began on or after the first dose",
    ]
    seen(page, "T-D15-ALT")
    assert save(page, "#F-D15 a[download$='.csv']", tmp_path) == "group,mean\r\nPlacebo,1.5\r\n"


def test_a_figure_is_saved_as_the_picture_that_is_shown(open_page, mock, tmp_path):
    page = open_page(mock)
    page.locator("#F-D15").scroll_into_view_if_needed()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Picture (PNG)").click()
    assert waiting.value.suggested_filename == "F-D15.png"
    waiting.value.save_as(tmp_path / "F-D15.png")
    shown = page.locator("#F-D15 img").get_attribute("src")
    assert shown == "data:image/png;base64," + b64encode((tmp_path / "F-D15.png").read_bytes()).decode()


@pytest.mark.parametrize("width", [390, 1000, 1400])
def test_no_table_makes_the_page_wider_than_the_screen(open_page, tmp_path, width):
    page = open_page(write_page(tmp_path, wide_table(30)), viewport={"width": width, "height": 900})
    page.evaluate(READ_ALL)
    assert page.locator("#L-WIDE .scroll").evaluate("place => place.scrollWidth > place.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


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
    page.locator(".finder output", has_text="1 of 8").wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Enter")
    assert page.locator(".finder output").inner_text() == "2 of 8"
    assert page.evaluate("CSS.highlights.get('cb-hit').size") == 8
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
    assert "after the cut-off, zebra" in text
    assert [word for word in ("Only what changed", "Close", "Records behind the counts", "CSV") if word in text] == []


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
      return !document.elementFromPoint(left + 5, top + 5).closest(".strip");
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
    page.locator("table.stat td a").first.press("Enter")
    page.get_by_role("dialog").wait_for()


def test_the_index_of_a_set_is_no_wider_than_a_phone_and_can_be_read_by_everyone(open_page, final, axe):
    page = open_page(final / "index.html", viewport=SCREENS[3][1])
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREENS[3][1]["width"]


@pytest.mark.parametrize("report", REPORTS)
def test_a_printed_report_has_page_numbers(open_page, published, report, tmp_path):
    text = print_text(open_page(published / f"{report}.html"), tmp_path)
    pages = text.count("\f")
    assert f"Page {pages} of {pages}" in text
    assert "End of report." in text
