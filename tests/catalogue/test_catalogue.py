"""The catalogue of displays against the code, and against the reports as a reader meets them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser

import pytest

from cutbook.catalogue import DISPLAYS
from cutbook.catalogue.kinds.display import REPORTS
from cutbook.catalogue.markdown import catalogue_markdown, has_results
from cutbook.display.look.numbers import significant
from cutbook.parameters.project import Project, read_study
from cutbook.results.statistics import STATISTICS
from reported import Reported

CUTS = {"safety": "C2", "pharmacokinetics": "C1", "efficacy": "C1"}
KEYS = {display.key for display in DISPLAYS}
SHOWN = [display for display in DISPLAYS if display.anchor]


@dataclass
class Shown:
    """One display as a reader meets it."""

    title: str = ""
    text: str = ""


class Run:
    """A report, and the displays of its page by id."""

    def __init__(self, made: Reported) -> None:
        self.frames, self.cut, self.results = made.report.frames, made.report.cut, made.results
        self.displays: dict[str, Shown] = {}
        reader = Displays(self.displays)
        for one in made.shown:
            reader.feed(one._repr_html_())


class Displays(HTMLParser):
    """Collects the displays of a page: id, title, text and what pictures say."""

    def __init__(self, found: dict[str, Shown]) -> None:
        super().__init__()
        self.found = found
        self.own = Shown()
        self.is_in_title = False

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        identity = facts.get("id") or ""
        if "display" in (facts.get("class") or "").split() and re.match("[TFL]-", identity):
            assert identity not in self.found
            self.own = self.found[identity] = Shown()
        self.is_in_title = tag in {"h3", "summary"} and not self.own.title
        self.own.text += f" {facts.get('alt', '')}{facts.get('aria-label', '') if facts.get('role') == 'img' else ''}"

    def handle_endtag(self, tag):
        self.is_in_title = self.is_in_title and tag not in {"h3", "summary"}

    def handle_data(self, data):
        self.own.title += data if self.is_in_title else ""
        self.own.text += data


@pytest.fixture(scope="module")
def runs(first_report):
    """Return the three reports of early cuts of the virtual trial as if there were none before."""
    return {report: Run(first_report(report, CUTS[report])) for report in REPORTS}


_TEMPLATED = re.compile(r"\{[^{}]*\}")


def is_filled(template: str, text: str) -> bool:
    """Return whether ``text`` is ``template`` with any text, or none, in the place of every part in braces."""
    fixed = [re.escape(part) for part in _TEMPLATED.split(template)]
    return re.fullmatch(".*".join(fixed), text) is not None


def described(anchor):
    """Return the declaration of an id in a page: the first, for a course that leads has the id of the others."""
    return next(display for display in SHOWN if is_filled(display.anchor, anchor))


def text(runs, report, anchor):
    return runs[report].displays[anchor].text


@pytest.fixture(scope="module")
def study_of_all(project):
    """Return the study file that uses every display."""
    return read_study(Project(project), "tofersen")


def test_the_page_of_the_catalogue_is_the_generated_one(project, study_of_all):
    page = (project / "docs/displays.md").read_text(encoding="utf-8")
    assert page == catalogue_markdown(DISPLAYS, study_of_all)


def test_every_display_shown_is_in_the_catalogue_and_every_one_declared_is_shown(runs):
    shown = {(report, described(anchor).anchor) for report, run in runs.items() for anchor in run.displays}
    under_the_blind = {("safety", "T-C4")}
    assert shown | under_the_blind == {(report, display.anchor) for display in SHOWN for report in display.reports}


def test_titles_are_those_of_the_page(runs):
    shown = [(anchor, display.title) for run in runs.values() for anchor, display in run.displays.items()]
    assert [(anchor, title) for anchor, title in shown if not is_filled(described(anchor).title, title)] == []


def test_the_key_of_a_display_stands_in_its_id():
    assert [display.anchor for display in SHOWN if display.anchor.split("-")[1] != display.key] == []


def test_the_results_tables_hold_the_keys_of_the_catalogue_and_no_other(study_of_all, runs):
    written = {key for run in runs.values() for key in run.results["display"]}
    only_later = {"I3", "F1M", "D3M", "D12M", "E12"}
    assert written == {display.key for display in DISPLAYS if has_results(display, study_of_all)} - only_later


def test_displays_whose_source_is_the_data_or_other_results_have_none_of_their_own(runs):
    written = {key for run in runs.values() for key in run.results["display"]}
    assert KEYS - written == {
        "A3K", "A3R", "A4", "C2", "C4", "D12M", "D17U", "D3M", "E1", "E12", "F1M", "I2", "I2P", "I2T", "I3", "I6",
        "I7", "P", "R",
    }  # fmt: skip


def test_no_statistic_has_two_rows_in_a_report(runs):
    for run in runs.values():
        assert not run.results.duplicated(["display", *PLACE, "statistic"]).any()


PLACE = ("population", "parameter", "variable", "level", "visit", "group")


def test_keys_are_codes_and_words_stand_beside_them(study_of_all, runs):
    study = study_of_all
    arms = {arm.code: arm.label for arm in study.treatment.arms}
    words = {**arms, "ACTIVE": "Tofersen total", "TOTAL": "All participants", "": ""}
    words |= {f"{code}-PBO": f"{label} − Placebo" for code, label in words.items() if code not in {"", "PBO"}}
    visits = {visit.code: visit.label for schedule in study.schedules.values() for visit in schedule.visits}
    for run in runs.values():
        results = run.results
        assert set(results["group"]) - set(words) == set()
        assert results["group_words"].tolist() == results["group"].map(words).tolist()
        own = results[results["visit"].ne("") & ~results["display"].str.startswith(("E", "G"))]
        assert own["visit_words"].tolist() == own["visit"].map({**visits, "BASELINE": "Baseline"}).tolist()
        assert set(results["population"]) <= {
            "",
            "SAFFL",
            "RANDFL",
            "PKFL",
            *(one.population for one in study.endpoints),
        }


def test_every_statistic_in_the_results_tables_is_explained(project, runs):
    page = (project / "docs/results.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `(\w+)` \|", page.split("## Statistics")[1].split("## ")[0], flags=re.MULTILINE))
    written = {name for run in runs.values() for name in run.results["statistic"]}
    code = "".join(read(project, "catalogue", "results", "stats"))
    assert explained == set(STATISTICS)
    assert written - explained == set()
    assert {name for name in explained - written if f'"{name}"' not in code} == set()


def read(project, *folders: str) -> Iterable[str]:
    """Return the text of the modules of these folders of the library."""
    return [
        file.read_text(encoding="utf-8")
        for folder in folders
        for file in sorted((project / "lib/cutbook" / folder).glob("*.py"))
    ]


def test_every_key_in_the_code_is_in_the_catalogue(project):
    codes = [code for text in read(project, "results", "display", "report") for code in re.findall(CODE, text)]
    assert len(codes) > 10
    assert set(codes) <= KEYS


CODE = r'"([ADEFI]\d{1,2}[A-Z]?)"'


def test_every_declaration_says_everything(study_of_all):
    for display in DISPLAYS:
        facts = (display.title, display.question, display.order, display.missing, display.counterpart, display.reports)
        assert all(facts), display.key
        assert display.sources(study_of_all), display.key
        assert display.empty, display.key
        assert display.question.endswith("?"), display.key
        assert set(display.reports) <= set(REPORTS), display.key


def test_every_display_says_whom_it_shows(study_of_all):
    assert [one.key for one in DISPLAYS if not (one.whom or one.population.text(study_of_all))] == []


def test_displays_that_share_a_key_lead_participants_to_one_place():
    places = {(display.key, display.participants) for display in DISPLAYS if display.participants}
    assert len(places) == len({key for key, _ in places})


def test_listings_about_the_cut_show_the_records_it_names(runs):
    cut = runs["safety"].cut
    is_day = cut.modified["VARIABLE"].str.fullmatch(".+DY")
    listed = {"L-A3R": cut.removed, "L-A3K": cut.kept, "L-A4": cut.modified[~is_day], "L-A7": cut.issues}
    for anchor, records in listed.items():
        keys = [key for key in records["KEY"] if key]
        assert keys
        assert [key for key in keys if key not in text(runs, "safety", anchor)] == []


def test_the_listing_of_serious_events_names_everybody_who_had_one(runs):
    adsl, adae = runs["safety"].frames.adsl, runs["safety"].frames.adae
    is_listed = adae["AESER"].eq("Y") | adae["FATALFL"].eq("Y")
    shown = text(runs, "safety", "L-D9-serious")
    assert is_listed.any()
    assert {name for name in adsl["USUBJID"] if name in shown} == set(adae.loc[is_listed, "USUBJID"])


def test_the_listing_of_discontinuations_says_when_there_are_none(runs):
    adae = runs["safety"].frames.adae
    assert "DRUG WITHDRAWN" not in set(adae["AEACN"])
    assert "No adverse event is recorded by the cut-off as having led to discontinuation" in text(
        runs, "safety", "L-D9-discontinuations"
    )


def last_means(results, **place):
    own = results[results["visit"].ne("BASELINE") & results["value"].notna()]
    for column, value in place.items():
        own = own[own[column].eq(value)]
    last = own[own["visit"].eq(own["visit"].iloc[-1]) & own["group"].isin(["PBO", "TOF20"])]
    assert len(last) == 2
    return [f"{group} {significant(value)}" for group, value in zip(last["group_words"], last["value"], strict=True)]


@pytest.mark.parametrize(
    ("report", "anchor", "place"),
    [
        ("safety", "F-D15", {"display": "D15", "parameter": "chemistry-ALT", "variable": "CHG", "statistic": "median"}),
        ("safety", "F-D20", {"display": "D20", "parameter": "vitals-PULSE", "variable": "CHG", "statistic": "mean"}),
        ("safety", "F-D21", {"display": "D21", "parameter": "ecg-PRAG", "variable": "CHG", "statistic": "mean"}),
        ("efficacy", "F-F2-SOD1", {"parameter": "SOD1", "variable": "RATIO", "statistic": "geomean"}),
        ("efficacy", "F-F4-ALSFRST", {"parameter": "ALSFRST", "variable": "CHG", "statistic": "mean"}),
    ],
)
def test_figures_by_visit_say_the_last_centre_of_every_arm_in_words(runs, report, anchor, place):
    means = last_means(runs[report].results, **place)
    assert ", ".join(means) in text(runs, report, anchor)


def test_profiles_say_the_highest_concentration_of_every_arm_in_words(runs):
    adpc = runs["pharmacokinetics"].frames.adpc
    highest = adpc.loc[adpc["MATRIX"].eq("CSF") & adpc["TRT01A"].eq("Tofersen 20 mg"), "AVAL"].max()
    shown = text(runs, "pharmacokinetics", "F-E3-2")
    assert f"Highest concentration (ng/mL): Tofersen 20 mg {significant(highest)}." in shown


def test_the_listing_of_concentrations_shows_values_as_reported(runs):
    adpc = runs["pharmacokinetics"].frames.adpc
    shown = text(runs, "pharmacokinetics", "L-E1")
    assert len(adpc) > 100
    assert [value for value in set(adpc["AVALC"].dropna()) if value not in shown] == []
