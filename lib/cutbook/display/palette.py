"""Colours of figures: one hue from light to dark by dose, the control grey, and their classes in the style sheet."""

from __future__ import annotations

from cutbook.display.look.collected import collected
from cutbook.display.page import Page

DOSES = (
    "#76a8d8", "#659bd0", "#538fc8", "#4283c0", "#2f73b2", "#2162a4", "#164f88", "#0e3d70", "#082c5b",
)  # fmt: skip
"""From the lowest dose to the highest; the lightest stands out from white paper (3 : 1 nearly)."""

CONTROL, INK, SOFT, LINE, RULE, ALARM, RING = (
    "#68717b", "#1b232b", "#57636e", "#dbe1e6", "#8d99a4", "#a3262c", "#c2185b"
)  # fmt: skip

CLASSES = {
    **{colour: f"d{place}" for place, colour in enumerate(DOSES, 1)},
    CONTROL: "c", INK: "i", SOFT: "s", LINE: "l", RULE: "r", ALARM: "a", RING: "n",
}  # fmt: skip
"""Class of a colour: the style sheet of displays says what it is on light and on dark paper."""


def arm_colours(page: Page) -> dict[str, str]:
    """Return the colour of every arm by its label: doses spread over the ramp by rank, arms without a dose grey."""
    arms = page.study.treatment.arms
    doses = sorted({arm.dose for arm in arms if arm.is_active})
    last = max(len(doses) - 1, 1)
    places = {dose: round((len(DOSES) - 1) * (place + (len(doses) == 1)) / last) for place, dose in enumerate(doses)}
    return {arm.label: DOSES[places[arm.dose]] if arm.is_active else CONTROL for arm in arms}


def short_names(page: Page) -> dict[str, str]:
    """Return the label of every arm, as collected, without the name of the drug, which all of a study have alike."""
    treatment = page.study.treatment
    names = {arm.label: arm.label.removeprefix(treatment.compound).strip() or arm.label for arm in treatment.arms}
    shown = names if len(set(names.values())) == len(names) else {label: label for label in names}
    return {label: collected(name) for label, name in shown.items()}
