"""Records one line each: frozen descriptions of listings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from cutbook.catalogue.kinds.layers import Records
from cutbook.derive import Frames


@dataclass(frozen=True)
class Field:
    """One column of a listing.

    Attributes
    ----------
    label, variable : str
        Heading, and the column of the records.
    form : str
        ``words`` · ``sentence`` controlled terms in sentence case · ``day`` · ``whole`` a whole number · ``number``
        with ``decimals`` · ``visit`` · ``hash`` its beginning · ``count`` a number that is a row of the results table
        too, with its change.
    beside : str
        Column that stands behind it in brackets, in the same form.
    or_day : str
        Column of days that stands in for it where records do not have it.
    is_number, is_verbatim : bool
        Numbers stand to the right; text as collected.
    opens : str
        Id of a listing that its counts open.
    """

    label: str
    variable: str
    form: str = "words"
    beside: str = ""
    or_day: str = ""
    decimals: int = 0
    is_number: bool = False
    is_verbatim: bool = False
    opens: str = ""


@dataclass(frozen=True)
class Listing:
    """Records, one line each.

    Attributes
    ----------
    records : callable
        The records in order, KEY among their columns where changes since the previous cut are marked.
    fields : tuple of Field
        The first one names the line.
    most : int
        Lines at most; a footnote says how many there are.
    folds_beyond : int or None
        Shown closed beyond so many lines, their number in the title where that has a place for it; None: as the display
        says.
    is_numbered : bool
        Lines have the addresses to which counts point.
    known : callable or None
        Every record of the kind, listed or not. Lines are then compared with those of the previous cut, as derived with
        the study file of today: a record that is known but listed no longer was not withdrawn.
    level : str
        Variable that tells the lines of counts; empty: that of the first field. A line without one repeats no count.
    says_more, says_empty : callable or None
        Footnotes, and the sentence for an empty listing, that depend on the data: derived datasets -> words.
    """

    records: Records
    fields: tuple[Field, ...]
    most: int = 2000
    folds_beyond: int | None = None
    is_numbered: bool = False
    known: Records | None = None
    level: str = ""
    says_more: Callable[[Frames], tuple[str, ...]] | None = None
    says_empty: Callable[[Frames], str] | None = None

    @property
    def counts(self) -> list[Field]:
        """The fields that are rows of the results table too."""
        return [field for field in self.fields if field.form == "count"]


@dataclass(frozen=True)
class RecordIndex:
    """The records that counts of the page point to: participants or adverse events."""

    kind: Literal["participants", "events"]
