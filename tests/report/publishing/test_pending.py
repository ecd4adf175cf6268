from __future__ import annotations

from pathlib import Path

from cutbook.parameters.project import Project
from cutbook.report.publishing.pending import pending_cuts
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
