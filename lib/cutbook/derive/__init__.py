"""ADaM-like datasets derived from a staged cut by the rules of the study file."""

from cutbook.derive.adae import derive_adae
from cutbook.derive.adeff import derive_adeff
from cutbook.derive.adfindings import derive_findings
from cutbook.derive.adpc import derive_adpc
from cutbook.derive.adsl import derive_adsl
from cutbook.derive.frames import Frames

__all__ = ["Frames", "derive_adae", "derive_adeff", "derive_adpc", "derive_adsl", "derive_findings"]
