"""The catalogue of displays against the code, the notebooks as they run, and the tests that it names."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from matplotlib.backends.backend_agg import FigureCanvasAgg

from cutbook.display.catalogue import ENTRIES
from cutbook.display.catalogue.entry import REPORTS
from cutbook.display.catalogue.markdown import catalogue_markdown
from cutbook.display.formats import significant
from cutbook.results.adverse_events import death_results, seriousness_results
from executed_notebooks import run_notebook

CUTS = {"safety": "C2", "pharmacokinetics": "C1", "efficacy": "C1"}
KEYS = {entry.key for entry in ENTRIES}


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


def described(anchor):
    """Return the entry of an id in a page; there must be one alone."""
    (entry,) = [entry for entry in ENTRIES if entry.is_anchor(anchor)]
    return entry


def text(runs, report, anchor):
    return runs[report].displays[anchor].text


def test_the_page_of_the_catalogue_is_the_generated_one(project):
    assert (project / "docs/displays.md").read_text(encoding="utf-8") == catalogue_markdown(ENTRIES)


def test_every_display_shown_is_in_the_catalogue_and_every_one_described_is_shown(runs):
    shown = {(report, described(anchor).anchor) for report, run in runs.items() for anchor in run.displays}
    assert shown == {(report, entry.anchor) for entry in ENTRIES if entry.anchor for report in entry.notebooks}


def test_titles_are_those_of_the_page(runs):
    shown = [(anchor, display.title) for run in runs.values() for anchor, display in run.displays.items()]
    assert [(anchor, title) for anchor, title in shown if not described(anchor).is_title(title)] == []


def test_the_key_of_a_display_stands_in_its_id():
    assert [entry.anchor for entry in ENTRIES if entry.anchor and entry.anchor.split("-")[1] != entry.key] == []


def test_the_results_tables_hold_the_keys_of_the_catalogue_and_no_other(runs):
    written = {key for run in runs.values() for key in run.variables["results"]["display"]}
    assert written == {entry.key for entry in ENTRIES if entry.has_results}


def test_every_statistic_in_the_results_tables_is_explained(project, runs):
    page = (project / "docs/results.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"`(\w+)`", page.split("## Statistics")[1].split("## ")[0]))
    written = {name for run in runs.values() for name in run.variables["results"]["statistic"]}
    code = "".join(file.read_text(encoding="utf-8") for file in (project / "lib/cutbook/results").glob("*.py"))
    assert written - explained == set()
    assert {name for name in explained - written if f'"{name}"' not in code} == set()


def test_every_key_in_the_code_of_the_results_is_in_the_catalogue(project):
    files = sorted((project / "lib/cutbook/results").glob("*.py"))
    codes = [code for file in files for code in re.findall(r'display"?[=:] ?"(\w+)"', file.read_text(encoding="utf-8"))]
    assert len(codes) > 10
    assert set(codes) <= KEYS


def test_every_test_that_the_catalogue_names_is_there(project):
    named = {test for entry in ENTRIES for test in entry.tests}
    files = {test.split("::")[0] for test in named}
    there = {
        f"{file}::{node.name}"
        for file in files
        for node in ast.parse((project / file).read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    assert named - there == set()


def test_every_entry_says_everything():
    for entry in ENTRIES:
        facts = (entry.title, entry.question, entry.population, entry.statistics, entry.order, entry.missing)
        assert all((*facts, entry.counterpart, entry.notebooks, entry.tests))
        assert entry.question.endswith("?")


def test_listings_about_the_cut_show_the_records_it_names(runs):
    cut = runs["safety"].variables["cut"]
    is_day = cut.modified["VARIABLE"].str.fullmatch(".+DY")
    listed = {"L-A3R": cut.removed, "L-A3K": cut.kept, "L-A4": cut.modified[~is_day], "L-A7": cut.issues}
    for anchor, records in listed.items():
        keys = [key for key in records["KEY"] if key]
        assert keys
        assert [key for key in keys if key not in text(runs, "safety", anchor)] == []


def test_the_listing_of_serious_events_names_everybody_who_had_one(runs):
    adsl, adae = (runs["safety"].variables[name] for name in ("adsl", "adae"))
    is_listed = adae["AESER"].eq("Y") | adae["FATALFL"].eq("Y")
    shown = text(runs, "safety", "L-D9-serious")
    assert is_listed.any()
    assert {name for name in adsl["USUBJID"] if name in shown} == set(adae.loc[is_listed, "USUBJID"])


def test_the_listing_of_discontinuations_says_when_there_are_none(runs):
    adae = runs["safety"].variables["adae"]
    assert "DRUG WITHDRAWN" not in set(adae["AEACN"])
    assert "No adverse event is recorded by the cut-off as having led to discontinuation" in text(
        runs, "safety", "L-D9-discontinuations"
    )


def last_means(results, **place):
    own = results[results["visit"].ne("Baseline") & results["value"].notna()]
    for column, value in place.items():
        own = own[own[column].eq(value)]
    last = own[own["visit"].eq(own["visit"].iloc[-1]) & own["group"].isin(["Placebo", "Tofersen 20 mg"])]
    assert len(last) == 2
    return [f"{group} {significant(value)}" for group, value in zip(last["group"], last["value"], strict=True)]


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
    adpc = runs["pharmacokinetics"].variables["adpc"]
    highest = adpc.loc[adpc["MATRIX"].eq("CSF") & adpc["TRT01A"].eq("Tofersen 20 mg"), "AVAL"].max()
    shown = text(runs, "pharmacokinetics", "F-E3-2")
    assert f"Highest concentration (ng/mL): Tofersen 20 mg {significant(highest)}." in shown


def test_the_listing_of_concentrations_shows_values_as_reported(runs):
    adpc = runs["pharmacokinetics"].variables["adpc"]
    shown = text(runs, "pharmacokinetics", "L-E1")
    assert len(adpc) > 100
    assert [value for value in set(adpc["AVALC"].dropna()) if value not in shown] == []


def counts(results, group):
    own = results[results["group"].eq(group) & results["statistic"].eq("n")]
    return dict(zip(zip(own["variable"], own["level"], strict=True), own["value"], strict=True))


def test_deaths_by_study_day_add_up_to_all_deaths(adsl, study):
    dead = adsl.assign(DTHFL=["Y", "Y", "Y", "N", "N"], DTHDY=[52.0, 152.0, float("nan"), float("nan"), float("nan")])
    assert counts(death_results(dead, study), "All") == {
        ("DTHDY", "ANY"): 3, ("DTHDY", "Day 52"): 1, ("DTHDY", "Day 152"): 1, ("DTHDY", "Day not known"): 1,
    }  # fmt: skip


def test_a_term_that_was_serious_and_not_serious_counts_in_both(adae, adsl, study):
    twice = adae.assign(AEDECOD=adae["AEDECOD"].replace("Dizziness", "Headache"))
    found = counts(seriousness_results(twice, adsl, study), "10 mg")
    assert (found["SERIOUS", "Headache"], found["NONSERIOUS", "Headache"], found["SERIOUS", "Nausea"]) == (1, 2, 0)
