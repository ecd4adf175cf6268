"""The headline beside a report: its sentences with their change since the previous cut, for pages that list reports."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cutbook.errors import Fault, RenderError

HEADLINE = ".headline.json"
"""How the name of the file ends; before it stands the report."""

_REMEDY = "let the last cell of the notebook write it"


class HeadlineSentence(BaseModel):
    """One sentence, the place in the report that holds its numbers, and what changed since the previous cut."""

    model_config = ConfigDict(frozen=True, strict=True)

    text: str = Field(min_length=1, max_length=2000)
    link: str = Field(default="", pattern=r"^[A-Za-z0-9._:-]*$", max_length=200)
    change: str = Field(default="", max_length=500)


class HeadlineFile(BaseModel):
    """What a report says first; keys that are for other readers are passed over."""

    model_config = ConfigDict(frozen=True)

    format: Literal["cutbook-headline-1"]
    previous: str = ""
    sentences: tuple[HeadlineSentence, ...] = ()


def read_headline(folder: Path, report: str) -> HeadlineFile | None:
    """Return the headline of a report, or None when the set holds none.

    Parameters
    ----------
    folder : Path
        Folder of the set.
    report : str
        Name of the report.

    Raises
    ------
    RenderError
        The file is not what it should be.
    """
    file = folder / f"{report}{HEADLINE}"
    if not file.is_file():
        return None
    try:
        return HeadlineFile.model_validate_json(file.read_bytes())
    except ValidationError as error:
        faults = [
            Fault(file.name, item["type"], item["msg"], _REMEDY, ".".join(str(part) for part in item["loc"]))
            for item in error.errors(include_url=False, include_input=False)
        ]
        raise RenderError(faults) from None


def check_links(headline: HeadlineFile, folder: Path, report: str) -> list[Fault]:
    """Return the links of a headline that lead nowhere in the page of the report."""
    page = (folder / f"{report}.html").read_text(encoding="utf-8")
    lost = [item.link for item in headline.sentences if item.link and f'id="{item.link}"' not in page]
    expected = f"an id in {report}.html"
    return [Fault(f"{report}{HEADLINE}", f"a link to {link!r}", expected, _REMEDY) for link in lost]
