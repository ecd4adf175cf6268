"""A project with published sets made by hand: what delivery sees of a study, without rendering anything."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from PIL import Image, ImageDraw

from cutbook.deliver.dispatch import Dispatch
from cutbook.parameters.project import Project
from cutbook.parameters.recipients_file import read_recipients
from cutbook.published.ledger import append_row, ledger_head

PARTICIPANTS = ("TOF-001-0007", "TOF-002-0011")
NOW = "2026-11-22T06:00:00Z"

STUDY = """\
id: demo
title: {title}
is_synthetic: "true"
reports: [safety, efficacy]
sources: {{root: data, required: [dm]}}
treatment: {{compound: demo, dose_unit: mg, arms: [{{code: A, label: Active, dose: "1"}}]}}
data_cut: {{included: {{dataset: dm, date: RFSTDTC}}, rules: {{dm: {{rule: special_dm}}}}}}
adverse_events: {{related: [RELATED]}}
"""

CUT = (
    'study: demo\ncut_id: {cut}\ncutoff_date: "2024-06-30"\ntransfer: T1\nrevision: {revision}\naudience: {audience}\n'
)

SENTENCES = [
    {"text": "20 of 48 participants (41.7 %) had headache.", "link": "D5-1a2b3c4d5e", "change": "+2 since cut C0"},
    {"text": "3 participants had a serious adverse event.", "link": "D9-aaaaaaaaaa", "change": ""},
]
SIGNALS = [{"kind": "serious", "text": "2 participants more with a serious adverse event since cut C0."}]
COMPLETENESS = ["17 of 17 datasets received, 12345 rows, all as the manifest says.", "4 findings in the data."]


def recipients(**changes: Any) -> dict[str, Any]:
    """Return a recipients file for a catcher on this machine, with some keys changed."""
    return {
        "reviewed_by": "Study lead",
        "reviewed_on": "2026-11-01",
        "server": {"host": "localhost", "port": "8025", "security": "none", "sender": "cutbook@example.org"},
        "domains": ["example.org"],
        "unblinded_mail": "results",
        "figures": {"safety": ["F-D15", "F-none"]},
        "roles": {
            "monitor": {"classes": ["unblinded"], "reports": ["safety"], "policy": "attach"},
            "statistician": {"classes": ["unblinded"], "reports": ["safety", "efficacy"], "heartbeat": "true"},
            "site": {"classes": ["blinded"], "reports": ["safety", "efficacy"]},
        },
        "people": [person("Monitor", "monitor"), person("Statistician", "statistician")],
        "operators": [{"name": "Operations", "address": "operations@example.org", "expires": "2027-12-31"}],
        **changes,
    }


def person(name: str, role: str, **changes: str) -> dict[str, Any]:
    """Return one entry of the people."""
    given = {"name": name, "address": f"{name.lower()}@example.org", "expires": "2027-12-31", **changes}
    return {**given, "roles": [role]}


def make_project(root: Path, file: Mapping[str, Any] | None = None, title: str = "Demonstration") -> Project:
    """Return a project with the study ``demo``, its cut ``C1`` and a recipients file."""
    (root / "notebooks").mkdir(parents=True)
    folder = root / "parameters" / "demo"
    folder.mkdir(parents=True)
    (folder / "study.yaml").write_text(STUDY.format(title=json.dumps(title)), encoding="utf-8")
    write_cut(root, "C1")
    write_recipients(root, file or recipients())
    return Project(root)


def write_cut(root: Path, cut: str, revision: int = 1, audience: str = "unblinded") -> None:
    """Write the file of a cut."""
    file = root / "parameters" / "demo" / f"{cut}.yaml"
    file.write_text(CUT.format(cut=cut, revision=revision, audience=audience), encoding="utf-8")


def write_recipients(root: Path, file: Mapping[str, Any]) -> None:
    """Write the recipients file."""
    text = yaml.safe_dump(dict(file), allow_unicode=True)
    (root / "parameters" / "demo" / "recipients.yaml").write_text(text, encoding="utf-8")


def picture(width: int = 640, height: int = 360) -> bytes:
    """Return a PNG with a line in it and a comment that no mail may hold."""
    image = Image.new("RGBA", (width, height), (255, 255, 255, 0))
    ImageDraw.Draw(image).line([(0, height), (width, 0)], fill=(200, 30, 30, 255), width=8)
    target = BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def page(report: str, filler: int = 0) -> bytes:
    """Return the page of a report, with a figure and the rows of two participants."""
    source = base64.b64encode(picture()).decode()
    rows = "".join(f'<tr id="P.{name}"><th scope="row">{name}</th></tr>' for name in PARTICIPANTS)
    figure = f'<h3 id="F-D15-title">Mean course &amp; limits</h3><img src="data:image/png;base64,{source}">'
    body = f'<section class="display figure" id="F-D15">{figure}</section><table id="L-P">{rows}</table>'
    return f"<!doctype html><title>{report}</title>{body}<!--{'x' * filler}-->".encode()


def publish(
    outputs: Path,
    cut: str = "C1",
    *,
    revision: int = 1,
    run: str = "20261122T050000Z-00000001",
    audience: str = "unblinded",
    results: str = "results",
    changes: Mapping[str, Any] | None = None,
    is_pointed: bool = True,
    beside: str = "",
) -> Path:
    """Return the folder of a set that is published, with some keys of the safety headline changed."""
    folder = outputs / "demo" / cut / "revisions" / f"{audience}-r{revision}-{run}"
    write_set(folder, cut, revision=revision, audience=audience, results=results, changes=changes, beside=beside)
    if is_pointed:
        link = outputs / "demo" / cut / audience
        link.unlink(missing_ok=True)
        link.symlink_to(f"revisions/{folder.name}")
    return folder


def write_set(
    folder: Path,
    cut: str = "C1",
    *,
    revision: int = 1,
    audience: str = "unblinded",
    results: str = "results",
    changes: Mapping[str, Any] | None = None,
    is_complete: bool = True,
    reports: Sequence[str] = ("safety", "efficacy"),
    beside: str = "",
) -> None:
    """Write the files of a set with their manifest; ``beside`` lies beside the page of the safety report."""
    folder.mkdir(parents=True)
    if beside:
        (folder / "safety.tables.html").write_text(beside, encoding="utf-8")
    for report in reports:
        (folder / f"{report}.html").write_bytes(page(report))
        (folder / f"{report}.results.parquet").write_bytes(f"{report} {results}".encode())
        told = {"sentences": SENTENCES, "signals": SIGNALS if report == "safety" else [], "completeness": COMPLETENESS}
        head = {"format": "cutbook-headline-1", "study": "demo", "cut": cut, "previous": "C0", "report": report}
        headline = {**head, "is_compared": True, **told, **(changes or {} if report == "safety" else {})}
        (folder / f"{report}.headline.json").write_text(json.dumps(headline), encoding="utf-8")
    listed = [
        {"file": file.name, "bytes": file.stat().st_size, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
        for file in sorted(folder.iterdir())
    ]
    parameters = {"cutoff_date": "2024-06-30", "previous_cut": "C0", "purpose": "Safety review", "status": "final"}
    manifest = {
        "format": "cutbook-manifest-1",
        "study": "demo",
        "cut": cut,
        "audience": audience,
        "revision": revision,
        "reports": list(reports),
        "is_complete": is_complete,
        "is_synthetic": True,
        "extracted": "2024-07-01",
        "finished": NOW,
        "identity": {"parameters": parameters},
        "outputs": listed,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> str:
        return self.time


def dispatch(project: Project, clock: Clock | None = None, title: str = "Demonstration") -> Dispatch:
    """Return the dispatch of the study, with a clock that stands."""
    outputs = project.outputs
    outputs.mkdir(exist_ok=True)
    return Dispatch(
        outputs,
        "demo",
        title,
        read_recipients(project, "demo"),
        clock or Clock(),
        lambda row: append_row(outputs, row),
        lambda: ledger_head(outputs),
    )
