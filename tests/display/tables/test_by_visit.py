"""Tables by visit and of models: which values stand behind their counts."""

from dataclasses import replace

import pandas as pd
import pytest

from cutbook.catalogue import measurements
from cutbook.catalogue.kinds.populations import population_of
from cutbook.catalogue.models import ancova
from cutbook.display import record_book, show
from cutbook.parameters.study import Study
from display.pages import a_page
from given import given_frames, texts_of

NAN = float("nan")


def bds(*rows, paramcd="chemistry-ALT"):
    frame = pd.DataFrame(rows, columns=["USUBJID", "AVISITID", "AVAL", "CHG", "BASE"])
    keys = [f"lb/{name}/{place}" for place, name in enumerate(frame["USUBJID"])]
    words = frame["AVISITID"].str.capitalize()
    arms = ["Placebo" if name[0] in "12" else "10 mg" for name in frame["USUBJID"]]
    return frame.assign(
        KEY=keys, AVISIT=words, AVISITN=frame["AVISITID"].map({"BASELINE": 0.0, "WEEK4": 1.0, "WEEK8": 2.0}),
        PARAMCD=paramcd, PARAM="ALT", AVALU="U/L", DECIMALS=0, ANL01FL="Y", DTYPE=None, TRT01A=arms,
    )  # fmt: skip


def shown(display, study, adsl, **frames):
    """Return a display with the records behind its counts."""
    results = texts_of(display, study=study, adsl=adsl, **frames)
    book = record_book(results, adsl, study, findings=list(frames.values()))
    made = show(display, a_page(study, results=results, frames=given_frames(study, adsl=adsl, **frames), book=book))
    (table,) = made.members
    return table


def people(table):
    (values,) = table.records.tables
    return [row.label for group in values.groups for row in group.rows]


def links(table):
    return {row.label: [(cell.link, cell.counts) for cell in row.cells if cell.keys] for row in table.rows if row.cells}


def test_values_of_people_outside_the_population_are_not_behind_its_counts(adsl, study):
    values = bds(("1", "BASELINE", 5.0, NAN, NAN), ("5", "BASELINE", 6.0, NAN, NAN))
    failures = replace(measurements.laboratory, population=population_of("SCRFFL"))
    assert people(shown(measurements.laboratory, study, adsl, adlb=values)) == ["1"]
    assert people(shown(failures, study, adsl, adlb=values)) == ["5"]


def test_values_at_unscheduled_visits_are_not_behind_its_counts(adsl, study):
    values = bds(("1", "BASELINE", 5.0, NAN, NAN), ("2", None, 6.0, NAN, NAN))
    table = shown(measurements.laboratory, study, adsl, adlb=values)
    assert people(table) == ["1"]
    assert [column.label for column in table.records.tables[0].columns] == ["Baseline"]


def test_a_count_of_values_that_no_rule_gives_opens_all_of_them_and_not_those_of_its_column(adsl, study):
    values = bds(
        ("1", "BASELINE", 5.0, NAN, NAN), ("1", "WEEK4", 6.0, 1.0, 5.0),
        ("3", "BASELINE", 5.0, NAN, NAN), ("3", "WEEK4", 6.0, NAN, 5.0), ("4", "BASELINE", 5.0, NAN, NAN),
        ("4", "WEEK4", 6.0, 1.0, 5.0),
    )  # fmt: skip
    table = shown(measurements.laboratory, study, adsl, adlb=values)
    assert [(column.label, column.counts) for column in table.columns if column.counts] == [
        ("n", "all"),
        ("n", "change"),
    ]
    rows = {row.label: row for row in table.rows[-4:]}
    assert [(cell.link, cell.counts) for cell in rows["Placebo"].cells if cell.keys] == [("", ""), ("", "")]
    assert [(cell.link, cell.counts) for cell in rows["10 mg"].cells if cell.keys] == [
        ("", ""), ("T-D15-chemistry-ALT.r", ""),
    ]  # fmt: skip
    assert [row.grid for row in table.rows if row.is_head] == ["T-D15-chemistry-ALT.c0", "T-D15-chemistry-ALT.c1"]


@pytest.fixture
def compared(study):
    """Return the study with an endpoint that is compared at week 4."""
    visits = [{"id": f"WEEK{week}", "label": f"Week {week}", "visitnum": [week]} for week in (4, 8)]
    known = study.model_dump() | {
        "schedules": {"clinic": {"by": "visitnum", "visits": visits}},
        "endpoints": [
            {"paramcd": "SCORE", "label": "Score", "dataset": "qs", "where": {"QSTESTCD": ["SCORE"]},
             "schedule": "clinic", "population": "SAFFL", "analysis": {"visit": "WEEK4"}},
        ],
    }  # fmt: skip
    return Study.model_validate(known)


def test_the_values_behind_a_comparison_are_those_of_its_visit_and_of_baseline(adsl, compared):
    more = [adsl[adsl["USUBJID"].eq(twin)].assign(USUBJID=f"{twin}{twin}", KEY=f"dm/{twin}{twin}") for twin in "1234"]
    many = pd.concat([adsl, *more], ignore_index=True)
    rows = []
    for place, name in enumerate(["1", "2", "11", "22", "3", "4", "33", "44"]):
        base, value = 5.0 + place, 6.0 + place**1.5
        rows += [(name, "BASELINE", base, NAN, base), (name, "WEEK4", value, value - base, base),
                 (name, "WEEK8", value, value - base, base)]  # fmt: skip
    table = shown(ancova.comparisons, compared, many, adeff=bds(*rows, paramcd="SCORE"))
    assert [(column.label, column.id) for column in table.records.tables[0].columns] == [
        ("Baseline", "T-F1-SCORE.c0"), ("Week4", "T-F1-SCORE.c1"),
    ]  # fmt: skip
    assert links(table) == {"Placebo": [("T-F1-SCORE.c1", "change")], "10 mg": [("T-F1-SCORE.c1", "change")]}
