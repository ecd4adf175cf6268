"""How a process outside a kernel computes as a report does."""

from __future__ import annotations

from pathlib import Path

from cutbook.report.execution.environment import compute_as_reports, scrubbed_environment


def test_a_process_computes_with_the_settings_of_a_worker(tmp_path: Path) -> None:
    own = {"PATH": "/bin", "OPENBLAS_CORETYPE": "Haswell", "OMP_NUM_THREADS": "8", "NPY_DISABLE_CPU_FEATURES": "AVX2"}
    compute_as_reports(own)
    worker = scrubbed_environment(tmp_path, figure_cache=tmp_path)
    assert own.pop("PATH") == "/bin"
    assert own == {name: value for name, value in worker.items() if name.endswith("_NUM_THREADS")}
    assert len(own) == 5
