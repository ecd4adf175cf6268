"""Measure a report page in headless Chromium: its first screen, and sorting and filtering a table of 1,000 rows."""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

import nbformat
from playwright.sync_api import Page, sync_playwright

from cutbook.report.page.facts import PageFacts
from cutbook.report.page.render import render_page

PROJECT = Path(__file__).resolve().parents[1]
SAFETY = PROJECT / "outputs/tofersen/DBL/unblinded/safety.html"
ROWS, COLUMNS = 1000, 8

FACTS = PageFacts(
    study="benchmark",
    cut="C1",
    report="safety",
    study_title="Benchmark",
    audience="unblinded",
    status="draft",
    revision=1,
    is_synthetic=True,
    is_verified=True,
    cutoff="2024-06-30",
    extracted="2024-07-01",
    rendered="2024-07-02T00:00:00Z",
)

# From the start of an act to the first frame that shows what it did.
TIMED = """([act, argument]) => new Promise((done) => {
  const start = performance.now();
  const table = document.querySelector("#L-1");
  if (act === "sort") { table.querySelectorAll(".cb-sort")[2].click(); }
  if (act === "filter") {
    const box = table.querySelector("input");
    box.value = argument;
    box.dispatchEvent(new Event("input"));
  }
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done(performance.now() - start);
    port2.postMessage(0);
  });
})"""
FIRST = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def write_table(folder: Path) -> Path:
    """Return a page with one listing of 1,000 rows."""
    heads = "".join(f'<th scope="col">Value {place}</th>' for place in range(COLUMNS))
    lines = (
        "".join(f"<td>{row * (place + 3) % 997} mg</td>" for place in range(1, COLUMNS)) for row in range(1, ROWS + 1)
    )
    rows = "".join(f'<tr><th scope="row">{row}</th>{line}</tr>' for row, line in enumerate(lines, 1))
    text = (
        '<section class="display" id="L-1" aria-labelledby="L-1-title"><h3 id="L-1-title">Rows</h3><div class="scroll">'
        f'<table class="listing"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></section>'
    )
    output = nbformat.v4.new_output("display_data", {"text/html": text})  # type: ignore[no-untyped-call]
    cell = nbformat.v4.new_code_cell("x", outputs=[output], execution_count=1)  # type: ignore[no-untyped-call]
    notebook = nbformat.v4.new_notebook(cells=[cell])  # type: ignore[no-untyped-call]
    nbformat.write(notebook, folder / "rows.ipynb")  # type: ignore[no-untyped-call]
    page = folder / "rows.html"
    page.write_text(render_page(folder / "rows.ipynb", FACTS), encoding="utf-8")
    return page


def timed(page: Page, act: str, argument: str = "") -> float:
    """Return the milliseconds from an act to the frame that shows it."""
    page.wait_for_timeout(500)
    return float(page.evaluate(TIMED, [act, argument]))


def measure(rounds: int, file: Path | None) -> Mapping[str, float]:
    """Return the median milliseconds of each measurement."""
    found: dict[str, list[float]] = {}
    flags: list[Any] = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        long = write_table(Path(folder))
        for _ in range(rounds):
            page = browser.new_page(viewport={"width": 1600, "height": 1000})
            if file:
                page.goto(file.as_uri())
                found.setdefault("first screen of the report", []).append(float(page.evaluate(FIRST)))
            page.goto(long.as_uri())
            page.locator(".cb-sort").first.wait_for()
            found.setdefault("sort 1,000 rows", []).append(timed(page, "sort"))
            found.setdefault("filter 1,000 rows", []).append(timed(page, "filter", "12"))
            found.setdefault("show 1,000 rows again", []).append(timed(page, "filter"))
            page.close()
        browser.close()
    return {name: median(values) for name, values in found.items()}


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=7)
    arguments.add_argument("--page", type=Path, default=SAFETY if SAFETY.is_file() else None, help="a rendered report")
    given = arguments.parse_args()
    limits = {"first screen of the report": 500}
    print("row                          ms  limit ms")  # noqa: T201 - a benchmark prints
    for name, value in measure(given.rounds, given.page and given.page.resolve()).items():
        print(f"{name:26s} {value:5.0f}  {limits.get(name, 50):8d}")  # noqa: T201 - as above


if __name__ == "__main__":
    main()
