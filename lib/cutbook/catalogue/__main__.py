"""Print the catalogue as Markdown: ``python -m cutbook.catalogue > docs/displays.md``."""

import sys
from pathlib import Path

from cutbook.catalogue import DISPLAYS
from cutbook.catalogue.markdown import catalogue_markdown
from cutbook.parameters.project import find_project, read_study

_EXAMPLE = "tofersen"
"""Study whose layers say what displays give: it uses every display."""

study = read_study(find_project(Path.cwd()), _EXAMPLE)
sys.stdout.buffer.write(catalogue_markdown(DISPLAYS, study).encode("utf-8"))
