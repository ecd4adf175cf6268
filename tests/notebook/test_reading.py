"""What a report may show of records: what it reads, and restricted ones only where the study file says so."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from cutbook.catalogue import data
from cutbook.data.staging.apart import with_apart
from cutbook.notebook.closing import headline_file, records_behind
from cutbook.notebook.reading import is_shown, with_shown
from cutbook.parameters.project import Project, read_study
from cutbook.parameters.study import Study
from cutbook.parameters.study.sources import Restricted
from cutbook.records import keys_of_some, meets
from display.small_trial import STUDY
from reported import reported

RESTRICTED = {
    "records": {"pc": {}, "lb": {"LBTESTCD": ["SOD1"]}, "is": {}},
    "reports": {"pc": ["pharmacokinetics"], "lb": ["efficacy"]},
}
SOURCES = {"root": "x", "required": ["dm", "lb"], "optional": ["pc", "is"], "restricted": RESTRICTED}
STUDY_APART = Study.model_validate(STUDY | {"sources": SOURCES})


@pytest.mark.parametrize(
    ("dataset", "is_apart", "reports"),
    [
        ("ae", False, {"safety"}),
        ("lb", False, {"safety", "efficacy"}),
        ("lb", True, {"efficacy"}),
        ("restricted/lb", True, {"efficacy"}),
        ("pc", True, {"pharmacokinetics"}),
        ("is", True, set()),
        ("ex", False, {"safety", "pharmacokinetics", "efficacy"}),
    ],
)
def test_a_report_lists_what_it_reads_and_restricted_records_where_the_study_file_says_so(dataset, is_apart, reports):
    known = ("safety", "pharmacokinetics", "efficacy")
    assert {name for name in known if is_shown(dataset, name, STUDY_APART, is_apart=is_apart)} == reports


def test_rows_about_restricted_records_are_found_by_their_part_or_by_their_key():
    lb = pd.DataFrame({"USUBJID": "1", "LBSEQ": [1.0, 2.0], "LBTESTCD": ["SOD1", "ALT"]})
    rows = pd.DataFrame(
        [
            ("lb", "lb/1/1"),
            ("lb", "lb/1/2"),
            ("lb", ""),
            ("restricted/lb", ""),
            ("pc", "pc/1/1"),
            ("restricted/ex", ""),
        ],
        columns=["DATASET", "KEY"],
    )
    found = with_apart(rows, Restricted.model_validate(RESTRICTED), {"lb": lb})
    assert found["IS_APART"].tolist() == [True, False, False, True, True, False]
    assert not with_apart(rows, None, {"lb": lb})["IS_APART"].any()


def test_lines_that_are_left_out_are_counted_in_a_note():
    rows = pd.DataFrame(
        {"DATASET": ["ae", "pc", "lb"], "KEY": ["ae/1/1", "pc/1/1", "lb/1/1"], "IS_APART": [False, True, True]}
    )
    table = with_shown({"removed": rows}, "safety", STUDY_APART)["removed"]
    assert data.shown_rows(table)["KEY"].tolist() == ["ae/1/1"]
    assert data.not_shown(table) == ("2 lines are left out: they are about records that this report does not show.",)
    assert data.not_shown(rows) == ()


def test_rows_that_nothing_marks_count_as_restricted_where_some_of_their_dataset_are():
    rows = pd.DataFrame({"DATASET": ["ae", "lb"], "KEY": ["ae/1/1", "lb/1/2"]})
    table = with_shown({"past": rows}, "safety", STUDY_APART)["past"]
    assert data.shown_rows(table)["KEY"].tolist() == ["ae/1/1"]


def test_a_study_file_names_reports_for_restricted_records_only():
    with pytest.raises(ValueError, match=r"a dataset of sources\.restricted\.records"):
        Restricted.model_validate({"records": {"pc": {}}, "reports": {"ae": ["safety"]}})


@pytest.fixture(scope="module")
def restricted_keys(project, staged):
    """Return the keys of all restricted records of the interim analysis."""
    rules = read_study(Project(project), "tofersen").sources.restricted
    known = {name: frame for name, frame in staged("IA").datasets.items() if name in rules.records}
    return {
        key for name, frame in known.items() for key in keys_of_some(name, frame, meets(frame, rules.records[name]))
    }


@pytest.mark.slow
def test_the_safety_page_shows_no_restricted_record(staged, restricted_keys):
    cut = staged("IA")
    past = cut.past[cut.past["KEY"].isin(restricted_keys)]
    assert {"pc", "lb"} <= set(past["DATASET"])
    made = reported("safety", cut)
    page = made.report.page
    shown = "".join(part._repr_html_() for part in made.shown)
    assert not {key for key in restricted_keys if re.search(rf"{re.escape(key)}(?!\d)", shown)}
    assert "Superoxide Dismutase" not in shown
    assert not restricted_keys & {key for keys in made.results["keys"] for key in keys}
    assert not restricted_keys & set(records_behind(made.results, page.book)["KEY"])
    assert "Superoxide" not in headline_file(made.report.opening, page).model_dump_json()


@pytest.mark.slow
@pytest.mark.parametrize(("name", "datasets"), [("pharmacokinetics", {"is", "pc"}), ("efficacy", {"lb"})])
def test_the_report_that_the_study_file_names_lists_restricted_changes_of_the_past(
    staged, restricted_keys, name, datasets
):
    staged_past = {"past": staged("IA").past}
    past = data.shown_rows(with_shown(staged_past, name, staged("IA").study)["past"])
    assert set(past.loc[past["KEY"].isin(restricted_keys), "DATASET"]) == datasets
