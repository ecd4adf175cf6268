"""Reading a transfer: every file hashed, checked against the manifest, and read as what its ending and bytes say."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import pandas as pd
from pydantic import TypeAdapter, ValidationError

from cutbook.data.checks.records import issue_table
from cutbook.data.checks.values.characters import hidden_issues, trimmed_issues
from cutbook.data.formats.columns import Delivered, Reader, Source, settle_empty
from cutbook.data.formats.csv_text import read_csv
from cutbook.data.formats.dataset_json import read_compressed_dataset_json, read_dataset_json, read_dataset_ndjson
from cutbook.data.formats.parquet import read_parquet
from cutbook.data.formats.sas7bdat import read_sas7bdat
from cutbook.data.formats.signatures import ENDINGS, content_of, ending_of, remedy_for
from cutbook.data.formats.text.encodings import is_usable_encoding
from cutbook.data.formats.xpt import read_xpt
from cutbook.data.transfer.files import UnusableFileError, find_file, list_files, path_problem, sha256_of
from cutbook.data.transfer.manifest import read_manifest
from cutbook.data.transfer.others import packed_instead, verdict_on
from cutbook.data.transfer.participants import same_participants
from cutbook.data.transfer.received import ReceivedFile, received_table
from cutbook.data.wording import quoted
from cutbook.errors import DataError, Fault, ParameterError
from cutbook.parameters.base import DatasetName
from cutbook.parameters.project import RESTRICTED_MANIFEST
from cutbook.parameters.study import Sources, Study

READERS: dict[str, Reader] = {
    ".xpt": read_xpt,
    ".sas7bdat": read_sas7bdat,
    ".parquet": read_parquet,
    ".csv": read_csv,
    ".json": read_dataset_json,
    ".ndjson": read_dataset_ndjson,
    ".dsjc": read_compressed_dataset_json,
}
"""Reader by the ending of the file's name."""

_DATASET_NAME: TypeAdapter[str] = TypeAdapter(DatasetName)
_RESEND = "have the transfer sent again"


@dataclass(frozen=True)
class Transfer:
    """A transfer as received.

    Attributes
    ----------
    datasets : dict of str to frame
        By lower-case name, only those that the study names. Text is `str` without blanks around values, those of
        blanks only missing; numbers are float64, ADaM's numeric dates datetime64[s]; a participant has one spelling;
        rows are in the order of the file under a RangeIndex, so that index + 1 is the row in the file.
    received : frame
        DATASET, FILE, ROWS, PARTICIPANTS, LATEST, SHA256, VERDICT: one row a file of the folder.
    extracted : str
        Date, ISO 8601, on which the sender extracted the data; empty when no manifest states it.
    is_verified : bool
        Whether a manifest vouches for every file.
    labels : dict of str to dict
        Variable labels by dataset.
    oddities : frame
        DATASET, VARIABLE, ROW, KEY, FINDING: blanks around values, characters that do not show, participants spelt in
        another way.
    copies : int
        How many times the data hold a simulated trial, as the manifest states; 1: the trial itself.
    """

    datasets: dict[str, pd.DataFrame]
    received: pd.DataFrame
    extracted: str
    is_verified: bool
    labels: dict[str, dict[str, str]]
    oddities: pd.DataFrame
    copies: int = 1


@dataclass(frozen=True)
class Part:
    """A part of a transfer: its folder and manifest, the transfer's name, and a sub-folder that is another part."""

    folder: Path
    manifest: Path
    transfer: str
    apart: str = ""

    def files(self) -> list[str]:
        """Return the paths of all its files, relative to its folder, sorted."""
        return [path for path in list_files(self.folder) if not self.apart or path.split("/")[0] != self.apart]


@dataclass(frozen=True)
class _Listed:
    """A file to receive; without a manifest nothing states its hash and rows."""

    path: str
    dataset: str
    sha256: str = ""
    rows: int | None = None


@dataclass(frozen=True)
class _Listing:
    """The files to receive, what is wrong with the list itself, and what its sender states."""

    files: list[_Listed]
    faults: list[Fault]
    extracted: str
    is_verified: bool
    copies: int = 1


def read_transfer(study: Study, folder: Path, manifest: Path, *, is_unverified_allowed: bool = False) -> Transfer:
    """Return the transfer in ``folder``, every file that its manifest names checked by hash and number of rows.

    Of a transfer with a restricted part this is the open part alone; nothing of the other is opened, or even listed.
    Only datasets that the study names are parsed; the others are hashed and listed. Files that the manifest does not
    name are listed and never opened.

    Parameters
    ----------
    study : Study
        Datasets to read, their encodings, and the standard they follow.
    folder : Path
        The transfer.
    manifest : Path
        Its manifest, inside or outside the folder.
    is_unverified_allowed : bool
        Whether a transfer without a manifest is read all the same: every file whose name is that of a dataset.

    Raises
    ------
    ParameterError
        The study file declares an encoding that cannot be used.
    DataError
        Anything is wrong with the transfer; all faults at once.
    """
    restricted = study.sources.restricted
    apart = restricted.folder if restricted and not restricted.root else ""
    part = Part(folder, manifest, folder.resolve().name, apart)
    return read_part(study, part, is_unverified_allowed=is_unverified_allowed)


def read_part(study: Study, part: Part, *, is_unverified_allowed: bool) -> Transfer:
    """Return one part of a transfer; otherwise as :func:`read_transfer`."""
    check_encodings(study)
    if not part.folder.is_dir():
        remedy = "check sources.root and the cut's transfer"
        no_folder = Fault(part.folder.name, "no such folder", "the folder of the transfer", remedy)
        raise DataError(packed_instead(part.folder) or no_folder)
    listing = _listing(study, part, is_unverified_allowed=is_unverified_allowed)
    faults = list(listing.faults)
    files: list[ReceivedFile] = []
    delivered: dict[str, Delivered] = {}
    for item in listing.files:
        try:
            file, found = _receive(part.folder, item, study)
        except DataError as error:
            faults += error.faults
        else:
            files.append(file)
            delivered |= {item.dataset: found} if found is not None else {}
    if faults:
        raise DataError(faults)
    datasets, oddities = _settled(delivered)
    seen = [replace(file, frame=datasets.get(file.dataset)) for file in files]
    received = received_table(seen + _unlisted(part, listing))
    labels = {name: one.labels for name, one in delivered.items()}
    return Transfer(datasets, received, listing.extracted, listing.is_verified, labels, oddities, listing.copies)


def _settled(delivered: Mapping[str, Delivered]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Return the datasets, each participant in one spelling, and what was odd in their texts."""
    datasets, issues = same_participants({name: one.frame for name, one in delivered.items()})
    for name, frame in datasets.items():
        issues += trimmed_issues(name, frame, delivered[name].trimmed)
        issues += hidden_issues(name, frame)
    return datasets, issue_table(issues)


def read_content(content: bytes, path: str, source: Source) -> Delivered:
    """Return the records of a file, which must be what the ending of its name says.

    Raises
    ------
    DataError
        It is something else, or has faults; all faults at once.
    """
    ending, found = ending_of(path), content_of(content)
    if found != ENDINGS[ending]:
        expected = f"{ENDINGS[ending]}, as the name ends in {ending}"
        raise file_fault(source.dataset, path, found, expected, remedy_for(found))
    return READERS[ending](content, source)


def encoding_of(sources: Sources, dataset: str, path: str) -> str:
    """Return the encoding that the study file declares for a file; empty when the file states its own."""
    return sources.encodings.get(dataset, "" if ending_of(path) == ".sas7bdat" else sources.encoding)


def file_fault(dataset: str, path: str, found: str, expected: str, remedy: str = _RESEND) -> DataError:
    """Return the error of a file of a transfer."""
    return DataError(Fault(dataset, f"in {quoted(path)} {found}", expected, remedy))


def is_dataset_name(name: str) -> bool:
    """Return whether a dataset can have this name."""
    try:
        _DATASET_NAME.validate_python(name)
    except ValidationError:
        return False
    return True


def check_encodings(study: Study) -> None:
    """Return when the encodings that the study file declares can be used.

    Raises
    ------
    ParameterError
        Some cannot; all of them.
    """
    declared = {"sources.encoding": study.sources.encoding}
    declared |= {f"sources.encodings.{name}": value for name, value in study.sources.encodings.items()}
    expected = "an encoding that Python knows and that extends ASCII, such as utf-8, cp1252 or latin-1"
    faults = [
        Fault(f"parameters/{study.id}/study.yaml", quoted(value), expected, "mend it there", key)
        for key, value in declared.items()
        if not is_usable_encoding(value)
    ]
    if faults:
        raise ParameterError(faults)


def _listing(study: Study, part: Part, *, is_unverified_allowed: bool) -> _Listing:
    if part.manifest.is_file():
        stated, faults = read_manifest(part.manifest, part.transfer, study)
        usable = [file for file in stated.files if not path_problem(file.path) and ending_of(file.path)]
        files = [_Listed(file.path, file.dataset, file.sha256, file.rows) for file in usable]
        return _Listing(files, faults, stated.extracted, is_verified=True, copies=stated.copies)
    if is_unverified_allowed:
        return _unverified(study, part)
    expected = "a manifest with SHA-256 and rows of every file"
    remedy = "have the transfer sent with a manifest; --unverified reads it without, and every page will say so"
    raise DataError(Fault(part.manifest.name, "no such file", expected, remedy))


def _unverified(study: Study, part: Part) -> _Listing:
    """Return every file whose name is that of a dataset in a format that is read."""
    names = [
        path for path in part.files() if not path_problem(path) and ending_of(path) and path != RESTRICTED_MANIFEST
    ]
    files = [_Listed(path, PurePosixPath(path).stem.lower()) for path in names]
    files = [file for file in files if is_dataset_name(file.dataset)]
    twice = [name for name, count in Counter(file.dataset for file in files).items() if count > 1]
    faults = [
        Fault(name, "more than one file of this name", "one file a dataset", "remove those that do not belong here")
        for name in twice
        if name in _used(study)
    ]
    return _Listing(files, faults, extracted="", is_verified=False)


def _used(study: Study) -> set[str]:
    return {*study.sources.required, *study.sources.optional}


def _receive(folder: Path, item: _Listed, study: Study) -> tuple[ReceivedFile, Delivered | None]:
    """Return one file as received, and what it delivers when the study uses it."""
    try:
        path = find_file(folder, item.path)
        if item.dataset not in _used(study):
            digest = sha256_of(path)
            _check_hash(item, digest)
            return ReceivedFile(item.dataset, item.path, digest, item.rows, "not used by this study"), None
        content = path.read_bytes()
    except UnusableFileError as error:
        raise file_fault(item.dataset, item.path, str(error), "a readable file inside the transfer folder") from None
    except OSError as error:
        raise file_fault(
            item.dataset, item.path, f"a file that cannot be read ({error.strerror})", "a readable file"
        ) from None
    digest = hashlib.sha256(content).hexdigest()
    _check_hash(item, digest)
    delivered = _read(content, item, study)
    verdict = "read" if item.sha256 else "read, rows unverified"
    return ReceivedFile(item.dataset, item.path, digest, item.rows, verdict), delivered


def _read(content: bytes, item: _Listed, study: Study) -> Delivered:
    declared = encoding_of(study.sources, item.dataset, item.path)
    delivered = read_content(content, item.path, Source(item.dataset, declared, study.sources.model))
    rows = len(delivered.frame)
    if item.rows is not None and rows != item.rows:
        raise file_fault(item.dataset, item.path, f"{rows} rows", f"{item.rows} rows as the manifest states")
    return replace(delivered, frame=settle_empty(delivered.frame, study.sources.model))


def _check_hash(item: _Listed, digest: str) -> None:
    if item.sha256 and digest != item.sha256:
        expected = f"{item.sha256[:12]}… as the manifest states"
        raise file_fault(
            item.dataset, item.path, f"SHA-256 {digest[:12]}…: the file is cut off or was changed", expected
        )


def _unlisted(part: Part, listing: _Listing) -> list[ReceivedFile]:
    known = {item.path for item in listing.files}
    others = [path for path in part.files() if path not in known and not _is_same(part.folder / path, part.manifest)]
    return [ReceivedFile("", path, "", None, verdict_on(path, is_verified=listing.is_verified)) for path in others]


def _is_same(path: Path, manifest: Path) -> bool:
    return manifest.exists() and path.exists() and path.samefile(manifest)
