"""What the efficacy report says first: differences from the control, what moved of them, each endpoint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cutbook.catalogue import endpoints, moved
from cutbook.catalogue.kinds.panels import Model, Moved
from cutbook.catalogue.models import ancova
from cutbook.display.look.frame import Sentence
from cutbook.display.look.numbers import NOT_APPLICABLE
from cutbook.display.page import Page
from cutbook.display.read.cells import Cells, Place, cell_id
from cutbook.display.tables.moved import what_moved
from cutbook.notebook.sentences.arms import by_dose, joined
from cutbook.notebook.sentences.rules import FEWEST
from cutbook.parameters.study import Endpoint
from cutbook.parameters.study.treatment import Arm
from cutbook.vocabulary import BASELINE, TOTAL, contrast


@dataclass(frozen=True)
class Estimate:
    """A difference from the control as it is shown; ``text`` holds its limits too.

    ``side`` is 1 above and −1 below no difference, 0 where the interval holds it; ``contrast`` is its group.
    """

    arm: str
    centre: str
    text: str
    side: int
    value: float
    link: str
    contrast: str


def find_efficacy(page: Page) -> list[Sentence]:
    """Return every sentence that may be said of the efficacy report."""
    models = [layer for layer in ancova.comparisons.rows(page.study) if isinstance(layer, Model)]
    compared = [sentence for layer in models for sentence in (_moved(page, layer), _compared(page, layer)) if sentence]
    return [*compared, *(sentence for item in page.study.endpoints if (sentence := _endpoint(page, item)))]


def unchanged(page: Page) -> str:
    """Return that no estimate moved; empty where the previous cut has none, or is not published here."""
    models = [layer for layer in ancova.comparisons.rows(page.study) if isinstance(layer, Model)]
    is_known = any(estimates(page, layer, is_previous=True) for layer in models)
    return "No estimate that the study file asks for reads otherwise." if is_known else ""


def estimates(page: Page, layer: Model, *, is_previous: bool = False) -> list[Estimate]:
    """Return the differences from the control by rising dose, of arms with at least three values on both sides."""
    cells, control = page.cells(ancova.comparisons), page.study.treatment.control_arm
    own = cells.previous if is_previous else cells
    if control is None or own is None or _size(own, layer, control) < FEWEST:
        return []
    arms = [arm for arm in by_dose(page.study) if _size(own, layer, arm) >= FEWEST]
    found = [_estimate(own, layer, arm, control, page) for arm in arms]
    return [one for one in found if one]


def _size(cells: Cells, layer: Model, arm: Arm) -> float:
    size = cells.value("n", _place(layer, arm.code))
    return size if size == size else 0.0


def _place(layer: Model, group: str, variable: str = "LSMEAN") -> Place:
    return (layer.parameter, variable, "", layer.visit, group)


def _estimate(cells: Cells, layer: Model, arm: Arm, control: Arm, page: Page) -> Estimate | None:
    names, place = layer.effect, _place(layer, contrast(arm.code, control.code), "DIFF")
    centre, low, high = (cells.text(name, place) for name in names)
    value, lowest, highest = (cells.value(name, place) for name in names)
    if value != value or lowest != lowest:
        return None
    unit = "\N{NO-BREAK SPACE}%" if layer.is_ratio else ""
    side = 1 if lowest > 0 else -1 if highest < 0 else 0
    link = cell_id(ancova.comparisons.key, place, names[0])
    name = page.study.treatment.short(arm)
    text = f"{centre}{unit} ({low} to {high})"
    return Estimate(name, f"{centre}{unit}", text, side, value, link, place[-1])


def _label(page: Page, layer: Model) -> str:
    return next(item.label for item in page.study.endpoints if item.paramcd == layer.parameter)


def _compared(page: Page, layer: Model) -> Sentence | None:
    found, control = estimates(page, layer), page.study.treatment.control_arm
    if not found or control is None:
        return None
    told = ", ".join(f"{one.arm} {one.text}" for one in found)
    compared = f"difference from {page.study.treatment.short(control)} (95 % CI)"
    lead = f"{_label(page, layer)} at {layer.visit_words.lower()}, {compared}:"
    return Sentence(f"{told}.", found[-1].link, lead=lead, kind="estimate")


def _moved(page: Page, layer: Model) -> Sentence | None:
    """Return the estimates that read otherwise than at the previous cut, those whose interval changed sides first."""
    now = {one.arm: one for one in estimates(page, layer)}
    before = {one.arm: one for one in estimates(page, layer, is_previous=True)}
    other = [arm for arm in now if arm in before and now[arm].text != before[arm].text]
    if not other:
        return None
    order = sorted(other, key=lambda arm: (now[arm].side == before[arm].side, -abs(now[arm].value - before[arm].value)))
    first, others = order[0], order[1:]
    side = _side(now[first], before[first])
    lead = f"The {first} result moved from {before[first].text} to {now[first].text}{side}."
    same = [arm for arm in now if arm in before and arm not in order]
    parts = [
        f"{_label(page, layer)} at {layer.visit_words.lower()}.",
        told_of_others(others, now, before),
        f"As before: {joined(same)}." if same else "",
    ]
    text = " ".join(filter(None, parts))
    told, detail = f"{_label(page, layer)} moved", _records(page, layer, now[first])
    own = Sentence(text, now[first].link, lead=lead, kind="estimate", is_new=True, excess=100.0, detail=detail)
    return replace(own, brief=told, finding=told)


def told_of_others(others: Sequence[str], now: Mapping[str, Estimate], before: Mapping[str, Estimate]) -> str:
    """Return what became of other estimates that read otherwise: from what to what, or that the interval did alone."""
    steps = [(arm, before[arm].centre, now[arm].centre) for arm in others]
    rest = "; ".join(f"{arm} {was} to {centre}" for arm, was, centre in steps if was != centre)
    kept = joined([arm for arm, was, centre in steps if was == centre])
    told = f"The estimate at {kept} is the same, its interval is not." if kept else ""
    return " ".join(filter(None, [f"Others: {rest}." if rest else "", told]))


def _records(page: Page, layer: Model, estimate: Estimate) -> str:
    """Return which changed records of the past moved an estimate; it names participants."""
    own = [one for one in moved.comparisons.rows(page.study) if isinstance(one, Moved)]
    found = [one for one in own if one.parameter == layer.parameter]
    return what_moved(moved.comparisons, found[0], estimate.contrast, page) if found else ""


def _side(now: Estimate, before: Estimate) -> str:
    if now.side == before.side:
        return ""
    return (
        "; its interval includes no difference now"
        if now.side == 0
        else "; its interval no longer includes no difference"
    )


def finding(page: Page) -> str:
    """Return the title: in which arms the first compared endpoint differs from the control; empty where in none."""
    for layer in ancova.comparisons.rows(page.study):
        control = page.study.treatment.control_arm
        if not isinstance(layer, Model) or control is None:
            continue
        found = estimates(page, layer)
        told = [
            (word, f"at {joined([one.arm for one in arms])} ({', '.join(one.centre for one in arms)})")
            for side, word in ((-1, "lower"), (1, "higher"))
            if (arms := [one for one in found if one.side == side])
        ]
        if not told:
            return ""
        (word, where), *others = told
        also = "".join(f" and {other} {there}" for other, there in others)
        return f"{_label(page, layer)} is {word} than on {page.study.treatment.short(control)} {where}{also}"
    return ""


def forest_title(page: Page) -> str:
    """Return in which arms the first compared endpoint differs from the control, or that it does in none."""
    layer = next(iter(ancova.comparisons.rows(page.study)), None)
    control = page.study.treatment.control_arm
    if not isinstance(layer, Model):
        return ""
    what, found = f"{_label(page, layer)} at {layer.visit_words.lower()}", estimates(page, layer)
    if not found or control is None:
        return what
    arms = [one.arm for one in found if one.side]
    if not arms:
        return f"{what}: every interval includes no difference"
    verb = "differs" if len(arms) == 1 else "differ"
    return f"{what}: {joined(arms)} {verb} from {page.study.treatment.short(control)}"


def _endpoint(page: Page, endpoint: Endpoint) -> Sentence | None:
    """Return an endpoint at the last visit that at least half have reached, of arms with at least three values."""
    is_ratio = endpoint.scale == "ratio"
    display, statistic = (endpoints.ratios, "geomean") if is_ratio else (endpoints.changes, "mean")
    cells = page.cells(display).of_parameter(endpoint.paramcd)
    known = endpoints.course_of(endpoint)
    variable, what = next((pair for pair in known if cells.rows["variable"].eq(pair[0]).any()), known[-1])
    visit, words = _last_reached(cells, variable)
    arms = [arm for arm in page.study.treatment.arms if visit]
    places = {page.study.treatment.short(arm): (endpoint.paramcd, variable, "", visit, arm.code) for arm in arms}
    told = [
        f"{name} {cells.text(statistic, place)} (n\N{NO-BREAK SPACE}={cells.text('n', place)})".replace(
            "=", "=\N{NO-BREAK SPACE}"
        )
        for name, place in places.items()
        if cells.value("n", place) >= FEWEST and cells.text(statistic, place) != NOT_APPLICABLE
    ]
    if not told:
        return None
    carried = " (LOCF)" if endpoint.imputation == "locf" else ""
    link = cell_id(display.key, list(places.values())[-1], statistic)
    return Sentence(
        f"{', '.join(told)}.", link, lead=f"{endpoint.label} at {words.lower()}, {what}{carried}:", kind="rest"
    )


def _last_reached(cells: Cells, variable: str) -> tuple[str, str]:
    """Return id and label of the last visit that at least half of those with any have reached."""
    own = cells.rows
    is_counted = own["variable"].eq(variable) & own["statistic"].eq("n") & own["group"].eq(TOTAL)
    counts = own[own["visit"].ne(BASELINE) & is_counted]
    reached = counts[counts["value"].ge(counts["value"].max() / 2) & counts["value"].gt(0)]
    return (str(reached["visit"].iloc[-1]), str(reached["visit_words"].iloc[-1])) if len(reached) else ("", "")
