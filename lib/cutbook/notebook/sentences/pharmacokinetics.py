"""What the pharmacokinetics report says first: samples that contradict the treatment, highest means by dose."""

from __future__ import annotations

from collections.abc import Iterator

from cutbook.catalogue import concentrations
from cutbook.display.look.frame import Sentence
from cutbook.display.look.numbers import NOT_APPLICABLE
from cutbook.display.page import Page
from cutbook.display.read.cells import Cells, cell_id
from cutbook.notebook.sentences.arms import short_by_label
from cutbook.notebook.sentences.exposure import find_exposure, told_of
from cutbook.notebook.sentences.rules import counted
from cutbook.words import capital, in_sentence

_HAS, _LACKS = "with a quantifiable concentration", "without any quantifiable concentration after a dose"
_SIGNS = {
    "PLACEBO": (f"participant on {{control}} {_HAS}", f"participants on {{control}} {_HAS}"),
    "ALLBLQ": (f"participant on active drug {_LACKS}", f"participants on active drug {_LACKS}"),
}


def find_pharmacokinetics(page: Page) -> list[Sentence]:
    """Return every sentence that may be said of the pharmacokinetics report."""
    return [*find_exposure(page), *_signs(page), *_highest(page)]


def unchanged(page: Page) -> str:
    """Return that no sample newly contradicts the treatment; empty where the previous cut is not published here."""
    cells = page.cells(concentrations.samples)
    return "No sample newly contradicts the treatment." if cells.previous and cells.parameters else ""


def _signs(page: Page) -> Iterator[Sentence]:
    """Yield which samples contradict the treatment, by matrix; one sentence where none does."""
    cells = page.cells(concentrations.samples)
    told = [sentence for code, words in cells.parameters.items() if (sentence := _sign(page, cells, code, words))]
    yield from told
    is_sampled = any(cells.value("n", (code, "SAMPLES", "", "", "")) > 0 for code in cells.parameters)
    if not told and is_sampled:
        first = next(iter(cells.parameters))
        shown = [place for name in _SIGNS if (place := (first, name, "", "", ""))[:3] in cells.places]
        link = cell_id(cells.display, shown[0], "n") if shown else ""
        control = page.study.treatment.control_arm
        on_control = f"Nobody on {control.label.lower()} has a quantifiable concentration. " if control else ""
        text = f"{on_control}Nobody on active drug lacks one after a dose."
        yield Sentence(text, link, lead="No sample contradicts the treatment.", kind="rest")


def _sign(page: Page, cells: Cells, code: str, words: str) -> Sentence | None:
    control = page.study.treatment.control_arm
    names = {"control": control.label.lower() if control else "placebo"}
    places = {name: (code, name, "", "", "") for name in _SIGNS}
    parts = [
        counted(int(cells.value("n", place)), *(form.format(**names) for form in _SIGNS[name]))
        for name, place in places.items()
        if cells.value("n", place) > 0
    ]
    if not parts:
        return None
    is_new = cells.previous is not None and any(cells.step("n", place) > 0 for place in places.values())
    link = cell_id(cells.display, next(place for place in places.values() if cells.value("n", place) > 0), "n")
    text = f"{capital('; '.join(parts))}."
    return Sentence(text, link, lead=f"{words}: samples contradict the treatment.", kind="limit", is_new=is_new)


def _highest(page: Page) -> Iterator[Sentence]:
    """Yield, for each matrix without any exposure told, the highest geometric mean by dose and when it was reached."""
    cells, told_already = page.cells(concentrations.summary), told_of(page)
    arms = short_by_label(page.study)
    means = cells.rows[cells.rows["statistic"].eq("geomean") & cells.rows["value"].notna()]
    for code, own in means.groupby("parameter", sort=False):
        if code in told_already:
            continue
        highest = own.loc[own.groupby("group", sort=False)["value"].idxmax()].to_dict("records")
        unit = str(own["unit"].iloc[0])
        told = [
            f"{arms.get(row['group_words'], row['group_words'])} {row['text']}\N{NO-BREAK SPACE}{unit} ({_when(row)})"
            for row in highest
            if row["text"] != NOT_APPLICABLE
        ]
        peak = max(highest, key=lambda row: row["value"])
        place = tuple(str(peak[name]) for name in ("parameter", "variable", "level", "visit", "group"))
        link = cell_id(cells.display, place, "geomean")
        words = str(own["parameter_words"].iloc[0]) or str(code)
        yield Sentence(
            f"{', '.join(told)}.", link, is_verbatim=True, lead=f"{words}, highest geometric mean:", kind="estimate"
        )


def _when(row: dict[object, object]) -> str:
    visit = in_sentence(str(row["visit_words"]))
    return f"{visit}, {row['level']}\N{NO-BREAK SPACE}h" if row["level"] else visit
