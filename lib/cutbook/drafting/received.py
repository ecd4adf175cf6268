"""A transfer as it is read for a draft: which files count, how each is encoded, and what lies apart."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import pandas as pd

from cutbook.data.formats.columns import Source
from cutbook.data.formats.signatures import ENDINGS, ending_of
from cutbook.data.formats.strict_json import strict_json
from cutbook.data.formats.variables import Model
from cutbook.data.transfer.describing import RESTRICTED, Described, Statement, describe_parts, parts_of
from cutbook.data.transfer.files import UnusableFileError, find_file, path_problem
from cutbook.data.transfer.manifest import Manifest, manifest_text
from cutbook.data.transfer.parts.restricted import read_whole_transfer
from cutbook.data.transfer.received import latest_collection
from cutbook.data.transfer.sources import Part, is_dataset_name, read_content
from cutbook.data.wording import first_few, quoted
from cutbook.drafting.decision import Value
from cutbook.drafting.evidence import Evidence
from cutbook.errors import DataError, Fault
from cutbook.parameters.project import RESTRICTED_MANIFEST
from cutbook.parameters.study import Sources, Study

_OLD = "cp1252"
_NAMELESS = "draft"
"""Name of a study of which nothing says one, while it is read."""

_SIZED = (".xpt", ".sas7bdat", ".parquet", ".json", ".ndjson", ".dsjc", ".csv")
"""Formats from the one that keeps most of a dataset: of two files of one dataset the first is proposed."""


@dataclass(frozen=True)
class Apart:
    """What lies in the restricted part alone: columns and records by dataset; of all records nothing is said."""

    variables: Mapping[str, Sequence[str]]
    records: Mapping[str, Mapping[str, Sequence[str]]]

    @property
    def whole(self) -> list[str]:
        """Datasets of which every record lies there."""
        return [name for name, where in self.records.items() if not where]

    @property
    def section(self) -> dict[str, Value]:
        """``sources.restricted`` of the study file."""
        return {"folder": RESTRICTED, "variables": dict(self.variables), "records": dict(self.records)}


@dataclass(frozen=True)
class Received:
    """A transfer as read for a draft.

    Attributes
    ----------
    evidence : Evidence
        Its datasets.
    encodings, non_ascii : mapping
        By dataset, the encoding that is not UTF-8, and how many values decided that.
    twice : mapping of str to tuple of str
        By dataset of which several files lie there, their paths, the proposed one first.
    leave_out : tuple of str
        Paths of files that do not count.
    restricted : Apart or None
        What lies in the restricted part, where there is one.
    stated : Manifest or None
        What its manifest states.
    """

    evidence: Evidence
    encodings: Mapping[str, str]
    non_ascii: Mapping[str, int]
    twice: Mapping[str, tuple[str, ...]]
    leave_out: tuple[str, ...]
    restricted: Apart | None
    stated: Manifest | None = None

    @property
    def latest(self) -> str:
        """The last day of any collected date, ISO 8601; empty without dates."""
        days = [latest_collection(frame) for frame in self.evidence.datasets.values()]
        return max(days, default="")


def receive(folder: Path, manifest: Path) -> Received:
    """Return the transfer in a folder, every dataset read as what its bytes say.

    Parameters
    ----------
    folder, manifest : Path
        The transfer; its manifest, where there is one: it says which files count.

    Raises
    ------
    DataError
        There is no such folder, no dataset in it, or one that cannot be read in UTF-8 or cp1252; all faults at once.
    """
    if not folder.is_dir():
        raise DataError(Fault(str(folder.name), "no such folder", "the folder of a transfer", "check the path"))
    parts = parts_of(folder, manifest, None)
    stated = _stated(manifest)
    named = [file.path for file in stated.files] if stated else parts[0].files()
    paths = [path for path in named if _is_dataset(path)]
    twice = _twice(paths)
    left = tuple(path for several in twice.values() for path in several[1:])
    kept = [path for path in paths if path not in left]
    if not kept:
        expected = f"datasets: files that end in {', '.join(ENDINGS)}"
        raise DataError(Fault(folder.name, "no dataset", expected, "check the folder"))
    apart = [(part.folder, path) for part in parts[1:] for path in part.files() if _is_dataset(path)]
    encodings, non_ascii = _encodings([*((folder, path) for path in kept), *apart])
    restricted = _restricted(parts, encodings) if len(parts) > 1 else None
    with tempfile.TemporaryDirectory(prefix="cutbook-") as work:
        is_alone = stated is None and restricted is None
        listing = _listing(parts[0], kept, encodings, Path(work)) if is_alone else manifest
        evidence = _read(folder, listing, kept, encodings, restricted)
    return Received(evidence, encodings, non_ascii, twice, left, restricted, stated)


def _stated(manifest: Path) -> Manifest | None:
    if not manifest.is_file():
        return None
    try:
        return Manifest.model_validate(strict_json(manifest.read_bytes()))
    except (OSError, ValueError) as error:
        found = f"no manifest that can be read ({type(error).__name__})"
        raise DataError(Fault(manifest.name, found, "a transfer manifest, JSON", "mend or remove it")) from None


def describe(folder: Path, manifest: Path, statement: Statement, received: Received) -> list[Described]:
    """Return the manifests of all parts of a transfer that was read for a draft."""
    sources = Sources(root=".", required=[], encodings=dict(received.encodings))
    return describe_parts(parts_of(folder, manifest, None), replace(statement, leave_out=received.leave_out), sources)


def _is_dataset(path: str) -> bool:
    return (
        not path_problem(path)
        and bool(ending_of(path))
        and is_dataset_name(_dataset(path))
        and path != RESTRICTED_MANIFEST
    )


def _dataset(path: str) -> str:
    return PurePosixPath(path).stem.lower()


def _twice(paths: list[str]) -> dict[str, tuple[str, ...]]:
    counts = Counter(_dataset(path) for path in paths)
    several = {name: [path for path in paths if _dataset(path) == name] for name, count in counts.items() if count > 1}
    return {
        name: tuple(sorted(listed, key=lambda path: (_SIZED.index(ending_of(path)), path)))
        for name, listed in several.items()
    }


def _encodings(files: Sequence[tuple[Path, str]]) -> tuple[dict[str, str], dict[str, int]]:
    """Return the datasets that are no UTF-8, and how many of their values are none; all that can be read in no way."""
    encodings: dict[str, str] = {}
    counts: dict[str, int] = {}
    faults: list[Fault] = []
    for folder, path in files:
        if ending_of(path) == ".sas7bdat":
            continue
        name, content = _dataset(path), _content(folder, path)
        try:
            read_content(content, path, Source(name, "utf-8", _model(name)))
        except DataError as error:
            try:
                frame = read_content(content, path, Source(name, _OLD, _model(name))).frame
            except DataError:
                faults += error.faults
            else:
                encodings[name], counts[name] = _OLD, counts.get(name, 0) + _non_ascii(frame)
    if faults:
        raise DataError(faults)
    return encodings, counts


def _content(folder: Path, path: str) -> bytes:
    try:
        return find_file(folder, path).read_bytes()
    except (UnusableFileError, OSError) as error:
        found = f"in {quoted(path)} {error}"
        raise DataError(Fault(_dataset(path), found, "a readable file", "have it sent again")) from None


def _model(dataset: str) -> Model:
    return "adam" if dataset.startswith("ad") else "sdtm"


def _non_ascii(frame: pd.DataFrame) -> int:
    texts = [frame[name].dropna() for name in frame.columns if frame[name].dtype == "str"]
    return sum(int((~text.map(str.isascii)).sum()) for text in texts if len(text))


def _restricted(parts: list[Part], encodings: Mapping[str, str]) -> Apart:
    """Return the columns and records that lie in the restricted part alone.

    A column is restricted that the open part leaves blank or out; a dataset of other records is restricted by its
    tests; one that the open part does not have is restricted whole.
    """
    opened, apart = ({_dataset(path): path for path in part.files() if _is_dataset(path)} for part in parts)
    variables: dict[str, list[str]] = {}
    records: dict[str, dict[str, list[str]]] = {}
    for name, path in apart.items():
        encoding = encodings.get(name, "utf-8")
        secret = read_content(_content(parts[1].folder, path), path, Source(name, encoding, "sdtm")).frame
        if name not in opened:
            records[name] = {}
            continue
        shown = read_content(
            _content(parts[0].folder, opened[name]), opened[name], Source(name, encoding, "sdtm")
        ).frame
        test = f"{name.upper()}TESTCD"
        if test in secret and test in shown and not set(secret[test].dropna()) & set(shown[test].dropna()):
            records[name] = {test: sorted(secret[test].dropna().unique())}
        else:
            blank = [str(column) for column in secret if column not in shown or shown[column].isna().all()]
            variables |= {name: blank} if blank else {}
    return Apart(variables, records)


def _read(
    folder: Path, manifest: Path, paths: list[str], encodings: Mapping[str, str],
    restricted: Apart | None,
) -> Evidence:  # fmt: skip
    stated = _stated(manifest)
    names = sorted({_dataset(path) for path in paths})
    sources: dict[str, object] = {"root": ".", "required": names, "encodings": dict(encodings)}
    if restricted:
        optional = [name for name in restricted.whole if name not in names]
        sources |= {"restricted": restricted.section, "optional": optional}
    study = Study.model_validate(
        {
            "id": stated.study if stated else _NAMELESS, "title": "-", "sources": sources,
            "is_synthetic": stated.is_synthetic if stated else False,
            "treatment": {"compound": "-", "dose_unit": "-", "arms": [{"code": "-", "label": "-", "dose": 0}]},
            "data_cut": {"included": {"dataset": "dm", "date": "RFSTDTC"}},
        }
    )  # fmt: skip
    apart = folder / RESTRICTED if restricted else None
    transfer = read_whole_transfer(study, folder, manifest, apart, is_unverified_allowed=True)
    return Evidence(transfer.datasets)


def _listing(part: Part, paths: list[str], encodings: Mapping[str, str], work: Path) -> Path:
    """Return a manifest of these files alone, written where nobody else reads it."""
    others = [path for path in part.files() if _is_dataset(path) and path not in paths]
    statement = Statement(_NAMELESS, is_synthetic=False, leave_out=others)
    sources = Sources(root=".", required=[], encodings=dict(encodings))
    file = work / RESTRICTED_MANIFEST
    file.write_text(manifest_text(describe_parts([part], statement, sources)[0].manifest), encoding="utf-8")
    return file


def said_twice(received: Received) -> list[str]:
    """Return a sentence about each dataset of which several files lie there."""
    return [
        f"{name}: several files, {first_few(quoted(path) for path in paths)}; the first counts"
        for name, paths in received.twice.items()
    ]
