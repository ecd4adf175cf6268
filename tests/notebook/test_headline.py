import pandas as pd
import pytest

from cutbook.display.look.elements import Cell
from cutbook.display.look.numbers import with_text
from cutbook.display.read.cells import cell_id
from cutbook.results.table import results_table
from display.displays import table_disposition, table_overview, table_terms
from display.pages import NO_PAST, a_page, results_of
from notebook.said import find_pharmacokinetics, find_safety


@pytest.fixture
def results(adae, adsl, study):
    """Return the results of all events and participants, or of some."""
    return lambda events=adae, people=adsl: results_of(events, people, study)


def told(headline):
    return [(sentence.text.replace("\u00a0", " "), sentence.change) for sentence in headline.sentences]


def test_a_first_cut_is_told_without_change(results, study):
    assert told(find_safety(results(), a_page(study))) == [
        (
            "4 of 4 randomised participants were treated; 2 completed the study, 1 are ongoing and 1 discontinued it.",
            "",
        ),
        ("Any treatment-emergent event: Placebo 1 of 2 (50.0 %), Active 2 of 2 (100.0 %), All 3 of 4 (75.0 %).", ""),
        (
            (
                "Most frequent treatment-emergent terms: Headache 3 of 4 (75.0 %), Dizziness 1 of 4 (25.0 %), "
                "Nausea 1 of 4 (25.0 %)."
            ),
            "",
        ),
        ("Serious treatment-emergent events: Placebo 0 of 2, Active 1 of 2 (50.0 %), All 1 of 4 (25.0 %).", ""),
        ("Deaths on study, any cause: Placebo 1 of 2 (50.0 %), Active 0 of 2, All 1 of 4 (25.0 %).", ""),
    ]


def test_what_is_new_is_said_first_and_every_sentence_says_how_it_moved(results, adae, adsl, study):
    fewer = adsl[adsl["USUBJID"].ne("3")].assign(DTHFL="N")
    before = results(adae[adae["USUBJID"].eq("1")], fewer)
    headline = find_safety(results(), a_page(study, previous=before))
    assert told(headline)[0] == (
        (
            "Since cut C1: participants randomised +1, treatment-emergent events +4, "
            "participants with a serious event +1, deaths +1."
        ),
        "",
    )
    assert [change for _, change in told(headline)[1:]] == [
        "+1 treated since cut C1", "+2 in all since cut C1", "+2 Headache since cut C1", "+1 in all since cut C1",
        "+1 in all since cut C1",
    ]  # fmt: skip
    assert headline.sentences[0].link == "T-I2"


def test_fewer_than_before_is_told_with_a_minus(results, adae, study):
    headline = find_safety(results(adae[adae["USUBJID"].ne("3")]), a_page(study, previous=results()))
    assert told(headline)[0][0] == ("Since cut C1: treatment-emergent events −3, participants with a serious event −1.")
    assert told(headline)[2][1] == "−1 in all since cut C1"


def test_no_change_is_said_too(results, study):
    assert told(find_safety(results(), a_page(study, previous=results())))[0][0] == (
        "Since cut C1 no key count has moved."
    )


@pytest.mark.parametrize(("rows", "words"), [(1, "1 change of the past"), (2, "2 changes of the past")])
def test_changes_of_the_past_are_counted(results, study, rows, words):
    past = pd.DataFrame("x", index=range(2 * rows), columns=list(NO_PAST)).assign(KEY=[*range(rows), *range(rows)])
    headline = find_safety(results(), a_page(study, previous=results(), past=past))
    assert told(headline)[0][0] == f"Since cut C1: {words}."


def test_numbers_of_a_sentence_are_those_of_the_cell_it_points_to(results, study):
    page = a_page(study)
    tables = [make(results(), page) for make in (table_disposition, table_overview, table_terms)]
    cells = {cell.id: cell.text for table in tables for row in table.rows for cell in row.cells
             if isinstance(cell, Cell) and cell.id}  # fmt: skip
    shown = [cells[sentence.link] for sentence in find_safety(results(), page).sentences]
    assert shown == ["4 (100.0)", "3 (75.0) [5]", "3 (75.0) [3]", "1 (25.0) [1]", "1 (25.0)"]


def test_no_event_at_all_is_a_sentence(results, adae, study):
    headline = find_safety(results(adae.iloc[:0]), a_page(study))
    assert told(headline)[2] == ("No treatment-emergent adverse event is recorded.", "")
    assert headline.sentences[2].link == "T-D5"


def test_a_trial_without_participants_has_a_headline(results, adae, adsl, study):
    headline = find_safety(results(adae.iloc[:0], adsl.iloc[:0]), a_page(study))
    assert told(headline)[1][0] == "Any treatment-emergent event: Placebo 0 of 0, Active 0 of 0, All 0 of 0."


def test_terms_are_written_as_in_the_table(results, adae, study):
    named = adae.assign(AEDECOD=adae["AEDECOD"].replace("Headache", "Guillain-Barre syndrome"))
    before = results(named[named["USUBJID"].ne("4")])
    text, change = told(find_safety(results(named), a_page(study, previous=before)))[3]
    assert "Guillain-Barre syndrome 3 of 4" in text
    assert change == "+1 Guillain-Barre syndrome since cut C1"


def test_a_first_report_of_a_later_cut_says_nothing_about_change(results, study):
    headline = find_safety(results(), a_page(study, previous=None))
    assert [sentence.change for sentence in headline.sentences] == [""] * 5


def samples(**counts):
    rows = [
        {
            "display": "E13",
            "parameter": matrix,
            "parameter_words": matrix,
            "variable": name,
            "statistic": "n",
            "value": value,
        }
        for matrix, values in counts.items()
        for name, value in values.items()
    ]
    return with_text(results_table(rows))


def all_of(count, mixed=0):
    return {"SAMPLES": count, "PARTICIPANTS": 2, "BLQ": 1, "PLACEBO": mixed, "ALLBLQ": 0}


def test_samples_and_signs_of_a_mix_up_say_how_they_moved(study):
    page = a_page(study, "pharmacokinetics", previous=samples(Plasma=all_of(4), CSF=all_of(3)))
    headline = find_pharmacokinetics(samples(Plasma=all_of(6, 1), CSF=all_of(3)), page)
    assert told(headline) == [
        ("Since cut C1: Plasma samples +2.", ""),
        (
            "Plasma: 6 samples of 2 participants, of which 1 below the limit of quantification.",
            "+2 samples since cut C1",
        ),
        (
            (
                "Plasma, signs of a mix-up: participants on placebo with a quantifiable concentration 1, "
                "participants on active drug with none after dosing 0."
            ),
            "+1 on placebo since cut C1",
        ),
        ("CSF: 3 samples of 2 participants, of which 1 below the limit of quantification.", ""),
        (
            (
                "CSF, signs of a mix-up: participants on placebo with a quantifiable concentration 0, "
                "participants on active drug with none after dosing 0."
            ),
            "",
        ),
    ]
    assert headline.sentences[1].link == cell_id("E13", ("Plasma", "SAMPLES", "", "", ""), "n")
