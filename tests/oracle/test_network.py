"""Networks against the libraries that they are read from: the library's own numbers, or the words in which we refuse.

`python -m tests.oracle.test_network` prints all cases as Markdown.
"""

import pytest

from core.network import Reading
from tests.oracle.network import (  # noqa: F401  their cases
    CASES,
    by_coreml,
    by_jax,
    by_keras,
    by_onnx,
    by_tensorflow,
    by_torch,
    by_torch_refused,
    by_torch_weights,
    gap,
)


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.name)
def test_the_librarys_numbers_or_a_refusal(one):
    theirs, ours = one.make()
    wanted = theirs()
    if one.words is not None:
        with pytest.raises(ValueError, match=one.words):
            ours()
        return
    reading = ours()
    assert isinstance(reading, Reading)
    assert gap(wanted, reading) <= one.within


@pytest.mark.skipif(
    bool(by_tensorflow.MISSING),
    reason=f"not installed (pip install -r tests/requirements-tensorflow.txt): {', '.join(by_tensorflow.MISSING)}",
)
def test_tensorflow_has_run():
    assert len(by_tensorflow.computed()) == 2 * len(by_tensorflow.RUN) + 4


def table() -> None:
    print("| source | the library’s first number | ours | largest gap, or our words |\n|---|---|---|---|")
    for one in CASES:
        theirs, ours = one.make()
        wanted = theirs()
        number = "" if wanted is None else f"{wanted['output'].flat[0]:.4f}"
        try:
            reading = ours()
            told = f"{reading.output.flat[0]:.4f}", f"{gap(wanted, reading):.1e}"
        except ValueError as error:
            told = "refused", str(error).replace("|", "\\|")
        print(f"| {one.name} | {number or 'refused'} | {' | '.join(told)} |")


if __name__ == "__main__":
    table()
