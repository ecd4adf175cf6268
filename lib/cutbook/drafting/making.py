"""Making a draft: the study file, the first cut file, the page of decisions and the manifest, all or nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from cutbook.data.transfer.describing import Described, Statement, write_manifests
from cutbook.drafting.decision import Draft, Value
from cutbook.drafting.drafting import answer, make_draft
from cutbook.drafting.drift import find_drift
from cutbook.drafting.received import Received, describe, receive, said_twice
from cutbook.drafting.rules.arms import find_arms
from cutbook.drafting.rules.cuts import cut_id, decide_cut
from cutbook.drafting.rules.sources import Given, study_name, unread
from cutbook.drafting.summary import Around, summary_text
from cutbook.drafting.written import cut_text, plain_tree, study_text
from cutbook.errors import DataError, Fault, ParameterError
from cutbook.parameters.base import Name
from cutbook.parameters.cut import CutId
from cutbook.parameters.faults import faults_of
from cutbook.parameters.project import Project, manifest_in, read_study
from cutbook.parameters.study import Study
from cutbook.parameters.yaml_text import Document

MANIFEST = "manifest.json"
BESIDE = "study:manifest.json"
SUMMARY = "init.md"
_SCHEMA = "../../docs/schema/{}.schema.json"

Ask = Callable[[Draft], Mapping[str, "Value | None"]]
"""What asks a person, and returns the answers by the keys of the questions."""


@dataclass(frozen=True)
class Request:
    """What is to be drafted: the transfer, the project that gets the files, the study's name (empty: as data say)."""

    transfer: Path
    project: Project
    study: str = ""
    is_accepted: bool = False


@dataclass(frozen=True)
class Made:
    """What was made: study, cut, the draft, the files written, and, of a study that is there, what has changed."""

    study: str
    cut: str
    draft: Draft
    files: tuple[Path, ...] = ()
    drift: tuple[str, ...] | None = None


def make(request: Request, ask: Ask) -> Made:
    """Return the draft of a study from a transfer, written into the project; of a study that is there, its drift alone.

    Parameters
    ----------
    request : Request
        What is to be drafted.
    ask : callable
        Gives the answers of a person to a draft.

    Raises
    ------
    DataError
        The transfer cannot be read; all faults at once.
    ParameterError
        A name that cannot be used, an answer that fits nothing, or a file that cannot be written; nothing is left.
    """
    folder = request.transfer
    transfer = _checked(CutId, "transfer", folder.resolve().name)
    received = receive(folder, _manifest(request))
    stated = received.stated.study if received.stated else ""
    study = _checked(Name, "study", request.study or stated or study_name(received.evidence, transfer))
    if stated and study != stated:
        remedy = "leave --study out, or have the manifest corrected by the sender"
        raise ParameterError(Fault("study", repr(study), f"{stated!r}, as the manifest says", remedy))
    if (request.project.parameters / study / "study.yaml").exists():
        return _drift(request, received, study, transfer)
    is_beside = received.stated is None and not os.access(folder, os.W_OK)
    _refuse_armless(received)
    draft = _draft(request, received, study, transfer, is_beside=is_beside)
    draft = answer(draft, ask(draft))
    _check(draft)
    return _write(request, received, draft, study, transfer, is_beside=is_beside)


def _manifest(request: Request) -> Path:
    """Return the manifest of the transfer: that of the study file where there is one, else the one that lies in it."""
    file = request.project.parameters / request.study / "study.yaml"
    if request.study and file.exists():
        return manifest_in(request.project, read_study(request.project, request.study), request.transfer)
    return request.transfer / MANIFEST


def _drift(request: Request, received: Received, study_id: str, transfer: str) -> Made:
    study = read_study(request.project, study_id)
    draft = _draft(request, received, study_id, transfer, is_beside=False)
    return Made(study_id, "", draft, drift=tuple(find_drift(draft, received.evidence, study)))


def _draft(request: Request, received: Received, study: str, transfer: str, *, is_beside: bool) -> Draft:
    given = Given(
        study,
        _root(request),
        BESIDE if is_beside else "",
        received.stated.is_synthetic if received.stated else None,
        received.encodings,
        received.non_ascii,
        received.restricted.section if received.restricted else None,
    )
    draft = make_draft(received.evidence, given)
    extracted = received.stated.extracted if received.stated else ""
    cut = tuple(decide_cut(study, transfer, received.latest, extracted))
    return replace(draft, decisions=(*draft.decisions, *cut))


def _root(request: Request) -> str:
    around = request.transfer.resolve().parent
    return Path(os.path.relpath(around, request.project.root.resolve())).as_posix()


def _checked(kind: Any, what: str, name: str) -> str:  # noqa: ANN401 - an annotated type
    try:
        return str(TypeAdapter(kind).validate_python(name, strict=True))
    except ValidationError:
        expected = "a name of letters, digits, '_' and '-'" + (", ':' or '.'" if what == "transfer" else "")
        remedy = "rename the folder" if what == "transfer" else "name it with --study"
        raise ParameterError(Fault(what, repr(name[:80]), expected, remedy)) from None


def _refuse_armless(received: Received) -> None:
    """Return when DM says who is in which arm; without arms there is no study to draft."""
    if not find_arms(received.evidence)[0]:
        found = "no DM" if "dm" not in received.evidence.datasets else "nobody in an arm: ARMCD, ACTARMCD and ARM"
        expected = "arms of the participants in DM of SDTM"
        raise DataError(Fault("dm", found, expected, "have DM sent with its arms; ADaM alone cannot be drafted from"))


def _check(draft: Draft) -> None:
    """Return when the draft, with its guesses, is a study file; what nobody can guess aside."""
    if any(one.confidence == "unknown" for one in draft.open):
        return
    tree = plain_tree(draft)
    try:
        Study.model_validate(tree)
    except ValidationError as error:
        raise ParameterError(faults_of(error, Study, Document("draft", tree))) from None


def _write(
    request: Request, received: Received, draft: Draft, study: str, transfer: str, *, is_beside: bool
) -> Made:  # fmt: skip
    home = request.project.parameters / study
    cut = cut_id(transfer)
    records = sum(len(frame) for frame in received.evidence.datasets.values())
    around = Around(study, transfer, records, said_twice(received), unread(received.evidence))
    texts = {
        home / "study.yaml": study_text(
            draft, transfer, _SCHEMA.format("study"), is_accepted=request.is_accepted
        ),
        home / f"{cut}.yaml": cut_text(draft, _SCHEMA.format("cut"), is_accepted=request.is_accepted),
        home / SUMMARY: summary_text(draft, around),
    }  # fmt: skip
    manifest = home / MANIFEST if is_beside else request.transfer / MANIFEST
    described = _described(request, received, draft, manifest)
    written = _write_all(home, texts, described)
    return Made(study, cut, draft, written)


def _described(request: Request, received: Received, draft: Draft, manifest: Path) -> list[Described]:
    """Return the manifests to write, of the parts of a transfer that have none."""
    if received.stated is not None:
        return []
    synthetic, name = draft.find("is_synthetic"), draft.find("id")
    is_synthetic = synthetic is not None and synthetic.value is True
    statement = Statement(str(name.value if name else ""), is_synthetic=is_synthetic)
    described = describe(request.transfer, manifest, statement, received)
    return [one for one in described if not one.part.manifest.exists()]


def _write_all(home: Path, texts: Mapping[Path, str], described: list[Described]) -> tuple[Path, ...]:
    """Write all files; when one cannot be written, none is left and none that was there is touched."""
    is_new = not home.exists()
    written: list[Path] = []
    try:
        home.mkdir(parents=True, exist_ok=True)
        for file, text in texts.items():
            with file.open("x", encoding="utf-8") as target:
                written.append(file)
                target.write(text)
        write_manifests(described)
        return (*written, *(one.part.manifest for one in described))
    except OSError as error:
        for file in written:
            file.unlink(missing_ok=True)
        if is_new:
            with suppress(OSError):
                home.rmdir()
        found = f"{type(error).__name__}: {error.strerror or error}"
        remedy = "move away what is there, or name another folder with --out"
        raise ParameterError(Fault(str(error.filename or home), found, "a file to write", remedy)) from None
