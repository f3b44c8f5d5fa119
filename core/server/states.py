"""What a browser says of a widget and no honest one does counts as not said.

Streamlit hands each value to the widget's own reader as it came. One of another kind (a number for a text), or JSON nested a thousand deep,
raised in the middle of a run, so that whoever sent it had a traceback, and so had the log. Of our choices of one among several none may be empty.
"""

from contextlib import suppress

from streamlit.elements.widgets.button_group import _SingleSelectButtonGroupSerde
from streamlit.runtime.state.session_state import Serialized, WStates

_read = WStates.__getitem__
_ALIKE = {"int_value": "double_value"}  # a field for whole numbers sends them as whole numbers, and is registered for any


def guard() -> None:
    """Makes every session of this process so; a second call changes nothing."""
    WStates.__getitem__ = _guarded


def _guarded(self: WStates, key: str) -> object:
    """The widget's value. KeyError, as for one that was not sent, in place of a value that cannot be its own: then it stays as it was."""
    state, about = self.states.get(key), self.widget_metadata.get(key)
    if not isinstance(state, Serialized) or about is None:
        return _read(self, key)
    kind = state.value.WhichOneof("value")  # None: a field that was emptied; the widget's own kind is not known after that
    if None in (kind, about.value_type) or about.value_type in (kind, _ALIKE.get(kind)):
        with suppress(Exception):  # whatever the widget's reader makes of it
            value = _read(self, key)
            choice = getattr(about.deserializer, "__self__", None)
            if not isinstance(choice, _SingleSelectButtonGroupSerde) or value in choice.options:
                return value
    self.states[key] = state
    raise KeyError(key)
