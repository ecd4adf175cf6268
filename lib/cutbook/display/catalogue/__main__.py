"""Print the catalogue as Markdown: ``python -m cutbook.display.catalogue > docs/displays.md``."""

import sys

from cutbook.display.catalogue import ENTRIES
from cutbook.display.catalogue.markdown import catalogue_markdown

sys.stdout.buffer.write(catalogue_markdown(ENTRIES).encode("utf-8"))
