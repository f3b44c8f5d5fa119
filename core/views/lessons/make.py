"""Make a lesson: the draft's stops with their words and questions, its order, its file."""

from typing import Any

import streamlit as st

from core.families import EVERYWHERE
from core.lessons import CustomLesson, lessons
from core.lessons.custom import LARGEST, Refused, check, copied, from_stops, read, to_json, viewable
from core.lessons.questions import asked
from core.models import catalogue
from core.views import state
from core.views.lessons import custom, draft
from core.views.lessons.draft import Held
from core.views.lessons.player import begin
from core.views.site import texts
from core.views.state import Draft
from core.views.widgets.escape import literal

QUESTIONS = (None, "predict", *draft.KINDS)
_part = texts.of("make_lesson").part


def bring() -> None:
    """Where stops come from besides the other pages: a file, a shipped lesson, a text."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        with st.popover(_part("load"), icon=":material/upload_file:"):
            st.file_uploader(_part("file", most=LARGEST // 1000), type="json", key="make_file", on_change=_load, max_upload_size=1)
        with st.popover(_part("copy"), icon=":material/content_copy:"):
            for name, lesson in lessons().items():
                st.button(literal(lesson.title), key=f"make_copy_{name}", on_click=_copy, args=(name,), width="stretch")
        with st.popover(_part("add text"), icon=":material/add:"):
            models = [name for name, card in catalogue().items() if card.task in EVERYWHERE]
            st.selectbox(_part("network"), models, key="make_new_model", format_func=lambda name: catalogue()[name].title)
            st.text_input(_part("text"), key="make_new_text", max_chars=4000)
            st.button(_part("add"), key="make_new", on_click=_new)
        if state.of(Draft).before is not None:
            st.button(_part("undo"), key="make_undo", icon=":material/undo:", on_click=draft.undo)
    for fault in state.of(Draft).faults:
        st.error(literal(fault))
    state.change(Draft, faults=())


def _load() -> None:
    file = st.session_state["make_file"]
    if file is None:
        return
    try:
        lesson = read(file.getvalue())
    except Refused as refused:
        state.change(Draft, faults=(_part("not loaded", file=file.name[:60]), *refused.faults))
        return
    draft.put([stop.model_dump(mode="json", exclude_defaults=True) for stop in lesson.stops], lesson.title)


def _copy(name: str) -> None:
    draft.put(copied(lessons()[name]), lessons()[name].title)


def _new() -> None:
    try:
        draft.put([draft.fresh(st.session_state["make_new_model"], st.session_state["make_new_text"])])
    except ValueError as error:
        state.change(Draft, faults=(str(error),))


def write() -> CustomLesson | None:
    """The title and every stop, to be worded and ordered; the lesson, or None where something is still wrong, which is told."""
    own, faults = state.of(Draft), []
    title = st.text_input(_part("lesson title"), own.title, max_chars=80, key=f"make_title_{own.count}", placeholder=_part("untitled"))
    state.change(Draft, title=title)
    for k, stop in enumerate(own.stops):
        with st.expander(f"{k + 1} · {literal(stop['title'])}", expanded=k == len(own.stops) - 1, key=f"make_stop_{stop['id']}"):
            faults += _stop(stop, k, len(own.stops))
    try:
        lesson = from_stops(title.strip() or _part("untitled"), [draft.as_stop(stop) for stop in state.of(Draft).stops])
    except Refused as refused:
        for fault in refused.faults:
            st.error(literal(fault))
        return None
    return None if faults else lesson


def _stop(stop: Held, k: int, count: int) -> list[str]:
    """One stop's fields, which are put into the draft. What keeps it from being shown is told where it stands, and returned."""
    key = f"make_{stop['id']}"
    if train := stop.get("train"):
        where, reads = ", ".join(f"{name} {text}" for name, text in train.items()), texts.of("train").name
    else:
        place = {name: stop.get(name, other) for name, other in (("step", "last"), ("unit", "hero"), ("array", "hero"))}
        where = _part("where", model=stop["model"], level=_part(f"level {stop.get('level', 'all')}"), **place)
        reads = f"{stop['input'][:120]}{'…' if len(stop['input']) > 120 else ''}"
    st.caption(f"{literal(reads)} · {literal(where[:200])}")
    title = st.text_input(_part("title"), stop["title"], max_chars=80, key=f"{key}_title").strip() or _part("untitled stop")
    text = st.text_area(_part("stop text"), stop.get("text", ""), max_chars=1200, key=f"{key}_text", height=90)
    note = st.text_area(_part("notes"), stop.get("note", ""), max_chars=1200, key=f"{key}_note", height=68)
    stop = {**stop, "title": title, "text": text, "note": note, "question": _question(stop.get("question"), key)}
    draft.word(k, stop)
    with st.container(horizontal=True, gap="small"):
        st.button(_part("up"), key=f"{key}_up", icon=":material/arrow_upward:", on_click=draft.swap, args=(k, -1), disabled=k == 0)
        st.button(
            _part("down"), key=f"{key}_down", icon=":material/arrow_downward:", on_click=draft.swap, args=(k, 1), disabled=k == count - 1
        )
        st.button(_part("remove"), key=f"{key}_drop", icon=":material/delete:", on_click=draft.drop, args=(k,))
    try:
        shown = viewable(draft.as_stop(stop), strict=True)
        question = None if shown is None else asked(shown)
    except ValueError as error:
        st.error(literal(str(error)))
        return [str(error)]
    if (
        question is not None
        and question.right is not None
        and not isinstance(stop["question"], str)
        and stop["question"]["kind"] != "choices"
    ):
        right = f"{question.right:.2f}" if question.slider else question.choices[int(question.right)]
        st.caption(_part("shows", question=literal(question.text), answer=literal(right)))
    return []


def _question(now: Any, key: str) -> Any:
    """The question as a lesson's file holds it, chosen and worded anew."""
    kind = now if now is None or isinstance(now, str) else now.get("kind", "choices")
    with st.container(horizontal=True, gap="small"):
        chosen = st.selectbox(_part("question"), QUESTIONS, QUESTIONS.index(kind), _named, key=f"{key}_kind", width=260)
        if chosen is None or chosen == "predict":
            return chosen
        told = now if isinstance(now, dict) else {}
        text = st.text_input(
            _part("question text" if chosen == "choices" else "question text ours"),
            told.get("text", ""),
            max_chars=200,
            key=f"{key}_ask",
        )
    question: dict[str, Any] = {"kind": chosen, "text": text}
    if chosen == "choices":
        lines = st.text_area(_part("choices"), _lines(told), max_chars=800, key=f"{key}_choices", height=90).splitlines()
        given = [line.strip() for line in lines if line.strip()]
        right = next((k for k, line in enumerate(given) if line.startswith("*")), None)
        question |= {"choices": [line.removeprefix("*").strip() if k == right else line for k, line in enumerate(given)], "right": right}
    return question


def _named(kind: str | None) -> str:
    return _part(f"question {kind or 'none'}")


def _lines(question: dict[str, Any]) -> str:
    right = question.get("right")
    return "\n".join(f"{'* ' if k == right else ''}{choice}" for k, choice in enumerate(question.get("choices", ())))


def keep(lesson: CustomLesson) -> None:
    """Save it, present it."""
    with st.container(horizontal=True, gap="small"):
        text = to_json(lesson)
        st.download_button(
            _part("save"), text, f"{lesson.name}.json", "application/json", key="make_save", icon=":material/download:", on_click="ignore"
        )
        if st.button(_part("start"), key="make_walk", type="primary", icon=":material/play_arrow:"):
            if faults := check(lesson):
                for fault in faults:
                    st.error(literal(fault))
            else:
                custom.put(lesson)
                begin(custom.NAME)
                st.switch_page("start.py", query_params={"lesson": custom.NAME, "stop": "1"})
    if len(text.encode()) > LARGEST:
        st.warning(_part("too large", size=f"{len(text.encode()):,}", most=f"{LARGEST:,}"))
