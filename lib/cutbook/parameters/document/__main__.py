"""Print the page of the parameter files as Markdown: ``python -m cutbook.parameters.document > docs/study.md``."""

import sys
from pathlib import Path

from cutbook.parameters.document import document_page
from cutbook.parameters.project import find_project

sys.stdout.buffer.write(document_page(find_project(Path.cwd())).encode("utf-8"))
