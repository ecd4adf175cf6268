"""The written protocol names every attribute of data that templates write and scripts read, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from cutbook.page_script import displays_script, report_script

ATTRIBUTE = re.compile(r"\bdata-[a-z][a-z-]*")
READ = re.compile(r"dataset\.([a-z]\w*)|\"(\w+)\" in [\w.]*dataset|\{ (\w+) \} = [\w.]*dataset")
OF_OTHERS = {"data-jp-theme-light"}


def dashed(name: str) -> str:
    return "data-" + re.sub("[A-Z]", lambda found: f"-{found[0].lower()}", name)


def test_every_attribute_of_data_is_in_the_protocol(project: Path):
    told = set(ATTRIBUTE.findall((project / "docs/page-protocol.md").read_text(encoding="utf-8")))
    templates = [
        *project.glob("lib/cutbook/display/templates/*"),
        *project.glob("lib/cutbook/report/page/template/page.html.j2"),
    ]
    written = {name for file in templates for name in ATTRIBUTE.findall(file.read_text(encoding="utf-8"))}
    scripts = displays_script() + report_script()
    read = {dashed("".join(found)) for found in READ.findall(scripts)} | set(ATTRIBUTE.findall(scripts))
    assert "data-none" in read
    assert read <= told
    assert written | OF_OTHERS == told
