"""No first sentence of the safety report is untrue: of random small trials, all are worked out again from the raw data.

The trial is the small one of twelve participants in three arms; who is in it, which events each has, how they were
judged, who died when and every ALT are random. What may be said is worked out in whole numbers from SDTM itself.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from case_study import CaseStudy, read_case
from cutbook.catalogue import events, thresholds
from cutbook.display.look.frame import Sentence
from cutbook.display.look.numbers import with_text
from cutbook.notebook.sentences.safety import find_safety
from cutbook.results.engine import compute_all
from display.pages import a_page

ARMS = {"PBO": "placebo", "A10": "10\N{NO-BREAK SPACE}mg", "B30": "30\N{NO-BREAK SPACE}mg"}
ACTIVE = ("A10", "B30")
LIMIT = {"parameter": "chemistry-ALT", "label": "ALT", "limit": "> 60"}
TERMS = ("Headache", "Nausea", "Rash", "Fatigue", "Back pain")


@cache
def small(shared: Path) -> CaseStudy:
    """Return the small trial, with a limit that is watched."""
    return read_case(shared / "cases", "base", thresholds=[LIMIT])


def random_trial(shared: Path, seed: int) -> CaseStudy:
    """Return a trial of some of the participants, with events, deaths and results of their own."""
    draw, base = random.Random(seed), small(shared)  # noqa: S311 - no secret
    people = sorted(draw.sample(sorted(base.datasets["dm"]["USUBJID"]), draw.choice([6, 9, 12, 12])))
    kept = {name: frame[frame["USUBJID"].isin(people)].reset_index(drop=True) for name, frame in base.datasets.items()}
    share = {code: draw.random() for code in ARMS}
    arm = dict(zip(kept["dm"]["USUBJID"], kept["dm"]["ACTARMCD"], strict=True))
    rows = [
        event(draw, person, number, share[arm[person]])
        for person in people
        for number in range(draw.choice([0, 1, 2, 4]) if share[arm[person]] < 0.9 else 3)
    ]
    like = kept["ae"].iloc[[0]].drop(columns=list(rows[0]) if rows else [])
    ae = pd.concat([like] * len(rows), ignore_index=True).assign(**pd.DataFrame(rows)) if rows else kept["ae"].iloc[:0]
    alt = kept["lb"]["LBTESTCD"].eq("ALT")
    values = [float(draw.randint(10, 40 + round(60 * share[arm[person]]))) for person in kept["lb"]["USUBJID"]]
    number = kept["lb"]["LBSTRESN"].mask(alt, pd.Series(values))
    text = kept["lb"]["LBSTRESC"].mask(alt, number.map("{:.0f}".format).astype("str"))
    kept |= {"ae": ae, "lb": kept["lb"].assign(LBSTRESN=number, LBSTRESC=text, LBNRIND=None)}
    kept["lb"]["LBNRIND"] = kept["lb"]["LBNRIND"].astype("str")
    return CaseStudy(base.study, kept, base.cutoff)


def event(draw: random.Random, person: str, number: int, share: float) -> dict[str, Any]:
    """Return a random event after the last dose began (doses of everybody end in April), fatal in one of thirty."""
    day = draw.randint(1, 28)
    is_fatal = draw.random() < 1 / 30
    return {
        "USUBJID": person,
        "AESEQ": float(number + 1),
        "AETERM": (term := draw.choice(TERMS)),
        "AEDECOD": term,
        "AESTDTC": f"2021-05-{day:02d}",
        "AEENDTC": f"2021-05-{day + 1:02d}",
        "AESER": "Y" if is_fatal or draw.random() < share / 2 else "N",
        "AESEV": draw.choice(["MILD", "MODERATE"]) if draw.random() > share / 2 else "SEVERE",
        "AEREL": "RELATED" if draw.random() < share / 2 else "NOT RELATED",
        "AEOUT": "FATAL" if is_fatal else "RECOVERED/RESOLVED",
    }


def sentences(case: CaseStudy) -> list[Sentence]:
    assert case.faults == []
    shown = [events.overview, events.terms, thresholds.outstanding, thresholds.facts]
    results = with_text(compute_all(shown, case.frames, case.study))
    return find_safety(a_page(case.study, results=results, frames=case.frames))


class Raw:
    """The same trial as its records tell it."""

    def __init__(self, case: CaseStudy) -> None:
        dm, lb = case.datasets["dm"], case.datasets["lb"]
        self.arm = dict(zip(dm["USUBJID"], dm["ACTARMCD"], strict=True))
        self.size = Counter(self.arm.values())
        self.ae = case.datasets["ae"]
        first = case.datasets["ex"].groupby("USUBJID")["EXSTDTC"].min().str[:10]
        self.late = lb[lb["LBTESTCD"].eq("ALT") & (lb["LBDTC"].str[:10] > lb["USUBJID"].map(first))]

    def who(self, variable: str, value: str) -> set[str]:
        return set(self.ae.loc[self.ae[variable].eq(value), "USUBJID"])

    def strip(self, people: Iterable[str]) -> str:
        """Return ``0 of 4 on placebo and 1/4, 2/4 at 10 and 30 mg``, as it must be said."""
        number, arms = self.counts(people), [code for code in ACTIVE if self.size[code]]
        told = ", ".join(f"{number[code]}/{self.size[code]}" for code in arms)
        return f"{number['PBO']} of {self.size['PBO']} on placebo and {told} at {self.named(arms)}"

    def named(self, codes: list[str]) -> str:
        return "10 and 30\N{NO-BREAK SPACE}mg" if len(codes) > 1 else ARMS[codes[0]]

    def counts(self, people: Iterable[str]) -> Counter[str]:
        return Counter(self.arm[person] for person in people)

    def different(self, people: Iterable[str]) -> list[str]:
        """Return the arms at least 20 points and two participants above placebo, of three or more in both."""
        number, of = self.counts(people), self.size
        return [
            code for code in ACTIVE
            if min(of[code], of["PBO"]) >= 3
            and 5 * (number[code] * of["PBO"] - number["PBO"] * of[code]) >= of[code] * of["PBO"]
            and number[code] * of["PBO"] - number["PBO"] * of[code] >= 2 * of["PBO"]
        ]  # fmt: skip

    def verdict(self, people: set[str]) -> str:
        """Return what may be said of those who have something; empty: nothing."""
        apart, arms, number = self.different(people), [code for code in ACTIVE if self.size[code]], self.counts(people)
        falls = any(number[one] * self.size[other] > number[other] * self.size[one] for one, other in pairwise(arms))
        if apart and len(arms) > 1 and not falls and apart[-1] == arms[-1]:
            return "rises with dose"
        return f"more often than on placebo at {self.named(apart)}" if apart else ""

    def expected(self) -> Iterator[tuple[str, str]]:
        """Yield lead and text of what must be said of rows and limits, in order."""
        above = self.late[self.late["LBSTRESN"] > 60]
        if verdict := self.verdict(set(above["USUBJID"])):
            yield (
                f"ALT {verdict.replace('rises', 'rise')}:",
                f"above 60 in {self.strip(set(above['USUBJID']))}; highest ",
            )
        rows = (
            ("Serious event", self.who("AESER", "Y")),
            ("Severe event", self.who("AESEV", "SEVERE")),
            ("Related to study drug", self.who("AEREL", "RELATED")),
        )
        for words, people in rows:
            if verdict := self.verdict(people):
                yield f"{words}, {verdict}:", f"{self.strip(people)}."


@pytest.mark.parametrize("seed", [*range(12), 13, 35])
def test_what_is_said_first_is_true_and_nothing_true_is_left_out(shared: Path, seed: int) -> None:
    case = random_trial(shared, seed)
    raw, said = Raw(case), sentences(case)
    rows = [(one.lead, one.text) for one in said if one.kind != "death" and not one.lead.startswith("Events more")]
    wanted = list(raw.expected())
    assert [lead for lead, _ in rows] == [lead for lead, _ in wanted]
    assert all(text.startswith(own) for (_, text), (_, own) in zip(rows, wanted, strict=True))
    for text in (text for lead, text in rows if lead.startswith("ALT")):
        assert f"highest {raw.late['LBSTRESN'].max():.0f}" in text
    check_deaths(raw, [one for one in said if one.kind == "death"])
    check_terms(raw, [one for one in said if one.lead.startswith("Events more")])


def check_deaths(raw: Raw, said: list[Sentence]) -> None:
    dead = raw.who("AEOUT", "FATAL")
    assert len(said) == (1 if dead else 0)
    for one in said:
        words = {1: "One death", 2: "Two deaths", 3: "Three deaths", 4: "Four deaths", 5: "Five deaths"}
        on = {0: " on zeta", len(dead): " on placebo"}.get(raw.counts(dead)["PBO"], "")
        assert re.split("[,:]", one.lead)[0] == f"{words[len(dead)]}{on}"
        named = Counter(re.findall(r"(placebo|\d+\N{NO-BREAK SPACE}mg), day", one.text))
        assert len(dead) > 4 or named == Counter(ARMS[raw.arm[person]] for person in dead)


def check_terms(raw: Raw, said: list[Sentence]) -> None:
    people = {term: raw.who("AEDECOD", term) for term in TERMS}
    apart = {term: found for term, own in people.items() if (found := raw.different(own))}
    assert len(said) == (1 if apart else 0)
    for one in said:
        told = re.findall(r"([a-z ]+) (\d+)/(\d+) at (\d+\N{NO-BREAK SPACE}mg) \((\d+)/(\d+)\)", one.text)
        assert len(told) == min(3, len(apart))
        assert ("further term" in one.text) == (len(apart) > 3)
        for words, n, size, arm, n0, size0 in told:
            term = words.strip().removeprefix("and ").capitalize()
            code = next(one for one, name in ARMS.items() if name == arm)
            number = raw.counts(people[term])
            top = max(number[own] / raw.size[own] for own in apart[term])
            assert code in apart[term]
            assert number[code] / raw.size[code] == top
            assert (int(n), int(size)) == (number[code], raw.size[code])
            assert (int(n0), int(size0)) == (number["PBO"], raw.size["PBO"])
