"""Words that the displays of models share: footnotes and columns of means and of differences."""

from __future__ import annotations

from cutbook.catalogue.kinds.panels import Shown
from cutbook.parameters.study import Endpoint, Study
from cutbook.parameters.study.endpoints import Comparison
from cutbook.vocabulary import COUNTS_CHANGE

NOTE_OF_SCALE = (
    "Difference: 100 × (ratio of the geometric mean ratios − 1), with its t interval from the logarithmic scale."
)
NOT_ADJUSTED = "Intervals are not adjusted for multiplicity."


def is_ratio(endpoint: Endpoint) -> bool:
    """Return whether an endpoint is analysed on logarithms."""
    return endpoint.scale == "ratio"


def against(study: Study) -> str:
    """Return the control as it stands in the middle of a sentence."""
    control = study.treatment.control_arm
    return study.treatment.short(control) if control else "the control"


def response_and_baseline(endpoint: Endpoint) -> tuple[str, str]:
    """Return the words for what is explained, and for the baseline that adjusts it."""
    logarithms, plain = ("ln(value / baseline)", "ln(baseline)"), ("change from baseline", "baseline")
    return logarithms if is_ratio(endpoint) else plain


def notes_of(endpoint: Endpoint, section: Comparison) -> tuple[str, ...]:
    """Return the scale, the estimand and the section of the analysis plan, as far as there are such."""
    return (
        *((NOTE_OF_SCALE,) if is_ratio(endpoint) else ()),
        *((f"Estimand: {section.estimand}",) if section.estimand else ()),
        *((f"Statistical analysis plan, section {section.sap}.",) if section.sap else ()),
    )


def effect_of(endpoint: Endpoint) -> tuple[str, str, str]:
    """Return the statistics of a difference from the control with its limits."""
    on_logarithms = is_ratio(endpoint)
    return ("diff_pct", "diff_pct_low", "diff_pct_high") if on_logarithms else ("estimate", "ci_low", "ci_high")


def columns_of(study: Study, endpoint: Endpoint, section: Comparison, mean: str = "") -> tuple[Shown, ...]:
    """Return the columns: n, mean and difference with their intervals, and where it is tested SE, df and p value."""
    on_logarithms = is_ratio(endpoint)
    name = mean or ("Geometric mean ratio to baseline" if on_logarithms else "Mean change")
    unit = "% (95 % CI)" if on_logarithms else "(95 % CI)"
    difference = f"Difference from {against(study)}"
    return (
        Shown("n", ("n",), variable="LSMEAN", counts=COUNTS_CHANGE),
        Shown(name, ("estimate", "ci_low", "ci_high"), "estimate", "LSMEAN", "least-squares mean (95 % CI)"),
        Shown(difference, effect_of(endpoint), "estimate", "DIFF", unit, is_contrast=True),
        *(tested_columns() if section.tests else ()),
    )


def tested_columns() -> tuple[Shown, ...]:
    """Return standard error, degrees of freedom and p value of a difference."""
    return (
        Shown("SE", ("se",), variable="DIFF", note="of the difference", is_contrast=True),
        Shown("df", ("ddf",), variable="DIFF", is_contrast=True),
        Shown("p", ("p",), variable="DIFF", is_contrast=True),
    )
