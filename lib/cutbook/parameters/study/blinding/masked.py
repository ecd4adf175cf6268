"""The study file as blinded reports know it: cohorts in the place of arms, and nothing that compares arms."""

from __future__ import annotations

from cutbook.errors import BlindingError, Fault
from cutbook.parameters.cut import Audience
from cutbook.parameters.study import Endpoint, Populations, Study
from cutbook.parameters.study.blinding.allowed import WITHHELD, allowed_variables
from cutbook.parameters.study.blinding.policy import Blinding
from cutbook.parameters.study.sources import Sources
from cutbook.parameters.study.treatment import Arm, Treatment


def study_for(study: Study, audience: Audience) -> Study:
    """Return the study file as reports of a class know it: of all but unblinded ones with cohorts instead of arms.

    Raises
    ------
    BlindingError
        The study file has no policy for the class (see `blinded_study`).
    """
    return study if study.is_masked or audience == "unblinded" else blinded_study(study)


def blinded_study(study: Study) -> Study:
    """Return the study file of blinded reports.

    Its arms are the cohorts, each with the dose that is open; there is no control and no pooled active column. Models
    that compare arms and published numbers are not asked for, nor are endpoints of restricted records, and what lies in
    the restricted part of a transfer alone is not required.

    Raises
    ------
    BlindingError
        The study file does not say who is in which cohort, or what lies apart.
    """
    blinding = study.blinding
    file = f"parameters/{study.id}/study.yaml"
    if blinding is None:
        expected = "the cohorts of the study, without which no blinded report can be made"
        raise BlindingError(Fault(file, "no section blinding", expected, "state it, or ask for another class"))
    if study.sources.restricted is None:
        expected = "what of a transfer lies apart, so that a blinded run opens no allocation"
        raise BlindingError(Fault(file, "no section sources.restricted", expected, "have transfers sent in two parts"))
    if study.sources.model != "sdtm":
        expected = "sdtm: in analysis datasets the treatment stands in every record"
        found = repr(study.sources.model)
        raise BlindingError(Fault(file, found, expected, "have SDTM sent for blinded reports", "sources.model"))
    sources = _open_sources(study.sources, blinding)
    read = {*sources.required, *sources.optional, *sources.apart}
    is_seen = study.procedure is not None and (study.procedure.dataset is None or study.procedure.dataset in read)
    masked = study.model_copy(
        update={
            "sources": sources,
            "procedure": study.procedure if is_seen else None,
            "oddities": [rule for rule in study.oddities if rule.dataset in read],
            "treatment": _of_cohorts(study.treatment, blinding),
            "populations": _by_cohort(study.populations),
            "joint_rank": None,
            "reproduction": None,
        }
    )
    shown = [item for item in study.endpoints if not masked.withholds(item.dataset, item.where)]
    return masked.model_copy(update={"endpoints": [_without_models(item) for item in shown]})


def _by_cohort(populations: Populations) -> Populations:
    """Return the populations with words that do not say that arms are shown as treated."""
    return populations.model_copy(update={"safety_text": populations.safety_text.replace("as treated", "by cohort")})


def _open_sources(sources: Sources, blinding: Blinding) -> Sources:
    """Return the sources without datasets of which nothing may be read."""

    def is_read(name: str) -> bool:
        return name not in sources.apart and blinding.withhold.get(name) != [] and bool(allowed_in(name, blinding))

    kept = {key: [name for name in getattr(sources, key) if is_read(name)] for key in ("required", "optional")}
    read = {*kept["required"], *kept["optional"]}
    defaults = {name: own for name, own in sources.defaults.items() if name in read}
    return sources.model_copy(update={**kept, "defaults": defaults})


def allowed_in(dataset: str, blinding: Blinding) -> frozenset[str]:
    """Return the variables of a dataset that blinded reports of a study may read: the common list, and the study's."""
    return frozenset() if dataset in WITHHELD else allowed_variables(dataset) | set(blinding.allow.get(dataset, ()))


def _of_cohorts(treatment: Treatment, blinding: Blinding) -> Treatment:
    doses = {arm.code: arm.dose for arm in treatment.arms}
    arms = [
        Arm(code=cohort.code, label=cohort.label, dose=max(doses[code] for code in cohort.arms))
        for cohort in blinding.cohorts
    ]
    return treatment.model_copy(
        update={"arms": arms, "allocation": "cohorts", "control": "", "total_active": "", "drugs": []}
    )


def _without_models(endpoint: Endpoint) -> Endpoint:
    nothing = dict.fromkeys(("analysis", "repeated", "slope", "row_means"))
    return endpoint.model_copy(update=nothing)
