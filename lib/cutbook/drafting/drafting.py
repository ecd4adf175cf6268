"""A draft of a study file: all rules in the order of the file, and the answers of a person in the place of guesses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches

from cutbook.drafting.decision import Decision, Draft, Value
from cutbook.drafting.evidence import Evidence
from cutbook.drafting.rules.alarms import find_alarms
from cutbook.drafting.rules.arms import decide_actual_arm, decide_treatment
from cutbook.drafting.rules.characteristics import decide_characteristics
from cutbook.drafting.rules.defaults import decide_defaults
from cutbook.drafting.rules.endpoints import decide_endpoints
from cutbook.drafting.rules.entry import decide_data_cut
from cutbook.drafting.rules.events import decide_adverse_events
from cutbook.drafting.rules.measured.concentrations import decide_pharmacokinetics
from cutbook.drafting.rules.measured.findings import decide_findings
from cutbook.drafting.rules.measured.visits import decide_visits
from cutbook.drafting.rules.sources import Given, decide_sources, decide_study
from cutbook.errors import Fault, ParameterError


def make_draft(evidence: Evidence, given: Given) -> Draft:
    """Return the decisions about a study whose transfer this is, in the order of the study file."""
    return Draft(tuple(_decisions(evidence, given)), tuple(find_alarms(evidence)))


def answer(draft: Draft, answers: Mapping[str, Value | None]) -> Draft:
    """Return a draft in which the answers of a person stand in the place of what was found.

    Parameters
    ----------
    draft : Draft
        As the rules make it.
    answers : mapping of str to Value or None
        By the key of a decision, whether it was asked or not; None: the key is left out.

    Raises
    ------
    ParameterError
        An answer to nothing that was decided; all of them.
    """
    known = [one.key for one in draft.decisions]
    if unknown := [key for key in answers if key not in known]:
        raise ParameterError([_unknown(key, known) for key in unknown])
    decisions = tuple(
        replace(one, value=answers[one.key], evidence="answered", confidence="sure") if one.key in answers else one
        for one in draft.decisions
    )
    return replace(draft, decisions=decisions, answered={**draft.answered, **answers})


def _unknown(key: str, known: list[str]) -> Fault:
    near = get_close_matches(key, known, n=1)
    expected = f"the key of a decision, for example {near[0] if near else known[0]}"
    return Fault("answers", f"the key {key!r}", expected, "init.md lists the keys")


def _decisions(evidence: Evidence, given: Given) -> Iterator[Decision]:
    yield from decide_study(evidence, given)
    treatment = list(decide_treatment(evidence))
    unit = next(str(one.value) for one in treatment if one.key == "treatment.dose_unit")
    yield from decide_sources(evidence, given)
    yield from decide_defaults(evidence, unit)
    yield from treatment
    yield from decide_data_cut(evidence)
    yield decide_actual_arm(evidence)
    yield from decide_characteristics(evidence)
    yield from decide_visits(evidence)
    findings = list(decide_findings(evidence))
    yield from findings
    yield from decide_adverse_events(evidence)
    yield from decide_pharmacokinetics(evidence)
    yield from decide_endpoints(evidence)
