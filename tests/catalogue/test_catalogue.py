"""The catalogue of displays against the code, the notebooks as they run, and the tests that it names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from matplotlib.backends.backend_agg import FigureCanvasAgg

from cutbook.catalogue import DISPLAYS, events
from cutbook.catalogue.display import REPORTS
from cutbook.catalogue.markdown import catalogue_markdown, has_results
from cutbook.display.formats import significant
from cutbook.parameters.project import find_project, read_study
from cutbook.results.statistics import STATISTICS
from executed_notebooks import run_notebook
from given import results_of

CUTS = {"safety": "C2", "pharmacokinetics": "C1", "efficacy": "C1"}
TEMPLATED = re.compile(r"\{[^{}]*\}")


@dataclass
class Shown:
    """One display as a reader meets it."""

    title: str = ""
    text: str = ""


@dataclass
class Run:
    """A notebook that was run: its variables, and the displays of its page by id."""

    variables: dict = field(default_factory=dict)
    displays: dict[str, Shown] = field(default_factory=dict)


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
        self.own.text += f" {facts.get('alt', '')}"

    def handle_endtag(self, tag):
        self.is_in_title = self.is_in_title and tag not in {"h3", "summary"}

    def handle_data(self, data):
        self.own.title += data if self.is_in_title else ""
        self.own.text += data


def run_report(project: Path, report: str) -> Run:
    cut = yaml.safe_load((project / "parameters/tofersen" / f"{CUTS[report]}.yaml").read_text(encoding="utf-8"))
    executed = run_notebook(project, report, {**cut, "previous_cut": ""})
    run = Run(executed.variables)
    reader = Displays(run.displays)
    for html in executed.shown:
        reader.feed(html)
    return run


@pytest.fixture(scope="module")
def runs(project, tmp_path_factory):
    """Return the three notebooks, run on early cuts of the virtual trial as if there were none before.

    Figures stay blank: what they say in words is computed all the same.
    """
    assert (project / "data/tofersen/C2").is_dir(), "make test generates the virtual trial"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        patch.setattr(FigureCanvasAgg, "draw", FigureCanvasAgg.get_renderer)
        patch.setattr("tempfile.tempdir", str(tmp_path_factory.mktemp("staged")))
        return {report: run_report(project, report) for report in REPORTS}


def is_filled(template, text):
    """Return whether a text is a template with any text, or none, in the place of every part in braces."""
    return re.fullmatch(".*".join(re.escape(part) for part in TEMPLATED.split(template)), text) is not None


def described(anchor):
    """Return the declaration of an id in a page; there must be one alone."""
    (display,) = [display for display in DISPLAYS if display.anchor and is_filled(display.anchor, anchor)]
    return display


def text(runs, report, anchor):
    return runs[report].displays[anchor].text


@pytest.fixture(scope="module")
def study_of_all(project):
    """Return the study file that uses every display."""
    return read_study(find_project(project), "tofersen")


def test_the_page_of_the_catalogue_is_the_generated_one(project, study_of_all):
    page = (project / "docs/displays.md").read_text(encoding="utf-8")
    assert page == catalogue_markdown(DISPLAYS, study_of_all)


def test_every_display_shown_is_declared_and_every_one_declared_is_shown(runs):
    shown = {(report, described(anchor).anchor) for report, run in runs.items() for anchor in run.displays}
    assert shown == {(report, display.anchor) for display in DISPLAYS if display.anchor for report in display.reports}


def test_titles_are_those_of_the_page(runs):
    shown = [(anchor, display.title) for run in runs.values() for anchor, display in run.displays.items()]
    assert [(anchor, title) for anchor, title in shown if not is_filled(described(anchor).title, title)] == []


def test_the_key_of_a_display_stands_in_its_id():
    assert [one.anchor for one in DISPLAYS if one.anchor and one.anchor.split("-")[1] != one.key] == []


def test_the_results_tables_hold_the_keys_of_the_catalogue_and_no_other(runs, study_of_all):
    written = {key for run in runs.values() for key in run.variables["results"]["display"]}
    # Signals compare with a previous cut, and these are first ones.
    assert written == {display.key for display in DISPLAYS if has_results(display, study_of_all)} - {"I3"}


def test_every_statistic_of_the_register_is_explained_and_no_other(project, runs):
    page = (project / "docs/results.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"`(\w+)`", page.split("## Statistics")[1].split("## ")[0]))
    assert set(STATISTICS) - explained == set()
    assert {name for run in runs.values() for name in run.variables["results"]["statistic"]} <= set(STATISTICS)


def test_every_declaration_says_everything(study_of_all):
    for display in DISPLAYS:
        facts = (display.title, display.question, display.order, display.missing, display.counterpart, display.reports)
        assert all((*facts, display.sources(study_of_all), display.empty))
        assert display.question.endswith("?")


def test_listings_about_the_cut_show_the_records_it_names(runs):
    cut = runs["safety"].variables["report"].cut
    is_day = cut.modified["VARIABLE"].str.fullmatch(".+DY")
    listed = {"L-A3R": cut.removed, "L-A3K": cut.kept, "L-A4": cut.modified[~is_day], "L-A7": cut.issues}
    for anchor, records in listed.items():
        keys = [key for key in records["KEY"] if key]
        assert keys
        assert [key for key in keys if key not in text(runs, "safety", anchor)] == []


def test_the_listing_of_serious_events_names_everybody_who_had_one(runs):
    frames = runs["safety"].variables["report"].frames
    adsl, adae = frames.adsl, frames.adae
    is_listed = adae["AESER"].eq("Y") | adae["FATALFL"].eq("Y")
    shown = text(runs, "safety", "L-D9-serious")
    assert is_listed.any()
    assert {name for name in adsl["USUBJID"] if name in shown} == set(adae.loc[is_listed, "USUBJID"])


def test_the_listing_of_discontinuations_says_when_there_are_none(runs):
    adae = runs["safety"].variables["report"].frames.adae
    assert "DRUG WITHDRAWN" not in set(adae["AEACN"])
    assert "No adverse event is recorded by the cut-off as having led to discontinuation" in text(
        runs, "safety", "L-D9-discontinuations"
    )


def last_means(results, **place):
    own = results[results["visit"].ne("BASELINE") & results["visit"].ne("") & results["value"].notna()]
    for column, value in place.items():
        own = own[own[column].eq(value)]
    last = own[own["visit"].eq(own["visit"].iloc[-1]) & own["group"].isin(["PBO", "TOF20"])]
    assert len(last) == 2
    return [f"{group} {significant(value)}" for group, value in zip(last["group_words"], last["value"], strict=True)]


@pytest.mark.parametrize(
    ("report", "anchor", "place"),
    [
        ("safety", "F-D15", {"display": "D15", "parameter": "chemistry-ALT", "variable": "CHG", "statistic": "mean"}),
        ("safety", "F-D20", {"display": "D20", "parameter": "vitals-PULSE", "variable": "CHG", "statistic": "mean"}),
        ("safety", "F-D21", {"display": "D21", "parameter": "ecg-PRAG", "variable": "CHG", "statistic": "mean"}),
        ("efficacy", "F-F2-SOD1", {"parameter": "SOD1", "variable": "RATIO", "statistic": "geomean"}),
        ("efficacy", "F-F4-ALSFRST", {"parameter": "ALSFRST", "variable": "CHG", "statistic": "mean"}),
    ],
)
def test_figures_by_visit_say_the_last_mean_of_every_arm_in_words(runs, report, anchor, place):
    means = last_means(runs[report].variables["results"], **place)
    assert ", ".join(means) in text(runs, report, anchor)


def test_profiles_say_the_highest_concentration_of_every_arm_in_words(runs):
    adpc = runs["pharmacokinetics"].variables["report"].frames.adpc
    highest = adpc.loc[adpc["MATRIX"].eq("CSF") & adpc["TRT01A"].eq("Tofersen 20 mg"), "AVAL"].max()
    shown = text(runs, "pharmacokinetics", "F-E3-2")
    assert f"Highest concentration (ng/mL): Tofersen 20 mg {significant(highest)}." in shown


def test_the_listing_of_concentrations_shows_values_as_reported(runs):
    adpc = runs["pharmacokinetics"].variables["report"].frames.adpc
    shown = text(runs, "pharmacokinetics", "L-E1")
    assert len(adpc) > 100
    assert [value for value in set(adpc["AVALC"].dropna()) if value not in shown] == []


def counts(results, group):
    own = results[results["group"].eq(group) & results["statistic"].eq("n")]
    return dict(zip(zip(own["variable"], own["level"], strict=True), own["value"], strict=True))


def test_deaths_by_study_day_add_up_to_all_deaths(adsl, study):
    dead = adsl.assign(DTHFL=["Y", "Y", "Y", "N", "N"], DTHDY=[52.0, 152.0, float("nan"), float("nan"), float("nan")])
    assert counts(results_of(events.deaths_by_day, study, adsl=dead), "TOTAL") == {
        ("DTHFL", ""): 3, ("DTHDY", "52"): 1, ("DTHDY", "152"): 1, ("DTHDY", "MISSING"): 1,
    }  # fmt: skip


def test_a_term_that_was_serious_and_not_serious_counts_in_both(adae, adsl, study):
    twice = adae.assign(AEDECOD=adae["AEDECOD"].replace("Dizziness", "Headache"))
    found = counts(results_of(events.serious_terms, study, adsl=adsl, adae=twice), "A")
    assert (found["SERIOUS", "Headache"], found["NONSERIOUS", "Headache"], found["SERIOUS", "Nausea"]) == (1, 2, 0)
