"""A lean foreign transfer, DM, EX, LB, VS and PC of an open study, renders by its study file alone."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from command_line import call
from conftest import PROJECT
from cutbook.catalogue import concentrations, participants
from cutbook.data.staging.staged import Rendering, StagedCut, stage_cut
from cutbook.data.transfer.checked import read_cut_transfer
from cutbook.data.transfer.defaults.values import with_defaults
from cutbook.derive import Frames
from cutbook.errors import DataError
from cutbook.parameters.project import Project, read_cut, read_study
from cutbook.parameters.study import Default
from cutbook.results.engine import compute
from reported import reported

CUT = """
study: sad_study
cut_id: final
transfer: sad_study
cutoff_date: "2001-12-31"
previous_cut: ""
purpose: All data
status: draft
audience: unblinded
revision: 1
"""
COHORTS = {"C1": 3, "C2": 3, "C3": 3, "C4": 3, "C5": 6, "C6": 3, "C7": 18, "C8": 6, "C9": 3}


@pytest.fixture(scope="module")
def home(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project of this study, its transfer linked into it."""
    root = tmp_path_factory.mktemp("sad")
    parameters = root / "parameters" / "sad_study"
    parameters.mkdir(parents=True)
    study = Path(__file__).parent / "sad_study.yaml"
    (parameters / "study.yaml").write_text(study.read_text(encoding="utf-8"), encoding="utf-8")
    (parameters / "final.yaml").write_text(CUT, encoding="utf-8")
    (root / "data").mkdir()
    (root / "data" / "sad_study").symlink_to(shared / "data" / "sad_study")
    return root


def staged_at(home: Path, to: Path, cutoff: str = "2001-12-31") -> StagedCut:
    project = Project(home)
    study = read_study(project, "sad_study")
    cut = read_cut(project, "sad_study", "final").model_copy(update={"cutoff_date": cutoff})
    now = Rendering("2026-01-01T00:00:00Z")
    return stage_cut(project, study, cut, to / "staged", is_unverified_allowed=True, rendering=now)


@pytest.fixture(scope="module")
def cut(home: Path, tmp_path_factory: pytest.TempPathFactory) -> StagedCut:
    return staged_at(home, tmp_path_factory.mktemp("staged"))


@pytest.fixture(scope="module")
def frames(cut: StagedCut) -> Frames:
    return Frames(cut.datasets, cut.study, cut.cut.cutoff_date)


@pytest.fixture(scope="module")
def raw(shared: Path) -> dict[str, pd.DataFrame]:
    """Return the files as pandas reads them, without this package."""
    folder = shared / "data" / "sad_study"
    return {name: pd.read_csv(folder / f"{name}.csv", dtype={"USUBJID": str}) for name in ("dm", "ex", "pc")}


def test_what_the_study_file_gives_and_what_is_missing_is_listed_with_its_records(cut):
    listed = cut.issues.sort_values(["DATASET", "VARIABLE"])
    assert listed[["DATASET", "VARIABLE", "KIND", "RECORDS"]].fillna(0).to_numpy().tolist() == [
        ["ae", "", "Not provided", 0],
        ["dm", "DTHFL", "DTHFL not delivered", 0],
        ["ds", "", "Not provided", 0],
        ["ex", "EXDOSU", "EXDOSU not delivered", 48],
        ["lb", "DOMAIN", "DOMAIN blank or of another dataset", 73],
        ["pc", "PCLLOQ", "PCLLOQ not delivered", 0],
        ["pc", "PCSTRESU", "PCSTRESU not delivered", 1536],
        ["pc", "VISIT", "VISIT not delivered", 1536],
        ["pc", "VISITNUM", "VISITNUM not delivered", 1536],
    ]


@pytest.mark.parametrize(
    ("name", "rows", "told"),
    [
        ("ex", [3], "ex.USUBJID row 4 "),
        ("ex", [0, 3], "ex.USUBJID row 1 "),
        ("ex", None, "ex.USUBJID: "),
        ("pc", [3], "pc.USUBJID row 4 "),
        ("pc", None, "pc.USUBJID: "),
    ],
    ids=["a dose of nobody", "two of them", "doses of nobody", "a sample of nobody", "samples of nobody"],
)
def test_records_of_nobody_are_a_fault_that_names_them(home, tmp_path, name, rows, told):
    shutil.copytree(home, tmp_path / "own", symlinks=False)
    file = tmp_path / "own/data/sad_study" / f"{name}.csv"
    frame = pd.read_csv(file, dtype="str", keep_default_na=False)
    nameless = frame.drop(columns="USUBJID") if rows is None else frame.assign(
        USUBJID=frame["USUBJID"].mask(frame.index.isin(rows), "")
    )  # fmt: skip
    nameless.to_csv(file, index=False)
    with pytest.raises(DataError) as stopped:
        staged_at(tmp_path / "own", tmp_path)
    assert str(stopped.value).startswith(told)


def test_participants_by_cohort_are_those_of_the_files(frames, raw):
    adsl = frames.adsl
    codes = adsl.loc[adsl["SAFFL"].eq("Y"), "ARMCD"].value_counts().sort_index()
    assert codes.to_dict() == COHORTS
    assert (
        codes.to_dict() == raw["dm"][raw["dm"]["USUBJID"].isin(raw["ex"]["USUBJID"])].groupby("ARMCD").size().to_dict()
    )
    assert (len(adsl), adsl["RANDFL"].eq("Y").sum(), adsl["SCRFFL"].eq("Y").sum()) == (73, 48, 25)
    assert adsl["PKFL"].eq("Y").sum() == 48
    assert adsl["DOSEN"].dropna().eq(1).all()


def test_counts_of_participants_are_those_of_the_files(frames, cut):
    results = compute(participants.disposition, frames, cut.study)
    counts = results[results["statistic"].eq("n")].set_index(["variable", "level", "group"])["value"].sort_index()
    assert counts["SCREENED", "", "TOTAL"] == 73
    assert counts["SCRFFL", "Y", "TOTAL"] == 25
    for variable, level in (("RANDFL", ""), ("SAFFL", ""), ("DOSEN", "1")):
        of_cohorts = counts[variable, level]
        assert of_cohorts.to_dict() == {**COHORTS, "TOTAL": 48}


@pytest.mark.parametrize(("place", "test"), [(0, "RS2023"), (1, "RS2023487A")])
def test_statistics_of_concentrations_agree_with_a_recomputation_from_the_file(frames, cut, raw, place, test):
    results = compute(concentrations.summary, frames, cut.study)
    code = cut.study.pharmacokinetics.matrices[place].code
    own = results[results["parameter"].eq(code) & results["group"].isin(COHORTS) & results["visit"].eq("DAY 1")]
    found = own.assign(TIME=pd.to_numeric(own["level"])).pivot_table(
        index=["group", "TIME"], columns="statistic", values="value", aggfunc="first"
    )
    pc = raw["pc"].merge(raw["dm"][["USUBJID", "ARMCD"]], on="USUBJID")
    pc = pc[pc["PCTESTCD"].eq(test)].assign(LOG=lambda own: np.log(own["PCSTRESN"].where(own["PCSTRESN"].gt(0))))
    place_in_file = ["ARMCD", "PCTPTNUM"]
    later = found[found.index.get_level_values("TIME") > 0]
    groups = pc[pc["PCTPTNUM"].gt(0)].groupby(place_in_file)
    expected = groups["PCSTRESN"].agg(["mean", "median", "std", "min", "max"]).rename(columns={"std": "sd"})
    expected["geomean"] = np.exp(groups["LOG"].mean())
    assert later.index.tolist() == expected.index.tolist()
    assert len(expected) == len(COHORTS) * 15
    for name in expected:
        np.testing.assert_allclose(later[name], expected[name], rtol=1e-12)
    assert later["n"].tolist() == groups.size().tolist()
    assert found["samples"].tolist() == pc.groupby(place_in_file).size().tolist()
    assert found["nblq"].tolist() == pc["PCSTRESN"].eq(0).groupby([pc[name] for name in place_in_file]).sum().tolist()
    before = found[found.index.get_level_values("TIME") == 0]
    assert before["nblq"].tolist() == list(COHORTS.values())
    assert before["mean"].isna().all()


def test_planned_times_come_from_a_column_that_the_study_file_names(home, frames):
    project = Project(home)
    study = read_study(project, "sad_study")
    cut = read_cut(project, "sad_study", "final")
    given = {**study.sources.defaults["pc"], "PCTPTNUM": Default.model_validate({"from": "NTIME"})}
    changed = study.sources.model_copy(update={"defaults": {**study.sources.defaults, "pc": given}})
    received = read_cut_transfer(project, study, cut, is_unverified_allowed=True)
    lean = received.datasets["pc"].drop(columns=["PCTPTNUM", "PCELTM"])
    transfer = replace(received, datasets={**received.datasets, "pc": lean})
    named = with_defaults(transfer, study.model_copy(update={"sources": changed})).datasets
    adpc = Frames({name: named.get(name, frame) for name, frame in named.items()}, study, cut.cutoff_date).adpc
    assert adpc["NOMTIME"].tolist() == frames.adpc["NOMTIME"].tolist()
    assert sorted(adpc["NOMTIME"].unique()) == [0, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 10, 12, 24, 48, 72, 96, 144]


def test_without_visits_the_table_of_concentrations_says_a_dash_and_keeps_every_sample(cut):
    lean = cut.datasets["pc"].drop(columns=["VISIT", "VISITNUM"])
    known = Frames({**cut.datasets, "pc": lean}, cut.study, cut.cut.cutoff_date)
    results = compute(concentrations.summary, known, cut.study)
    samples = results[results["statistic"].eq("samples")]
    assert samples["value"].sum() == 1536
    assert set(samples["visit_words"]) == {"–"}


@pytest.mark.slow
def test_everything_of_both_reports_is_shown(cut):
    for name in ("safety", "pharmacokinetics"):
        page = [one._repr_html_() for one in reported(name, cut).shown]
        assert all(page)
        whole = "".join(page)
        assert set(re.findall(r'href="#([A-Z]\w*-[0-9a-f]{10})"', page[0])) <= set(re.findall(r'id="([^"]+)"', whole))


@pytest.mark.slow
@pytest.mark.parametrize("cutoff", ["2000-12-20", "2000-12-31", "2001-01-02", "2001-01-10", "2001-02-15"])
def test_an_early_cut_off_shows_what_there_is(home, cutoff, tmp_path):
    early = staged_at(home, tmp_path, cutoff)
    for name in ("safety", "pharmacokinetics"):
        assert all(html for html in (one._repr_html_() for one in reported(name, early).shown))


@pytest.mark.slow
def test_check_and_run_end_well(home, capsys):
    shutil.copytree(PROJECT / "notebooks", home / "notebooks")
    asked = ("sad_study", "final", "--unverified", "--project", str(home))
    code, said, _ = call(capsys, "check", *asked)
    assert (code, said.splitlines()[2]) == (0, "9 issues, listed in the report")
    assert call(capsys, "run", *asked)[0] == 0
    published = home / "outputs" / "sad_study" / "final" / "unblinded"
    assert {"safety.html", "pharmacokinetics.html"} <= {path.name for path in published.iterdir()}


@pytest.mark.slow
def test_sections_without_anything_to_show_are_one_sentence(home):
    page = (home / "outputs" / "sad_study" / "final" / "unblinded" / "safety.html").read_text(encoding="utf-8")
    told = re.findall(r"<h2[^>]*>([^<]*)</h2></div>\s*<p class=\"empty\">(?:<span[^>]*></span>)*([^<]*)</p>", page)
    no_events, not_named = "Not delivered: adverse events (AE).", "Not named in the study file: "
    assert told == [
        ("What happened", f"{no_events} Deaths were not collected."),
        ("Deaths, serious events, discontinuations", f"Deaths were not collected. {no_events}"),
        ("Events of special interest", no_events),
        ("After each dose", f"{no_events} Not delivered: medicines (CM)."),
        ("Cerebrospinal fluid", f"{not_named}findings in cerebrospinal fluid."),
        ("Electrocardiogram", f"{not_named}electrocardiograms (EG)."),
        ("Vital signs", f"{not_named}vital signs (VS)."),
    ]
    assert "Baseline only: no value of laboratory results (LB) at a visit after it by the cut-off." in page
    assert "Not delivered: completed the study, ongoing, discontinued the study." in page
    assert "1 doses" not in page
    assert "{number}" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
