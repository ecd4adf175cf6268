"""The first screen of a report: its title, one line of who and how far, what is new, and displays that tell most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from cutbook.display.look.frame import Sentence, Shown


@dataclass(frozen=True)
class Box:
    """Sentences below a heading; ``tone``: ``news``, what the previous cut did not know, ``findings``, or ``calm``."""

    heading: str
    tone: Literal["news", "findings", "calm"]
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Lead:
    """A display on the first screen, below a sentence that says what it shows."""

    title: str
    display: Any


@dataclass(frozen=True, repr=False)
class Opening(Shown):
    """The first screen of a report.

    Attributes
    ----------
    title : str
        The finding, or what report this is and for what.
    line : str
        Who, how many, how far, in one line.
    boxes : tuple of Box
        The first sentences.
    statements : tuple of str
        What a reader must know of the data before reading on.
    leads : tuple of Lead
        Displays side by side.
    live : str
        Style and script of the displays where they stand outside a page.
    """

    title: str
    line: str
    boxes: tuple[Box, ...]
    statements: tuple[str, ...] = ()
    leads: tuple[Lead, ...] = ()
    live: str = ""

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences in order."""
        return tuple(sentence for box in self.boxes for sentence in box.sentences)
