"""Who takes part: allocation, sites, dates and what each participant brings along."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from .facts import fact, table
from .stream import Stream, clipped, normal_quantile, rounded

SCREENED_TWICE = ("S-08", "7-03")
"""Slots of the first and the second screening of one person."""
RESPIRATORY_DEATHS = ("6-10", "6-12")
"""Slots of those who die of respiratory failure: little breath to begin with, and a fast decline."""


@dataclass(frozen=True, slots=True)
class Site:
    """A study site."""

    id: str
    country: str

    @property
    def is_conventional(self) -> bool:
        """Whether its laboratory reports in US conventional units."""
        return self.country == "USA"


@dataclass(frozen=True, slots=True)
class Traits:
    """What a participant brings along: person, disease and body."""

    age: int
    sex: str
    race: str
    ethnic: str
    is_fast: bool
    variant: str
    months_since_onset: float
    onset_site: str
    has_riluzole: bool
    alsfrs: int
    svc_percent: float
    weight_kg: float
    height_cm: float


@dataclass(frozen=True, slots=True)
class Participant:
    """One screened person. Days are proleptic ordinals; ``day1`` is 0 for a screen failure."""

    slot: str
    copy: int
    cohort: int
    arm: str
    dose: float
    site: Site
    number: int
    consent: int
    day1: int
    sod1_row: int
    role: str
    traits: Traits

    @property
    def is_randomised(self) -> bool:
        """Whether the participant was randomised (all of them were treated)."""
        return self.day1 > 0

    @property
    def is_active(self) -> bool:
        """Whether the participant received tofersen."""
        return self.dose > 0

    @property
    def subjid(self) -> str:
        """Subject identifier: the site of the first screening and a running number there."""
        return f"{self.site.id}{self.number:03d}"

    @property
    def usubjid(self) -> str:
        """Unique subject identifier."""
        return f"{fact('study.id')}-{self.subjid}"

    @property
    def stream(self) -> Stream:
        """Random draws of this participant."""
        return Stream(f"{fact('study.seed')}|{self.copy}|{self.slot}")


def sites(per_country: int = 1) -> list[Site]:
    """All sites, numbered within their country; ``per_country`` multiplies their number."""
    found = []
    for region, (country, count) in enumerate(fact("sites.by_country").items(), start=1):
        digits = max(2, len(str(count * per_country)))
        found.append([Site(f"{region}{k:0{digits}d}", country) for k in range(1, count * per_country + 1)])
    return [site for country in found for site in country]


def population(copies: int = 1, *, site_factor: int = 1) -> list[Participant]:
    """All screened people, ordered by unique subject identifier.

    Parameters
    ----------
    copies : int
        1 is the trial; a larger trial repeats its plan with new draws for all that the calibration leaves free.
    site_factor : int
        Multiplies the number of sites.
    """
    places = sites(site_factor)
    people = [person for copy in range(copies) for person in _one_copy(copy, places, site_factor)]
    numbers: dict[str, int] = {}
    numbered = []
    for person in sorted(people, key=lambda one: (one.consent, one.copy, one.slot)):
        numbers[person.site.id] = numbers.get(person.site.id, 0) + 1
        numbered.append(_with_number(person, numbers[person.site.id]))
    return sorted(numbered, key=lambda one: one.usubjid)


def _with_number(person: Participant, number: int) -> Participant:
    values = {name: getattr(person, name) for name in Participant.__slots__}
    return Participant(**{**values, "number": number})


def _one_copy(copy: int, places: list[Site], site_factor: int) -> list[Participant]:
    rows = table("cast.csv")
    traits = _all_traits(copy, rows)
    traits[SCREENED_TWICE[0]] = traits[SCREENED_TWICE[1]]
    doses = {arm["code"]: float(arm["dose"]) for arm in fact("arms")}
    people = []
    for row in rows:
        draws = Stream(f"{fact('study.seed')}|{copy}|{row['slot']}")
        start = date.fromisoformat(row["date"]).toordinal()
        is_randomised = bool(row["arm"])
        consent = start - draws.whole("consent", 24, 47) if is_randomised else start
        consent -= max(0, consent % 7 - 5) if consent % 7 else 2
        people.append(
            Participant(
                slot=row["slot"],
                copy=copy,
                cohort=int(row["cohort"]),
                arm=row["arm"],
                dose=doses.get(row["arm"], 0.0),
                site=places[(int(row["site"]) - 1) * site_factor + copy % site_factor],
                number=0,
                consent=consent,
                day1=start if is_randomised else 0,
                sod1_row=int(row["sod1"]),
                role=row["role"],
                traits=traits[row["slot"]],
            )
        )
    return people


def _spread(copy: int, name: str, slots: list[str]) -> dict[str, float]:
    """Evenly spread normal scores, dealt at random: a small trial then has the mean and SD that was asked for."""
    dealt = Stream(f"{fact('study.seed')}|{copy}|spread").shuffled(name, slots)
    return {slot: normal_quantile((rank + 0.5) / len(slots)) for rank, slot in enumerate(dealt)}


def _fast_slots(copy: int, rows: tuple[dict[str, str], ...]) -> set[str]:
    fast: set[str] = set()
    for arm in fact("arms"):
        slots = [row["slot"] for row in rows if row["arm"] == arm["code"]]
        wanted = math.floor(len(slots) * fact("baseline.fast_progressor") + 0.5)
        dying = [row["slot"] for row in rows if row["arm"] == arm["code"] and row["slot"] in RESPIRATORY_DEATHS]
        others = Stream(f"{fact('study.seed')}|{copy}|fast").shuffled(arm["code"], slots)
        fast.update([*dying, *(slot for slot in others if slot not in dying)][:wanted])
    return fast


def _all_traits(copy: int, rows: tuple[dict[str, str], ...]) -> dict[str, Traits]:
    slots = [row["slot"] for row in rows]
    names = ("age", "sex", "months", "alsfrs", "svc", "weight", "height", "riluzole", "onset", "race")
    scores = {name: _spread(copy, name, slots) for name in names}
    fast = _fast_slots(copy, rows)
    for slot in RESPIRATORY_DEATHS:
        scores["svc"][slot], scores["alsfrs"][slot] = -1.5, -1.1
    return {
        slot: _traits(Stream(f"{fact('study.seed')}|{copy}|{slot}"), slot in fast, {n: scores[n][slot] for n in names})
        for slot in slots
    }


def _share(score: float) -> float:
    return 0.5 * math.erfc(-score / math.sqrt(2.0))


def _by_share(score: float, weights: dict[str, float]) -> str:
    left = _share(score) * sum(weights.values())
    for value, weight in weights.items():
        left -= weight
        if left < 0:
            return value
    return next(reversed(weights))


def _within(score: float, limits: list[float]) -> float:
    mean, spread, low, high = limits
    return clipped(mean + spread * score, low, high)


def _traits(draws: Stream, is_fast: bool, score: dict[str, float]) -> Traits:
    sex = "M" if _share(score["sex"]) < fact("baseline.male") else "F"
    kind = "fast" if is_fast else "slow"
    median, log_sd = fact("baseline.months_since_onset")[kind]
    weight, height = fact("baseline.weight_kg")[sex], fact("baseline.height_cm")[sex]
    tall = 0.5 * score["weight"] + 0.87 * score["height"]
    alsfrs = int(rounded(_within(score["alsfrs"], fact("baseline.alsfrs"))))
    return Traits(
        age=int(_within(score["age"], fact("baseline.age"))),
        sex=sex,
        race=_by_share(score["race"], {"WHITE": 45, "ASIAN": 2, "BLACK OR AFRICAN AMERICAN": 2, "NOT REPORTED": 1}),
        ethnic="HISPANIC OR LATINO" if draws.chance("ethnic", 0.08) else "NOT HISPANIC OR LATINO",
        is_fast=is_fast,
        variant=draws.pick("variant", fact("baseline.variants")[kind]),
        months_since_onset=clipped(median * math.exp(log_sd * score["months"]), 4.0, 220.0),
        onset_site=_by_share(score["onset"], fact("baseline.onset_site")),
        has_riluzole=_share(score["riluzole"]) < fact("baseline.riluzole"),
        alsfrs=alsfrs,
        svc_percent=_within(0.6 * score["alsfrs"] + 0.8 * score["svc"], fact("baseline.svc_percent")),
        weight_kg=rounded(clipped(weight[0] + weight[1] * score["weight"], 46, 125), 1),
        height_cm=rounded(height[0] + height[1] * tall),
    )
