"""Who died, and who had a first serious event, in the first sentences: what the previous cut did not know, or all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from cutbook.catalogue import events, listings, thresholds
from cutbook.display.look.collected import collected
from cutbook.display.look.frame import Sentence
from cutbook.display.look.numbers import NOT_APPLICABLE
from cutbook.display.page import Page
from cutbook.display.read.cells import cell_id
from cutbook.notebook.sentences.arms import short_by_label
from cutbook.notebook.sentences.rules import counted
from cutbook.vocabulary import TOTAL
from cutbook.words import capital, in_sentence

_MOST_NAMED = 4
_UNKNOWN = frozenset({"", "UNKNOWN", "NOT KNOWN", "UNK"})


def deaths(page: Page) -> Sentence | None:
    """Return who died when after which dose, of what, and whether that was judged related to study drug."""
    dead, previous = thresholds.deaths(page.frames), page.previous.frames
    known = set() if previous is None else set(thresholds.deaths(previous)["USUBJID"])
    told = dead[~dead["USUBJID"].isin(known)]
    if told.empty:
        return None
    qualified = [words for words in (_after_last_dose(told, page), _judged_alike(told, page)) if words]
    lead = ", ".join([capital(counted(len(told), "death")) + _on(told, page), *qualified])
    text = "; ".join(_death(record, page) for record in told.head(_MOST_NAMED).to_dict("records"))
    more = f"; and {counted(len(told) - _MOST_NAMED, 'other')}" if len(told) > _MOST_NAMED else ""
    have = counted(len(dead), "participant has", "participants have")
    so_far = f" In all {have} died." if len(dead) > len(told) else ""
    link, is_new = listings.deaths.anchor, previous is not None
    return Sentence(
        f"{text}{more}.{so_far}",
        link,
        is_verbatim=True,
        lead=f"{lead}:",
        kind="death",
        is_new=is_new,
        brief=f"{len(told)} death{'s' if len(told) > 1 else ''}",
        finding=counted(len(told), "death"),
    )


def _on(told: pd.DataFrame, page: Page) -> str:
    treatment, doses = page.study.treatment, told["DOSE01A"]
    if treatment.is_of_cohorts:
        return ""
    if doses.gt(0).all():
        return f" on {treatment.compound.lower()}"
    is_control = treatment.control_arm is not None and doses.eq(0).all()
    return f" on {treatment.control_arm.label.lower()}" if treatment.control_arm and is_control else ""


def _after_last_dose(told: pd.DataFrame, page: Page) -> str:
    planned = page.study.treatment.planned_doses
    is_after = planned is not None and told["DOSEN"].eq(planned).all()
    return f"{_all(len(told))}after the last dose" if is_after else ""


def _all(number: int) -> str:
    return {1: "", 2: "both "}.get(number, "all ")


def _judged_alike(told: pd.DataFrame, page: Page) -> str:
    judged = {_relation(participant, page) for participant in told["USUBJID"]}
    return f"{_all(len(told))}judged {judged.pop()}" if len(judged) == 1 and judged != {""} else ""


def _relation(participant: str, page: Page) -> str:
    """Return how a participant's fatal events were judged; empty where none is there or nobody judged."""
    own = page.frames.adae.reindex(columns=["USUBJID", "FATALFL", "AEREL", "AREL"])
    fatal = own[own["USUBJID"].eq(participant) & own["FATALFL"].eq("Y")]
    if fatal["AREL"].eq("Y").any():
        return "related to study drug"
    return "not related" if len(fatal) and fatal["AEREL"].notna().all() else ""


def _death(record: Mapping[Any, Any], page: Page) -> str:
    cells, names = page.cells(thresholds.facts), ("day", "days_after", "dose")
    day, days, dose = (cells.text(name, ("", "DTHFL", record["KEY"], "", "")) for name in names)
    arm = short_by_label(page.study).get(record["TRT01A"], record["TRT01A"])
    when = f"day {day}" if day != NOT_APPLICABLE else f"{record['DTHDTC']}, day not known"
    since = {"0": "on the day of", "1": "1 day after"}.get(days, f"{days} days after")
    after = f" ({since} dose {dose})" if NOT_APPLICABLE not in {days, dose} else ""
    cause = record["DTHCAUS"] if isinstance(record["DTHCAUS"], str) else ""
    return f"{arm}, {when}{after}, {'cause not known' if cause.upper() in _UNKNOWN else collected(in_sentence(cause))}"


def serious(page: Page) -> Sentence | None:
    """Return participants with a first serious event, and events that became serious since the previous cut."""
    if page.previous.frames is None:
        return None
    now, before = (_serious_events(frames.adae) for frames in (page.frames, page.previous.frames))
    is_upgraded = now["KEY"].isin(page.previous.frames.adae["KEY"]) & ~now["KEY"].isin(before["KEY"])
    is_first = ~now["USUBJID"].isin(before["USUBJID"]) & ~is_upgraded
    told = [*_first(now[is_first], page), *_upgraded(now[is_upgraded], page)]
    if not told:
        return None
    (lead, text), *more = told
    others = "".join(f" {one} {words}" for one, words in more)
    link = cell_id(events.overview.key, ("", "SER", "", "", TOTAL), "n")
    people = now.loc[is_first, "USUBJID"].nunique()
    brief = f"{people} serious" if people else f"{is_upgraded.sum()} upgraded"
    first = counted(people, "participant with a first serious event", "participants with a first serious event")
    upgraded = counted(int(is_upgraded.sum()), "event upgraded to serious", "events upgraded to serious")
    return Sentence(
        text + others,
        link,
        is_verbatim=True,
        lead=lead,
        kind="serious",
        is_new=True,
        brief=brief,
        finding=first if people else upgraded,
    )


def _serious_events(adae: pd.DataFrame) -> pd.DataFrame:
    own = adae.reindex(columns=["AESER"])["AESER"]
    return adae[own.eq("Y") & adae["TRTEMFL"].eq("Y") & adae["SAFFL"].eq("Y")]


def _first(first: pd.DataFrame, page: Page) -> Iterator[tuple[str, str]]:
    if first.empty:
        return
    lead = f"{capital(counted(first['USUBJID'].nunique(), 'participant'))} with a first serious event"
    judged = _judged(first)
    yield f"{lead}{',' if judged else ':'}", f"{judged}{_named(first, page)}."


def _judged(first: pd.DataFrame) -> str:
    if first.reindex(columns=["AEREL"])["AEREL"].isna().any():
        return ""
    people, related = first["USUBJID"].nunique(), first.loc[first["AREL"].eq("Y"), "USUBJID"].nunique()
    if people == 1:
        return "judged related: " if related else "judged not related: "
    return (
        f"{counted(related, 'of them')} judged related: ".replace("no of", "none of")
        if related
        else "none judged related: "
    )


def _upgraded(upgraded: pd.DataFrame, page: Page) -> Iterator[tuple[str, str]]:
    if len(upgraded):
        were = counted(len(upgraded), "earlier event was", "earlier events were")
        yield f"{capital(were)} upgraded to serious:", f"{_named(upgraded, page)}."


def _named(found: pd.DataFrame, page: Page) -> str:
    """Return events by term with the arms of their participants, the term of most participants first."""
    terms, arms = (
        found["AEDECOD"].fillna("not coded").map(in_sentence).map(collected),
        found["TRT01A"].map(short_by_label(page.study)),
    )
    people = found.assign(TERM=terms, ARM=arms).sort_values("TRT01AN").drop_duplicates(["USUBJID", "TERM"])
    by_term = people.groupby("TERM", sort=False)["ARM"].agg(list)
    told = [f"{term} ({', '.join(map(str, own))})" for term, own in by_term.items()]
    more = f" and {counted(len(told) - _MOST_NAMED, 'other')}" if len(told) > _MOST_NAMED else ""
    return ", ".join(told[:_MOST_NAMED]) + more
