"""Oddities among the first sentences: where what is odd is read, with numbers of the listing, without names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cutbook.catalogue import data
from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES, Issue
from cutbook.display import show
from cutbook.display.look.frame import Sentence
from cutbook.display.look.numbers import with_text
from cutbook.display.look.opening import Box, Opening
from cutbook.notebook.closing import headline_file
from cutbook.notebook.oddities import first_lines, is_read
from cutbook.parameters.study import Study
from cutbook.results.engine import compute
from cutbook.results.table import results_table
from display.pages import a_page
from display.small_trial import STUDY

FATAL = ("Fatal, but not serious", "counted as not serious")
SEVERITY = ('Severity that is not listed, "None"', "counted without one")
ODD = (
    Issue("ae", "AESEV", 3, "ae/01/1", "Severity of 01", ON_FIRST_LINES, *SEVERITY, 3, 2),
    Issue("ae", "AESER", 1, "ae/01/2", "first of 01", ON_FIRST_LINES, *FATAL, 1, 1, "Not mended in time"),
    Issue("ae", "AESER", 2, "ae/01/3", "second of 01", ON_FIRST_LINES, *FATAL, 1, 1, "Not mended in time"),
    Issue("pc", "", None, "", "Not provided.", ON_FIRST_LINES),
    Issue("ae", "AEREL", 4, "ae/01/4", "blank", IN_LIST, "Blank", "", 9, 1, "Known"),
)


def page_of(report="safety", issues=ODD, previous=None):
    study = Study.model_validate(STUDY)
    page = a_page(study, report, issues=list(issues), previous=previous)
    return replace(page, results=with_text(compute(data.issues, page.frames, study)))


def texts(page):
    return [sentence.text for sentence in first_lines(page)]


def test_a_kind_is_one_sentence_that_leads_to_the_listing_and_names_nobody():
    assert first_lines(page_of()) == (
        Sentence(
            'Adverse events: severity that is not listed, "None": 3 records of 2 participants; counted without one.',
            "L-A7", is_verbatim=True, kind="oddity",
        ),
        Sentence(
            "Adverse events: fatal, but not serious: 2 records of 1 participant; counted as not serious.",
            "L-A7", is_verbatim=True, kind="oddity",
        ),
    )  # fmt: skip


def test_a_report_says_what_it_reads_alone():
    assert texts(page_of("pharmacokinetics")) == ["Concentrations: not provided."]
    assert texts(page_of("efficacy")) == []


def test_nothing_heavy_is_no_sentence():
    assert first_lines(page_of(issues=[ODD[-1]])) == ()
    assert first_lines(page_of(issues=[])) == ()


def test_they_stand_on_the_first_screen_and_beside_the_page():
    page = page_of(issues=ODD[:1])
    first = Opening("Safety", "7 treated.", (Box("Key findings", "findings", first_lines(page)),))
    told = headline_file(first, page).sentences
    assert [(one.link, one.is_verbatim) for one in told] == [("L-A7", True)]
    html = first._repr_html_()
    assert html.count('<li class="verbatim"><a href="#L-A7">Adverse events: severity') == 1


def test_every_number_that_is_said_has_a_row_of_the_listing():
    rows = page_of().results
    assert rows[["variable", "level", "value"]].to_numpy().tolist() == [
        ["RECORDS", "ae.AESEV", 3.0], ["PARTICIPANTS", "ae.AESEV", 2.0],
        ["RECORDS", "ae.AESER", 2.0], ["PARTICIPANTS", "ae.AESER", 1.0],
        ["RECORDS", "ae.AEREL", 9.0], ["PARTICIPANTS", "ae.AEREL", 1.0],
    ]  # fmt: skip


def test_a_sentence_says_how_many_more_there_are_than_at_the_previous_cut():
    before = page_of(issues=[ODD[0]._replace(records=1)]).results
    assert [sentence.change for sentence in first_lines(page_of(issues=ODD[:1], previous=before))] == [
        "+2 records since cut C1"
    ]
    again = page_of(issues=ODD[:1], previous=page_of(issues=ODD[:1]).results)
    assert [sentence.change for sentence in first_lines(again)] == [""]


def test_the_listing_says_where_each_stands_and_the_reason_of_the_study_file():
    page = page_of()
    table = show(data.issues, page)
    assert [column.label for column in table.columns] == [
        "Variable", "Stands", "Row", "Key", "Finding", "Records", "Participants",
    ]  # fmt: skip
    assert [(row.label, *map(str, row.cells)) for row in table.rows] == [
        ("ae", "AESEV", "first lines", "3", "ae/01/1", "Severity of 01", "3", "2"),
        ("ae", "AESER", "first lines, by the study file: Not mended in time", "1", "ae/01/2", "first of 01", "2", "1"),
        ("ae", "AESER", "first lines, by the study file: Not mended in time", "2", "ae/01/3", "second of 01", "–", "–"),
        ("pc", "–", "first lines", "–", "–", "Not provided.", "–", "–"),
        ("ae", "AEREL", "list, by the study file: Known", "4", "ae/01/4", "blank", "9", "1"),
    ]


def test_no_oddity_is_a_sentence_and_no_row():
    page = page_of(issues=[])
    assert show(data.issues, page).rows == ()
    assert len(page.results) == len(results_table([]))


@pytest.mark.parametrize(
    ("dataset", "reports"),
    [
        ("dm", "SPE"), ("ds", "SPE"), ("ex", "SPE"), ("restricted/ex", "SPE"), ("adsl", "SPE"), ("suppdm", "SPE"),
        ("ae", "S"), ("suppae", "S"), ("adae", "S"), ("cm", "S"),
        ("pc", "P"), ("pp", "P"), ("adpc", "P"),
        ("qs", "SE"), ("adqs", "SE"),
    ],
)  # fmt: skip
def test_a_report_reads_the_datasets_of_its_displays(dataset, reports):
    endpoint = {**STUDY["endpoints"][0], "dataset": "qs"}
    study = Study.model_validate(STUDY | {"endpoints": [endpoint]})
    names = {"S": "safety", "P": "pharmacokinetics", "E": "efficacy"}
    assert "".join(letter for letter, name in names.items() if is_read(dataset, name, study)) == reports
