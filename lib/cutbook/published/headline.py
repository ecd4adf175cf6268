"""The headline of a report, as it lies beside the report: sentences, signals and completeness, counts only."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from cutbook.errors import DeliveryError, Fault

_LONGEST = 400


def _clean(text: str) -> str:
    """Return a text as one line without control characters, cut to a length that a mail can hold."""
    visible = "".join(" " if unicodedata.category(mark)[0] in "CZ" else mark for mark in text)
    line = " ".join(visible.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _anchor(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:-]*", text) else ""


Line = Annotated[str, AfterValidator(_clean)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Sentence(_Part):
    """One sentence, the id of the cell that it is read from, and what changed since the cut before."""

    text: Line
    link: Annotated[str, AfterValidator(_anchor)] = ""
    change: Line = ""


class Signal(_Part):
    """Something that somebody should look at today."""

    kind: Line
    text: Line


class Headline(_Part):
    """What a report says in a few lines."""

    format: Literal["cutbook-headline-1"]
    previous: Line = ""
    is_compared: bool = False
    sentences: list[Sentence] = Field(default_factory=list)
    signals: list[Signal] = Field(default_factory=list)
    completeness: list[Line] = Field(default_factory=list)


def read_headline(file: Path, sha256: str) -> Headline:
    """Return the headline of a report.

    Parameters
    ----------
    file : Path
        The file beside the report.
    sha256 : str
        Its hash by the manifest.

    Raises
    ------
    DeliveryError
        It is not the file of the manifest, or no headline.
    """
    content = file.read_bytes() if file.is_file() else b""
    if hashlib.sha256(content).hexdigest() != sha256:
        fault = Fault(file.name, "another SHA-256", f"{sha256[:12]}… of the manifest", "render the report again")
        raise DeliveryError(fault)
    try:
        return Headline.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        fault = Fault(
            file.name, first["msg"], "a headline of format cutbook-headline-1", "render the report again", place
        )
        raise DeliveryError(fault) from None
