from types import SimpleNamespace

import pandas as pd
import pytest

from cutbook.catalogue import data, events, participants
from cutbook.data.checks.records import issue_table
from cutbook.display import show
from cutbook.display.look.elements import Cell
from cutbook.display.look.numbers import with_text
from cutbook.notebook.report import Report
from cutbook.results.table import results_table
from display.pages import NO_PAST, a_page, body
from given import given_frames, texts_of


@pytest.fixture
def overview(adae, adsl, study):
    """Return the results of the overview for some of the events."""
    return lambda events_of=adae, people=adsl: texts_of(events.overview, study=study, adae=events_of, adsl=people)


def moved(now, before, study, report="safety"):
    return body(show(data.changes, a_page(study, report, results=now, previous=before)))


def test_change_since_the_previous_cut_counts_participants_and_events(overview, adae, study):
    rows = moved(overview(), overview(adae[adae["USUBJID"].ne("4")]), study)
    assert rows == [("Any treatment-emergent event", "2", "3", "+1", "4", "5", "+1")]


def test_a_count_that_fell_to_nobody_is_told_as_zero(overview, adae, study):
    calm = adae.assign(AESER="N")
    rows = moved(overview(calm), overview(), study)
    assert [row for row in rows if row[0] == "Serious event"] == [("Serious event", "1", "0", "−1", "1", "0", "−1")]


def test_more_events_of_as_many_participants_are_a_change(overview, adae, study):
    rows = moved(overview(), overview(adae.drop(index=3)), study)
    assert rows == [("Any treatment-emergent event", "3", "3", "0", "4", "5", "+1")]


def test_more_participants_without_events_change_no_count(overview, adsl, study):
    alive = adsl.assign(DTHFL="N")
    now, before = overview(people=alive), overview(people=alive[alive["USUBJID"].ne("2")])
    assert moved(now, before, study) == []


def test_a_row_that_is_new_or_gone_and_counts_nobody_did_not_move(overview, adae, study):
    asked = overview(adae.assign(AEACN="DOSE NOT CHANGED"))
    assert moved(asked, overview(), study) == []
    assert moved(overview(), asked, study) == []


def test_rows_without_events_have_a_dash_there(overview, adae, adsl, study):
    rows = moved(overview(), overview(adae.drop(index=3), adsl.assign(DTHFL="N")), study)
    assert rows == [
        ("Any treatment-emergent event", "3", "3", "0", "4", "5", "+1"),
        ("Died on study, any cause", "0", "1", "+1", "–", "–", "–"),
    ]


def test_counts_without_events_have_three_columns(adsl, study):
    now, before = (
        texts_of(participants.disposition, study=study, adsl=people) for people in (adsl, adsl[adsl["USUBJID"].ne("5")])
    )
    table = show(data.changes, a_page(study, results=now, previous=before))
    assert [(column.label, column.note) for column in table.columns] == [
        ("Count", "cut C1"), ("Count", "this cut"), ("Count", "change"),
    ]  # fmt: skip
    assert body(table) == [("Screened", "4", "5", "+1"), ("Not randomised: screen failure", "0", "1", "+1")]


def test_counts_of_matrices_and_endpoints_are_named(study):
    def results(samples, changes):
        rows = [
            {"display": "E13", "parameter": "X-CSF", "parameter_words": "CSF", "variable": "SAMPLES",
             "row_words": "Samples", "statistic": "n", "value": samples},
            {"display": "F4", "parameter": "SVC", "parameter_words": "Vital capacity", "variable": "CHG",
             "visit": "WEEK4", "visit_words": "Week 4", "group": "TOTAL", "statistic": "n", "value": changes},
        ]  # fmt: skip
        return with_text(results_table(rows))

    now, before = results(5, 3), results(4, 2)
    assert moved(now, before, study, "pharmacokinetics") == [("CSF, samples", "4", "5", "+1")]
    assert moved(now, before, study, "efficacy") == [
        ("Vital capacity, Week 4, with a change from baseline", "2", "3", "+1"),
    ]


def test_what_changed_are_the_rows_whose_total_is_marked(overview, adae, adsl, study):
    before = overview(adae[adae["USUBJID"].ne("4")].assign(AREL="N"), adsl.assign(DTHFL="N"))
    table = show(events.overview, a_page(study, results=overview(), previous=before))
    total = [column.label for column in table.columns].index("All")
    rows = table.rows
    marked = {row.label for row in rows if row.cells[total].mark and row.cells[total].mark.kind != "quiet"}
    changed = {row[0] for row in moved(overview(), before, study)}
    assert changed == marked == {
        "Any treatment-emergent event", "Related to study drug", "Died on study, any cause",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("previous_cut", "is_published", "words"),
    [
        ("", False, "This is the first cut of the study."),
        ("C1", False, "The report of cut C1 is not published here, so nothing can be compared."),
        ("C1", True, "No key count differs from cut C1."),
    ],
)
def test_no_change_says_why(overview, study, previous_cut, is_published, words):
    before = overview() if is_published else None
    table = show(data.changes, a_page(study, results=overview(), previous=before, previous_cut=previous_cut))
    assert (table.rows, table.empty) == ((), words)


def points(line):
    return [tuple(map(float, place.split(","))) for place in line.points.split()]


def trends(study, history, now):
    return show(data.trends, a_page(study, results=now, history=tuple(history)))


def test_key_counts_are_drawn_over_all_cuts(overview, adae, study):
    history = [("C0", overview(adae.iloc[:0])), ("C1", overview(adae.iloc[:4]))]
    table = trends(study, history, overview())
    count, line = table.rows[0].cells
    assert (table.rows[0].label, count) == ("Any treatment-emergent event", "3")
    assert line.words == "Count by cut: C0 0, C1 2, C2 3"
    assert points(line) == [(3.0, 13.0), (30.0, 6.3), (57.0, 3.0)]
    assert line.last == ("57.0", "3.0")
    assert table.columns[1].label == "Cuts C0, C1, C2"


def test_a_count_of_nobody_ever_is_a_line_at_the_bottom(overview, adae, study):
    none = overview(adae.iloc[:0])
    line = trends(study, [("C1", none)], none).rows[0].cells[1]
    assert points(line) == [(3.0, 13.0), (57.0, 13.0)]


def test_the_only_cut_is_a_point(overview, study):
    table = trends(study, [], overview())
    line = table.rows[0].cells[1]
    assert points(line) == [(3.0, 3.0)]
    assert table.footnotes[0].endswith("a count not shown then is 0. No earlier cut is published here.")


def test_a_cut_that_did_not_collect_what_a_row_rests_on_is_left_out_of_its_course(overview, adae, study):
    asked = overview(adae.assign(AEACN="DRUG WITHDRAWN"))
    table = trends(study, [("C1", overview())], asked)
    told = {row.label: row.cells[1].words for row in table.rows}
    assert told["Led to discontinuation of study drug"] == "Count by cut: C2 3"
    table = trends(study, [("C1", asked)], overview())
    told = {row.label: tuple(map(str, row.cells)) for row in table.rows}
    assert told["Led to discontinuation of study drug"][:2] == ("–", "–")


def test_a_cut_without_this_report_is_left_out(overview, adsl, study):
    staged = {
        "received": pd.DataFrame({"FILE": ["dm.xpt"], "ROWS": [5.0], "PARTICIPANTS": [5.0]}),
        "audit": pd.DataFrame(
            {"DATASET": ["dm"], "REMOVED": [0.0], "MODIFIED": [0.0], "BEFORE": [5.0], "AFTER": [5.0]}
        ),
        "issues": issue_table([]),
        "past": NO_PAST,
    }
    history = (("C0", {"safety": overview()}), ("C1", {"efficacy": overview()}))
    cut = SimpleNamespace(study=study, history=history, cut=a_page(study).cut.cut, stamps=a_page(study).cut.stamps)
    report = Report(
        "efficacy", cut, given_frames(study, staged=staged, adsl=adsl, adeff=pd.DataFrame({"AVISITID": []}))
    )
    assert report.show(data.trends).columns[1].label == "Cuts C1, C2"


def with_rates(counts, rate):
    """Return results with the rate of all events per 100 person-years, for everybody."""
    place = {"display": "D12", "variable": "TEAE", "row_words": "Any treatment-emergent event", "group": "TOTAL"}
    return pd.concat([counts, with_text(results_table([{**place, "statistic": "rate", "value": rate}]))])


def test_events_stand_beside_the_time_at_risk_over_all_cuts(overview, study):
    history = [("C0", overview()), ("C1", with_rates(overview(), 200.0))]
    table = trends(study, history, with_rates(overview(), 100.04))
    assert [column.label for column in table.columns[2:]] == ["Events per 100 person-years", "Cuts C0, C1, C2"]
    rate, line = table.rows[0].cells[2:]
    assert (rate, line.words) == ("100.0", "Events per 100 person-years by cut: C1 200.0, C2 100.0")
    assert points(line) == [(30.0, 3.0), (57.0, 8.0)]
    died = next(row for row in table.rows if row.label == "Died on study, any cause")
    assert died.cells[2:] == ("–", "–")


def test_a_rate_that_cannot_be_estimated_says_so(overview, study):
    table = trends(study, [("C1", with_rates(overview(), 200.0))], with_rates(overview(), float("nan")))
    assert table.rows[0].cells[2:] == (Cell("NE", is_estimable=False), "–")
