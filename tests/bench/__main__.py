"""python -m tests.bench [core] [insight] [speech] [classroom] [teach] [replicas] [browser]: prints the figures of DESIGN §6, each beside what it is compared with.

Ratios count, not times: the machine may be shared. BLAS and torch run on one thread; CPU time, best of several.
`python -m tests.bench load` is how much a server holds (an hour, by itself): see `--help` there.
"""

import os
import sys

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before NumPy is imported

from tests.bench import browser, classroom, forward, insight, load, replicas, speech, teach  # noqa: E402

REPORTS = {
    "core": (forward.report, forward.backward_report),
    "insight": (insight.report,),
    "speech": (speech.report,),
    "classroom": (classroom.report,),
    "teach": (teach.report,),
    "replicas": (replicas.report,),
    "browser": (browser.report,),
}


def main(chosen: list[str]) -> None:
    for part in chosen or REPORTS:
        for report in REPORTS[part]:
            report()


if __name__ == "__main__":
    load.main(sys.argv[2:]) if sys.argv[1:2] == ["load"] else main(sys.argv[1:])
