"""Which study it is, what is rendered of it, and what each of its transfers must hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cutbook.drafting.decision import Decision, Value
from cutbook.drafting.evidence import Evidence, counted, tally
from cutbook.drafting.rules.measured.findings import BIOMARKERS
from cutbook.parameters.study.data_cut import standard_rule

_SAFETY = ("ae", "lb", "vs", "eg")
_EFFICACY = ("qs", "re")
_USUAL = {
    "ae": "adverse events",
    "ds": "disposition and the end of study",
    "cm": "medicines",
    "mh": "medical history",
    "lb": "laboratory results",
    "vs": "vital signs",
    "eg": "electrocardiograms",
    "pc": "concentrations",
    "dd": "details of deaths",
    "dv": "deviations",
    "sv": "visits as they took place",
}
"""Datasets that a report would read, with what cannot be shown without each."""

_INVENTED = re.compile(r"\b(synthe\w+|simulat\w+|virtual|fictional|invented|dummy)\b", re.IGNORECASE)
_NO_NAME = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST_NAME = 64
_LONGEST_TITLE = 500


@dataclass(frozen=True)
class Given:
    """What is known of a transfer besides its records.

    Attributes
    ----------
    study, root, manifest : str
        Name of the study; folder of its transfers as the study file names it; where the manifest lies.
    is_synthetic : bool or None
        As a manifest states it.
    encodings : mapping of str to str
        By dataset, the encoding that is not UTF-8.
    non_ascii : mapping of str to int
        By such a dataset, how many values that decided.
    restricted : mapping or None
        ``sources.restricted`` as the two parts of the transfer show it.
    """

    study: str
    root: str
    manifest: str = ""
    is_synthetic: bool | None = None
    encodings: Mapping[str, str] = field(default_factory=dict)
    non_ascii: Mapping[str, int] = field(default_factory=dict)
    restricted: Mapping[str, Value] | None = None


def study_name(evidence: Evidence, folder: str) -> str:
    """Return a name for the study: its STUDYID, else that of the folder, without what no name may hold."""
    studies = list(tally(evidence.text("dm", "STUDYID")))
    name = _NO_NAME.sub("_", studies[0] if studies else folder).strip("_-")
    return name[:_LONGEST_NAME] or "study"


def decide_study(evidence: Evidence, given: Given) -> Iterator[Decision]:
    """Yield name, title, whether anybody is real, and the reports."""
    yield Decision("id", given.study, "--study, else the manifest, else DM.STUDYID", "name of the folder of parameters")
    yield _title(evidence, given)
    yield _is_synthetic(evidence, given)
    yield _reports(evidence)


def decide_sources(evidence: Evidence, given: Given) -> Iterator[Decision]:
    """Yield where the transfers lie and what each must hold."""
    yield Decision("sources.root", given.root, "the folder around the transfer", "one folder a transfer")
    studies = tally(evidence.text("dm", "STUDYID"))
    if studies and list(studies) != [given.study]:
        yield Decision("sources.studyid", list(studies), "DM.STUDYID", f"records of {counted(studies)}")
    if given.manifest:
        yield Decision("sources.manifest", given.manifest, "a folder that may not be written to", "beside this file")
    for dataset, encoding in given.encodings.items():
        found = f"{given.non_ascii.get(dataset, 0):,} values are no UTF-8"
        yield Decision(f"sources.encodings.{dataset}", encoding, "UTF-8 strictly, else cp1252", found, "likely")
    read = [name for name in sorted(evidence.datasets) if standard_rule(name)]
    yield Decision("sources.required", _in_order(read), "what was delivered", f"{len(read)} datasets")
    usual = [name for name in _USUAL if name not in read]
    lacking = "; ".join(f"without {name}: no {_USUAL[name]}" for name in usual)
    yield Decision("sources.optional", usual or None, "what reports read besides", lacking)
    if given.restricted:
        apart = "the restricted folder of the transfer"
        yield Decision("sources.restricted", dict(given.restricted), apart, "columns and records that lie there alone")


def unread(evidence: Evidence) -> list[str]:
    """Return the delivered datasets that no report reads, for the standard does not know how they are dated."""
    return [name for name in sorted(evidence.datasets) if not standard_rule(name)]


def has_biomarkers(evidence: Evidence) -> bool:
    """Return whether LB holds results of a category of biomarkers."""
    return bool(evidence.text("lb", "LBCAT").str.contains(BIOMARKERS.pattern, case=False, regex=True).any())


def _in_order(names: list[str]) -> list[str]:
    first = ["dm", "ds", "ex", "ae"]
    return [*(name for name in first if name in names), *(name for name in names if name not in first)]


def _title(evidence: Evidence, given: Given) -> Decision:
    rows = evidence.text("ts", "TSPARMCD").eq("TITLE")
    texts = [evidence.text("ts", name)[rows] for name in ("TSVAL", "TSVAL1", "TSVAL2")]
    title = " ".join("".join(text.iloc[0] for text in texts if len(text)).split())
    if title:
        return Decision("title", title[:_LONGEST_TITLE], "TS, parameter TITLE", "as TS has it")
    asked = "What is the study called, as on the title page of the protocol?"
    return Decision("title", f"Study {given.study}", "TS, parameter TITLE", "no title delivered", "guess", asked)


def _is_synthetic(evidence: Evidence, given: Given) -> Decision:
    rule = "the manifest, else a word such as synthetic in TS"
    if given.is_synthetic is not None:
        return Decision("is_synthetic", given.is_synthetic, rule, "as the manifest states")
    said = " ".join([*evidence.text("ts", "TSVAL"), given.study])
    asked = "Are the data of real participants (false), or invented (true)? Every page says so."
    found = _INVENTED.search(said)
    if found:
        return Decision("is_synthetic", True, rule, f"the word {found[0]!r}", "likely", asked)
    return Decision("is_synthetic", False, rule, "nothing says that they are invented", "guess", asked)


def _reports(evidence: Evidence) -> Decision:
    found = {
        "safety": [name for name in _SAFETY if name in evidence.datasets],
        "pharmacokinetics": [name for name in ("pc",) if name in evidence.datasets],
        "efficacy": [name for name in _EFFICACY if name in evidence.datasets]
        + ["biomarkers"] * has_biomarkers(evidence),
    }
    found["efficacy"] += ["biomarkers"] * has_biomarkers(evidence)
    reports = [name for name, datasets in found.items() if datasets]
    words = "; ".join(f"{name} for {', '.join(found[name]).upper()}" for name in reports)
    rule = "safety if AE, LB, VS or EG; pharmacokinetics if PC; efficacy if QS, RE or biomarkers of LB"
    return Decision("reports", reports or ["safety"], rule, words or "no dataset of any report", "sure")
