import json
from dataclasses import replace

import pandas as pd
import pytest

from cutbook.display import record_book
from cutbook.display.look.frame import Sentence
from cutbook.display.look.opening import Box
from cutbook.notebook import closing
from cutbook.notebook.closing import records_behind
from cutbook.published.headline import read_headline
from display.pages import a_page, results_of, with_courses, with_facts
from notebook.said import OPENING, finish, headline_file, page_of


@pytest.fixture
def people(adsl):
    return with_courses(adsl)


@pytest.fixture
def events(adae):
    return with_facts(adae)


@pytest.fixture
def results(events, people, study):
    return results_of(events, people, study)


@pytest.fixture
def book(results, people, events, study):
    return record_book(results, people, study, events=events)


def test_the_records_file_holds_every_record_behind_a_count_once(results, book):
    records = records_behind(results, book)
    assert records["KEY"].tolist() == [
        "dm/1", "dm/2", "dm/3", "dm/4", "dm/5", "ae/1/0", "ae/3/1", "ae/3/2", "ae/3/3", "ae/4/4",
    ]  # fmt: skip
    assert list(records)[:2] == ["KEY", "USUBJID"]
    assert records.set_index("KEY").loc["ae/3/1", "AEDECOD"] == "Headache"
    assert pd.isna(records.set_index("KEY").loc["dm/3", "AEDECOD"])


def test_every_key_of_the_results_is_in_the_records_file(results, book):
    keys = {key for some in results["keys"] for key in some}
    assert set(records_behind(results, book)["KEY"]) == keys


def test_records_of_a_delivered_study_are_found_by_their_keys(people, events, study):
    delivered = events.assign(KEY="ad" + events["KEY"]), people.assign(KEY="adsl" + people["KEY"].str[2:])
    results = results_of(*delivered, study)
    book = record_book(results, delivered[1], study, events=delivered[0])
    assert {key.split("/")[0] for key in records_behind(results, book)["KEY"]} == {"adsl", "adae"}


def test_values_behind_the_counts_are_records_too(results, people, study):
    values = pd.DataFrame(
        {"KEY": ["lb/1/1", "lb/1/2"], "USUBJID": "1", "PARAMCD": "ALT", "AVISIT": "Week 4", "AVAL": [5.0, 6.0]}
    )
    counted = results.iloc[:1].assign(keys=[["lb/1/2"]])
    found = records_behind(counted, record_book(counted, people, study, findings=[values]))
    assert found[["KEY", "USUBJID", "AVAL"]].to_numpy().tolist() == [["lb/1/2", "1", 6.0]]


def test_no_record_is_an_empty_file_with_its_columns(results, book):
    empty = records_behind(results.iloc[:0], book)
    assert (len(empty), list(empty)) == (0, ["KEY", "USUBJID"])


def test_the_last_cell_writes_results_records_and_headline(results, book, study, tmp_path):
    page = a_page(study, book=book)
    finish(results, page, str(tmp_path / "safety.results.parquet"))
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "safety.headline.json", "safety.records.parquet", "safety.results.parquet",
    ]  # fmt: skip
    assert len(pd.read_parquet(tmp_path / "safety.results.parquet")) == len(results)
    assert len(pd.read_parquet(tmp_path / "safety.records.parquet")) == 10
    written = read_headline(tmp_path / "safety.headline.json")
    assert (written.title, written.line, written.previous) == (OPENING.title, OPENING.line, "C1")
    assert [(one.words, one.is_new) for one in written.sentences] == [
        ("One death: 10 mg.", True), ("1 of 2 on placebo.", False),
    ]  # fmt: skip


def test_nothing_is_written_in_a_notebook_that_is_not_published(results, book, study, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = a_page(study, book=book)
    end = finish(results, page)
    assert list(tmp_path.iterdir()) == []
    assert dict(end.pairs)["Statistics in the results table"] == str(len(results))


def test_the_headline_is_for_other_pages_and_names_no_participant(events, people, study):
    named = [frame.assign(USUBJID="TOF-" + frame["USUBJID"],
                          KEY=frame["KEY"].str.replace("/", "/TOF-", n=1)) for frame in (events, people)]  # fmt: skip
    results = results_of(*named, study)
    before = results_of(named[0].assign(AESER="N"), named[1], study)
    page = a_page(study, previous=before, book=record_book(results, named[1], study, events=named[0]))
    data = headline_file(results, page).model_dump()
    assert {name: data[name] for name in ("format", "study", "cut", "previous", "report", "is_compared")} == {
        "format": "cutbook-headline-1", "study": "mini", "cut": "C2", "previous": "C1", "report": "safety",
        "is_compared": True,
    }  # fmt: skip
    assert data["signals"] == (
        {"kind": "serious", "text": "1 participant newly with a serious treatment-emergent event since cut C1."},
    )
    assert data["sentences"][1] == {"text": "1 of 2 on placebo.", "link": "T-D4", "change": "", "kind": "rest"}
    assert "TOF-" not in json.dumps(data)


def test_what_stands_behind_a_sentence_is_on_the_page_and_in_no_headline(results, study):
    moved = Sentence("It moved.", "T-F1-SOD1", detail="One changed record does it: 101006.")
    opening = replace(OPENING, boxes=(Box("New since C1", "news", (moved,)),))
    page = page_of(results, a_page(study, results=results))
    assert '<span class="verbatim">One changed record does it: 101006.</span>' in opening._repr_html_()
    assert "101006" not in closing.headline_file(opening, page).model_dump_json()


def test_a_headline_says_when_nothing_was_compared(results, study):
    page = a_page(study)
    data = headline_file(results, page).model_dump()
    assert (data["is_compared"], data["signals"]) == (False, ())
