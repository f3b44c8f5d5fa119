"""python -m tests.bench [core] [insight] [speech] [classroom] [teach] [replicas] [experiment] [browser] [train] [trainer]: prints the figures of DESIGN §6, each beside what it is compared with.

Ratios count, not times: the machine may be shared. BLAS and torch run on one thread; CPU time, best of several.
`python -m tests.bench load` is how much a server holds (an hour, by itself): see `--help` there.
`python -m tests.bench presets` trains the presets of *Train* and writes their figures into assets/train/presets.json.
"""

import os
import sys
from argparse import ArgumentParser

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before NumPy is imported

from tests.bench import browser, classroom, experiment, forward, insight, load, presets, replicas, speech, teach, train, trainer  # noqa: E402

REPORTS = {
    "core": (forward.report, forward.backward_report),
    "insight": (insight.report,),
    "speech": (speech.report,),
    "classroom": (classroom.report,),
    "teach": (teach.report,),
    "replicas": (replicas.report,),
    "experiment": (experiment.report,),
    "browser": (browser.report,),
    "train": (train.report,),
    "trainer": (trainer.report,),
}


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["load"]:
        return load.main(arguments[1:])
    if arguments == ["presets"]:
        return presets.report()
    parser = ArgumentParser("python -m tests.bench", description=(__doc__ or "").split("\n", 1)[1])
    parser.add_argument(
        "part", nargs="*", choices=REPORTS, default=list(REPORTS), metavar="PART", help=f"{', '.join(REPORTS)}; all if none is named"
    )
    for part in parser.parse_args(arguments).part:
        for report in REPORTS[part]:
            report()
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
