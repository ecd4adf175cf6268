"""The headline beside a report: sentences, signals and completeness, counts only, for the pages and mails that list it.

One model: the notebook writes the file by it, and pages and mails read the file by it. Every text is one line without
control characters, and a link is an id of the report's page.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, model_validator

from cutbook.errors import CutbookError, DeliveryError, Fault, RenderError
from cutbook.published.hashes import sha256_bytes
from cutbook.words import single_line

HEADLINE = ".headline.json"
"""How the name of the file ends; before it stands the report."""

FORMAT: Final = "cutbook-headline-1"

_REMEDY = "let the last cell of the notebook write it"
_AGAIN = "render the report again"
_ID = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._:-]{0,199})?")
_ID_WORDS = "an id of letters, digits, '.', '_', ':' and '-', starting with a letter or digit"
_LONGEST, _LONGEST_CHANGE = 2000, 500
_WITHOUT_BAD_LINKS = "without bad links"


def _id(text: str, info: ValidationInfo) -> str:
    if _ID.fullmatch(text):
        return text
    if info.context == _WITHOUT_BAD_LINKS:
        return ""
    raise ValueError(_ID_WORDS)


Line = Annotated[str, AfterValidator(single_line), Field(max_length=_LONGEST)]
FullLine = Annotated[Line, Field(min_length=1)]


def _is_empty(value: object) -> bool:
    return not value


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class HeadlineSentence(_Part):
    """One sentence, the id of the cell that holds its numbers, and what changed since the previous cut.

    A verbatim one holds collected text, in which any word may stand. ``lead`` says it in a few words and stands before
    the text; ``is_new``: the previous cut did not know it. ``kind`` is what it is about: ``death``, ``serious``,
    ``limit``, ``estimate``, ``excess``, ``oddity`` or ``rest``. ``brief`` says it in a subject, ``finding`` in a title.
    """

    text: FullLine
    link: Annotated[str, AfterValidator(_id)] = ""
    change: Annotated[Line, Field(max_length=_LONGEST_CHANGE)] = ""
    is_verbatim: Annotated[bool, Field(exclude_if=_is_empty)] = False
    lead: Annotated[Line, Field(exclude_if=_is_empty)] = ""
    is_new: Annotated[bool, Field(exclude_if=_is_empty)] = False
    kind: Annotated[Line, Field(exclude_if=_is_empty)] = ""
    brief: Annotated[Line, Field(exclude_if=_is_empty)] = ""
    finding: Annotated[Line, Field(exclude_if=_is_empty)] = ""

    @property
    def words(self) -> str:
        """Return the sentence with its lead."""
        return " ".join(filter(None, (self.lead, self.text)))


class HeadlineSignal(_Part):
    """Something that somebody should look at today."""

    kind: Line
    text: FullLine


class DotRow(_Part):
    """An arm in the reader's words; of ``N`` participants ``n`` are beyond a limit, ``n_more`` beyond the next one."""

    words: FullLine
    n: Annotated[int, Field(ge=0)]
    N: Annotated[int, Field(ge=0)]
    n_more: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _is_within(self) -> DotRow:
        if not self.n_more <= self.n <= self.N:
            raise ValueError("n_more ≤ n ≤ N")
        return self


class HeadlineDots(_Part):
    """Who is beyond a watched limit, a dot a participant; ``more`` says the next limit, empty where there is none."""

    title: FullLine
    more: Line = ""
    rows: tuple[DotRow, ...]


class HeadlineFile(_Part):
    """What a report says in a few lines; nothing in it identifies a participant.

    Attributes
    ----------
    study, cut, previous, report : str
        Of what, and the previous cut; empty where there is none.
    is_compared : bool
        The previous cut is published, so that changes are known.
    title, line : str
        Of the first screen: the finding, or what report it is; who, how many, how far.
    sentences, signals, completeness
        What the report says first; what nobody should miss; what was received and found, a line each.
    dots : HeadlineDots or None
        A picture that tells in few dots; None where nobody is beyond a watched limit.
    """

    format: Literal["cutbook-headline-1"]
    study: Line = ""
    cut: Line = ""
    previous: Line = ""
    report: Line = ""
    is_compared: bool = False
    title: Annotated[Line, Field(exclude_if=_is_empty)] = ""
    line: Annotated[Line, Field(exclude_if=_is_empty)] = ""
    sentences: tuple[HeadlineSentence, ...] = ()
    signals: tuple[HeadlineSignal, ...] = ()
    completeness: tuple[Line, ...] = ()
    dots: Annotated[HeadlineDots | None, Field(exclude_if=_is_empty)] = None


def write_headline(file: Path, headline: HeadlineFile) -> None:
    """Write a headline beside its report."""
    text = json.dumps(headline.model_dump(mode="json"), ensure_ascii=False, indent=1)
    file.write_text(text + "\n", encoding="utf-8")


def read_headline(file: Path, sha256: str = "") -> HeadlineFile:
    """Return a headline for the pages that list reports.

    Parameters
    ----------
    file : Path
        The file beside the report.
    sha256 : str
        Its hash by the manifest; empty where there is no manifest yet.

    Raises
    ------
    RenderError
        It is not the file of the manifest, or no headline; all faults.
    """
    content = _vouched(file, sha256, RenderError)
    try:
        return HeadlineFile.model_validate_json(content)
    except ValidationError as error:
        raise RenderError(_faults(file, error, _REMEDY)) from None


def read_mailed_headline(file: Path, sha256: str) -> HeadlineFile:
    """Return a headline for mails; a sentence whose link is none goes without it, for a mail is read without the page.

    Parameters
    ----------
    file : Path
        The file beside the report.
    sha256 : str
        Its hash by the manifest.

    Raises
    ------
    DeliveryError
        It is not the file of the manifest, or no headline; all faults.
    """
    content = _vouched(file, sha256, DeliveryError)
    try:
        return HeadlineFile.model_validate_json(content, context=_WITHOUT_BAD_LINKS)
    except ValidationError as error:
        raise DeliveryError(_faults(file, error, _AGAIN)) from None


def check_links(headline: HeadlineFile, folder: Path, report: str) -> list[Fault]:
    """Return the links of a headline that lead nowhere in the page of the report."""
    page = (folder / f"{report}.html").read_text(encoding="utf-8")
    lost = [item.link for item in headline.sentences if item.link and f'id="{item.link}"' not in page]
    expected = f"an id in {report}.html"
    return [Fault(f"{report}{HEADLINE}", f"a link to {link!r}", expected, _REMEDY) for link in lost]


def _vouched(file: Path, sha256: str, error: type[CutbookError]) -> bytes:
    """Return the content of a file, once its hash is that of the manifest."""
    content = file.read_bytes() if file.is_file() else b""
    if sha256 and sha256_bytes(content) != sha256:
        raise error(Fault(file.name, "another SHA-256", f"{sha256[:12]}… of the manifest", _AGAIN))
    return content


def _faults(file: Path, error: ValidationError, remedy: str) -> list[Fault]:
    return [
        Fault(file.name, item["type"], item["msg"], remedy, ".".join(str(part) for part in item["loc"]))
        for item in error.errors(include_url=False, include_input=False)
    ]
