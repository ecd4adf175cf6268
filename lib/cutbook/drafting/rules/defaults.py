"""What a lean transfer lacks and the study file can give: units, domains, copies, the dose occasion as a visit."""

from __future__ import annotations

from collections.abc import Iterator

from cutbook.drafting.decision import Decision
from cutbook.drafting.evidence import ENOUGH, HALF, Evidence, counted, tally
from cutbook.drafting.rules.measured.concentrations import occasion_defaults
from cutbook.parameters.study.data_cut import standard_rule

_COPIES = {
    ("dm", "ARMCD"): ("ACTARMCD", "ARM"),
    ("ae", "AEDECOD"): ("AETERM",),
    ("ae", "AEBODSYS"): ("AESOC", "AEHLGT"),
    ("ds", "DSDECOD"): ("DSTERM",),
}
"""Variables that a display needs, and of which others a copy may stand in their place."""

_CONSTANTS = {("ds", "DSCAT"): "DISPOSITION EVENT"}


def decide_defaults(evidence: Evidence, dose_unit: str) -> Iterator[Decision]:
    """Yield a decision a variable that is given in the place of what a transfer lacks."""
    yield from _domains(evidence)
    if "ex" in evidence.datasets and evidence.has("ex", "EXDOSE") and evidence.filled("ex", "EXDOSU") < ENOUGH:
        found = f"EXDOSU is filled in {evidence.filled('ex', 'EXDOSU'):.0%}"
        yield Decision("sources.defaults.ex.EXDOSU", dose_unit, "the unit of the doses", found, "likely")
    yield from _frequency(evidence)
    for (dataset, variable), others in _COPIES.items():
        lacking = dataset in evidence.datasets and not evidence.has(dataset, variable)
        source = next((name for name in others if evidence.has(dataset, name)), "")
        if lacking and source:
            key, found = f"sources.defaults.{dataset}.{variable}", f"{variable} did not come"
            yield Decision(key, {"from": source}, "a copy of the nearest variable", found, "likely")
    for (dataset, variable), constant in _CONSTANTS.items():
        if dataset in evidence.datasets and not evidence.has(dataset, variable):
            key, found = f"sources.defaults.{dataset}.{variable}", f"{variable} did not come"
            yield Decision(key, constant, "the usual value", found, "likely")
    yield from _units(evidence)
    yield from occasion_defaults(evidence)


def _frequency(evidence: Evidence) -> Iterator[Decision]:
    """Yield how often a day a period of dosing gives a dose, where periods do not say it."""
    start, end = evidence.text("ex", "EXSTDTC").str[:10], evidence.text("ex", "EXENDTC").str[:10]
    is_bare = end.ne("") & end.ne(start) & evidence.text("ex", "EXDOSFRQ").eq("")
    if is_bare.mean() >= HALF:
        asked = "How often is a dose given within a period of EX: once a day (QD), twice (BID), weekly (QW)?"
        found = f"{int(is_bare.sum()):,} of {len(is_bare):,} records of EX are periods without EXDOSFRQ"
        yield Decision("sources.defaults.ex.EXDOSFRQ", "QD", "nothing in the data tells it", found, "guess", asked)


def _domains(evidence: Evidence) -> Iterator[Decision]:
    for dataset in sorted(evidence.datasets):
        counts = tally(evidence.text(dataset, "DOMAIN"))
        wrong = {name: count for name, count in counts.items() if name != dataset.upper()}
        if wrong and standard_rule(dataset) and not dataset.startswith("supp"):
            key = f"sources.defaults.{dataset}.DOMAIN"
            yield Decision(key, dataset.upper(), "the name of the dataset", f"DOMAIN is {counted(counts)}", "likely")


def _units(evidence: Evidence) -> Iterator[Decision]:
    """Yield the unit of concentrations that came without one, where all have the same."""
    if "pc" not in evidence.datasets or evidence.has("pc", "PCSTRESU"):
        return
    original = tally(evidence.text("pc", "PCORRESU"))
    if len(original) == 1:
        unit = next(iter(original))
        yield Decision("sources.defaults.pc.PCSTRESU", unit, "PCORRESU", "PCSTRESU did not come", "likely")
