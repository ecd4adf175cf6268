"""A changed digit in one source record shows up in exactly the displays that use it.

The displays are those of the second cut of the virtual trial, beside its first cut: as transferred, and again for every
case with one value of one record changed in the file.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from cutbook.data.staging.history import stage_with_previous_cuts
from cutbook.data.staging.staged import Rendering
from cutbook.parameters.project import Project, read_cut, read_study
from cutbook.published.clock import recorded_time, utc_now
from executed_notebooks import run_notebook
from virtual_trial.cuts import OPEN, RESTRICTED, layouts
from virtual_trial.simulate import simulate
from virtual_trial.xpt import TransportFile

pytestmark = pytest.mark.slow

REPORTS = ("safety", "pharmacokinetics", "efficacy")
EPOCH = "1509868800"
TRANSFER = Path("data/tofersen/C2")
ELEMENT = re.compile(
    r'<(?:header class="(banner) opening|section class="box \w+" id="(first-\d)|'
    r'(?:section|details) class="display[^"]*" id="([^"]+))"'
)
PARTS = {
    "image": re.compile(r'(?:src|href)="data:image/png;base64,([^"]+)"'),
    "drawing": re.compile(r"(<svg\b.*?</svg>)", re.DOTALL),
    "data": re.compile(r'href="data:text/csv([^"]+)"'),
}
LINE = re.compile(r"(?=<tr|<li|</tbody|</ol)")
NAMED = re.compile(r"<(?:th|li)\b[^>]*>(?:<a\b[^>]*>)?([^<]+?) ?(?=<|$)")
LABEL = 32
NUMBERED = re.compile(r"(?<=\.e)\d+")
"""Signs of a label that tell a line."""


@dataclass(frozen=True)
class Change:
    """One value of one record of a dataset, old and new, in every variable that holds it."""

    part: str
    dataset: str
    record: tuple[str, int]
    variables: Mapping[str, tuple[str | float, str | float]]


@dataclass(frozen=True)
class Case:
    """A change, the elements that differ after it in every report that is made, and what in them does.

    ``lines`` names, by report and display, each line that differs: the heading above it, and how its own label begins;
    ``results`` names report, display and parameter of the statistics that differ in the results tables.
    """

    change: Change
    elements: Mapping[str, set[str]]
    lines: Mapping[tuple[str, str], list[tuple[str, str]]]
    results: set[tuple[str, str, str]]


def measured(part: str, dataset: str, record: tuple[str, int], old: str, new: str) -> Change:
    """Return the change of one digit of a measurement, as text and as number."""
    assert sum(one != other for one, other in zip(old, new, strict=True)) == 1
    name = dataset.upper()
    texts = {f"{name}ORRES": (old, new), f"{name}STRESC": (old, new)}
    return Change(part, dataset, record, {**texts, f"{name}STRESN": (float(old), float(new))})


ALT = "T-D15-chemistry-ALT"
INJURY = "Injury, poisoning and procedural complications"
MUSCLE = "Musculoskeletal and connective tissue disorders"
CASES = {
    "a laboratory value": Case(
        measured(OPEN, "lb", ("233AS101-101004", 203), "23", "28"),
        {
            "safety": {"T-A1", "F-D15 drawing", "F-D15 data", ALT, "L-P"},
            "pharmacokinetics": {"T-A1"},
            "efficacy": {"T-A1"},
        },
        {
            ("safety", ALT): [
                ("Day 106", "Tofersen 20 mg"),
                ("Day 106", "Tofersen total"),
                ("Day 106", "All participants"),
                ("Tofersen 20 mg", "233AS101-101004"),
            ],
            ("safety", "L-P"): [("Tofersen 20 mg", "233AS101-101004")],
        },
        {("safety", "D15", "chemistry-ALT")},
    ),
    "a plasma concentration that is drawn": Case(
        measured(RESTRICTED, "pc", ("233AS101-301005", 6), "256", "296"),
        {
            "safety": {"T-A1"},
            "pharmacokinetics": {
                "T-A1",
                "T-E2-1",
                "T-E4-1",
                "T-E5-1",
                "T-E7-1",
                "T-E7-1-all",
                "T-E8-1",
                "T-E10-1",
                "T-G4S",
                "T-G6-1",
                "L-E1",
                "L-P",
                "F-E3-1 image",
                "F-E3-1 drawing",
                "F-E3-1 data",
                "F-E6-1 drawing",
                "F-E6-1 data",
                "F-E8-1",
                "F-E8-1 image",
                "F-E8-1 drawing",
                "F-E8-1 data",
            },
            "efficacy": {"T-A1"},
        },
        {
            ("pharmacokinetics", "T-E2-1"): [("Day 1, Tofersen 40 mg", "6 h"), ("Tofersen 40 mg", "233AS101-301005")],
            ("pharmacokinetics", "L-E1"): [("", "233AS101-301005")],
            ("pharmacokinetics", "L-P"): [("Tofersen 40 mg", "233AS101-301005")],
            ("pharmacokinetics", "T-E4-1"): [("Dose 1, Tofersen 40 mg", "233AS101-301005")],
            ("pharmacokinetics", "T-E5-1"): [("Dose 1, Tofersen 40 mg", "233AS101-301005")],
            ("pharmacokinetics", "T-E7-1"): [
                ("Dose 1", "AUClast (h·ng/mL)"),
                ("Dose 1", "AUC0–24 (h·ng/mL)"),
                ("Dose 1", "AUCinf (h·ng/mL), accepted profi"),
                ("Dose 1", "t½ (h)"),
                ("Dose 1", "t½ (h), accepted profiles"),
                ("Dose 1", "CL/F (L/h), accepted profiles"),
                ("Dose 1", "Vz/F (L)"),
                ("Dose 1", "Vz/F (L), accepted profiles"),
            ],
            # The row of 20 mg has the same numbers, aligned anew: a maximum has one decimal more now.
            ("pharmacokinetics", "T-E7-1-all"): [
                ("Dose 1: AUClast (h·ng/mL)", "Tofersen 40 mg"),
                ("Dose 1: AUC0–24 (h·ng/mL)", "Tofersen 40 mg"),
                ("Dose 1: AUCinf (h·ng/mL), accept", "Tofersen 40 mg"),
                ("Dose 1: t½ (h)", "Tofersen 40 mg"),
                ("Dose 1: t½ (h), accepted profile", "Tofersen 40 mg"),
                ("Dose 1: CL/F (L/h), accepted pro", "Tofersen 40 mg"),
                ("Dose 1: Vz/F (L)", "Tofersen 40 mg"),
                ("Dose 1: Vz/F (L), accepted profi", "Tofersen 20 mg"),
                ("Dose 1: Vz/F (L), accepted profi", "Tofersen 40 mg"),
            ],
            ("pharmacokinetics", "T-E8-1"): [
                ("Dose 1", "AUClast (h·ng/mL)"),
                ("Dose 1", "AUC0–24 (h·ng/mL)"),
                ("Dose 1", "AUCinf (h·ng/mL)"),
            ],
            ("pharmacokinetics", "F-E8-1"): [("", "")],
            # Means of areas by each rule move too, by less than the digits shown.
            ("pharmacokinetics", "T-E10-1"): [("t½ (h)", "Tofersen 40 mg")],
            # The area of the first profile is one end of the range of the last quarter.
            ("pharmacokinetics", "T-G4S"): [
                (limit, "Quarter 4 (highest)")
                for limit in (
                    "CSF white cells &gt;\xa05/µL, by Pl",
                    "CSF white cells &gt;\xa010/µL, by P",
                    "CSF protein &gt;\xa01.5 × ULN, by P",
                    "ALT ≥\xa03 × ULN, by Plasma: AUClas",
                    "QTcF before the dose &gt;\xa0500 ms",
                )
            ],
            ("pharmacokinetics", "T-G6-1"): [
                ("", "60\xa0mg: AUClast (h·ng/mL)"),
                ("", "100\xa0mg: AUClast (h·ng/mL)"),
            ],
        },
        {
            ("pharmacokinetics", "G4S", ""),
            *(("pharmacokinetics", key, "TOFERSEN-PLASMA") for key in ("E2", "E4", "E5", "E7", "E8", "E10", "G6")),
        },
    ),
    "a plasma concentration of the highest mean, in a visit that is not drawn": Case(
        measured(RESTRICTED, "pc", ("233AS101-301004", 14), "362", "392"),
        {"pharmacokinetics": {"T-A1", "T-E2-1", "T-G4Q", "L-E1", "L-P"}},
        {
            ("pharmacokinetics", "T-E2-1"): [("Day 29, Tofersen 40 mg", "4 h"), ("Tofersen 40 mg", "233AS101-301004")],
            # An electrocardiogram was taken within an hour of the sample.
            ("pharmacokinetics", "T-G4Q"): [
                ("", "Slope, ms per ng/mL (Plasma)"),
                ("", "20\xa0mg"),
                ("", "40\xa0mg"),
            ],
            ("pharmacokinetics", "L-E1"): [("", "233AS101-301004")],
            ("pharmacokinetics", "L-P"): [("Tofersen 40 mg", "233AS101-301004")],
        },
        {("pharmacokinetics", "E2", "TOFERSEN-PLASMA"), ("pharmacokinetics", "G4Q", "")},
    ),
    "the severity of a serious event of somebody with another severe one": Case(
        Change(OPEN, "ae", ("233AS101-201001", 8), {"AESEV": ("SEVERE", "MODERATE")}),
        {
            "safety": {
                "T-A1",
                "T-D0",
                "T-I2",
                "T-I2T",
                "T-I2T drawing",
                "T-D4",
                "T-D6",
                "T-D12",
                "F-D14 image",
                "F-D14 drawing",
                "F-D14 data",
                "L-D9-serious",
                "L-P",
                "L-R",
                "made-with",
            },
            "pharmacokinetics": {"T-A1"},
            "efficacy": {"T-A1"},
        },
        {
            ("safety", "T-D0"): [("", "Severe event")],
            ("safety", "T-I2"): [("", "Severe event")],
            ("safety", "T-I2T"): [("", "Severe event")],
            ("safety", "T-D4"): [("", "Severe event"), ("", "Severe event")],
            ("safety", "T-D12"): [
                ("Severe event", "Tofersen 20 mg"),
                ("Severe event", "Tofersen total"),
                ("Severe event", "All participants"),
                ("", "Severe event: Tofersen 20 mg"),
                ("", "Severe event: Tofersen total"),
                ("", "Severe event: All participants"),
            ],
            ("safety", "L-D9-serious"): [("", "233AS101-201001")],
            ("safety", "L-P"): [("Tofersen 20 mg", "233AS101-201001")],
            ("safety", "L-R"): [("Tofersen 20 mg", "160")],
            ("safety", "T-D6"): [
                ("", "Moderate"),
                ("", "Severe"),
                ("", "Moderate"),
                ("", "Severe"),
                ("", "Moderate"),
                ("", "Any treatment-emergent event: Se"),
                ("", "Injury, poisoning and procedural"),
                ("", "Injury, poisoning and procedural"),
                ("", "Injury, poisoning and procedural"),
                ("", "Injury, poisoning and procedural"),
            ],
        },
        {
            ("safety", "D0", ""),
            ("safety", "D4", ""),
            ("safety", "D12", ""),
            ("safety", "D6", "ANY"),
            ("safety", "D6", f"{INJURY} / AEBODSYS / {INJURY}"),
            ("safety", "D6", f"{INJURY} / AEDECOD / Femur fracture"),
        },
    ),
    "the severity of an event that only the counts by severity ask for": Case(
        Change(OPEN, "ae", ("233AS101-201001", 9), {"AESEV": ("MILD", "MODERATE")}),
        {"safety": {"T-A1", "T-D6", "F-D14 image", "F-D14 drawing", "F-D14 data", "L-P", "L-R", "made-with"}},
        {
            ("safety", "L-P"): [("Tofersen 20 mg", "233AS101-201001")],
            ("safety", "L-R"): [("Tofersen 20 mg", "161")],
            ("safety", "T-D6"): [
                ("", "Mild"),
                ("", "Moderate"),
                ("", "Mild"),
                ("", "Mild"),
                ("", "Moderate"),
                ("", "Musculoskeletal and connective t"),
                ("", "Musculoskeletal and connective t"),
                ("", "Musculoskeletal and connective t"),
                ("", "Musculoskeletal and connective t"),
                ("", "Musculoskeletal and connective t"),
            ],
        },
        {
            ("safety", "D6", f"{MUSCLE} / AEBODSYS / {MUSCLE}"),
            ("safety", "D6", f"{MUSCLE} / AEDECOD / Muscular weakness"),
        },
    ),
    "CSF SOD1 at the visit of the analysis": Case(
        measured(RESTRICTED, "lb", ("233AS101-301004", 173), "109.8", "139.8"),
        {
            "safety": {"T-A1"},
            "pharmacokinetics": {"T-A1", "T-G4", "F-G4 image", "F-G4 drawing", "F-G4 data"},
            "efficacy": {
                "T-A1",
                "first-1",
                "F-F2W-SOD1",
                "F-F2W-SOD1 image",
                "F-F2W-SOD1 drawing",
                "F-F2W-SOD1 data",
                "F-F1-SOD1",
                "F-F1-SOD1 image",
                "F-F1-SOD1 drawing",
                "F-F1-SOD1 data",
                "F-F2-SOD1 image",
                "F-F2-SOD1 drawing",
                "F-F2-SOD1 data",
                "T-F1-SOD1",
                "T-F2-SOD1",
                "T-F3-SOD1",
                "T-F4R-SOD1",
                "L-P",
            },
        },
        {
            ("pharmacokinetics", "T-G4"): [
                ("", "CSF SOD1 at Day 85 by Plasma: AU"),
                ("", "CSF SOD1 at Day 85 by CSF: befor"),
            ],
            ("efficacy", "first-1"): [("", "")],
            ("efficacy", "F-F2W-SOD1"): [("", "")],
            ("efficacy", "F-F1-SOD1"): [("", "")],
            ("efficacy", "T-F1-SOD1"): [
                ("", "Placebo"),
                ("", "Tofersen 20 mg"),
                ("", "Tofersen 40 mg"),
                ("", "Analysis of covariance of ln(val"),
                ("Tofersen 40 mg", "233AS101-301004"),
            ],
            ("efficacy", "T-F2-SOD1"): [
                ("Day 85", "Tofersen 40 mg"),
                ("Day 85", "Tofersen total"),
                ("Day 85", "All participants"),
                ("Tofersen 40 mg", "233AS101-301004"),
            ],
            ("efficacy", "T-F3-SOD1"): [
                ("", "Line in ln(1 + dose / lowest dos"),
                ("", "Trend over the arms in their ord"),
            ],
            ("efficacy", "T-F4R-SOD1"): [
                ("Day 85", "Placebo"),
                ("Day 85", "Tofersen 20 mg"),
                ("Day 85", "Tofersen 40 mg"),
                ("Day 106", "Placebo"),
                ("Day 106", "Tofersen 20 mg"),
                ("Day 169", "Placebo"),
                ("Day 169", "Tofersen 20 mg"),
                ("Tofersen 40 mg", "233AS101-301004"),
            ],
            ("efficacy", "L-P"): [("Tofersen 40 mg", "233AS101-301004")],
        },
        {("pharmacokinetics", "G4", ""), *(("efficacy", key, "SOD1") for key in ("F1", "F2", "F3", "F4R"))},
    ),
}


def write_again(folder: Path, change: Change) -> None:
    """Write a dataset of a transfer again with one record changed, and its hash into the manifest."""
    (layout,) = (layout for layout in layouts(change.part) if layout.name == change.dataset)
    manifest = json.loads((folder / change.part / "manifest.json").read_text(encoding="utf-8"))
    frame, _ = pyreadstat.read_xport(folder / change.part / f"{change.dataset}.xpt")
    records = frame.astype(object).where(frame.notna(), "").to_dict("records")
    rows = [{str(name): value for name, value in record.items()} for record in records]
    place = (change.record[0], float(change.record[1]))
    (row,) = (row for row in rows if (row["USUBJID"], row[f"{change.dataset.upper()}SEQ"]) == place)
    assert {name: row[name] for name in change.variables} == {name: old for name, (old, _) in change.variables.items()}
    row |= {name: new for name, (_, new) in change.variables.items()}
    file = TransportFile(folder / change.part, layout, manifest["extracted"])
    file.append_rows(rows)
    (entry,) = (entry for entry in manifest["files"] if entry["dataset"] == change.dataset)
    entry["sha256"] = file.close()
    (folder / change.part / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


@dataclass(frozen=True)
class Shown:
    """The elements of the page of each report by name, and its results table."""

    elements: dict[str, dict[str, str]]
    results: dict[str, pd.DataFrame]


def elements_of(page: str) -> dict[str, str]:
    """Return banner, headline and displays of a page by id; the picture and the data of a figure on their own."""
    starts = list(ELEMENT.finditer(page))
    assert page[: starts[0].start()].strip() == ""
    ends = [*(start.start() for start in starts[1:]), len(page)]
    found: dict[str, str] = {}
    for start, end in zip(starts, ends, strict=True):
        name, html = next(filter(None, start.groups())), page[start.start() : end]
        assert name not in found
        for part, pattern in PARTS.items():
            found |= {f"{name} {part}": "".join(texts)} if (texts := pattern.findall(html)) else {}
            html = pattern.sub("", html)
        found[name] = html
    return found


def show(folder: Path, cut_id: str, results: Path, reports: Iterable[str] = REPORTS) -> Shown:
    """Return what the notebooks of a project show of a cut, and put their results into a folder."""
    own = Project(folder)
    study, read = read_study(own, "tofersen"), read_cut(own, "tofersen", cut_id)
    cut = read.model_copy(update={"audience": "unblinded"})
    staged, rendering = folder / f"staged-{cut_id}", Rendering(recorded_time(utc_now()))
    stage_with_previous_cuts(own, study, cut, staged, outputs=folder / "outputs", rendering=rendering)
    results.mkdir(parents=True)
    shown = Shown({}, {})
    for report in reports:
        to = {"staged_cut": str(staged), "results_to": str(results / f"{report}.results.parquet")}
        run = run_notebook(folder, report, cut.model_dump(mode="json") | to)
        shown.elements[report] = elements_of("\n".join(run.shown))
        shown.results[report] = run.variables["results"]
    return shown


@pytest.fixture(scope="module")
def trial(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a project with the first two transfers of the virtual trial, and the results of the first cut."""
    folder = tmp_path_factory.mktemp("trial")
    simulate(folder / "data/tofersen", only=["C1", "C2"])
    for name in ("parameters", "notebooks"):
        shutil.copytree(project / name, folder / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
        with pytest.MonkeyPatch.context() as blank:
            blank.setattr(FigureCanvasAgg, "draw", FigureCanvasAgg.get_renderer)
            show(folder, "C1", folder / "outputs/tofersen/C1/unblinded")
        yield folder


@pytest.fixture(scope="module")
def original(trial: Path, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """Return what is shown of the second cut as it was transferred."""
    return show(trial, "C2", tmp_path_factory.mktemp("results") / "original")


@dataclass(frozen=True)
class Changed:
    """A case, what is shown after its change, and the hashes of the file before and after."""

    case: Case
    shown: Shown
    hashes: tuple[str, str]


@pytest.fixture(scope="module", params=list(CASES))
def changed(request: pytest.FixtureRequest, trial: Path, tmp_path_factory: pytest.TempPathFactory) -> Changed:
    """Return what is shown of the second cut after the change of a case."""
    case, folder = CASES[request.param], tmp_path_factory.mktemp("changed") / "project"
    shutil.copytree(trial, folder, ignore=shutil.ignore_patterns("staged-*"))
    file = TRANSFER / case.change.part / f"{case.change.dataset}.xpt"
    write_again(folder / TRANSFER, case.change)
    before, after = (hashlib.sha256((root / file).read_bytes()).hexdigest() for root in (trial, folder))
    return Changed(case, show(folder, "C2", folder / "results", case.elements), (before, after))


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def labelled(html: str) -> list[tuple[str, str, str]]:
    """Return the lines of a display, each with the heading above it and its own label.

    Lines are numbered in their order for the links to them; the numbers are left out, as a line more moves all below.
    """
    lines, head = [], ""
    for line in LINE.split(NUMBERED.sub("", html)):
        label = "".join(NAMED.findall(line)[:1])[:LABEL]
        head = label if re.match('<tr class="?head', line) else "" if line.startswith("</") else head
        lines.append((head, label, line))
    return lines


def changed_lines(one: str, other: str) -> list[tuple[str, str]]:
    """Return heading and label of the lines that differ, and of those that only one of both displays has."""
    before, after = labelled(one), labelled(other)
    found: list[tuple[str, str]] = []
    for kind, *(start, end, begin, stop) in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        places = [[line[:2] for line in lines] for lines in (before[start:end], after[begin:stop])]
        found += [] if kind == "equal" else places[0] if places[0] == places[1] else places[0] + places[1]
    return found


def differing_results(one: pd.DataFrame, other: pd.DataFrame) -> set[tuple[str, str]]:
    """Return display and parameter of the statistics that differ, or that one of both tables lacks."""
    rows = [
        set(table.assign(keys=table["keys"].map(" ".join)).astype("str").itertuples(index=False))
        for table in (one, other)
    ]
    return {(row.display, row.parameter) for row in rows[0] ^ rows[1]}


@pytest.mark.parametrize("case", list(CASES))
def test_a_file_written_again_unchanged_is_the_same_file(trial: Path, tmp_path: Path, case: str) -> None:
    change = CASES[case].change
    same = {name: (old, old) for name, (old, _) in change.variables.items()}
    shutil.copytree(trial / TRANSFER, tmp_path / "C2")
    write_again(tmp_path / "C2", Change(change.part, change.dataset, change.record, same))
    files = (root / change.part / f"{change.dataset}.xpt" for root in (trial / TRANSFER, tmp_path / "C2"))
    one, other = (file.read_bytes() for file in files)
    assert one == other


def test_a_changed_value_shows_in_exactly_the_displays_that_use_it(original: Shown, changed: Changed) -> None:
    found = {
        report: differing(original.elements[report], elements) for report, elements in changed.shown.elements.items()
    }
    assert found == changed.case.elements


def test_of_the_files_received_one_hash_differs_and_nothing_else(original: Shown, changed: Changed) -> None:
    before, after = (digest[:12] for digest in changed.hashes)
    assert before != after
    for report in changed.case.elements:
        one, other = (shown.elements[report]["T-A1"] for shown in (original, changed.shown))
        assert one.count(before) == 1
        assert one.replace(before, after) == other


def test_within_a_display_exactly_the_lines_of_the_value_differ(original: Shown, changed: Changed) -> None:
    shown = {(report, name) for report, names in changed.case.elements.items() for name in names}
    told = {
        place
        for place in shown
        if place[1] not in {"T-A1", "made-with"} and not place[1].endswith((" image", " data", " drawing"))
    }
    found = {
        (report, name): changed_lines(original.elements[report][name], changed.shown.elements[report][name])
        for report, name in told
    }
    assert found == changed.case.lines


def test_the_results_that_differ_are_those_of_the_displays(original: Shown, changed: Changed) -> None:
    found = {
        (report, *place)
        for report, results in changed.shown.results.items()
        for place in differing_results(original.results[report], results)
    }
    assert found == changed.case.results
