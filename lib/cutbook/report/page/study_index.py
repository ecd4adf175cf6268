"""The index page of a study: every cut in the order of cut-off, with the set of one class that is current.

There is one page a class, and its name says which. A page for all classes would tell whoever may see the least what the
others say; so nothing of another class is read for it, neither sets nor rows of the ledger.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cutbook.data.transfer.audience import with_class
from cutbook.errors import ParameterError, RenderError
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.project import NOT_A_CUT, Project, read_cut
from cutbook.parameters.study import Study
from cutbook.published.folders import INDEX_FILE, Place, study_index_file, sync_folder
from cutbook.published.headline import HEADLINE, HeadlineSentence, read_headline
from cutbook.published.ledger import read_rows
from cutbook.published.locks import wait_for_lock
from cutbook.published.manifest import Manifest, Output, is_outdated_draft, read_manifest
from cutbook.published.rows import RunRow
from cutbook.report.page.index import render_index

_MOST_SENTENCES = 6
_CAUSES = {
    2: "parameters refused",
    3: "data refused",
    4: "class refused",
    5: "a report did not render or did not pass its checks",
    6: "not published",
    75: "another run of the cut was under way",
    130: "interrupted",
    137: "killed",
    143: "ended from outside",
}
"""What a run that failed came to, by exit code."""


@dataclass(frozen=True)
class ListedReport:
    """One report of a cut: its first sentences, each with its address."""

    title: str
    page: str
    sentences: tuple[HeadlineSentence, ...]


@dataclass(frozen=True)
class ListedCut:
    """One cut of the study; ``manifest`` is that of its current set, None when there is none.

    ``waiting`` says what of its parameter file and, of a draft, of the study file is not published yet; empty when all
    of it is.
    """

    cut: str
    cutoff: str
    manifest: Manifest | None
    sets: int
    index: str
    reports: tuple[ListedReport, ...]
    waiting: str

    @property
    def news(self) -> str:
        """Return what the reports of the cut tell as new, in a few words."""
        told = [
            (one.lead or one.text).rstrip(":.,") for report in self.reports for one in report.sentences if one.is_new
        ]
        return "; ".join(told) or "–"

    @property
    def status(self) -> str:
        """Return draft or final, with what else a reader must know of the set."""
        if self.manifest is None:
            return ""
        unverified = "" if self.manifest.is_verified else ", row counts unverified"
        return self.manifest.identity.parameters.status + unverified


@dataclass(frozen=True)
class Failure:
    """A run that failed after the set of its cut was published; ``exit`` is its exit code."""

    started: str
    cut: str
    cause: str
    exit: int


@dataclass(frozen=True)
class StudyFacts:
    """What the strip of the page says."""

    study: str
    audience: str
    is_synthetic: bool
    published: str

    @property
    def marks(self) -> tuple[str, ...]:
        """Return the class, and that data are synthetic."""
        return (self.audience, "synthetic data") if self.is_synthetic else (self.audience,)

    @property
    def place(self) -> str:
        """Return study and page in one line."""
        return f"{self.study} · all data cuts"

    @property
    def dates(self) -> str:
        """Return when the newest of the sets was published."""
        return f"last published {self.published}"


def write_study_index(project: Project, study: Study, place: Place) -> Path:
    """Return the index page of a study and class, replaced in one step by what is published now.

    Parameters
    ----------
    project : Project
        Where the parameter files of the cuts lie.
    study : Study
        The study.
    place : Place
        Any cut of it, with the class.

    Raises
    ------
    RenderError
        The page did not pass the checks that reports pass.
    OSError
        It could not be written; the earlier page is as it was.
    """
    file = study_index_file(place.outputs / place.study, place.audience)
    with _one_writer(file.parent):
        _replace(file, study_page(project, study, place))
    return file


def study_page(project: Project, study: Study, place: Place) -> str:
    """Return the index page of a study and class (see :func:`write_study_index`)."""
    cuts = _cuts(project, study, place)
    published = {item.cut: item.manifest.finished for item in cuts if item.manifest}
    files = {address for item in cuts for address in (item.index, *(report.page for report in item.reports))}
    return render_index(
        "index-study.html.j2",
        facts=StudyFacts(study.id, place.audience, study.is_synthetic, max(published.values(), default="never")),
        files=files - {""},
        study=study,
        audience=place.audience,
        cuts=cuts,
        published=len(published),
        failures=_failures(place, published),
    )


def _cuts(project: Project, study: Study, place: Place) -> list[ListedCut]:
    files = sorted((project.parameters / study.id).glob("*.yaml"))
    known = {file.stem: _parameters(project, study, file.stem) for file in files if file.stem not in NOT_A_CUT}
    made = {path.parent.name for path in (place.outputs / study.id).glob(f"*/{place.audience}") if path.is_dir()}
    # A cut that is not published belongs to the class that its file names.
    own = {name for name, cut in known.items() if cut is None or with_class(study, cut).audience == place.audience}
    listed = [
        _cut(Place(place.outputs, study.id, name, place.audience), study, known.get(name), is_known=name in known)
        for name in sorted(made | own)
    ]
    return sorted(listed, key=lambda item: (item.cutoff, item.cut), reverse=True)


def _parameters(project: Project, study: Study, cut: str) -> CutParameters | None:
    with suppress(ParameterError):
        return read_cut(project, study.id, cut)
    return None


def _cut(place: Place, study: Study, cut: CutParameters | None, *, is_known: bool) -> ListedCut:
    manifest = read_manifest(place.current)
    about = manifest.identity.parameters if manifest else cut
    base = f"{place.cut}/{place.audience}"
    return ListedCut(
        cut=place.cut,
        cutoff=about.cutoff_date if about else "",
        manifest=manifest,
        sets=sum(1 for path in place.revisions.glob("*") if re.fullmatch(rf"{place.audience}-r\d+-.+", path.name)),
        index=f"{base}/{INDEX_FILE}" if (place.current / INDEX_FILE).is_file() else "",
        reports=tuple(_reports(place, study, base, manifest)) if manifest else (),
        waiting=_waiting(manifest, study, cut, is_known=is_known),
    )


def _waiting(manifest: Manifest | None, study: Study, cut: CutParameters | None, *, is_known: bool) -> str:
    if is_known and cut is None:
        return "its parameter file cannot be read"
    if manifest is None:
        return "not published yet"
    if cut is not None and cut.revision != manifest.revision:
        return f"revision {cut.revision} not published yet"
    if cut is not None and is_outdated_draft(manifest, study, cut):
        return "the study file changed since"
    return ""


def _reports(place: Place, study: Study, base: str, manifest: Manifest) -> Iterator[ListedReport]:
    for name in study.reports:
        if (place.current / f"{name}.html").is_file():
            sentences = _first_sentences(place, manifest.files.get(f"{name}{HEADLINE}"))
            yield ListedReport(name.replace("_", " ").capitalize(), f"{base}/{name}.html", sentences)


def _first_sentences(place: Place, told: Output | None) -> tuple[HeadlineSentence, ...]:
    if told is None:
        return ()
    # One damaged file of an earlier set must not keep the page from telling of all others.
    with suppress(RenderError):
        return read_headline(place.current / told.file, told.sha256).sentences[:_MOST_SENTENCES]
    return ()


def _failures(place: Place, published: Mapping[str, str]) -> list[Failure]:
    """Return the failed runs of this class, or of none yet, since the current set of their cut; the newest first."""
    runs = [row for row in read_rows(place.outputs) if isinstance(row, RunRow) and row.exit]
    told = [
        Failure(row.started, row.cut, _CAUSES.get(row.exit or 0, "an error of the program"), row.exit or 0)
        for row in runs
        if row.study == place.study and row.audience in ("", place.audience)
        if row.started > published.get(row.cut, "")
    ]
    return sorted(told, key=lambda failure: failure.started, reverse=True)


@contextmanager
def _one_writer(folder: Path) -> Iterator[None]:
    """Hold the lock of the study's folder, so that a page made from what was published earlier does not come last."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        wait_for_lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def _replace(file: Path, text: str) -> None:
    fresh = file.with_name(f".{file.stem}-next")
    fresh.unlink(missing_ok=True)
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)
