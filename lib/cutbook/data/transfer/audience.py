"""The class of a run: which may be rendered, which holds where a cut file names none, and who may see the treatment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cutbook.errors import BlindingError, Fault

if TYPE_CHECKING:
    from cutbook.parameters.cut import Audience, CutParameters
    from cutbook.parameters.study import Study


@dataclass(frozen=True)
class Asked:
    """For which class, empty for that of the cut, and in which role, empty for none, data are asked for."""

    audience: str = ""
    role: str = ""


RENDERED = ("unblinded", "blinded")
"""The classes that may be rendered; no other is offered anywhere."""


def refuse_class(audience: str) -> None:
    """Return when this class of report may be rendered; called before anything is read.

    Raises
    ------
    BlindingError
        Any other class.
    """
    if audience not in RENDERED:
        expected = " or ".join(repr(name) for name in RENDERED)
        remedy = "reports of another class are refused: a dummy allocation is not built"
        raise BlindingError(Fault("audience", repr(audience), expected, remedy))


def is_under_blind(study: Study, cut: CutParameters) -> bool:
    """Return whether the blind of a study holds at a cut: it has one, and the cut-off lies before it was broken."""
    blinding = study.blinding
    return blinding is not None and (blinding.broken is None or cut.cutoff_date[:10] < blinding.broken[:10])


def with_class(study: Study, cut: CutParameters, asked: str = "") -> CutParameters:
    """Return a cut with the class that is asked for, else that of its file, else that of its time.

    Where neither says one, the reports of a cut are blinded while the blind of the study holds.
    """
    usual: Audience = "blinded" if is_under_blind(study, cut) else "unblinded"
    stated = cut.audience if "audience" in cut.model_fields_set else usual
    return cut.model_copy(update={"audience": asked or stated})


def refuse_reader(study: Study, cut: CutParameters, role: str) -> None:
    """Return when somebody in a role may have what a cut of this class holds; called before any data are read.

    Parameters
    ----------
    study, cut : Study, CutParameters
        The study file as it is written; the cut with its class.
    role : str
        In which role it is asked for; empty: in none.

    Raises
    ------
    BlindingError
        A class that may not be rendered, one that the study file has no policy for, or unblinded data under the blind
        for somebody without a role for them.
    """
    from cutbook.parameters.study.blinding.masked import study_for

    refuse_class(cut.audience)
    study_for(study, cut.audience)
    if cut.audience != "unblinded" or not is_under_blind(study, cut):
        return
    roles = study.blinding.roles if study.blinding else []
    if role not in roles:
        found = f"role {role!r}" if role else "no role"
        known = " or ".join(roles) or "nobody, for the study file names no role under blinding.roles"
        remedy = "give --role where you hold one, or ask for blinded reports"
        raise BlindingError(
            Fault(f"unblinded data of cut {cut.cut_id}, which is under the blind", found, known, remedy)
        )
