"""Whom a display is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from cutbook.catalogue.kinds.absence import Absence, named
from cutbook.derive import Frames
from cutbook.derive.records import has_value
from cutbook.parameters.study import Study
from cutbook.words import capital


@dataclass(frozen=True)
class Population:
    """The participants of a display.

    Attributes
    ----------
    flag : str
        Variable of ADSL that is ``Y`` for its members, and its code in results tables; empty for everybody in DM.
    text : callable
        Its definition in the words of the study file.
    words : str
        Its members as the catalogue names them, whatever the study.
    datasets : callable
        What tells its members, for a study.
    verb : str
        What its members are or did, after "who".
    is_everybody : bool
        The flag names it, but the records of others count too: samples tell by themselves whom a display shows.
    is_withheld : callable
        Whether blinded reports may not know its members, for a study.
    """

    flag: str
    text: Callable[[Study], str]
    words: str = "Participants"
    datasets: Callable[[Study], tuple[str, ...]] = lambda _: ()
    is_everybody: bool = False
    verb: str = "belongs to this population"
    is_withheld: Callable[[Study], bool] = lambda _: False

    def why_unknown(self, study: Study, frames: Frames) -> str:
        """Return a sentence where nothing that came tells who is a member, else nothing."""
        if self.is_everybody or frames.adsl.empty or has_value(frames.adsl, self.flag):
            return ""
        if self.is_withheld(study):
            return f"{capital(Absence.WITHHELD)}: who {self.verb}."
        lacking = [name for name in self.datasets(study) if not frames.is_delivered(name)]
        because = f": {', '.join(map(named, lacking))} not delivered" if lacking else ": not collected"
        return f"Not known who {self.verb}{because}."

    def members(self, adsl: pd.DataFrame) -> pd.DataFrame:
        """Return its members, rows of ADSL."""
        return adsl if self.is_everybody else adsl[adsl[self.flag].eq("Y")]


EVERYBODY = Population("", lambda _: "All participants in the data", "Everybody in the data", is_everybody=True)
RANDOMISED = Population(
    "RANDFL",
    lambda study: f"All {study.treatment.entered} participants",
    "Randomised participants",
    verb="came into an arm",
)
TREATED = Population(
    "SAFFL",
    lambda study: study.populations.safety_text,
    "Treated participants",
    datasets=lambda _: ("ex",),
    verb="was treated",
)
EFFICACY = Population(
    "EFFFL",
    lambda study: study.populations.efficacy_text,
    datasets=lambda study: ("ex", *dict.fromkeys(item.dataset for item in study.populations.efficacy)),
    is_withheld=lambda study: any(study.withholds(item.dataset, item.where) for item in study.populations.efficacy),
)
SAMPLED = Population(
    "PKFL", lambda study: study.populations.pk_text, "Participants on an active dose with samples", is_everybody=True
)

_BY_FLAG = {item.flag: item for item in (RANDOMISED, TREATED, EFFICACY, SAMPLED)}


def population_of(flag: str) -> Population:
    """Return the population that a study file names by its flag."""
    return _BY_FLAG.get(flag, Population(flag, lambda _: flag))
