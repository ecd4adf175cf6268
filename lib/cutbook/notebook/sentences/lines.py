"""The one line of each report below its title: who, how many, how far."""

from __future__ import annotations

from cutbook.catalogue import concentrations, participants
from cutbook.catalogue.kinds.panels import Model
from cutbook.catalogue.models import ancova
from cutbook.catalogue.safety.people import dosing
from cutbook.display.look.numbers import NOT_APPLICABLE
from cutbook.display.page import Page
from cutbook.display.read.cells import UNTOLD, Cells
from cutbook.notebook.amounts import amount
from cutbook.notebook.sentences.arms import joined
from cutbook.vocabulary import TOTAL
from cutbook.words import capital, in_sentence

_ENDS = {"COMPLETED": "completed", "ONGOING": "on study", "DISCONTINUED": "left"}


def safety_line(page: Page) -> str:
    """Return how many are treated in which arm, how many had all doses, and how the study ended for them."""
    cells, treated = page.cells(participants.exposure), amount(page.results, "SAFFL")
    if treated in UNTOLD:
        return f"Who was treated is {treated}; {amount(page.results, 'SCREENED')} screened."
    if not cells.sizes.get(TOTAL, sum(cells.sizes.values())):
        return f"Nobody is treated yet; {amount(page.results, 'SCREENED')} screened."
    codes = [arm.code for arm in page.study.treatment.arms]
    sizes = {at: cells.sizes[code] for at, code in enumerate(codes) if cells.sizes.get(code)}
    named = "{1:.0f} in {0}" if page.study.is_masked else "{0} {1:.0f}"
    short = page.study.treatment.short
    arms = " · ".join(named.format(short(page.study.treatment.arms[at]), size) for at, size in sizes.items())
    told = [f"{treated} treated: {arms}{_new_arms(page)}."]
    return " ".join(filter(None, [*told, _doses(page), _ends(page)]))


def _new_arms(page: Page) -> str:
    """Return the arms in which the previous cut had nobody treated."""
    if page.previous.frames is None:
        return ""
    seen = {
        name: set(frames.adsl.loc[frames.adsl["SAFFL"].eq("Y"), "TRT01A"])
        for name, frames in (("now", page.frames), ("then", page.previous.frames))
    }
    new = [arm for arm in page.study.treatment.arms if arm.label in seen["now"] - seen["then"]]
    return f" ({joined([page.study.treatment.short(arm) for arm in new])} first seen at this cut)" if new else ""


def _doses(page: Page) -> str:
    planned = page.study.treatment.planned_doses
    text = _disposition(page.cells(participants.disposition), "DOSEN", str(planned)) if planned else NOT_APPLICABLE
    is_told = text != NOT_APPLICABLE and text not in UNTOLD and planned != 1
    return f"{text} had all {planned} doses." if is_told else ""


def _ends(page: Page) -> str:
    cells = page.cells(participants.disposition)
    told = {words: _disposition(cells, "EOSSTT", code) for code, words in _ENDS.items()}
    parts = [f"{text} {words}" for words, text in told.items() if text not in {NOT_APPLICABLE, "0", *UNTOLD}]
    return f"{', '.join(parts).capitalize()}." if parts else ""


def _disposition(cells: Cells, variable: str, level: str) -> str:
    return cells.text("n", ("", variable, level, "", TOTAL))


def pharmacokinetics_line(page: Page) -> str:
    """Return how many results of how many participants there are by matrix, and how many below the limit.

    Where concentrations are withheld, who is treated and how many had all doses.
    """
    if concentrations.samples.why_withheld(page.study):
        all_doses = page.cells(dosing).text("n", ("", "TRTEND", "COMPLETED", "", TOTAL))
        had = "" if all_doses in {NOT_APPLICABLE, *UNTOLD} else f" {all_doses} had all doses."
        return f"{amount(page.results, 'SAFFL')} treated.{had} {concentrations.samples.why_withheld(page.study)}"
    cells = page.cells(concentrations.samples)
    told = []
    for code, words in cells.parameters.items():
        results, people, below = (
            cells.text("n", (code, name, "", "", "")) for name in ("SAMPLES", "PARTICIPANTS", "BLQ")
        )
        told.append(f"{words}: {results} results of {people} participants, {below} below the limit of quantification")
    return f"{'; '.join(told)}." if told else concentrations.samples.empty


def efficacy_line(page: Page) -> str:
    """Return how the arms are compared, and in how many participants."""
    cells, number = page.cells(ancova.comparisons), amount(page.results, "SAFFL")
    treated = f"who was treated {number}" if number in UNTOLD else f"{number} treated"
    for layer in ancova.comparisons.rows(page.study):
        if isinstance(layer, Model):
            arms = [arm.code for arm in page.study.treatment.arms]
            sizes = [cells.value("n", (layer.parameter, "LSMEAN", "", layer.visit, arm)) for arm in arms]
            known = sum(size for size in sizes if size == size)
            scale = "ln(ratio to baseline)" if layer.is_ratio else "change from baseline"
            when = in_sentence(layer.visit_words)
            how = f"{capital(when)}, analysis of covariance of {scale}"
            return f"{how}, {known:.0f} participants ({treated}); intervals not adjusted for multiplicity."
    return f"{capital(treated)}."
