from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cutbook.parameters.project import Project, read_cut, read_study
from cutbook.published.folders import Place
from cutbook.published.manifest import identity_of, write_manifest
from cutbook.report.publishing.pending import pending_cuts
from published.manifests import a_manifest
from report.fake_project import make_project, write_cut


def waiting(project: Project) -> list[str]:
    found, errors = pending_cuts(project, "demo", project.outputs, is_unverified_allowed=False)
    assert errors == {}
    return found


def test_a_cut_waits_when_its_transfer_is_there(tmp_path: Path) -> None:
    assert waiting(make_project(tmp_path)) == ["C1"]


def test_a_cut_waits_only_when_both_parts_of_its_transfer_are_there(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    file = project.parameters / "demo" / "study.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("  required: [dm]\n", "  required: [dm]\n  restricted:\n    records: {pc: {}}\n"))
    assert waiting(project) == []
    (tmp_path / "data" / "T1" / "restricted").mkdir()
    assert waiting(project) == []
    (tmp_path / "data" / "T1" / "restricted" / "manifest.json").write_text("{}")
    assert waiting(project) == ["C1"]


def publish(project: Project, cut_id: str = "C1", run: str = "run1", results: str = "0", **values: Any) -> None:
    """Publish a cut as its files are now: a manifest and an empty page."""
    study, cut = read_study(project, "demo"), read_cut(project, "demo", cut_id)
    place = Place(project.outputs, "demo", cut_id, cut.audience)
    folder = place.revisions / place.set_name(cut.revision, run)
    folder.mkdir(parents=True)
    place.current.unlink(missing_ok=True)
    place.current.symlink_to(folder)
    (folder / "safety.html").touch()
    identity = identity_of(study, cut, inputs=[])
    made = {"file": "safety.results.parquet", "bytes": 1, "sha256": results * 64}
    told = {"cut": cut_id, "run": run, "revision": cut.revision, "identity": identity, "outputs": [made]}
    write_manifest(folder, a_manifest(**told, **values))


def compared_with(**runs: str) -> dict[str, Any]:
    """Return what a manifest says of the cuts that a set was compared with, the previous one first."""
    history = [{"cut": cut, "run": run} for cut, run in runs.items()]
    return {"cut": "C2", "run": runs.get("C2"), "history": history}


@pytest.fixture
def three_cuts(tmp_path: Path) -> Project:
    """Return a project with a chain of three cuts, C1 and C2 published, C2 compared with C1."""
    project = make_project(tmp_path, ("safety",))
    write_cut(tmp_path, "C2", previous="C1")
    write_cut(tmp_path, "C3", previous="C2")
    publish(project)
    publish(project, "C2", "run2", previous={"cut": "C1", "run": "run1", "history": [{"cut": "C1", "run": "run1"}]})
    return project


@pytest.mark.parametrize(
    ("runs", "found"),
    [
        ({"C2": "run2", "C1": "run1"}, []),
        ({}, ["C3"]),
        ({"C2": "run2"}, ["C3"]),
        ({"C2": "run0", "C1": "run1"}, ["C3"]),
    ],
    ids=["compared with both", "compared with none", "the first cut came later", "the previous cut was made again"],
)
def test_a_cut_waits_again_when_one_that_it_is_compared_with_was_published_later(
    three_cuts: Project, runs: dict[str, str], found: list[str]
) -> None:
    publish(three_cuts, "C3", "run3", previous=compared_with(**runs))
    assert waiting(three_cuts) == found


@pytest.mark.parametrize(("results", "found"), [("0", []), ("1", ["C2", "C3"])])
def test_a_previous_cut_that_was_rendered_again_counts_only_with_other_results(
    three_cuts: Project, results: str, found: list[str]
) -> None:
    publish(three_cuts, "C3", "run3", previous=compared_with(C2="run2", C1="run1"))
    publish(three_cuts, "C1", "run4", results)
    assert waiting(three_cuts) == found


def test_a_set_that_does_not_say_with_what_it_was_compared_stays(three_cuts: Project) -> None:
    publish(three_cuts, "C3", "run3")
    assert waiting(three_cuts) == []


def test_a_cut_whose_own_file_changed_is_not_made_again_for_a_previous_cut(three_cuts: Project) -> None:
    publish(three_cuts, "C3", "run3", previous=compared_with())
    for cut in ("C1", "C2", "C3"):
        file = three_cuts.parameters / "demo" / f"{cut}.yaml"
        file.write_text(f"{file.read_text(encoding='utf-8')}status: final\n", encoding="utf-8")
    assert waiting(three_cuts) == []


@pytest.mark.parametrize(("status", "found"), [("draft", ["C1"]), ("final", [])])
def test_a_published_draft_waits_again_when_its_study_file_changed(
    tmp_path: Path, status: str, found: list[str]
) -> None:
    project = make_project(tmp_path, ("safety",))
    cut = project.parameters / "demo" / "C1.yaml"
    cut.write_text(f"{cut.read_text(encoding='utf-8')}status: {status}\n", encoding="utf-8")
    publish(project)
    assert waiting(project) == []
    study = project.parameters / "demo" / "study.yaml"
    study.write_text(study.read_text(encoding="utf-8").replace("Demonstration", "Another title"), encoding="utf-8")
    assert waiting(project) == found
