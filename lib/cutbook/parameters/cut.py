"""The parameters of one data cut: the flat cut file, which is also the parameters cell of every notebook."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from cutbook.parameters.base import InWords, Name

_CUT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")
_ID_WORDS = "a name: 1 to 64 letters, digits, '_', '-', ':' or '.', starting with a letter or digit"
_DATE_WORDS = "a date YYYY-MM-DD, or a date and time YYYY-MM-DDThh:mm[:ss]"
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?")


def _safe_name(value: str) -> str:
    if not _CUT_ID.fullmatch(value) or ".." in value:
        raise ValueError(_ID_WORDS)
    return value


def _optional_name(value: str) -> str:
    return value and _safe_name(value)


def _iso_date(value: str) -> str:
    if not _DATE.fullmatch(value):
        raise ValueError(_DATE_WORDS)
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("a day that the calendar has") from None
    return value


CutId = Annotated[str, AfterValidator(_safe_name), InWords(_ID_WORDS, rf"^{_CUT_ID.pattern}$")]
OptionalCutId = Annotated[
    str, AfterValidator(_optional_name), InWords(f"{_ID_WORDS}; or an empty text", rf"^({_CUT_ID.pattern})?$")
]
IsoDate = Annotated[str, AfterValidator(_iso_date), InWords(_DATE_WORDS, rf"^{_DATE.pattern}$")]
Audience = Literal["unblinded", "blinded", "dummy"]


class CutParameters(BaseModel):
    """Parameters of one cut, in the order of the notebooks' parameters cell.

    All values are text or whole numbers, so that the cut file is also a valid ``papermill -f`` file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    study: Name = Field(description="The study: the name of its folder in parameters/ and `id` in its study file.")
    cut_id: CutId = Field(description="What the cut is called: the name of this file without .yaml.")
    cutoff_date: IsoDate = Field(
        description="The data cut-off; a date alone means the end of that day. What became known later is left out."
    )
    transfer: CutId = Field(
        description="The folder of the transfer, in the folder that `sources` of the study file names."
    )
    previous_cut: OptionalCutId = Field(
        default="", description="The cut beside which numbers are shown; empty for a first one."
    )
    revision: int = Field(
        default=1, ge=1, le=999, description="Which version of this cut: one more when its data or its rules change."
    )
    purpose: str = Field(default="", max_length=200, description="Why the cut is made, as pages and mails show it.")
    status: Literal["draft", "final"] = Field(default="draft", description="What every page says of the reports.")
    audience: Audience = Field(
        default="unblinded",
        description="Class of the reports: blinded, or unblinded. Left out, they are blinded while the blind of the "
        "study holds at the cut-off, and unblinded otherwise.",
    )
