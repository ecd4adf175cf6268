from __future__ import annotations

from pathlib import Path

import pytest

from cutbook.parameters.project import Project, read_cut, read_study
from cutbook.published.folders import Place
from cutbook.published.manifest import identity_of, write_manifest
from cutbook.report.publishing.pending import pending_cuts
from published.manifests import a_manifest
from report.fake_project import make_project


def waiting(project: Project) -> list[str]:
    found, errors = pending_cuts(project, "demo", project.outputs, is_unverified_allowed=False)
    assert errors == []
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


def publish(project: Project) -> None:
    """Publish the cut as its files are now: a manifest and an empty page."""
    study, cut = read_study(project, "demo"), read_cut(project, "demo", "C1")
    place = Place(project.outputs, "demo", "C1", cut.audience)
    place.current.mkdir(parents=True)
    (place.current / "safety.html").touch()
    identity = identity_of(study, cut, inputs=[])
    write_manifest(place.current, a_manifest(revision=cut.revision, identity=identity))


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
