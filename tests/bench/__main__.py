"""python -m tests.bench [core] [insight] [classroom] [teach] [browser]: prints the figures of DESIGN §6, each beside what it is compared with in the same run.

Ratios count, not times: the machine may be shared. BLAS and torch run on one thread; CPU time, best of several.
"""

import os
import sys

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before NumPy is imported

from tests.bench import browser, classroom, forward, insight, teach  # noqa: E402


def main(chosen: list[str]) -> None:
    if not chosen or "core" in chosen:
        forward.report()
        forward.backward_report()
    if not chosen or "insight" in chosen:
        insight.report()
    if not chosen or "classroom" in chosen:
        classroom.report()
    if not chosen or "teach" in chosen:
        teach.report()
    if not chosen or "browser" in chosen:
        browser.report()


if __name__ == "__main__":
    main(sys.argv[1:])
