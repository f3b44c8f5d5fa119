"""No link and no state that a browser sends breaks a page: no exception box, no error, and every page still shows its heading."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.attacks import links
from tests.attacks.conftest import Figure
from tests.conftest import ROOT

SETS = 4_000
HEADED = ("start", "glossary", "true_or_false")  # a lesson, or a page whose heading is its own


def opened(page: str, query: dict[str, list[str]]) -> AppTest:
    """The page as a link opens it."""
    at = AppTest.from_file(str(ROOT / "pages/site.py"), default_timeout=120)
    for name, values in query.items():
        at.query_params[name] = values
    return at.switch_page(f"{page}.py").run()


def broken(at: AppTest) -> str:
    """What is wrong with a page, "" if nothing is: exceptions, errors, and marks that would fetch something from elsewhere."""
    if at.exception:
        return at.exception[0].message
    if at.error:
        return at.error[0].value
    if not (at.subheader or at.header or at.get("bidi_component")):
        return "nothing is shown"
    return next((text for text in map(str, (m.value for m in at.markdown)) if f"]({links.FOREIGN}" in text), "")


@pytest.mark.parametrize("page", sorted(page for page, own in links.READ_BY.items() if own))
def test_no_number_breaks_a_page(page, figure: Figure):
    found = [why for digit in "90" if (why := broken(opened(page, links.digits(page, digit))))]
    figure("links of two that break the page", len(found))
    assert not found
