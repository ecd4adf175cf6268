from __future__ import annotations

import json
import stat
from pathlib import Path

import pandas as pd
import pytest

from cutbook.data.staging.history import previous_cuts, stage_with_previous_cuts
from cutbook.data.staging.staged import Rendering, StagedCut, read_staged
from cutbook.errors import ParameterError
from cutbook.parameters.project import Project, read_cut, read_study
from cutbook.published.manifest import write_manifest
from published.manifests import a_manifest
from report.fake_project import cutbook, deliver, errors_of, make_project, write_cut

CHAIN = ("C1", "C2", "C3", "C4")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project of four cuts in a chain, each of a transfer of its own, nothing published."""
    made = make_project(tmp_path / "project", ("safety", "efficacy"))
    for number, (cut, previous) in enumerate(zip(CHAIN, ("", *CHAIN), strict=False), start=1):
        deliver(made.root, f"T{number}", ages=(60.0 + number, 47.0))
        write_cut(made.root, cut, transfer=f"T{number}", previous=previous)
    return made


def publish(project: Project, cut: str, value: float, cutoff: str = "2024-06-30") -> None:
    """Publish a set of two reports whose results hold this value, made from the transfer that lies there."""
    target = project.outputs / "demo" / cut / "revisions" / f"unblinded-r1-{cut}"
    target.mkdir(parents=True)
    for report in ("safety", "efficacy"):
        pd.DataFrame({"value": [value]}).to_parquet(target / f"{report}.results.parquet")
    received = json.loads((project.root / "data" / f"T{cut[1:]}" / "manifest.json").read_text(encoding="utf-8"))
    inputs = {file["path"]: file["sha256"] for file in received["files"]}
    identity = {"parameters": {"cutoff_date": cutoff}, "inputs": inputs}
    write_manifest(target, a_manifest(cut=cut, identity=identity))
    (target.parents[1] / "unblinded").symlink_to(f"revisions/{target.name}")


def stage(project: Project, cut_id: str) -> StagedCut:
    study, cut = read_study(project, "demo"), read_cut(project, "demo", cut_id)
    to = project.root / f"staged-{cut_id}"
    rendering = Rendering("2026-01-01T00:00:00Z")
    return stage_with_previous_cuts(project, study, cut, to, outputs=project.outputs, rendering=rendering)


def told(staged: StagedCut) -> list[tuple[str, float]]:
    return [(cut, float(results["safety"]["value"].iloc[0])) for cut, results in staged.history]


def test_the_chain_of_previous_cuts_is_followed_to_its_beginning(project: Project) -> None:
    found, statement = previous_cuts(project, read_cut(project, "demo", "C4"))
    assert ([cut.cut_id for cut in found], statement) == (["C1", "C2", "C3"], "")
    assert previous_cuts(project, read_cut(project, "demo", "C1")) == ([], "")


def test_the_history_holds_the_published_results_of_all_earlier_cuts_oldest_first(project: Project) -> None:
    for number, cut in enumerate(CHAIN, start=1):
        publish(project, cut, float(number))
    staged = stage(project, "C4")
    assert told(staged) == [("C1", 1.0), ("C2", 2.0), ("C3", 3.0)]
    assert [list(results) for _, results in staged.history] == [["efficacy", "safety"]] * 3
    assert staged.previous.published is staged.history[-1][1]
    assert (staged.stamps["previous"], staged.stamps["history"]) == ("", "")
    folders = sorted(folder.name for folder in (project.root / "staged-C4" / "history").iterdir() if folder.is_dir())
    assert folders == ["01-C1", "02-C2", "03-C3"]


def test_a_cut_that_is_not_published_is_left_out_and_keeps_its_number(project: Project) -> None:
    publish(project, "C1", 1.0)
    publish(project, "C3", 3.0)
    assert told(stage(project, "C4")) == [("C1", 1.0), ("C3", 3.0)]
    assert (project.root / "staged-C4" / "history" / "03-C3").is_dir()


def test_without_a_published_direct_predecessor_there_is_nothing_previous(project: Project) -> None:
    publish(project, "C2", 2.0)
    staged = stage(project, "C4")
    assert (dict(staged.previous.published), told(staged)) == ({}, [("C2", 2.0)])


def test_the_first_cut_has_no_history(project: Project) -> None:
    publish(project, "C1", 1.0)
    staged = stage(project, "C1")
    assert (staged.history, dict(staged.previous.published), staged.previous.is_here) == ((), {}, False)


def test_a_hundred_and_one_earlier_cuts_stay_in_their_order(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", ("safety",))
    for number in range(1, 103):
        write_cut(project.root, f"C{number}", previous=f"C{number - 1}" if number > 1 else "")
    for number in (1, 9, 10, 99, 100, 101):
        deliver(project.root, f"T{number}")
        publish(project, f"C{number}", float(number))
    assert [cut for cut, _ in told(stage(project, "C102"))] == ["C1", "C9", "C10", "C99", "C100", "C101"]


def test_the_staged_folder_gives_the_same_history_and_nobody_may_change_it(project: Project) -> None:
    publish(project, "C1", 1.0)
    publish(project, "C2", 2.0)
    staged = stage(project, "C3")
    folder = project.root / "staged-C3"
    again = read_staged(folder)
    assert told(again) == told(staged)
    assert again.stamps == staged.stamps
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.rglob("*") if file.is_file()} == {0o400}


def test_results_are_read_when_they_are_asked_for(project: Project) -> None:
    publish(project, "C1", 1.0)
    staged = stage(project, "C2")
    (project.root / "staged-C2" / "history" / "01-C1" / "efficacy.results.parquet").unlink()
    assert "efficacy" in staged.previous.published
    with pytest.raises(FileNotFoundError):
        staged.previous.published["efficacy"]


@pytest.mark.parametrize(("cut", "closing"), [("C4", "C1"), ("C1", "C2"), ("C3", "C1")])
def test_a_circle_of_previous_cuts_is_refused_where_it_closes(project: Project, cut: str, closing: str) -> None:
    write_cut(project.root, "C1", previous="C3")
    with pytest.raises(ParameterError, match="a cut that does not lead back to this one") as refused:
        previous_cuts(project, read_cut(project, "demo", cut))
    (fault,) = refused.value.faults
    assert fault.dataset == f"parameters/demo/{closing}.yaml"


def test_a_run_in_a_circle_of_previous_cuts_ends_with_2_and_writes_nothing(project: Project) -> None:
    write_cut(project.root, "C1", previous="C2")
    done = cutbook(project, "run", "demo", "C3")
    assert done.returncode == 2
    assert errors_of(done)[0].startswith("2 parameters/demo/C1.yaml.previous_cut: found 'C2'")
    assert not project.outputs.exists()


def test_a_cut_file_with_faults_ends_the_history_with_a_sentence(project: Project) -> None:
    for number, cut in enumerate(CHAIN, start=1):
        publish(project, cut, float(number))
    (project.parameters / "demo" / "C1.yaml").write_text("study: demo\n", encoding="utf-8")
    staged = stage(project, "C4")
    assert told(staged) == [("C2", 2.0), ("C3", 3.0)]
    assert staged.stamps["history"] == "The parameters of cut C1 have faults, so the history begins after it."
    assert staged.stamps["previous"] == ""


@pytest.mark.parametrize("what", ["data", "cut-off"])
def test_a_previous_cut_published_from_something_else_is_told(project: Project, what: str) -> None:
    publish(project, "C1", 1.0, cutoff="2024-06-30" if what == "data" else "2024-06-29")
    deliver(project.root, "T1", ages=(70.0, 47.0) if what == "data" else (61.0, 47.0))
    staged = stage(project, "C2")
    assert staged.previous.is_here
    assert staged.previous.statement == staged.stamps["previous"]
    assert staged.stamps["previous"] == (
        "The report of cut C1 was published from other data than lie here now: "
        "new and changed records are marked against what lies here."
    )
    assert list(staged.previous.published) == ["efficacy", "safety"]


def test_a_previous_cut_that_is_not_published_is_marked_against_without_a_word(project: Project) -> None:
    staged = stage(project, "C2")
    assert staged.previous.is_here
    assert staged.stamps["previous"] == ""
    assert staged.past["VARIABLE"].tolist() == ["AGE"]
