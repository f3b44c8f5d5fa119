"""Stock prices in a real browser: a file of one's own, good and bad, and the places to look at."""

import pytest

from core.applications.stocks.data import shares
from core.applications.stocks.places import places
from core.models import load

SHARE = shares()["FB"]


@pytest.fixture
def files(tmp_path):
    """A good CSV and one whose line 17 is no price."""
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(SHARE.text(), encoding="utf-8")
    rows = SHARE.text().split("\n")
    rows[16] = rows[16].split(",")[0] + ",twelve"
    bad.write_text("\n".join(rows), encoding="utf-8")
    return good, bad


def test_an_uploaded_csv_and_one_with_a_bad_line(tab, files):
    good, bad = files
    tab.visit("/stocks")
    tab.page.get_by_role("radio", name="Your own CSV").click()
    tab.page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(good)
    tab.at(steps=len(SHARE.dates) - 1)
    assert tab.part("token-0").inner_text() == SHARE.dates[1]
    tab.page.get_by_role("button", name="about half of them").click()
    tab.page.get_by_role("heading", name="The forecast is one day late").wait_for()
    tab.page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(bad)
    told = tab.page.get_by_role("alert")
    told.wait_for()
    assert "Line 17: close: got “twelve”, wanted a number above 0" in told.inner_text()
    tab.at(steps=len(SHARE.dates) - 1)  # the last good series stays


def test_a_place_to_look_at_is_a_link(tabs):
    model = load("stocks-lstm")
    place = next(p for p in places(model) if p.kind == "size")
    first = tabs().visit("/stocks?model=stocks-lstm")
    first.page.get_by_role("button", name="Look here").nth(1).click()
    first.at(unit=place.unit, array=place.array)
    first.page.wait_for_function("day => document.querySelector('[aria-current=step]')?.textContent === day", arg=place.day)
    step = first.stepper.get_attribute("data-step")
    first.href(f"unit={place.unit}")
    second = tabs()
    second.page.goto(first.href(f"step={step}"))
    second.at(step=step, unit=place.unit, array=place.array)
    assert second.part(f"token-{step}").inner_text() == place.day
    assert second.part("value").inner_text().startswith(f"{place.array}")
    assert f"{place.high:.3f}" in second.part("value").inner_text()


def test_the_panels_are_there(tab):
    tab.visit("/stocks?model=stocks-gru")
    for name in "xzrnhp":
        tab.page.wait_for_selector(f"[data-testid=stepper-panel-{name}]")
    names = tab.part("answers").inner_text()
    for label in load("stocks-gru").card.labels:
        assert label in names
    tab.part("first").click()
    assert tab.part("answers").inner_text().index("return") < tab.part("answers").inner_text().index("log volatility")
