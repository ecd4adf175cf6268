"""Listings of adverse events, deaths and concentrations, and the events behind the counts of a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pandas as pd

from cutbook.catalogue.concentrations import (
    REFERENCE_NOTE,
    is_in_arm,
    matrix_places,
    with_deviation,
    without_samples,
)
from cutbook.catalogue.events import DEATHS_NOT_COLLECTED, SERIOUSNESS, STOPPED, Condition, having
from cutbook.catalogue.kinds.absence import not_delivered, untold
from cutbook.catalogue.kinds.display import EFFICACY, PHARMACOKINETICS, SAFETY, Display
from cutbook.catalogue.kinds.panels import Field, Listing, RecordIndex
from cutbook.derive import Frames
from cutbook.derive.concentrations.exclusions import exclusion_reasons, summary_exclusions
from cutbook.derive.events.listed import events_in_words
from cutbook.parameters.study import Study
from cutbook.parameters.study.kinetics.choices import Exclusion

_LISTED = "TLG catalog AEL02 to AEL04 and DTHT01, FDA ST&F IG tables 8 to 10, 12 and 39, forestly / metalite.ae"
_NAMED = (Field("Participant", "USUBJID"), Field("Arm", "TRT01A"))
_PERSON = (*_NAMED, Field("Age (sex)", "AGE", beside="SEX"))

_display = partial(Display, counterpart=_LISTED, reports=(SAFETY,))


def _without_events(_: Study, frames: Frames) -> str:
    return not_delivered("ae")(frames)


def _in_order(records: pd.DataFrame, *more: str) -> pd.DataFrame:
    return records.sort_values(["TRT01AN", "USUBJID", *more], kind="stable")


deaths = _display(
    id="L-D9-deaths",
    title="Deaths on study",
    question="Who died, when after the first dose, and of what?",
    whom="All participants who died by the cut-off, any cause.",
    rows=lambda study: [
        Listing(
            records=lambda frames: _in_order(frames.adsl[frames.adsl["DTHFL"].eq("Y")]),
            fields=(
                *_PERSON,
                Field("First dose", "TRTSDT", "day"),
                Field("Doses", "" if study.treatment.planned_doses is None else "DOSEN", is_number=True),
                Field("Death", "DTHDTC", or_day="DTHDT"),
                Field("Study day", "DTHDY", is_number=True),
                Field("Cause as reported", "DTHCAUS", is_verbatim=True),
            ),
            known=lambda frames: frames.adsl,
        )
    ],
    why_empty=lambda _, frames: DEATHS_NOT_COLLECTED if untold("adsl", "DTHFL")(frames) else "",
    order="By actual arm, then participant.",
    missing="A partial date of death is shown as collected; a missing value as –. Without deaths a sentence says so.",
    notes=("Study day 1 is the day of the first dose; there is no day 0.",),
    source=("DM", "DS", "AE", "DD"),
    empty="No deaths by the cut-off.",
)

deaths_of_survival = replace(
    deaths,
    id="L-F7",
    title="Deaths",
    why_empty=lambda study, frames: (
        deaths.why_empty(study, frames) if study.survival else "Not named in the study file: an analysis of survival."
    ),
    reports=(EFFICACY,),
    is_folded=True,
)

_EVENT_FIELDS = (
    Field("Participant", "USUBJID"),
    Field("Arm, age, sex", "PERSON"),
    Field("Event (as reported)", "EVENT", is_verbatim=True),
    Field("Began", "BEGAN"),
    Field("Severity", "AESEV", "sentence", is_verbatim=True),
    Field("Why serious", "WHY"),
    Field("Related", "RELATION", is_verbatim=True),
    Field("Outcome", "ENDED", is_verbatim=True),
)


def _listed_events(
    study: Study, is_listed: Condition, says_empty: Callable[[Frames], str] | None = None
) -> list[Listing]:
    return [
        Listing(
            records=lambda frames: events_in_words(
                _in_order(frames.adae[is_listed(frames.adae)], "ASTDT"), frames.doses, study, SERIOUSNESS
            ),
            known=lambda frames: frames.adae,
            fields=_EVENT_FIELDS,
            says_empty=says_empty,
        )
    ]


def _is_serious_or_fatal(events: pd.DataFrame) -> pd.Series:
    return having("AESER", "Y")(events) | having("FATALFL", "Y")(events)


def _without_serious(frames: Frames) -> str:
    """Return the sentence for no such event: of what was collected alone."""
    told = {
        words: not untold("adae", variable)(frames) for words, variable in (("serious", "AESER"), ("fatal", "FATALFL"))
    }
    if all(told.values()):
        return serious.empty
    known, unknown = ([words for words, is_told in told.items() if is_told == kind] for kind in (True, False))
    ends = f"Not collected: which events were {' or '.join(unknown)}."
    return f"No {known[0]} adverse events by the cut-off. {ends}" if known else ends


serious = _display(
    id="L-D9-serious",
    title="Serious or fatal adverse events",
    question="What exactly happened in each serious or fatal event?",
    whom="All participants with such an event.",
    rows=lambda study: _listed_events(study, _is_serious_or_fatal, _without_serious),
    why_empty=_without_events,
    order="By actual arm, participant, start, sequence number.",
    missing="– where missing or ongoing. At most 2000 records are shown; a footnote then says how many there are.",
    notes=(
        "Began: study day, and days since the last dose before it; a day that is not known as collected.",
        "Outcome: with the day of the end, where there is one.",
    ),
    source=("ADAE",),
    empty="No serious or fatal adverse events by the cut-off.",
)


def _without_discontinuations(frames: Frames) -> str:
    if not untold("adae", "AEACN")(frames):
        return discontinuations.empty
    return "Action taken with study drug was not collected; see the reasons for discontinuation under disposition."


discontinuations = replace(
    serious,
    id="L-D9-discontinuations",
    title="Adverse events that led to discontinuation of study drug",
    question="Which events ended treatment?",
    rows=lambda study: _listed_events(study, having("AEACN", *STOPPED), _without_discontinuations),
    missing="– where missing or ongoing. Where no action was collected a sentence says so instead.",
    empty="No adverse event is recorded by the cut-off as having led to discontinuation of study drug.",
)

records = _display(
    id="L-R",
    title="Adverse events behind the counts ({number})",
    question="Which records stand behind a count of adverse events, and why does each count or not?",
    whom="All participants, treatment-emergent or not.",
    rows=lambda _: [RecordIndex("events")],
    order="By actual arm, participant, then as in the file. Numbers are those that the displays name.",
    missing="Of more than 2000 events, those of the rows with the fewest are here, and a footnote says so.",
    counterpart="Tplyr (partly: a function), metalite.ae (partly)",
    source=("ADAE",),
    empty="No adverse events by the cut-off.",
    why_empty=_without_events,
)


def _samples(frames: Frames, *, study: Study) -> pd.DataFrame:
    is_last, place = is_in_arm(frames.adpc, study, is_active=False), matrix_places(frames.adpc, study)
    told = _without_part(frames.adpc, study)
    placed = with_deviation(frames.adpc).assign(_LAST=is_last, _PLACE=place, TOLD=told)
    return placed.sort_values(["_LAST", "TRT01AN", "USUBJID", "_PLACE", "ADTM"], kind="stable")


def _without_part(samples: pd.DataFrame, study: Study) -> pd.Series:
    """Return of each sample why it has no result, or why parameters of its profile or summaries go without it."""
    rules = study.pharmacokinetics
    reasons = exclusion_reasons(samples, rules.choices.exclusions if rules else [], words=_decided)
    known = samples.reindex(columns=["PCSTAT", "PCREASND"]).astype("str").fillna("")
    is_undone = samples["AVALC"].isna() & (known["PCSTAT"].ne("") | known["PCREASND"].ne(""))
    undone = ("Not done: " + known["PCREASND"]).mask(known["PCREASND"].eq(""), "Not done")
    told = reasons.mask(reasons.ne(""), "Excluded: " + reasons)
    unsummed = summary_exclusions(samples)
    more = (told + ". Not in summaries: " + unsummed).str.removeprefix(". ")
    told = told.mask(unsummed.ne(""), more).mask(is_undone, undone)
    return told.mask(told.eq(""))


def _how_many(frames: Frames, *, study: Study) -> tuple[str, ...]:
    """Return how many samples were not done or are excluded: the column that says why may be one that is folded."""
    told = _without_part(frames.adpc, study).fillna("")
    undone, excluded = (int(told.str.startswith(word).sum()) for word in ("Not done", "Excluded"))
    unsummed = int(told.str.contains("Not in summaries: ", regex=False).sum())
    if not undone and not excluded and not unsummed:
        return ()
    more = f"; left out of summaries: {unsummed}" if unsummed else ""
    return (f"Samples not done: {undone}; excluded: {excluded}{more}. The last of all columns says which and why.",)


def _decided(one: Exclusion) -> str:
    return f"{one.reason} ({one.by}, {one.date})"


concentrations = _display(
    id="L-E1",
    title="Concentrations",
    question="What was measured in each sample, and when was it taken?",
    whom="Samples of the matrices that the study file names.",
    rows=lambda study: [
        Listing(
            records=partial(_samples, study=study),
            known=lambda frames: frames.adpc,
            fields=(
                *_NAMED,
                Field("Matrix", "MATRIX"),
                Field("Visit", "VISIT", "visit"),
                Field("Dose", "DOSEOCC", is_number=True),
                Field("Nominal time (h)", "NOMTIME", is_number=True),
                Field("Actual time (h)", "ATIME", "number", decimals=2, is_number=True),
                Field("As reported", "AVALC", is_number=True, is_verbatim=True),
                Field("Unit", "AVALU"),
                Field("Deviation (min)", "DEVMIN", "number", is_number=True),
                Field("Deviation (%)", "SHARE", "number", decimals=1, is_number=True),
                Field("Not done, or excluded", "TOLD", is_verbatim=True),
            ),
            is_numbered=True,
            says_more=partial(_how_many, study=study),
        )
    ],
    order="Active arms first; arm, participant, matrix as in the study file, date and time. Folded.",
    missing="– where missing. At most 2000 records are shown; a footnote then says how many there are.",
    notes=(
        "Active arms first. Deviation: actual minus nominal time, also in percent of the time planned after the dose.",
        "Excluded: from the parameters of its profile, by hand (pk_choices.yaml: reason, who, when) or as delivered.",
        "Not in summaries: left out of tables of concentrations and their means, as delivered (PKSUMXF).",
        REFERENCE_NOTE,
    ),
    counterpart="TLG catalog PKCL01, aNCA",
    source=("ADPC",),
    empty="No concentrations by the cut-off.",
    why_empty=without_samples,
    reports=(PHARMACOKINETICS,),
    is_folded=True,
)
