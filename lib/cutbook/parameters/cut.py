"""The parameters of one data cut: the flat cut file, which is also the parameters cell of every notebook."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from cutbook.parameters.base import Name

_CUT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?")


def _safe_name(value: str) -> str:
    if not _CUT_ID.fullmatch(value) or ".." in value:
        raise ValueError("a name of 1 to 64 letters, digits, '_', '-', ':' or '.', starting with a letter or digit")
    return value


def _optional_name(value: str) -> str:
    return value and _safe_name(value)


def _iso_date(value: str) -> str:
    if not _DATE.fullmatch(value):
        raise ValueError("a date YYYY-MM-DD, or a date and time YYYY-MM-DDThh:mm[:ss]")
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("a day that the calendar has") from None
    return value


CutId = Annotated[str, AfterValidator(_safe_name)]
OptionalCutId = Annotated[str, AfterValidator(_optional_name)]
IsoDate = Annotated[str, AfterValidator(_iso_date)]
Audience = Literal["unblinded", "blinded", "dummy"]


class CutParameters(BaseModel):
    """Parameters of one cut, in the order of the notebooks' parameters cell.

    All values are text or whole numbers, so that the cut file is also a valid ``papermill -f`` file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    study: Name
    cut_id: CutId
    cutoff_date: IsoDate
    transfer: CutId
    previous_cut: OptionalCutId = ""
    revision: int = Field(default=1, ge=1, le=999)
    purpose: str = Field(default="", max_length=200)
    status: Literal["draft", "final"] = "draft"
    audience: Audience = "unblinded"
