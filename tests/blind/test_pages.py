"""What blinded pages of the virtual trial say and show, cell by cell where a known answer stands."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from blind.trial import cohorts_of
from cutbook.catalogue import events
from cutbook.catalogue.blinding import blind
from cutbook.catalogue.kinetics import antibodies
from cutbook.catalogue.models import ancova
from cutbook.display import show
from cutbook.parameters.project import Project
from reported import Reported, as_first, reported, stage

SAFETY, PK, EFFICACY = "safety", "pharmacokinetics", "efficacy"


@pytest.fixture(scope="module")
def made(project: Path, tmp_path_factory: pytest.TempPathFactory):
    cut = as_first(stage(project, "IA", tmp_path_factory.mktemp("cut") / "staged", "blinded"))
    return cache(lambda name: reported(name, cut))


class Text(HTMLParser):
    """Collects the words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def text_of(one: Reported) -> str:
    reader = Text()
    for shown in one.shown:
        reader.feed(shown._repr_html_())
    return " ".join(" ".join(reader.words).split())


def value(one: Reported, display: str, variable: str, group: str, statistic: str) -> float:
    place = {"display": display, "variable": variable, "group": group, "statistic": statistic, "level": ""}
    own = one.results[(one.results[list(place)] == pd.Series(place)).all(axis="columns")]
    return float(own["value"].iloc[0])


def test_columns_are_cohorts_and_everybody(made) -> None:
    groups = made(SAFETY).results.query("display == 'D4' and statistic == 'n'")["group"].unique().tolist()
    assert groups == ["COHORT 5", "COHORT 6", "COHORT 7", "COHORT 8", "TOTAL"]


def test_counts_of_a_cohort_are_those_of_its_participants_in_the_data(made, project: Path) -> None:
    cohorts = pd.Series(cohorts_of(Project(project), "IA"))
    cut = made(SAFETY).report.cut
    serious = cut.datasets["ae"].query("AESER == 'Y'")["USUBJID"].drop_duplicates()
    expected = cohorts.reindex(serious).value_counts()
    for cohort in ("COHORT 5", "COHORT 6", "COHORT 7", "COHORT 8"):
        assert value(made(SAFETY), "D4", "SER", cohort, "n") == expected[cohort]
    assert value(made(SAFETY), "D4", "SER", "TOTAL", "n") == 8


@pytest.mark.parametrize("name", [SAFETY, PK, EFFICACY])
def test_no_page_speaks_of_arms_control_or_what_somebody_got(made, name: str) -> None:
    said = text_of(made(name))
    for phrase in re.findall(r"Cohort \d \(\d+ mg or placebo\)", said):
        said = said.replace(phrase, " ")
    assert not re.search(r"placebo|tofersen \d|TOF\d|PBO|on tofersen|as treated|actual arm|the control\b", said, re.I)


def test_the_worst_case_counts_as_many_as_can_have_been_on_the_drug(made) -> None:
    # Of 12 participants of cohort 6, 9 are on the drug at 3:1; 9 had a related event, and 2 died. Of 13, 9 are.
    related = [value(made(SAFETY), "C4", "RELATED", "COHORT 6", name) for name in ("n_drug", "N_drug", "pct_drug")]
    assert related == [9.0, 9.0, 100.0]
    died = [value(made(SAFETY), "C4", "DTHFL", "COHORT 6", name) for name in ("n_drug", "N_drug")]
    assert died == [2.0, 9.0]
    assert value(made(SAFETY), "C4", "DTHFL", "COHORT 5", "N_drug") == 9.0
    assert value(made(SAFETY), "C4", "DTHFL", "TOTAL", "n_drug") == 3.0
    assert value(made(SAFETY), "C4", "DTHFL", "TOTAL", "N_drug") == 36.0
    table = show(blind.worst_case, made(SAFETY).report.page)
    assert [str(cell) for cell in table.rows[0].cells] == ["0/9", "2/9", "1/9", "0/9", "3/36"]
    assert [column.label.replace("\xa0", " ") for column in table.columns] == [
        "Cohort 5",
        "Cohort 6",
        "Cohort 7",
        "Cohort 8",
        "All",
    ]


def test_more_than_can_have_been_on_the_drug_are_not_counted(made) -> None:
    """Everybody had an event: the worst case is everybody on the drug, not more."""
    own = made(SAFETY).results.query("display == 'C4' and statistic in ['n_drug', 'N_drug']")
    wide = own.pivot_table(index=["variable", "level", "group"], columns="statistic", values="value")
    assert len(wide) > 20
    assert wide["n_drug"].le(wide["N_drug"]).all()


def test_the_first_screen_says_worst_case_and_what_is_withheld(made) -> None:
    opening = made(SAFETY).report.opening
    held = next(box for box in opening.boxes if box.heading == "Under the blind")
    assert [sentence.lead for sentence in held.sentences] == [
        "Worst case, if all of them had been on the drug:",
        "Withheld:",
    ]
    assert held.sentences[0].text == (
        "died (any cause) 2 of 9 (Cohort 6), serious event 3 of 9 (Cohort 7) and severe event 4 of 9 (Cohort 7)."
    )
    assert held.sentences[1].text.startswith(
        "the arms, treatment and amount of doses, concentrations, delivered pharmacokinetic parameters, antibodies "
        "against the drug and SOD1 and NFHP."
    )
    assert opening.line.startswith("50 treated: 13 in Cohort 5 · 12 in Cohort 6 · 12 in Cohort 7 · 13 in Cohort 8")


def test_deaths_are_told_by_cohort(made) -> None:
    deaths = made(SAFETY).report.opening.sentences[0]
    assert deaths.lead == "Three deaths, all judged not related:"
    assert "tofersen" not in deaths.text
    assert deaths.text.startswith("Cohort 6, day 52")


def test_the_pharmacokinetics_report_shows_doses_and_visits(made) -> None:
    one = made(PK)
    assert one.report.opening.line == "50 treated. 48 had all doses. Withheld under the blind: concentrations (PC)."
    attended = [value(one, "C3", f"{name}_DAY169", "TOTAL", "n") for name in ("DUE", "ATT")]
    assert attended == [43.0, 42.0]
    held = next(box for box in one.report.opening.boxes if box.heading == "Under the blind")
    assert held.sentences[0].text == "Day 169 had the fewest, 42 of 43 who were due; 9 of 10 visits had all."


@pytest.mark.parametrize(
    ("name", "display", "said"),
    [
        (PK, antibodies.incidence, "Withheld under the blind: antibodies against the drug (IS)."),
        (EFFICACY, ancova.comparisons, "Withheld under the blind: comparisons of the arms."),
    ],
)
def test_what_rests_on_the_allocation_is_withheld_and_says_so(made, name: str, display, said: str) -> None:
    shown = show(display, made(name).report.page)
    assert (shown.empty, shown.is_withheld, shown.members) == (said, True, ())
    assert made(name).results.query("display == @display.key").empty


def test_amounts_of_doses_are_withheld_in_words_and_never_zero(made) -> None:
    rows = made(SAFETY).results.query("display == 'D3' and variable == 'DOSETOT'")
    assert set(rows["reason"]) == {"withheld under the blind"}
    assert rows["value"].isna().all()


def test_the_list_of_what_is_withheld_names_domains_and_no_numbers(made) -> None:
    table = show(blind.withheld, made(SAFETY).report.page)
    assert [row.label for row in table.rows] == ["DM", "EX", "PC", "PP", "IS", "LB"]
    said = [str(cell) for row in table.rows for cell in row.cells]
    assert said[0] == "ARMCD, ARM, ACTARMCD, ACTARM"
    assert "records of LBTESTCD SOD1, NFHP" in said
    assert not re.search(r"\b\d+\b", " ".join(said))


def test_unblinded_reports_withhold_nothing(first_report) -> None:
    table = show(blind.withheld, first_report(SAFETY, "C2").report.page)
    assert (table.rows, table.empty) == ((), "Nothing: this report is unblinded.")
    assert show(events.overview, first_report(SAFETY, "C2").report.page).rows
