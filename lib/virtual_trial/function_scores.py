"""Function: ALSFRS-R items and total, suicidality rating (QS) and slow vital capacity (RE)."""

from __future__ import annotations

import math
from collections.abc import Mapping

from .case import Case
from .findings import Result, finding, measured, occasion, worded
from .population import RESPIRATORY_DEATHS
from .record import Record, Value
from .stream import clipped, rounded
from .visits import Visit

ITEMS = (
    ("Speech", "BULBAR"),
    ("Salivation", "BULBAR"),
    ("Swallowing", "BULBAR"),
    ("Handwriting", "FINE MOTOR"),
    ("Cutting Food", "FINE MOTOR"),
    ("Dressing and Hygiene", "FINE MOTOR"),
    ("Turning in Bed", "GROSS MOTOR"),
    ("Walking", "GROSS MOTOR"),
    ("Climbing Stairs", "GROSS MOTOR"),
    ("Dyspnea", "RESPIRATORY"),
    ("Orthopnea", "RESPIRATORY"),
    ("Respiratory Insufficiency", "RESPIRATORY"),
)
WEIGHTS = {
    "LOWER LIMB": (1, 1, 1, 3, 3, 4, 5, 8, 9, 1.5, 0.8, 0.6),
    "UPPER LIMB": (1, 1, 1, 7, 7, 6, 3, 3, 4, 1.5, 0.8, 0.6),
    "BULBAR": (7, 6, 6, 2, 2, 2, 2, 2, 2, 2, 1, 0.6),
    "OTHER": (2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 3, 1.5),
}
FULL = 4


def total_change(case: Case, visit: Visit) -> int:
    """Change of the ALSFRS-R total from day 1 to a visit: planned at day 85, on the same course elsewhere."""
    planned = case.share.alsfrs_change
    if visit.number == 3.0:
        return 0
    if visit.number == 11.0:
        return planned
    day = (visit.date - case.person.day1) / 84.0
    if day < 0:
        return 1 if case.draws.chance("alsfrs.screening", 0.25 if planned > -5 else 0.6) else 0
    pace = 1.35 if case.person.role == "death" else 1.0
    noise = 0.6 * case.draws.normal(f"alsfrs.{visit.number}")
    course = planned * (day if day < 1 or planned > 0 else 1 + pace * (day - 1))
    return int(rounded(min(course + noise, max(planned, 0) + 1.0)))


def item_scores(case: Case) -> dict[float, list[int]]:
    """Scores of the twelve items, 0 to 4, at every visit that rates them; day 1 has the planned total."""
    weights: tuple[float, ...] = WEIGHTS[case.person.traits.onset_site]
    if case.person.slot in RESPIRATORY_DEATHS:
        weights = (*weights[:9], *(6 * weight for weight in weights[9:]))
    start = _lowered(case, [FULL] * 12, 48 - case.person.traits.alsfrs, "start", weights)
    scores: dict[float, list[int]] = {}
    rated = [visit for visit in case.visits if visit.has("A")]
    for visit in (v for v in rated if v.date < case.person.day1):
        scores[visit.number] = _raised(case, start, total_change(case, visit), "screening")
    items = start
    for visit in (v for v in rated if v.date >= case.person.day1):
        wanted = case.person.traits.alsfrs + total_change(case, visit)
        step = int(clipped(wanted, 0, 48)) - sum(items)
        key = f"{visit.number}"
        items = _lowered(case, items, -step, key, weights) if step < 0 else _raised(case, items, step, key)
        scores[visit.number] = items
    return scores


def _lowered(case: Case, items: list[int], points: int, key: str, weights: tuple[float, ...]) -> list[int]:
    now = list(items)
    for point in range(min(points, sum(now))):
        open_items = [k for k in range(12) if now[k] > 0]
        chosen = case.draws.weighted(f"item.{key}.{point}", open_items, [weights[k] * now[k] for k in open_items])
        now[chosen] -= 1
    return now


def _raised(case: Case, items: list[int], points: int, key: str) -> list[int]:
    now = list(items)
    for point in range(min(points, 48 - sum(now))):
        open_items = [k for k in range(12) if now[k] < FULL]
        now[case.draws.pick(f"rise.{key}.{point}", open_items)] += 1
    return now


def questionnaires(case: Case, scores: Mapping[float, list[int]]) -> list[Record]:
    """Return records of QS: ALSFRS-R, with these scores of the items by visit number, and C-SSRS."""
    if not case.person.is_randomised:
        return []
    found: list[Record] = []
    for visit in case.visits:
        if visit.number in scores:
            found += _rating(case, visit, scores[visit.number])
        if visit.has("C"):
            found += _suicidality(case, visit)
    return found


def _rating(case: Case, visit: Visit, items: list[int]) -> list[Record]:
    found, when = [], occasion(case, "qs", visit, visit.dose_minute - 75)
    for number, ((name, domain), score) in enumerate(zip(ITEMS, items, strict=True), start=1):
        result = _scored(f"ALSFR1{number:02d}", f"ALSFRS-R {number:02d} {name}", score)
        more: dict[str, Value] = {"QSCAT": "ALSFRS-R", "QSSCAT": domain}
        if number == 5:
            has_tube = items[2] <= 1 and case.draws.chance("gastrostomy", 0.6)
            more["QSGRPID"] = "5B" if has_tube else "5A"
        found.append(finding(when, result, number, more))
    result = _scored("ALSFR1TT", "ALSFRS-R Total Score", sum(items))
    return [*found, finding(when, result, 13, {"QSCAT": "ALSFRS-R"})]


def _scored(code: str, name: str, score: int) -> Result:
    return worded(code, name, f"{score}", float(score))


def _suicidality(case: Case, visit: Visit) -> list[Record]:
    period = "BASELINE" if visit.date <= case.person.day1 else "SINCE LAST VISIT"
    rows = (("CSSIDEA", "Suicidal Ideation"), ("CSSBEHA", "Suicidal Behavior"))
    more: dict[str, Value] = {"QSCAT": f"C-SSRS {period}"}
    when = occasion(case, "qs", visit, visit.dose_minute - 70)
    return [
        finding(when, Result(code, name, "NO", "", "N", "", ""), 20 + k, more) for k, (code, name) in enumerate(rows)
    ]


def predicted_litres(case: Case) -> float:
    """Predicted vital capacity, litres (Knudson 1983, adults)."""
    traits = case.person.traits
    if traits.sex == "M":
        return 0.0844 * traits.height_cm - 0.0298 * traits.age - 8.782
    return 0.0444 * traits.height_cm - 0.0169 * traits.age - 3.195


def svc_percent(case: Case, visit: Visit) -> float:
    """Slow vital capacity at a visit, % of predicted."""
    day = (visit.date - case.person.day1) / 84.0
    pace = 1.4 if case.person.slot in RESPIRATORY_DEATHS else 1.0
    course = case.share.svc_change * (day if day < 1 else 1 + pace * (day - 1)) if day > 0 else 0.0
    level = case.person.traits.svc_percent + course
    return clipped(level * (1 + 0.02 * case.draws.normal(f"svc.{visit.number}")), 22, 130)


def breathing(case: Case) -> list[Record]:
    """Return records of RE: slow vital capacity in litres and % predicted; forced vital capacity at screening."""
    if not case.person.is_randomised:
        return []
    found: list[Record] = []
    for visit in case.visits:
        if visit.has("R"):
            found += _capacity(case, visit, "SVC", "Slow Vital Capacity", svc_percent(case, visit), 0)
        if visit.has("F"):
            forced = svc_percent(case, visit) * (1 - 0.03 * math.fabs(case.draws.normal("fvc")))
            found += _capacity(case, visit, "FVC", "Forced Vital Capacity", forced, 2)
    return found


def _capacity(case: Case, visit: Visit, code: str, name: str, percent: float, rank: float) -> list[Record]:
    predicted = max(predicted_litres(case), 2.2)
    litres = rounded(predicted * percent / 100, 2)
    rows = (
        measured(code, name, litres, 2, "L"),
        measured(f"{code}PP", f"Percent Predicted {name}", rounded(100 * litres / predicted), 0, "%"),
    )
    when = occasion(case, "re", visit, visit.dose_minute - 55)
    return [finding(when, row, rank + k, {"REPOS": "SITTING"}) for k, row in enumerate(rows)]
