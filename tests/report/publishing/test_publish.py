from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from cutbook.errors import DataError, PublishError
from cutbook.published.folders import Place
from cutbook.published.manifest import Identity, outputs_of, write_manifest
from cutbook.report.publishing.publish import (
    REPORT_FILES,
    Published,
    carry_reports,
    current_manifest,
    publish_set,
    refuse_changed,
    run_before_study_change,
    withdraw_set,
)
from published.manifests import a_manifest
from report.fake_project import tree

IDENTITY: dict[str, Any] = {
    "parameters": {"cutoff_date": "2024-06-30", "purpose": "review"},
    "study_sha256": "aa",
    "inputs": {"dm.xpt": "11", "ae.xpt": "22"},
}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    outputs = tmp_path / "outputs"
    outputs.mkdir()
    return Place(outputs, "demo", "C1", "unblinded")


def finished(place: Place, *reports: str, run: str = "run1", identity: dict[str, Any] = IDENTITY) -> Path:
    folder = place.outputs / ".work" / run / "set"
    folder.mkdir(parents=True)
    names = [f"{report}{suffix}" for report in reports for suffix in REPORT_FILES]
    for name in names:
        (folder / name).write_text(f"{name} of {run}", encoding="utf-8")
    write_manifest(folder, a_manifest(identity=identity, outputs=outputs_of(folder, run), run=run))
    return folder


def publish(
    place: Place,
    *reports: str,
    run: str,
    revision: int = 1,
    is_complete: bool = True,
    identity: dict[str, Any] = IDENTITY,
) -> Published:
    name = place.set_name(revision, run)
    return publish_set(place, finished(place, *reports, run=run, identity=identity), name, is_complete=is_complete)


def of_status(status: str, **changes: Any) -> dict[str, Any]:
    """Return the identity of a cut of this status."""
    return IDENTITY | {"parameters": IDENTITY["parameters"] | {"status": status}} | changes


def test_the_current_link_names_the_newest_set_and_the_earlier_one_stays(place: Place) -> None:
    publish(place, "safety", run="run1")
    earlier = tree(place.revisions)
    published = publish(place, "safety", run="run2", revision=2)
    assert place.current.readlink() == Path("revisions/unblinded-r2-run2")
    assert (place.current / "safety.html").read_text(encoding="utf-8") == "safety.html of run2"
    assert earlier.items() <= tree(place.revisions).items()
    assert published.replaced == "revisions/unblinded-r1-run1"


def test_an_incomplete_set_is_kept_but_not_current(place: Place) -> None:
    publish(place, "safety", "efficacy", run="run1")
    published = publish(place, "safety", run="run2", is_complete=False)
    assert not published.is_current
    assert published.folder.is_dir()
    assert place.current.readlink() == Path("revisions/unblinded-r1-run1")


def test_published_files_are_for_their_owner_only(place: Place) -> None:
    previous = os.umask(0)
    try:
        published = publish(place, "safety", run="run1")
    finally:
        os.umask(previous)
    assert {file.stat().st_mode & 0o777 for file in published.folder.iterdir()} == {0o600}
    assert place.revisions.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("function", ["rename", "replace", "symlink_to", "mkdir", "chmod"])
def test_a_failing_disk_leaves_the_earlier_set_as_it_was(
    place: Place, function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(place, "safety", run="run1")
    before = tree(place.cut_folder)
    folder = finished(place, "safety", run="run2")

    def fail(*_arguments: object, **_settings: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(Path, function, fail)
        with pytest.raises(PublishError, match="No space left on device"):
            publish_set(place, folder, "unblinded-r1-run2", is_complete=True)
    assert tree(place.cut_folder) == before
    assert place.current.readlink() == Path("revisions/unblinded-r1-run1")


def test_a_first_set_that_cannot_be_published_leaves_no_folder(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = finished(place, "safety", run="run1")

    def fail(*_arguments: object) -> None:
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr(Path, "symlink_to", fail)
    with pytest.raises(PublishError):
        publish_set(place, folder, "unblinded-r1-run1", is_complete=True)
    assert not (place.outputs / "demo").exists()
    assert (folder / "safety.html").exists()


def test_a_folder_in_place_of_the_link_is_not_overwritten(place: Place) -> None:
    place.current.mkdir(parents=True)
    (place.current / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(PublishError):
        publish(place, "safety", run="run1")
    assert (place.current / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert not place.revisions.exists()


def test_a_withdrawn_set_gives_the_link_back(place: Place) -> None:
    publish(place, "safety", run="run1")
    before = tree(place.cut_folder)
    published = publish(place, "safety", run="run2")
    withdraw_set(place, published, place.outputs / ".work" / "run2" / "set")
    assert tree(place.cut_folder) == before


def test_a_withdrawn_first_set_leaves_nothing(place: Place) -> None:
    published = publish(place, "safety", run="run1")
    withdraw_set(place, published, place.outputs / ".work" / "run1" / "set")
    assert not (place.outputs / "demo").exists()


def test_the_same_data_may_be_published_again(place: Place) -> None:
    publish(place, "safety", run="run1")
    refuse_changed(place, 1, Identity.model_validate(IDENTITY))


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"inputs": {"dm.xpt": "11", "ae.xpt": "33"}}, ["ae.xpt: found SHA-256 33"]),
        ({"inputs": {"dm.xpt": "11"}}, ["ae.xpt: found no such file"]),
        ({"inputs": {"dm.xpt": "12", "ae.xpt": "22", "lb.xpt": "44"}}, ["dm.xpt: found", "lb.xpt: found"]),
        (
            {"parameters": {"cutoff_date": "2024-07-30", "purpose": "review"}},
            ["C1.yaml.cutoff_date: found '2024-07-30'"],
        ),
    ],
)
def test_data_or_parameters_changed_under_a_used_name_are_refused(
    place: Place, change: dict[str, Any], found: list[str]
) -> None:
    publish(place, "safety", run="run1")
    publish(place, "safety", run="run2", revision=2)
    with pytest.raises(DataError, match="changed under cut C1: raise revision above 1") as refused:
        refuse_changed(place, 1, Identity.model_validate(IDENTITY | change))
    told = [str(fault) for fault in refused.value.faults]
    assert [words in line for words, line in zip(found, told, strict=True)] == [True] * len(found)


def test_a_parameter_that_an_earlier_version_did_not_write_has_its_default(place: Place) -> None:
    publish(place, "safety", run="run1")
    given = {**IDENTITY["parameters"], "status": "draft", "previous_cut": ""}
    refuse_changed(place, 1, Identity.model_validate(IDENTITY | {"parameters": given}))


def test_a_parameter_of_another_version_counts_too(place: Place) -> None:
    publish(place, "safety", run="run1")
    given = {**IDENTITY["parameters"], "region": "EU"}
    with pytest.raises(DataError, match=r"C1.yaml.region: found 'EU'; expected None as published"):
        refuse_changed(place, 1, Identity.model_validate(IDENTITY | {"parameters": given}))


def test_the_study_file_of_a_draft_may_change_under_its_revision(place: Place) -> None:
    publish(place, "safety", run="run1", identity=of_status("draft"))
    refuse_changed(place, 1, Identity.model_validate(of_status("draft", study_sha256="bb")))


def test_the_study_file_of_a_final_cut_may_not_change_under_its_revision(place: Place) -> None:
    publish(place, "safety", run="run1", identity=of_status("final"))
    with pytest.raises(DataError, match=r"study\.yaml: found other content"):
        refuse_changed(place, 1, Identity.model_validate(of_status("final", study_sha256="bb")))


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (of_status("draft", study_sha256="bb", inputs={"dm.xpt": "11", "ae.xpt": "33"}), "ae.xpt: found SHA-256 33"),
        (of_status("final", study_sha256="bb"), "C1.yaml.status: found 'final'"),
    ],
    ids=["data", "status"],
)
def test_a_draft_may_change_its_study_file_and_nothing_else(place: Place, now: dict[str, Any], found: str) -> None:
    publish(place, "safety", run="run1", identity=of_status("draft"))
    with pytest.raises(DataError, match=found):
        refuse_changed(place, 1, Identity.model_validate(now))


def test_the_run_before_a_change_of_the_study_file_is_that_of_the_newest_set(place: Place) -> None:
    assert run_before_study_change(place, 1, "aa") == ""
    publish(place, "safety", run="run1")
    assert run_before_study_change(place, 1, "aa") == ""
    assert run_before_study_change(place, 1, "bb") == "run1"
    publish(place, "safety", run="run2", identity=IDENTITY | {"study_sha256": "bb"})
    assert run_before_study_change(place, 1, "bb") == ""
    assert run_before_study_change(place, 1, "aa") == "run2"
    assert run_before_study_change(place, 2, "aa") == ""


def test_changed_data_under_a_new_revision_may_be_published(place: Place) -> None:
    publish(place, "safety", run="run1")
    refuse_changed(place, 2, Identity.model_validate(IDENTITY | {"inputs": {}}))


def test_another_class_of_the_same_cut_does_not_count(place: Place) -> None:
    publish(place, "safety", run="run1")
    refuse_changed(Place(place.outputs, "demo", "C1", "blinded"), 1, Identity.model_validate(IDENTITY | {"inputs": {}}))


def test_a_set_whose_manifest_is_unreadable_stops_the_run(place: Place) -> None:
    published = publish(place, "safety", run="run1")
    (published.folder / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(PublishError, match="no readable manifest"):
        refuse_changed(place, 1, Identity.model_validate(IDENTITY))


def test_reports_not_made_are_carried_from_the_newest_set_that_has_them(place: Place, tmp_path: Path) -> None:
    publish(place, "safety", "efficacy", run="run1")
    publish(place, "safety", run="run2", is_complete=False)
    runs = carry_reports(place, 1, ["safety", "efficacy", "pharmacokinetics"], tmp_path, study_sha256="aa")
    assert {file: runs[file] for file in ("safety.html", "efficacy.html")} == {
        "safety.html": "run2",
        "efficacy.html": "run1",
    }
    assert (tmp_path / "efficacy.results.parquet").read_text(encoding="utf-8") == "efficacy.results.parquet of run1"
    assert not (tmp_path / "pharmacokinetics.html").exists()


def test_reports_of_another_study_file_are_not_carried(place: Place, tmp_path: Path) -> None:
    publish(place, "safety", "efficacy", run="run1")
    publish(place, "efficacy", run="run2", identity=IDENTITY | {"study_sha256": "bb"}, is_complete=False)
    assert carry_reports(place, 1, ["safety"], tmp_path, study_sha256="bb") == {}
    assert not list(tmp_path.glob("safety.*"))
    runs = carry_reports(place, 1, ["efficacy"], tmp_path, study_sha256="aa")
    assert runs["efficacy.html"] == "run1"


def test_the_current_manifest_is_that_of_the_current_set(place: Place) -> None:
    assert current_manifest(place) is None
    publish(place, "safety", run="run1")
    manifest = current_manifest(place)
    assert manifest is not None
    assert manifest.run == "run1"
