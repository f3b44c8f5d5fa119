"""The trainer's parts on the page *Train*, by name."""

from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Locator

from tests.browser.conftest import Tab

READY = "[data-testid=trainer][data-ready=true]"


def part(tab: Tab, name: str) -> Locator:
    return tab.page.locator(f"[data-testid=trainer-{name}]")


def until(tab: Tab, condition: str) -> None:
    """Waits until the trainer's attributes are so: until(tab, "updates >= 20")."""
    tab.page.wait_for_function(f"(({{ updates, loss, accuracy, running }}) => {condition})(document.querySelector('{READY}').dataset)")


def state(tab: Tab) -> dict[str, Any]:
    return tab.page.evaluate(f"({{ ...document.querySelector('{READY}').dataset }})")


def updated(tab: Tab, times: int) -> dict[str, Any]:
    """Presses One update so often."""
    before = int(state(tab)["updates"])
    for k in range(times):
        part(tab, "step").click()
        until(tab, f"updates == {before + k + 1}")
    return state(tab)


def visit(tab: Tab, **query: object) -> Tab:
    """Opens the page, whether there is something to train on or not."""
    tab.page.goto(f"{tab.url}/train?{urlencode(query)}")
    tab.page.wait_for_selector(READY)
    return tab
