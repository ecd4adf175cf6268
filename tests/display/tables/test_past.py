import pandas as pd
import pytest

from cutbook.catalogue import data
from cutbook.display import record_book, show
from cutbook.display.tables import past as past_module
from cutbook.results.table import results_table
from display.pages import NO_PAST, a_page, body
from given import given_frames


def past(*rows):
    """Return changes: key, change, variable, old, new, topic, visit; the rule is ``altered``."""
    records = [
        (key.split("/")[0], key, change, variable, old, new, "altered", key.split("/")[1], topic, visit, "")
        for key, change, variable, old, new, topic, visit in rows
    ]
    return pd.DataFrame(records, columns=list(NO_PAST)).astype("str")


def shown(study, **more):
    return show(data.past, a_page(study, **more))


def with_participant(study):
    """Return the records and the derived datasets of a report on participant P1 alone."""
    adsl = pd.DataFrame({"USUBJID": ["P1"], "KEY": ["dm/P1"], "TRT01A": ["10 mg"]})
    return {"book": record_book(results_table([]), adsl, study), "frames": given_frames(study, adsl=adsl)}


def ranges(number):
    """Return so many records of one test whose upper limit was revised alike."""
    return past(
        *((f"lb/P{row // 2}/{row}", "changed", "LBORNRHI", "107", "115", "Alkaline", "DAY 1") for row in range(number))
    )


def test_changes_of_the_past_are_listed_with_topic_and_rule(study):
    changes = past(
        ("ae/P1/3", "changed", "AESER", "N", "Y", "Headache", ""),
        ("lb/P2/9", "new", "LBDTC", "", "2024-01-02", "BILIRUBIN", "DAY 15"),
        ("dm/P3", "changed", "AGE", "61", "62", "", ""),
    )
    table = shown(study, past=changes)
    assert table.title == "The past changed (3)"
    assert body(table) == [
        ("ae", "P1", "Headache, no.\N{NO-BREAK SPACE}3", "became serious", "serious", "N", "Y", "altered"),
        ("lb", "P2", "BILIRUBIN, Day 15, no.\N{NO-BREAK SPACE}9", "entered late", "date", "–", "2024-01-02", "altered"),
        ("dm", "P3", "–", "routine", "AGE", "61", "62", "altered"),
    ]
    assert not table.is_folded


def test_fields_of_a_record_that_changed_alike_are_one_line_and_one_change(study):
    fields = [("vs/P1/60", "changed", name, "181", "118", "Pulse", "") for name in ("VSORRES", "VSSTRESN")]
    table = shown(study, past=past(*fields, ("vs/P1/60", "changed", "VSPOS", "", "SITTING", "Pulse", "")))
    assert table.title == "The past changed (1)"
    assert [row[4] for row in body(table)] == ["result", "VSPOS"]


def test_a_number_with_other_decimals_is_the_same_number(study):
    fields = (("LBORRES", "115.0"), ("LBSTRESN", "115"))
    rows = [("lb/P1/9", "changed", name, "127.7", new, "SOD1", "") for name, new in fields]
    assert [row[4:7] for row in body(shown(study, past=past(*rows)))] == [("result", "127.7", "115.0")]


def test_many_records_that_changed_alike_are_one_line(study):
    table = shown(study, past=ranges(12))
    assert table.title == "The past changed (12)"
    assert body(table) == [
        ("lb", "6 participants", "Alkaline: 12 records", "routine", "reference range", "107", "115", "altered")
    ]
    assert table.footnotes[0] == "More than 10 records of a topic that changed alike are one line."
    assert len(shown(study, past=ranges(10)).rows) == 10


def test_many_records_of_one_participant_without_a_topic_are_one_line_with_their_name(study):
    changes = past(*((f"sv/P1/{row}", "changed", "SVPRESP", "", "Y", "", "") for row in range(11)))
    (row,) = shown(study, past=changes, **with_participant(study)).rows
    assert (str(row.cells[0]), row.cells[0].link, row.cells[1]) == ("P1", "P.P1", "11 records")


def test_records_that_share_a_key_stay_apart(study):
    changes = past(*((("adlb/P1/1"), "changed", "AVAL", "7", "2", "", "") for _ in range(2))).assign(TURN=["1", "2"])
    table = shown(study, past=changes)
    assert (table.title, len(table.rows)) == ("The past changed (2)", 2)


def test_a_participant_whose_name_holds_a_slash_is_told_whole(study):
    changes = past(("ae/01/3", "changed", "AESEV", "MILD", "SEVERE", "Fall", "")).assign(
        KEY="ae/01/701/3", USUBJID="01/701"
    )
    assert body(shown(study, past=changes))[0][1:3] == ("01/701", "Fall, no.\N{NO-BREAK SPACE}3")


def test_long_identifiers_are_not_taken_for_numbers(study):
    changes = past(
        *((f"lb/P1/{row}", "changed", "LBREFID", f"12345678901234{row}", "007", "x", "") for row in range(11, 23))
    )
    assert len(shown(study, past=changes).rows) == 12


def test_a_participant_of_the_report_is_a_link_and_one_who_is_gone_is_not(study):
    gone = past(("ae/P1/1", "new", "", "", "", "Fall", ""), ("ae/P2/1", "removed", "", "", "", "Fall", ""))
    rows = shown(study, past=gone, **with_participant(study)).rows
    assert (rows[0].cells[0].link, rows[1].cells[0]) == ("P.P1", "P2")


def test_many_changes_of_the_past_are_folded_and_capped(study, monkeypatch):
    monkeypatch.setattr(past_module, "MOST_ROWS", 12)
    changes = past(*((f"ae/P{row}/1", "changed", "AESEV", "MILD", f"{row}", "Fall", "") for row in range(13)))
    table = shown(study, past=changes)
    assert (len(table.rows), table.is_folded, table.title) == (12, True, "The past changed (13)")
    assert table.footnotes[-1] == "The first 12 of 13 lines are shown; all 13 records are in past.parquet."


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"previous_cut": ""}, "This is the first cut of the study."),
        ({}, "The transfer of cut C1 is not here, so nothing can be compared."),
        ({"statement": "The transfer of cut C1 has faults."}, "The transfer of cut C1 has faults."),
        (
            {"before": object()},
            "Nothing that was known at cut C1 reads otherwise now, and nothing dated before it has come since.",
        ),
    ],
)
def test_an_unchanged_past_says_why(study, more, words):
    assert shown(study, **more).empty == words


def test_a_past_of_which_the_report_shows_nothing_is_not_said_to_be_unchanged(study):
    hidden = past(("ae/P1/1", "changed", "AESEV", "MILD", "SEVERE", "Fall", "")).assign(IS_SHOWN=False)
    table = shown(study, past=hidden, before=object())
    assert table.empty == "No record of this report reads otherwise now than at cut C1, or has come late since."
    assert table.footnotes == ("1 line is left out: it is about records that this report does not show.",)


def test_a_shifted_range_of_many_records_never_hides_the_one_recoded_death(study):
    death = ("ae/P9/1", "changed", "AEOUT", "RECOVERED", "FATAL", "Sepsis", "")
    others = [(f"lb/P{row}/1", "changed", "LBORNRHI", "107", "115", "Alkaline", "") for row in range(483)]
    late = ("vs/P1/1", "new", "VSDTC", "", "2024-01-02", "Pulse", "")
    table = shown(study, past=past(*others, late, death))
    assert [row[2:5] for row in body(table)] == [
        ("Sepsis, no.\N{NO-BREAK SPACE}1", "became fatal", "outcome"),
        ("Pulse, no.\N{NO-BREAK SPACE}1", "entered late", "date"),
        ("Alkaline: 483 records", "routine", "reference range"),
    ]
