"""The table of what the converters meet: the library's own number beside ours, or the words in which we refuse.

Each case runs the foreign library. `python -m tests.oracle.test_refusals` prints the table as Markdown.
"""

import numpy as np
import pytest

from tests.oracle.refusals import CASES, Array, Number, by_keras, by_onnx, by_torch  # noqa: F401  their cases

LIBRARY_REFUSES = {f"onnx-{name}" for name in ("lstm-size-at-odds", "rnn-attribute-of-another-operator", "gru-attribute-unknown")}
LIBRARY_REFUSES |= {"onnx-lstm-too-few-activations", "onnx-rnn-unknown-activation"}


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.name)
def test_the_librarys_number_or_a_refusal(one):
    theirs, ours = one.make()
    number, error = told(theirs)
    assert (number is None) == (one.name in LIBRARY_REFUSES), error
    if one.words is None:
        np.testing.assert_allclose(ours(), number, rtol=0, atol=1e-6)
    else:
        with pytest.raises(ValueError, match=one.words):
            ours()


def told(value: Number) -> tuple[Array | None, str]:
    """An array and the first number of its last step, or none and the error."""
    try:
        h = value()
    except Exception as error:
        return None, f"{type(error).__name__}: {' '.join(str(error).split())[:110]}"
    return h, f"{h[-1].flat[0]:.4f}"


def table() -> None:
    print("| input | library's h | ours | gap |\n|---|---|---|---|")
    for one in CASES:
        (theirs, number), (ours, own) = map(told, one.make())
        gap = (
            ""
            if theirs is None or ours is None
            else f"{np.nanmax(np.abs(theirs - ours)):.2g}"
            if theirs.shape == ours.shape
            else "another shape"
        )
        print(f"| {one.name} | {number} | {own} | {gap} |")


if __name__ == "__main__":
    table()
