"""A display: one declared value that says everything about it, from which it is computed, shown and documented."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cutbook.catalogue.kinds.absence import Absence, named
from cutbook.catalogue.kinds.panels import Layer
from cutbook.catalogue.kinds.populations import EVERYBODY, Population
from cutbook.derive import Frames
from cutbook.parameters.study import Study
from cutbook.words import capital

SAFETY, PHARMACOKINETICS, EFFICACY = "safety", "pharmacokinetics", "efficacy"
REPORTS = (SAFETY, PHARMACOKINETICS, EFFICACY)
"""Reports in the order in which the catalogue names them."""

NONE_KNOWN = "none known"
"""Counterpart of a display that no public system is known to show."""

NOT_ESTIMABLE, NOT_CALCULATED = "NE", "NC"
"""What stands in the place of a statistic that could not be estimated, or was not calculated."""

PARTICIPANTS, ESTIMATES, NO_MARKS = frozenset({"n"}), frozenset({"estimate", "diff_pct"}), frozenset[str]()
"""What of a display carries a mark of change: its counts of participants, the estimates of its models, or nothing."""

NOT_TOLD = "What was not collected or not delivered is said in the place of its numbers."
"""Rule for rows that rest on a variable or dataset that is absent."""


@dataclass(frozen=True, kw_only=True)
class Display:
    """One display of the reports, or one block of statistics that stands in the results table alone.

    Attributes
    ----------
    id : str
        Its address in the page (``T-D5``), which holds its key; parts in braces are filled by its layers. A key alone
        (``D12``): it stands in the results table alone.
    title : str
        As shown; parts in braces are filled from the study file or the data.
    question : str
        What it answers.
    rows : callable
        The layers that it is made of, for a study.
    population : Population
        Whom it shows.
    whom : str
        The population as its line says it, where that is not the population's own definition; ``{entered}`` is filled.
    is_active_only : bool
        Its columns by arm are arms with a dose, without pooled columns.
    arm : str
        Variable of ADSL that tells the column: TRT01A as treated, TRT01P as planned.
    order, missing, counterpart : str
        How its rows stand; rule for missing values and empty groups; public displays like it.
    notes : callable, tuple of str or str
        Footnotes, those that depend on the study file as a function of it; or the only one.
    source : callable or tuple of str
        Datasets, as its last line names them.
    reports : tuple of str
        Reports that hold it; all of them where it does not say.
    stub, empty : str
        Heading of the row labels; the sentence that stands for it when there is nothing to show.
    why_empty : callable
        The sentence in its place where the study file does not name, or nobody delivered, what it rests on; empty: it
        can have something to show.
    compares_arms : bool
        It rests on who is in which arm, and is withheld from blinded reports.
    is_folded : bool
        Shown closed.
    is_key : bool
        Its counts of everybody are followed from cut to cut.
    participants : tuple of str
        What the list of participants calls the display in which somebody counts, and its address there; empty: it does
        not name it. ``{key}`` and ``{parameter}`` are filled.
    anchors : tuple of str
        Statistics whose cells have an address for sentences.
    marks : frozenset of str
        Statistics that carry a mark of change since the previous cut.
    not_estimable : str
        What stands in the place of a number that is missing for a reason that has no sign of its own.
    conditions : mapping
        Accepted values by variable: records that have another are left out (see `where`).
    """

    id: str
    title: str
    question: str
    rows: Callable[[Study], Sequence[Layer]]
    reports: tuple[str, ...] = REPORTS
    population: Population = EVERYBODY
    whom: str = ""
    is_active_only: bool = False
    arm: str = "TRT01A"
    order: str = ""
    missing: str = ""
    counterpart: str = NONE_KNOWN
    notes: Callable[[Study], tuple[str, ...]] | tuple[str, ...] | str = ()
    source: Callable[[Study], tuple[str, ...]] | tuple[str, ...] = ()
    stub: str = ""
    empty: str = "No records by the cut-off."
    why_empty: Callable[[Study, Frames], str] = lambda _, __: ""
    compares_arms: bool = False
    is_folded: bool = False
    is_key: bool = False
    participants: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ("n",)
    marks: frozenset[str] = PARTICIPANTS
    not_estimable: str = NOT_ESTIMABLE
    conditions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Row id of the specification, and ``display`` in the results table; a table and its figure share it."""
        return self.id.split("-")[1] if self.anchor else self.id

    @property
    def anchor(self) -> str:
        """Its address in the page; empty where it stands in the results table alone."""
        return self.id if "-" in self.id else ""

    def why_nothing(self, study: Study, frames: Frames) -> str:
        """Return the sentence that says why it cannot have anything to show, or that its population is not known."""
        if why := self.why_withheld(study):
            return why
        return self.population.why_unknown(study, frames) or self.why_empty(study, frames)

    def why_withheld(self, study: Study) -> str:
        """Return the sentence that says what of it blinded reports may not show; empty for any other report."""
        if not study.is_masked:
            return ""
        if self.compares_arms:
            return f"{capital(Absence.WITHHELD)}: comparisons of the arms."
        names = [name.lower().removeprefix("ad") for name in self.sources(study) if name.isupper()]
        withheld = [named(name) for name in names if study.withholds(name)]
        return f"{capital(Absence.WITHHELD)}: {', '.join(withheld)}." if withheld else ""

    def where(self, **conditions: str | Sequence[str]) -> Display:
        """Return the display of the records that meet conditions: ``terms.where(AESER="Y")``.

        A condition on a variable that records of a dataset do not have leaves those records as they are.
        """
        accepted = {name: (value,) if isinstance(value, str) else tuple(value) for name, value in conditions.items()}
        return replace(self, conditions={**self.conditions, **accepted})

    def whom_in(self, study: Study) -> str:
        """Return the population's line for a study, empty where it is the population's own definition."""
        return self.whom.replace("{entered}", study.treatment.entered)

    def footnotes(self, study: Study) -> tuple[str, ...]:
        """Return the footnotes for a study."""
        notes = self.notes(study) if callable(self.notes) else self.notes
        return (notes,) if isinstance(notes, str) else notes

    def sources(self, study: Study) -> tuple[str, ...]:
        """Return the datasets for a study."""
        return self.source(study) if callable(self.source) else self.source
