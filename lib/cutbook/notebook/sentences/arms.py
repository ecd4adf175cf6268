"""How sentences name arms: placebo and doses in a few letters, by rising dose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cutbook.display.read.cells import Cells, Place
from cutbook.notebook.sentences.rules import Share, listed
from cutbook.parameters.study import Study
from cutbook.parameters.study.treatment import Arm


def by_dose(study: Study) -> list[Arm]:
    """Return the arms but the control, by rising dose."""
    control = study.treatment.control_arm
    return sorted((arm for arm in study.treatment.arms if arm is not control), key=lambda arm: arm.dose)


def short_by_label(study: Study) -> dict[str, str]:
    """Return arms in a few letters by the label that ADSL holds."""
    return {arm.label: study.treatment.short(arm) for arm in study.treatment.arms}


def joined(names: Sequence[str]) -> str:
    r"""Return arms as a list, a unit that all share said once.

    Examples
    --------
    >>> joined(["20\N{NO-BREAK SPACE}mg", "40\N{NO-BREAK SPACE}mg"]), joined(["placebo", "A"])
    ('20 and 40\xa0mg', 'placebo and A')
    """
    parts = [name.partition("\N{NO-BREAK SPACE}") for name in names]
    units = {unit for _, _, unit in parts}
    if len(units) == 1 and units != {""}:
        return f"{listed([number for number, _, _ in parts])}\N{NO-BREAK SPACE}{units.pop()}"
    return listed(list(names))


def shares(cells: Cells, place: Place, study: Study) -> tuple[list[Share], Share | None]:
    """Return the share of each arm in a row, by rising dose, and that of the control; arms without participants go."""

    def share(arm: Arm) -> Share | None:
        count, size = (cells.value(name, (*place, arm.code)) for name in ("n", "N"))
        return Share(study.treatment.short(arm), int(count), int(size)) if count == count and size > 0 else None

    control = study.treatment.control_arm
    found = [share(arm) for arm in by_dose(study)]
    return [one for one in found if one], share(control) if control else None


def strip(found: Iterable[Share], control: Share | None) -> str:
    """Return counts by dose in one phrase: ``0 of 12 on placebo and 1/10, 2/9 at 20 and 40 mg``."""
    arms = list(found)
    told = f"{', '.join(f'{one.count}/{one.size}' for one in arms)} at {joined([one.arm for one in arms])}"
    return f"{control.count} of {control.size} on {control.arm} and {told}" if control else told
