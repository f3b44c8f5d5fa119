"""Speech recognition: where the sound comes from, what is heard in it, and the places to look at."""

from dataclasses import dataclass
from functools import partial

import streamlit as st

from core.applications.speech import insight
from core.applications.speech import model as sound
from core.applications.speech.data import CLIPS, EXAMPLES
from core.applications.speech.insight import Event
from core.applications.speech.model import SpeechModel
from core.applications.speech.recording import decode
from core.cells import GATED, of_kind
from core.cells.arrays import Array
from core.models import Card, Reading, catalogue, load
from core.models.intact import intact
from core.views import parameters, state
from core.views.remembered import Listening
from core.views.site import texts
from core.views.state import Visit
from core.views.stepper.arrays import signed
from core.views.stepper.layers import Answers, Input, Layer
from core.views.widgets import look

STEP = 1000 * sound.STACK * sound.HOP // sound.RATE  # ms
TAIL = sound.TAIL * STEP  # ms at the end of which the mean is the answer
LIMIT = 10  # MB of a file
_part = texts.of("speech").part
KINDS = ["wav", "flac", "ogg", "oga", "opus", "mp3", "aiff", "aif", "au"]


@dataclass(frozen=True, eq=False)
class Heard:
    """What was found in a recording: the utterance, or why there is none, and what else is to be told."""

    utterance: sound.Utterance | None
    refusal: str = ""
    note: str = ""


@st.cache_data(max_entries=32, show_spinner=False)
def heard(raw: bytes) -> Heard:
    """A file's loudest utterance."""
    try:
        samples, seconds = decode(raw)
        found = sound.utterance(samples)
    except sound.NotSpeech as error:
        return Heard(None, str(error))
    read = len(samples) / sound.RATE
    notes = [_part("only first", read=read, seconds=seconds)] if seconds > read + 0.1 else []
    if found.others:
        notes.append(_part("loudest", count=found.others + 1, start=found.start))
    return Heard(found, note=" ".join(notes))


@st.cache_data(max_entries=len(CLIPS), show_spinner=False)
def example(clip: str) -> bytes:
    with intact(EXAMPLES / f"{clip}.wav"):
        return (EXAMPLES / f"{clip}.wav").read_bytes()


def arrive() -> None:
    """Takes cell, recording and place from the link; what is not here is told."""
    models = {f"speech-{cell}": cell for cell in GATED}
    with parameters.arrival("speech", models=models, clips=CLIPS, looks=TITLES) as link:
        if link and "clip" in link and state.of(Listening).source:  # in a new visit what the browser brings is newer than its link
            state.change(Listening, source="clip")
        if link is not None and "look" not in link and state.of(Visit).exact:
            look.forget("speech")
        if link and "look" in link:
            show(st.session_state["speech_cell"], link["look"])
            look.send("speech", None, about=link["look"])
            st.session_state["speech_held"] = link.get("held", False)


def take(source: str) -> None:
    """Makes a recording, a file or the picked clip what is listened to."""
    state.change(Listening, source=source)
    look.forget("speech")


def ask() -> tuple[str, bytes, str]:
    """The row that the page opens with: pick, speak, bring a file. Returns the sound, the cell, and the picked clip ("" for one's own)."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        clip = st.pills(_part("choose"), list(CLIPS), key="speech_clip", required=True, on_change=take, args=("clip",))
        cell = st.segmented_control("Cell", GATED, format_func=str.upper, key="speech_cell", required=True)
    left, right = st.columns(2)
    with left:
        spoken = st.audio_input(_part("speak"), key="speech_microphone", on_change=take, args=("microphone",))
    with right:
        file = st.file_uploader(_part("upload"), KINDS, key="speech_file", max_upload_size=LIMIT, on_change=take, args=("file",))
    if not state.of(Listening).source and (spoken or file):  # a new session calls no on_change: the server was started anew
        state.change(Listening, source="microphone" if spoken else "file")
    own = {"microphone": spoken, "file": file}.get(state.of(Listening).source or "")
    return (clip, example(clip), cell) if own is None else ("", own.getvalue(), cell)


def listen(raw: bytes, clip: str) -> tuple[sound.Utterance, str]:
    """The utterance in a sound, and the clip it is from. A refused sound is told and leaves the last good one on the screen."""
    found, last = heard(raw), state.of(Listening)
    if found.utterance is None:
        st.warning(_part("refused", refusal=found.refusal))
        return (last.utterance, last.clip) if last.utterance is not None else (heard(example("7")).utterance, "7")
    if found.note:
        st.info(found.note)
    state.change(Listening, utterance=found.utterance, clip=clip)
    return found.utterance, clip


def model(cell: str) -> SpeechModel:
    return of_kind(SpeechModel, load(f"speech-{cell}"))


def card(cell: str) -> Card:
    return catalogue()[f"speech-{cell}"]


def answer(reading: Reading) -> str:
    """What was heard, in Markdown."""
    network, last = of_kind(SpeechModel, reading.model), insight.verdict(reading)
    found = network.answer(reading.outputs)
    if found:
        return _part("heard", digit=reading.labels[found[0]], share=percent(found[1]))
    best, limit = int(last[: sound.NONE].argmax()), network.card.training["threshold"]
    return _part("heard none", digit=reading.labels[best], share=percent(last[best]), limit=percent(limit))


def percent(share: float) -> str:
    return "over 99.9\N{NO-BREAK SPACE}%" if share > 0.9995 else f"{100 * share:.1f}\N{NO-BREAK SPACE}%"


def story(reading: Reading) -> str:
    """The running guess, in Markdown: each digit from when on, what lasts no longer than 40 ms left out."""
    stretches = [s for s in insight.guesses(reading) if s.last - s.first >= 2 or s.last == len(reading.tokens) - 1]
    stretches = [s for k, s in enumerate(stretches) if not k or s.answer != stretches[k - 1].answer]
    each = (_part("story each", digit=reading.labels[s.answer], when=reading.tokens[s.first]) for s in stretches)
    return _part("story", each=", then ".join(each))


def layer(reading: Reading) -> Layer:
    """The reading with the log-mel frames and the running guess among the gates' panels."""
    centres = sound.edges()[-2:0:-1]
    names = tuple(f"{hertz:,.0f} Hz{' later' if k else ''}" for hertz in centres for k in range(sound.STACK))
    own = Input(names, _part("panel input"), _part("panel input value", unit=f"{sound.UNIT:g}"), range=3.0, shown=True)
    said = Answers(reading.outputs, reading.labels, _part("panel answer"), _part("panel answer note"), _part("panel answer value"))
    return Layer.of(reading, input=own, answers=said)


TITLES = {kind: _part(f"button {kind}") for kind in ("kept", "turn", "needed")}


def show(cell: str, kind: str) -> None:
    """Makes the clip of one of the card's events what is listened to."""
    hero = next(h for h in card(cell).heroes if h["kind"] == kind)
    state.change(Listening, source="clip")
    st.session_state.update({"speech_clip": hero["text"], "speech_held": False})


def offer(cell: str) -> None:
    """Buttons that move to one of the card's events."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(_part("look"), width="content")
        for kind, title in TITLES.items():
            look.look_here("speech", None, key=f"speech_look_{kind}", label=title, about=kind, show=partial(show, cell, kind))


def looked(reading: Reading, samples: Array, clip: str) -> Event | None:
    """The event that was asked for, as it is in this reading; None if none was, or another clip is shown."""
    kind = look.sent("speech").about
    hero = next((h for h in reading.model.card.heroes if h["kind"] == kind and h["text"] == clip), None)
    return None if hero is None else insight.at(reading, samples, str(hero["kind"]), clip, int(hero["step"]))


def describe(reading: Reading, event: Event) -> str:
    """What the gate does in an event, in Markdown."""
    gate, when = f"{event.array}[{event.unit}]", reading.tokens[event.first]
    about = {"digit": reading.labels[event.answer], "other": reading.labels[event.instead], "gate": gate, "when": when}
    if event.kind == "kept":
        state = f"{'c' if reading.model.card.cell == 'lstm' else 'h'}[{event.unit}]"
        until, steps = int(reading.tokens[event.step]) + STEP, event.step - event.first + 1
        moved = {"before": signed(event.other), "after": signed(event.other + event.moved)}
        return _part("kept", **about, until=until, steps=steps, least=event.value, state=state, **moved)
    if event.kind == "turn":
        return _part("turn", **about, unit=event.unit, before=event.other, after=event.value, moved=signed(event.moved))
    return _part("needed", **about | {"gate": event.array}, instead=percent(event.value), share=percent(event.other))
