"""The bench's own page runs: a bench that cannot run measures nothing."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT


@pytest.mark.parametrize("case", ["stepper", "rerun"])
def test_its_page_runs(case):
    at = AppTest.from_file(str(ROOT / "tests" / "bench" / "page.py"), default_timeout=30)
    at.query_params["case"] = case
    at.run()
    assert not at.exception
