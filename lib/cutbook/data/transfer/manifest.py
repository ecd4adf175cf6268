"""The transfer manifest: which files a transfer holds, with their SHA-256 and number of rows."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from cutbook.data.formats.signatures import ENDINGS, ending_of, kind_by_name, remedy_for
from cutbook.data.formats.strict_json import strict_json
from cutbook.data.transfer.files import path_problem
from cutbook.data.wording import quoted
from cutbook.errors import DataError, Fault
from cutbook.parameters.base import DatasetName, InWords
from cutbook.parameters.faults import faults_of, place
from cutbook.parameters.study import Study
from cutbook.parameters.yaml_text import Document

LARGEST_MANIFEST_BYTES = 16 * 1024**2
"""A manifest beyond this is refused unread."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATE_WORDS = "a date YYYY-MM-DD"
_RESEND = "have the transfer sent again with a manifest that describes it"

_OF_ANOTHER_STUDY = (
    "where the data are of this study, give the study file the id that its sender uses, or have the manifest corrected "
    "by the sender; where they are not, let sources.root and transfer name another folder"
)

_INVENTED_OR_NOT = (
    "mend is_synthetic of the study file, or, where the manifest is your own and wrong, write it again with cutbook "
    "manifest --force"
)


def _real_date(value: str) -> str:
    if not _DATE.fullmatch(value):
        raise ValueError(_DATE_WORDS)
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        raise ValueError("a day that the calendar has") from None
    return value


def _in_any_case(ending: str) -> str:
    return "".join(f"[{letter.upper()}{letter}]" if letter.isalpha() else re.escape(letter) for letter in ending)


_PATH = (
    r"^(?![/~]|[A-Za-z]:)(?!.*//)(?!(.*/)?\.\.?/)[^\\\x00-\x1f\x7f]*[^/\\\x00-\x1f\x7f]"
    rf"({'|'.join(_in_any_case(ending) for ending in ENDINGS)})$"
)
FilePath = Annotated[str, InWords(f"a path inside the transfer folder, ending in {', '.join(ENDINGS)}", _PATH)]
Sha256 = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$", to_lower=True), InWords("64 hexadecimal digits")
]
Extracted = Annotated[str, AfterValidator(_real_date), InWords(_DATE_WORDS, f"^{_DATE.pattern}$")]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ListedFile(_Model):
    """One file of a transfer: path relative to the transfer folder, dataset, SHA-256 in hexadecimal, number of rows."""

    path: FilePath = Field(description="Where the file lies, with / and relative to the transfer folder.")
    dataset: DatasetName = Field(description="The dataset that it holds; each dataset is in one file.")
    sha256: Sha256 = Field(description="SHA-256 of the whole file.")
    rows: int = Field(ge=0, description="Number of records in it.")


class Manifest(_Model):
    """A transfer manifest, JSON: whose transfer it is, when the data were extracted, and its files."""

    format: Literal["cutbook-transfer-1"] = Field(description="What kind of manifest this is.")
    study: str = Field(description="The study, as `id` of its study file says.")
    transfer: str = Field(description="The name of the transfer's folder.")
    extracted: Extracted = Field(description="The day on which the data were extracted.")
    is_synthetic: bool = Field(description="Whether the data are made up; the study file must say the same.")
    copies: int = Field(
        default=1, ge=1, description="Of a simulated trial, how many times the data hold it; 1 is the trial itself."
    )
    files: tuple[ListedFile, ...] = Field(strict=False, description="Every file of the transfer that is read.")


def manifest_text(manifest: Manifest) -> str:
    """Return a manifest as it stands in its file: JSON, one file of the transfer a line, so that two compare easily.

    Examples
    --------
    >>> listed = ListedFile(path="dm.xpt", dataset="dm", sha256="0" * 64, rows=2)
    >>> stated = {"study": "demo", "transfer": "T1", "extracted": "2024-07-01", "is_synthetic": True}
    >>> text = manifest_text(Manifest(format="cutbook-transfer-1", files=(listed,), **stated))
    >>> print(text.replace("0" * 64, "..."), end="")
    {
      "format": "cutbook-transfer-1",
      "study": "demo",
      "transfer": "T1",
      "extracted": "2024-07-01",
      "is_synthetic": true,
      "files": [
        {"path": "dm.xpt", "dataset": "dm", "sha256": "...", "rows": 2}
      ]
    }
    """
    stated = manifest.model_dump(exclude={"files"} if manifest.copies > 1 else {"files", "copies"})
    head = [f"  {_json(key)}: {_json(value)}," for key, value in stated.items()]
    files = ",\n".join(f"    {_json(file.model_dump())}" for file in manifest.files)
    return "\n".join(["{", *head, '  "files": [', files, "  ]", "}", ""])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def read_manifest(manifest: Path, transfer: str, study: Study) -> tuple[Manifest, list[Fault]]:
    """Return the manifest of a transfer, and the faults in what it states.

    Parameters
    ----------
    manifest : Path
        The file, inside or outside the transfer.
    transfer : str
        Name of the transfer, which must be the one that the manifest states.
    study : Study
        The study that the transfer must belong to.

    Raises
    ------
    DataError
        It cannot be read as a manifest at all; all faults at once.
    """
    try:
        if manifest.stat().st_size > LARGEST_MANIFEST_BYTES:
            raise DataError(_fault(manifest, "", "more than 16 MB"))
        tree = strict_json(manifest.read_bytes())
    except ValueError as error:
        raise DataError(_fault(manifest, "", str(error))) from None
    try:
        found = Manifest.model_validate(tree)
    except ValidationError as error:
        document = Document(manifest.name, tree)
        raise DataError([replace(item, remedy=_RESEND) for item in faults_of(error, Manifest, document)]) from None
    faults = [*_identity_faults(found, manifest, transfer, study), *_file_faults(found, manifest)]
    return found, faults


def _identity_faults(found: Manifest, manifest: Path, transfer: str, study: Study) -> list[Fault]:
    stated = (
        ("study", found.study, study.id),
        ("transfer", found.transfer, transfer),
        ("is_synthetic", found.is_synthetic, study.is_synthetic),
    )
    remedies = {"study": _OF_ANOTHER_STUDY, "is_synthetic": _INVENTED_OR_NOT}
    usual = "use the transfer that belongs here"
    return [
        Fault(manifest.name, quoted(value), quoted(expected), remedies.get(key, usual), key)
        for key, value, expected in stated
        if value != expected
    ]


def _file_faults(found: Manifest, manifest: Path) -> list[Fault]:
    faults = []
    for position, file in enumerate(found.files):
        key = place(("files", position, "path"), found.model_dump())
        problem = path_problem(file.path)
        if problem:
            faults.append(_fault(manifest, key, f"{quoted(file.path)}: {problem}", "a path inside the transfer folder"))
        elif not ending_of(file.path):
            faults.append(_format_fault(manifest, key, file.path))
    for name, values in (
        ("dataset", [file.dataset for file in found.files]),
        ("path", [file.path for file in found.files]),
    ):
        twice = [value for value, count in Counter(values).items() if count > 1]
        faults += [_fault(manifest, "files", f"{name} {quoted(value)} twice", f"each {name} once") for value in twice]
    return faults


def _format_fault(manifest: Path, variable: str, path: str) -> Fault:
    kind = kind_by_name(path)
    found = f"{quoted(path)}, {kind}: unknown format" if kind else f"{quoted(path)}: unknown format"
    expected = f"a name that ends in {', '.join(ENDINGS)}"
    return Fault(manifest.name, found, expected, remedy_for(kind) if kind else _RESEND, variable)


def _fault(manifest: Path, variable: str, found: str, expected: str = "a transfer manifest, JSON") -> Fault:
    return Fault(manifest.name, found, expected, _RESEND, variable)
