"""ADaM-like datasets derived from a staged cut by the rules of the study file."""

from cutbook.derive.concentrations.adpc import derive_adpc
from cutbook.derive.endpoints.adeff import derive_adeff
from cutbook.derive.events.adae import derive_adae
from cutbook.derive.frames import Frames
from cutbook.derive.measurements.adfindings import derive_findings
from cutbook.derive.participants.adsl import derive_adsl

__all__ = ["Frames", "derive_adae", "derive_adeff", "derive_adpc", "derive_adsl", "derive_findings"]
