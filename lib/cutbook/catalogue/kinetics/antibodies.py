"""Displays of antibodies against the drug: who had them before the first dose, who formed them, and every sample."""

from __future__ import annotations

from functools import partial

import pandas as pd

from cutbook.catalogue.kinds.absence import not_delivered
from cutbook.catalogue.kinds.display import NO_MARKS, PHARMACOKINETICS, Display
from cutbook.catalogue.kinds.layers import Count, Summary
from cutbook.catalogue.kinds.listings import Field, Listing
from cutbook.catalogue.kinds.panels import Layer
from cutbook.catalogue.kinds.populations import TREATED
from cutbook.derive import Frames
from cutbook.derive.measurements.antibodies import NEGATIVE, POSITIVE
from cutbook.parameters.study import Study
from cutbook.parameters.study.kinetics.antibodies import AntibodyTest

_INDUCED, _BOOSTED, _AS_BEFORE = "induced", "boosted", "as before"
_EMPTY = "No sample was tested for antibodies against the drug by the cut-off."


def _by_person(frames: Frames, *, study: Study, test: AntibodyTest) -> pd.DataFrame:
    """Return what is known of each participant of whom a sample was tested.

    Returns
    -------
    DataFrame
        USUBJID, KEY, TRT01A, SAFFL · BASELINE, AFTER (``POSITIVE`` where a sample was, ``NEGATIVE``; missing without a
        result) · LAST (result of the last sample after the first dose) · BASETITRE, TITRE (highest before and after
        the first dose) · STATUS (``induced``, ``boosted``, ``as before``; missing where no later sample was positive).
    """
    return frames.once(f"antibodies {test.testcd}", lambda: _people(frames, study, test))


def _people(frames: Frames, study: Study, test: AntibodyTest) -> pd.DataFrame:
    samples = frames.antibodies
    own = samples[samples["PARAMCD"].eq(test.testcd) & samples["AVALC"].notna() & samples["APOBLFL"].notna()]
    before, after = (own[own["APOBLFL"].eq(flag)] for flag in ("N", "Y"))
    people = frames.adsl[["USUBJID", "KEY", "TRT01A", "SAFFL"]]
    people = people[people["USUBJID"].isin(own["USUBJID"])].set_index("USUBJID")
    last = after.sort_values("ADT", kind="stable").drop_duplicates("USUBJID", keep="last")
    people = people.assign(
        BASELINE=_any_positive(before), AFTER=_any_positive(after), LAST=last.set_index("USUBJID")["AVALC"],
        BASETITRE=before.groupby("USUBJID")["TITRE"].max(), TITRE=after.groupby("USUBJID")["TITRE"].max(),
    )  # fmt: skip
    is_after, was_before = people["AFTER"].eq(POSITIVE), people["BASELINE"].eq(POSITIVE)
    is_boosted = people["TITRE"].ge(study.immunogenicity.boosted * people["BASETITRE"])
    status = pd.Series(_AS_BEFORE, index=people.index, dtype="str").mask(is_boosted, _BOOSTED)
    return people.assign(STATUS=status.mask(~was_before, _INDUCED).where(is_after)).reset_index()


def _any_positive(samples: pd.DataFrame) -> pd.Series:
    """Return by participant ``POSITIVE`` where a sample is, else ``NEGATIVE``."""
    found = samples["AVALC"].eq(POSITIVE).groupby(samples["USUBJID"]).any().astype("bool")
    return found.map({True: POSITIVE, False: NEGATIVE}).astype("str")


def _who(frames: Frames, *, study: Study, test: AntibodyTest, where: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    people = _by_person(frames, study=study, test=test)
    for column, accepted in where.items():
        people = people[people[column].isin(accepted)]
    return people


def _either(frames: Frames, *, study: Study, test: AntibodyTest) -> pd.DataFrame:
    evaluable = _who(frames, study=study, test=test, where={"AFTER": (POSITIVE, NEGATIVE)})
    return evaluable[evaluable["AFTER"].eq(POSITIVE) | evaluable["BASELINE"].eq(POSITIVE)]


def _titres(frames: Frames, *, study: Study, test: AntibodyTest) -> pd.DataFrame:
    return _by_person(frames, study=study, test=test).rename(columns={"TITRE": "AVAL"}).dropna(subset="AVAL")


def _has_results(frames: Frames, *, study: Study, test: AntibodyTest) -> bool:
    return len(_by_person(frames, study=study, test=test)) > 0


def _unplaced(frames: Frames, *, test: AntibodyTest) -> pd.DataFrame:
    """Return the treated of whom a sample has no result, or no telling whether it followed the first dose."""
    samples = frames.antibodies
    own = samples[samples["PARAMCD"].eq(test.testcd) & (samples["AVALC"].isna() | samples["APOBLFL"].isna())]
    return frames.adsl[frames.adsl["USUBJID"].isin(own["USUBJID"]) & frames.adsl["SAFFL"].eq("Y")]


_RESULT = (POSITIVE, NEGATIVE)


def _of_test(study: Study, test: AntibodyTest) -> list[Layer]:
    code, is_there = test.testcd, partial(_has_results, study=study, test=test)
    times = f"{study.immunogenicity.boosted:g}"
    evaluable, baseline = f"EVALUABLE_{code}", f"BASELINE_{code}"

    def row(name: str, words: str, where: dict[str, tuple[str, ...]], of: str = "") -> Count:
        records = partial(_who, study=study, test=test, where=where)
        return Count(f"{name}_{code}", words, records, of_those=of, indent=1, below=test.label, is_there=is_there)

    boosted = f"Treatment-emergent, boosted {times}-fold or more"
    return [
        Count(
            f"TESTED_{code}", f"{test.label}: tested", partial(_who, study=study, test=test, where={}),
            is_there=is_there,
        ),
        row("BASELINE", "Result before the first dose", {"BASELINE": _RESULT}),
        row("PREEXISTING", "Positive before the first dose", {"BASELINE": (POSITIVE,)}, of=baseline),
        row("EVALUABLE", "Result after the first dose", {"AFTER": _RESULT}),
        row("EMERGENT", "Treatment-emergent", {"STATUS": (_INDUCED, _BOOSTED)}, of=evaluable),
        row("INDUCED", "Treatment-emergent, induced", {"STATUS": (_INDUCED,)}, of=evaluable),
        row("BOOSTED", boosted, {"STATUS": (_BOOSTED,)}, of=evaluable),
        Count(
            f"EVER_{code}", "Positive before or after the first dose", partial(_either, study=study, test=test),
            of_those=evaluable, indent=1, below=test.label, is_there=is_there,
        ),
        row("LAST", "Positive at the last result", {"LAST": (POSITIVE,)}, of=evaluable),
        Count(
            f"UNPLACED_{code}", "A sample without a result or a date", partial(_unplaced, test=test), indent=1,
            below=test.label, is_there=lambda frames: len(_unplaced(frames, test=test)) > 0,
        ),
        Summary(
            f"TITRE_{code}", "Highest titre after the first dose, median (range)",
            partial(_titres, study=study, test=test), is_brief=True, is_there=is_there,
        ),
    ]  # fmt: skip


def _without(_: Study, frames: Frames) -> str:
    return not_delivered("is")(frames)


_DEFINED = (
    "Tested, before and after: participants with a result. Positive before the first dose: n/N (%), N with a result "
    "before it. Rows below Result after the first dose are of those with one (evaluable). Treatment-emergent: induced, "
    "positive after the first dose and negative or unknown before it; or boosted, positive before it and the highest "
    "titre after it at least {times:g} times that before. Terms: Shankar et al., AAPS J 2014;16:658."
)
_TIERS = "What a confirmatory assay says of a sample decides over the screening assay."

_display = partial(
    Display, population=TREATED, reports=(PHARMACOKINETICS,), source=("IS", "ADSL"), why_empty=_without, empty=_EMPTY,
    marks=NO_MARKS,
)  # fmt: skip

incidence = _display(
    id="T-E15",
    title="Antibodies against the drug",
    question="How many participants had antibodies against the drug, and how many formed them after the first dose?",
    rows=lambda study: [row for test in study.immunogenicity.tests for row in _of_test(study, test)],
    order="Tests as in the study file; before, then after the first dose.",
    missing="A participant without a result after the first dose is in no row of those evaluable. Without one before "
    "it, later antibodies count as induced. Titre: of positive samples alone.",
    notes=lambda study: (_DEFINED.format(times=study.immunogenicity.boosted), _TIERS),
    counterpart="TLG catalog ADAT01, ADAT03",
)


def _listed(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return the samples of participants with a positive one, each with what its participant's later ones are."""
    samples = frames.antibodies
    known = [
        _by_person(frames, study=study, test=test).assign(PARAMCD=test.testcd) for test in study.immunogenicity.tests
    ]
    status = pd.concat(known, ignore_index=True)[["USUBJID", "PARAMCD", "STATUS"]]
    is_positive = samples["AVALC"].eq(POSITIVE)
    ever = is_positive.groupby([samples["USUBJID"], samples["PARAMCD"]]).transform("any").astype("bool")
    own = samples[ever].merge(status, on=["USUBJID", "PARAMCD"], how="left")
    labels = {test.testcd: test.label for test in study.immunogenicity.tests}
    told = own["STATUS"].where(own["AVALC"].eq(POSITIVE) & own["APOBLFL"].eq("Y"))
    told = told.mask(own["AVALC"].eq(POSITIVE) & own["APOBLFL"].eq("N"), "before the first dose")
    placed = own.assign(TEST=own["PARAMCD"].map(labels), TOLD=told)
    return placed.sort_values(["TRT01AN", "USUBJID", "PARAMCD", "ADT"], kind="stable")


samples = _display(
    id="L-E15",
    title="Antibodies against the drug: samples of participants with a positive one",
    question="When did antibodies come, how high were they, and did they stay?",
    whom="Participants with a positive sample.",
    rows=lambda study: [
        Listing(
            records=partial(_listed, study=study),
            known=lambda frames: frames.antibodies,
            fields=(
                Field("Participant", "USUBJID", is_verbatim=True),
                Field("Arm", "TRT01A"),
                Field("Test", "TEST"),
                Field("Visit", "VISIT", "visit"),
                Field("Study day", "ADY", "whole", is_number=True),
                Field("Result", "AVALC", "sentence"),
                Field("Titre", "TITRE", "number", is_number=True),
                Field("Against before", "TOLD"),
            ),
        )
    ],
    order="Arms by dose; participant, test, date. Folded.",
    missing="– where missing.",
    notes="Induced: negative or unknown before the first dose. Boosted, as before: positive before it too.",
    counterpart="TLG catalog ADAL02",
    empty="No sample was positive by the cut-off.",
    is_folded=True,
)
