import runpy
import sys
from io import BytesIO, TextIOWrapper

import pytest

from cutbook.catalogue import DISPLAYS, events, measurements
from cutbook.catalogue.markdown import catalogue_markdown, has_results, statistics
from cutbook.catalogue.models import ancova
from cutbook.parameters.project import find_project, read_study


@pytest.fixture(scope="module")
def tofersen(project):
    """Return the study whose layers the page describes."""
    return read_study(find_project(project), "tofersen")


def test_the_page_of_the_catalogue_is_the_generated_one(project, tofersen):
    assert (project / "docs/displays.md").read_text(encoding="utf-8") == catalogue_markdown(DISPLAYS, tofersen)


def test_the_command_that_the_page_names_prints_the_page(project, monkeypatch):
    page = (project / "docs/displays.md").read_bytes()
    assert b"`python -m cutbook.catalogue > docs/displays.md`" in page
    monkeypatch.chdir(project)
    printed = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(printed, encoding="ascii"))
    runpy.run_module("cutbook.catalogue", run_name="__main__")
    assert printed.getvalue() == page


def test_every_display_has_its_line_in_the_overview_and_its_section(project, tofersen):
    page = (project / "docs/displays.md").read_text(encoding="utf-8")
    overview, *sections = page.split("## Overview\n")[1].split("\n## ")
    lines = [line.split(" | ") for line in overview.splitlines() if line.startswith("| ")][1:]
    assert [line[:3] for line in lines] == [
        [f"| {display.key}", f"`{display.anchor}`" if display.anchor else "not shown", display.title]
        for display in DISPLAYS
    ]
    assert [line[4] for line in lines] == [
        "yes |" if has_results(display, tofersen) else "no |" for display in DISPLAYS
    ]
    assert [section.splitlines()[0] for section in sections] == [
        f"{display.anchor or display.key} · {display.title}" for display in DISPLAYS
    ]


def test_statistics_are_those_of_the_layers_each_once(tofersen):
    assert statistics(events.terms, tofersen) == [
        "n (%) [events] of participants",
        "n (%) [events] of participants by AEBODSYS and AEDECOD",
    ]
    (said,) = statistics(measurements.laboratory_course, tofersen)
    assert said == (
        "median change from baseline by visit with its quartiles, read from the table; n of N participants outside the "
        "limits after day 1"
    )
    (said,) = statistics(ancova.comparisons, tofersen)
    assert said.split(", ") == [
        "n (count)",
        "Baseline geometric mean (ug/L)",
        "Geometric mean ratio to baseline (least-squares mean (95 % CI))",
        "Difference from placebo (% (95 % CI))",
    ]
