"""Long work, as Streamlit runs it: a bar and a stop button while it lasts, nothing left of them afterwards, and a way to go on."""

from streamlit.testing.v1 import AppTest


def script() -> None:
    import streamlit as st

    from core.views.widgets import progress

    def slow(k: int) -> int:
        if k == 3 and "seen" not in st.session_state:
            st.session_state["seen"] = True
            raise RuntimeError("half way")  # the run ends here, so that what stands on the page can be looked at
        return k * k

    st.write(str(progress.each("squares", "Squaring …")(slow, range(5))))


def test_a_bar_and_a_stop_button_stand_while_it_works(monkeypatch):
    monkeypatch.setattr("core.views.widgets.progress.LATE", -1)
    at = AppTest.from_function(script).run()
    assert at.exception
    assert at.get("progress")[0].proto.text == "Squaring …"
    assert 0 < at.get("progress")[0].proto.value < 100
    assert [b.label for b in at.button] == ["Stop"]
    at.run()
    assert not at.exception
    assert at.markdown[0].value == "[0, 1, 4, 9, 16]"
    assert not at.get("progress") and not at.button


def test_what_is_stopped_stays_undone_until_asked_for(monkeypatch):
    monkeypatch.setattr("core.views.widgets.progress.LATE", -1)
    at = AppTest.from_function(script).run()
    at.button(key="stopped_squares_off").click().run()
    assert at.info[0].value == "Stopped."
    assert not at.markdown
    at.button(key="stopped_squares_on").click().run()
    assert at.markdown[0].value == "[0, 1, 4, 9, 16]"
    assert not at.button


def test_short_work_shows_nothing():
    at = AppTest.from_function(script)
    at.session_state["seen"] = True
    at.run()
    assert at.markdown[0].value == "[0, 1, 4, 9, 16]"
    assert not at.get("progress") and not at.button
