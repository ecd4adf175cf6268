"""The manifest of a published set: what went in, what came out, and with what it was made.

One model, which the run fills and writes, and which everything that looks at published sets reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from cutbook.parameters.base import Name
from cutbook.parameters.cut import Audience, CutId
from cutbook.published.hashes import sha256_file, sha256_text

if TYPE_CHECKING:
    from cutbook.parameters.cut import CutParameters
    from cutbook.parameters.study import Study

MANIFEST = "manifest.json"
_LATER = ("guesses", "blinding")
"""Keys of a study file that are not hashed where it does not use them: sets made before there were such keys stay."""

FORMAT: Final = "cutbook-manifest-1"

FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Part(BaseModel):
    """Base of what a manifest consists of; keys of other versions are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class CutAsPublished(BaseModel):
    """The cut file as it was when the set was made; parameters of other versions are kept as they are."""

    model_config = ConfigDict(frozen=True, extra="allow")

    study: str = ""
    cut_id: str = ""
    cutoff_date: str
    transfer: str = ""
    previous_cut: str = ""
    revision: int = 1
    purpose: str = ""
    status: str = "draft"
    audience: str = ""


class Identity(_Part):
    """What a cut of one revision must not change: parameters, hash of the study file, and hash by file read."""

    parameters: CutAsPublished
    study_sha256: str = ""
    inputs: dict[str, str] = {}


class Input(_Part):
    """A file of the transfer that was read."""

    dataset: str
    file: str
    rows: int
    sha256: str


class Output(_Part):
    """A file of the set, and the run that made it: an earlier one where a report was taken over."""

    file: FileName
    bytes: int
    sha256: Sha256
    run: str = ""


class PreviousSet(_Part):
    """The run that published a cut of the history."""

    cut: str
    run: str = ""


class PreviousSets(_Part):
    """What the reports were compared with.

    Attributes
    ----------
    cut : str
        The previous cut.
    run : str or None
        The run that published it; None where it was not published.
    history : tuple of EarlierSet
        The published cuts of the chain of previous ones, the newest first.
    inputs : dict of str to str
        Hash by file of its transfer; empty where that was not here.
    """

    cut: str
    run: str | None = None
    history: tuple[PreviousSet, ...] = ()
    inputs: dict[str, str] = {}


class Certificate(_Part):
    """That a blind was proven.

    Attributes
    ----------
    allocations : int
        Random allocations that were tried, each with its complement.
    readings : int
        How often the transfer was read, all told.
    sha256 : str
        Of what every reading gave.
    """

    allocations: int
    readings: int
    sha256: str

    @property
    def as_text(self) -> str:
        """Return it as a staged cut holds it."""
        return self.model_dump_json()

    @property
    def words(self) -> str:
        """Return what reports say of it."""
        return (
            f"the data behind this report were read {self.readings} times, under {self.allocations} random allocations "
            "within the cohorts, the complement of each, and without any; each time they were the same, SHA-256 "
            f"{self.sha256[:12]}…"
        )


def certificate_of(text: str) -> Certificate | None:
    """Return the certificate that a staged cut holds; None where it holds none."""
    return Certificate.model_validate_json(text) if text else None


class Code(_Part):
    """With what a set was made; commit and whether the checkout was changed are None outside one."""

    platform: str = ""
    versions: dict[str, str] = {}
    locks: dict[str, str] = {}
    notebooks: dict[str, str] = {}
    commit: str | None = None
    is_dirty: bool | None = None


class Manifest(_Part):
    """The manifest of a set.

    What an earlier version did not write has a value that says nothing; what tells whom a set is for, and which files
    belong to it, is never made up.

    Attributes
    ----------
    run, started, requester, set : str
        Id of the run, UTC time of its start, account, and name of the set among the revisions.
    study, cut, audience, revision, purpose, reports
        Of what, for whom, why; ``reports`` are those that the run made.
    rendered, finished : str
        UTC: the one time that the reports say, and when the set was finished.
    is_complete, is_synthetic, is_verified : bool
        Every report of the study is there; no participant is real; row counts agree with the sender's manifest.
    copies : int
        Of a simulated trial, how many times the data hold it; 1 is the trial itself.
    extracted : str
        Date on which the sender extracted the data; empty where not stated.
    identity, inputs, previous, blind, outputs, code
        See their classes; ``previous`` is None for a cut without a previous one, ``blind`` for one without a blind.
    """

    format: Literal["cutbook-manifest-1"]
    run: str = ""
    started: str = ""
    requester: str = ""
    study: Name
    cut: CutId
    audience: Audience
    revision: int
    purpose: str = ""
    reports: tuple[str, ...] = ()
    set: str = ""
    rendered: str = ""
    finished: str = ""
    is_complete: bool
    is_synthetic: bool
    is_verified: bool = True
    copies: int = 1
    extracted: str = ""
    identity: Identity
    inputs: tuple[Input, ...] = ()
    previous: PreviousSets | None = None
    blind: Certificate | None = None
    outputs: tuple[Output, ...]
    code: Code = Code()

    @property
    def files(self) -> dict[str, Output]:
        """Return the files of the set by name."""
        return {item.file: item for item in self.outputs}


def identity_of(study: Study, cut: CutParameters, inputs: Iterable[Input]) -> Identity:
    """Return what a cut of one revision must not change: parameters, files that were read and, once final, study file.

    Parameters
    ----------
    study, cut : Study, CutParameters
        As read.
    inputs : iterable of Input
        Every file that was read.
    """
    return Identity(
        parameters=CutAsPublished(**cut.model_dump(mode="json")),
        study_sha256=_sha256_of_study(study),
        inputs={item.file: item.sha256 for item in inputs},
    )


def is_made_from(manifest: Manifest, study: Study, cut: CutParameters) -> bool:
    """Return whether a set was made from the study file and the parameters of the cut as they are now."""
    identity = manifest.identity
    is_same_cut = identity.parameters == CutAsPublished(**cut.model_dump(mode="json"))
    return is_same_cut and identity.study_sha256 == _sha256_of_study(study)


def is_outdated_draft(manifest: Manifest, study: Study, cut: CutParameters) -> bool:
    """Return whether a set is that of a draft whose study file, and no parameter of the cut, changed since.

    Parameters
    ----------
    manifest : Manifest
        Of the set.
    study, cut : Study, CutParameters
        As their files are now.
    """
    identity = manifest.identity
    is_same_draft = cut.status == "draft" and identity.parameters == CutAsPublished(**cut.model_dump(mode="json"))
    return is_same_draft and identity.study_sha256 != _sha256_of_study(study)


def output_of(file: Path, run: str) -> Output:
    """Return name, size, SHA-256 and run of a file of a finished set."""
    return Output(file=file.name, bytes=file.stat().st_size, sha256=sha256_file(file), run=run)


def outputs_of(folder: Path, run: str, carried: Mapping[str, str] | None = None) -> tuple[Output, ...]:
    """Return every file of a finished set, in the order of their names.

    Parameters
    ----------
    folder : Path
        The set.
    run : str
        The run that made it.
    carried : mapping of str to str
        By file: the earlier run that made it, where that is another one.
    """
    runs = carried or {}
    files = sorted(file for file in folder.iterdir() if file.name != MANIFEST)
    return tuple(output_of(file, runs.get(file.name, run)) for file in files)


def write_manifest(folder: Path, manifest: Manifest) -> Path:
    """Return the manifest file, written beside the files it describes."""
    file = folder / MANIFEST
    told: dict[str, Any] = manifest.model_dump(mode="json", exclude=None if manifest.blind else {"blind"})
    file.write_text(json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of a set, or None where there is none that can be read."""
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError):
        return None


def _sha256_of_study(study: Study) -> str:
    """Return the hash of a study file; what a later version knows and the file does not name does not change it."""
    unsaid = {name for name in _LATER if not getattr(study, name)}
    return sha256_text(study.model_dump_json(exclude=unsaid))
