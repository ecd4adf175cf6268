"""Medicines taken, medicines after the procedure, medical history, and deviations from the protocol."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pandas as pd

from cutbook.catalogue.kinds.absence import not_delivered
from cutbook.catalogue.kinds.display import NO_MARKS, SAFETY, Display
from cutbook.catalogue.kinds.layers import Count, CountBy, Heading, Records
from cutbook.catalogue.kinds.panels import Layer
from cutbook.catalogue.kinds.populations import TREATED
from cutbook.catalogue.safety.occasions import column, procedure_words
from cutbook.derive import Frames
from cutbook.parameters.study import Study
from cutbook.records import meets
from cutbook.words import sentence_case

_COUNT_NOTE = "Number of participants (%). A participant counts once in a row."
_ORDER = "Classes, and names within them, by falling number of participants in all arms, ties alphabetically."
_NOT_CODED = "Not coded"
_display = partial(Display, population=TREATED, reports=(SAFETY,), marks=NO_MARKS)


def _coded(records: Records, *names: str) -> Records:
    """Return records in which what has no class or no term is called so."""
    return lambda frames: _named(records(frames), names)


def _named(records: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    texts = {name: records.reindex(columns=[name])[name].astype("str").fillna(_NOT_CODED) for name in names}
    return records.assign(**texts)


def _nested(code: str, words: str, records: Records, outer: str, inner: str) -> list[Layer]:
    own = _coded(records, outer, inner)
    return [Count(code, words, own), CountBy((outer, inner), own, words=sentence_case)]


def _taken(frames: Frames, *, flag: str) -> pd.DataFrame:
    return frames.medication[frames.medication[flag].eq("Y")]


def _lacking(*datasets: str) -> Callable[[Study, Frames], str]:
    return lambda _, frames: not_delivered(*datasets)(frames)


concomitant = _display(
    id="T-D23",
    title="Concomitant medicines by class and name",
    question="What else did participants take while they were treated?",
    rows=lambda _: _nested("CONFL", "Any concomitant medicine", partial(_taken, flag="CONFL"), "CMCLAS", "CMDECOD"),
    order=_ORDER,
    missing="A medicine without a class or a name counts under Not coded. One whose end is not known was going on.",
    notes=(_COUNT_NOTE, "Concomitant: not known to have ended before the day of the first dose."),
    counterpart="TLG catalog CMT01A, csrlite / rtflite",
    source=("CM",),
    stub="Class, medicine",
    empty="No concomitant medicines by the cut-off.",
    why_empty=_lacking("cm"),
    is_folded=True,
)

prior = replace(
    concomitant,
    id="T-D23P",
    title="Prior medicines by class and name",
    question="What did participants take before the first dose?",
    rows=lambda _: _nested("PREFL", "Any prior medicine", partial(_taken, flag="PREFL"), "CMCLAS", "CMDECOD"),
    missing="A medicine without a class or a name counts under Not coded. One without a start was begun before.",
    notes=(_COUNT_NOTE, "Prior: begun before the day of the first dose, as early as its date allows."),
    counterpart="TLG catalog CMT01B",
    empty="No prior medicines.",
)


def _received(frames: Frames, *, number: int) -> pd.DataFrame:
    done = frames.procedures[frames.procedures["OCC"].eq(number)]
    return frames.adsl[frames.adsl["SAFFL"].eq("Y") & frames.adsl["USUBJID"].isin(done["USUBJID"])]


def _begun(frames: Frames, *, study: Study, number: int, days: int) -> pd.DataFrame:
    procedure = study.procedure
    records = frames.medication
    if procedure is None or procedure.medicines is None:
        return records.iloc[:0]
    is_own = meets(records, procedure.medicines.where) & records["CONFL"].eq("Y")
    return records[is_own & column(records, "APROC").eq(number) & column(records, "APROCDY").le(days)]


def _is_done(frames: Frames, *, number: int) -> bool:
    return len(_received(frames, number=number)) > 0


_MOST = 12


def _after_note(study: Study) -> tuple[str, ...]:
    days = study.adverse_events.occasion_days
    begun = f"n of them began such a medicine on its day or up to {days} days after it, and before the next one."
    return (f"n/N (%): N had the {procedure_words(study)}; {begun}",)


def _after(study: Study) -> list[Layer]:
    procedure, days = study.procedure, study.adverse_events.occasion_days
    if procedure is None or procedure.medicines is None:
        return []
    label, rows, begun = procedure.label, [], []
    for number in range(1, _MOST + 1):
        there, words = partial(_is_done, number=number), f"{label.capitalize()} {number}"
        rows.append(Count(f"DONE{number}", words, partial(_received, number=number), indent=1, is_there=there))
        records = partial(_begun, study=study, number=number, days=days)
        begun.append(
            Count("BEGUN", words, records, level=str(number), of_those=f"DONE{number}", indent=1, is_there=there)
        )
    heading = f"{procedure.medicines.label} begun within {days} days"
    return [Heading(f"Had the {label}"), *rows, Heading(heading), *begun]


after_procedure = _display(
    id="T-D23A",
    title="Medicines begun soon after the procedure",
    is_folded=True,
    question="How many needed something for the pain of the procedure, and does that grow?",
    rows=_after,
    order=f"The first {_MOST} procedures in order of time: who had each, and who began such a medicine.",
    missing="A medicine whose start is not a complete date came after no procedure.",
    notes=_after_note,
    source=("CM", "PR"),
    why_empty=_lacking("cm"),
    empty="Not named in the study file: medicines that are counted after a procedure.",
)


def _history(frames: Frames) -> pd.DataFrame:
    records = frames.records("mh")
    return records.assign(MHSOC=records["MHBODSYS"]) if "MHBODSYS" in records else records


history = _display(
    id="T-D23H",
    title="Medical history by system organ class and preferred term",
    question="What else had participants had before the study?",
    rows=lambda _: _nested("MH", "Any medical history", _history, "MHBODSYS", "MHDECOD"),
    order=_ORDER,
    missing="A record without a class or a term counts under Not coded.",
    notes=(_COUNT_NOTE,),
    counterpart="TLG catalog MHT01",
    source=("MH",),
    stub="System organ class, preferred term",
    empty="No medical history was recorded.",
    why_empty=_lacking("mh"),
    is_folded=True,
)


def _deviations(frames: Frames) -> pd.DataFrame:
    return frames.records("dv")


deviations = _display(
    id="T-D24",
    title="Protocol deviations by category",
    is_folded=True,
    question="How often was the protocol not kept, and how?",
    rows=lambda _: _nested("DV", "Any protocol deviation", _deviations, "DVCAT", "DVDECOD"),
    order="Categories, and kinds within them, by falling number of participants, ties alphabetically.",
    missing="A deviation without a category or a kind counts under Not coded.",
    notes=(_COUNT_NOTE,),
    counterpart="TLG catalog PDT01",
    source=("DV",),
    stub="Category, deviation",
    empty="No protocol deviations by the cut-off.",
    why_empty=_lacking("dv"),
)
