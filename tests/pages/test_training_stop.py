"""A stop that trains, without a browser: from *Train* into the lesson, its texts and question, shown by the lesson player with the way back."""

from core.views.state import Draft, key
from core.views.train import component, settings
from tests.app import opened, said, sent

STOP = {"title": "Train it", "train": {"task": "parity", "cell": "gru", "seed": "7"}}


def trainers(at):
    """What each trainer on the page was sent."""
    return [data for data in sent(at) if "setup" in data]


def test_the_page_train_gives_its_address(monkeypatch):
    """What differs from a new page's settings, and the sequence that is read; a view that is none adds it without one."""
    put = []
    monkeypatch.setattr(component.draft, "collect", put.append)
    task, link = settings.told().tasks["parity"], {"text": None, "model": None, "task": "parity", "units": "6", "seed": None}
    for view in ({"probe": "1 0 1"}, {"probe": task.probe}, "x", None, {"probe": 3}):
        component.add(task, link, view)
    assert [stop["train"] for stop in put] == [{"task": "parity", "units": "6", "probe": "1 0 1"}, *[{"task": "parity", "units": "6"}] * 4]
    assert put[0]["title"] == f"{task.title}: train it"


def test_it_is_worded_and_walked():
    at = opened("make_lesson")
    at.session_state[key(Draft)] = Draft("Mine", stops=({**STOP, "model": "train", "input": "", "id": 1},), count=1)
    at.run()
    assert not at.exception
    assert "Train · task parity, cell gru, seed 7" in said(at)
    at.text_area(key="make_1_text").set_value("Which **one**?").run()
    at.selectbox(key="make_1_kind").set_value("choices").run()
    at.text_input(key="make_1_ask").set_value("Which learns it?").run()
    at.text_area(key="make_1_choices").set_value("RNN\n* GRU").run()
    assert not at.exception
    assert not at.error
    at.button(key="make_walk").click().run()
    at = at.switch_page("start.py").run()
    assert not at.exception
    (data,) = trainers(at)
    assert (data["setup"]["task"], data["setup"]["seed"], data["collect"]) == ("parity", 7, False)
    assert data["setup"]["networks"][0]["architecture"]["cell"] == "gru"
    assert data["link"] == {"text": None, "model": None, "lesson": "own", "stop": "1"}
    assert any('href="/train?task=parity&amp;cell=gru&amp;seed=7"' in each.get("html", "") for each in sent(at))
    assert "Which **one**?" in at.get("html")[1].proto.body
    at.toggle(key="show_mine_0").set_value(True).run()
    assert "It is **GRU**." in said(at)
    at.button(key="lesson_leave").click().run()
    assert not at.exception


def test_a_question_that_needs_a_reading_is_refused():
    at = opened("make_lesson")
    at.session_state[key(Draft)] = Draft("Mine", stops=({**STOP, "model": "train", "input": "", "id": 1},), count=1)
    at.run()
    at.selectbox(key="make_1_kind").set_value("predict").run()
    assert not at.exception
    assert "wanted one of kind choices" in at.error[0].value
