"""The course of every participant as a page lists it: a truth table of days, values, doses and events."""

import pandas as pd
import pytest

from cutbook.display.behind import courses
from cutbook.display.behind.courses import course_tables, values_with_days
from cutbook.display.behind.records import record_book
from cutbook.results.table import results_table
from given import given_frames

LAB = """
1 1  WEEK_1          3    NORMAL
1 15 WEEK_2          -    -
1 71 UNSCHEDULED_2.1 41   HIGH
1 71 WEEK_3          26   HIGH
3 -5 SCREENING       2    LOW
"""
"""Participant, study day, visit, white cells, judgement; 1 has 71 twice, once at no planned visit."""


def blank(text):
    return None if text == "-" else text.replace("_", " ")


@pytest.fixture
def adlb():
    rows = [line.split() for line in LAB.strip().splitlines()]
    frame = pd.DataFrame(rows, columns=["USUBJID", "ADY", "VISIT", "AVAL", "ANRIND"])
    values = pd.to_numeric(frame["AVAL"], errors="coerce")
    return frame.assign(
        ADY=frame["ADY"].astype("float64"), VISIT=frame["VISIT"].map(blank), AVAL=values,
        AVALC=frame["AVAL"].map(blank),
        ANRIND=frame["ANRIND"].map(blank), PARAMCD="csf-WBC", PARAM="Cerebrospinal fluid: Leukocytes", AVALU="10^6/L",
        DECIMALS=0, VISITNUM=range(len(frame)), ATPT=None, TRT01A="10 mg", AVISIT=None,
    )  # fmt: skip


@pytest.fixture
def adae():
    rows = [("1", 29.0, 35.0, 1.0, "N", "Headache"), ("1", 40.0, None, 3.0, "Y", "Fall; stairs"),
            ("3", None, None, None, "N", "Nausea")]  # fmt: skip
    return pd.DataFrame(rows, columns=["USUBJID", "ASTDY", "AENDY", "ASEVN", "AESER", "AEDECOD"])


def shown(frames, datasets, study):
    book = record_book(results_table([]), frames.adsl, study)
    tables = course_tables(frames, datasets, study, book)
    return [
        [
            (table.name, table.stub, *(column.label for column in table.columns)),
            *((row.label, *row.cells) for group in table.groups for row in group.rows),
        ]
        for table in tables
    ]


def test_values_stand_in_the_order_of_their_days_and_unscheduled_ones_say_so(study, adsl, adlb):
    people = adsl.assign(AGE=50.0, SEX="F")
    _, csf = shown(given_frames(study, adsl=people, adlb=adlb), ("adlb",), study)
    assert csf == [
        ("values", "Cerebrospinal fluid", "Days", "White cells (cells/µL)"),
        ("1", "1 71u 71", "3 41h 26h"),
        ("3", "−5", "2l"),
    ]


def test_events_have_days_severity_and_term_and_none_where_the_report_holds_none(study, adsl, adae):
    people = adsl.assign(AGE=[50.0, *[None] * (len(adsl) - 1)], SEX="F")
    frames = given_frames(study, adsl=people, adae=adae)
    (told,) = shown(frames, ("adae",), study)
    assert told[0] == ("people", "Participant", "Who", "Doses on days", "Adverse events")
    events = {row[0]: row[-1] for row in told[1:]}
    assert events["1"] == "29–35 1 Headache; 40– 3s Fall, stairs"
    assert events["3"] == "?– ? Nausea"
    who = {row[0]: row[1] for row in told[1:]}
    assert who["1"].endswith(", 50 years, Female")
    assert "–" not in who["3"]
    (without,) = shown(frames, (), study)
    assert without[0] == ("people", "Participant", "Who", "Doses on days")


def test_samples_of_a_day_stand_at_their_planned_hours_and_as_reported(study):
    rows = [("1", 1.0, 0.0, "< 0.5"), ("1", 1.0, 6.0, "118"), ("1", 2.0, 24.0, "30.5"), ("1", 15.0, None, None)]
    adpc = pd.DataFrame(rows, columns=["USUBJID", "ADY", "NOMTIME", "AVALC"])
    adpc = adpc.assign(MATRIX="Plasma", AVALU="ng/mL", VISITNUM=1, ATPT=adpc["NOMTIME"].astype("str"), VISIT="DAY 1")
    told = values_with_days(given_frames(study, adpc=adpc), ("adpc",))
    assert told[["NAME", "TIME", "TEXT"]].to_numpy().tolist() == [
        ["Plasma (ng/mL)", 1, "<0.5"], ["Plasma (ng/mL)", 1.25, "118"], ["Plasma (ng/mL)", 2, "30.5"],
    ]  # fmt: skip


def test_values_carried_forward_are_no_values(study, adlb):
    adeff = adlb.head(3).assign(PARAMCD="SOD1", PARAM="CSF SOD1", DTYPE=[None, None, "LOCF"])
    told = values_with_days(given_frames(study, adeff=adeff), ("adeff",))
    assert told[["FAMILY", "NAME", "TEXT"]].to_numpy().tolist() == [["Endpoints", "CSF SOD1 (cells/µL)", "3"]]


def test_of_too_many_values_doses_and_events_alone_are_listed(study, adsl, adlb, monkeypatch):
    monkeypatch.setattr(courses, "MOST_VALUES", 3)
    assert len(shown(given_frames(study, adsl=adsl, adlb=adlb), ("adlb",), study)) == 1
