"""The order of the pages: groups, what comes next, and what belongs together. A page is named by its file in pages/."""

from core.views.site import texts

APP, HOME = "Gatescope", "start"
_part = texts.of("shared").part
GROUPS = {
    _part("group learn"): ("lessons", "lstm", "gru", "side_by_side", "true_or_false", "glossary"),
    _part("group experiment"): (
        "what_if",
        "build_a_gate",
        "by_hand",
        "train",
        "watch_it_form",
        "find_a_unit",
        "left_behind",
        "your_network",
    ),
    _part("group why"): ("short_term", "gradients", "counting", "layers", "after_lstm"),
    _part("group applications"): ("sentiment", "next_character", "stocks", "speech", "synthesis", "stories"),
    _part("group implementers"): ("conventions", "activations", "bridge", "numpy_torch"),
    _part("group teach"): ("teach", "make_lesson", "worksheets"),
}
UNLISTED = ("room",)  # whoever has a code comes here by a link
ALSO = {  # page: what is worth seeing besides the next one
    "lessons": ("true_or_false", "glossary"),
    "lstm": ("build_a_gate", "short_term", "conventions"),
    "gru": ("lstm", "conventions", "what_if"),
    "side_by_side": ("short_term", "after_lstm", "what_if"),
    "true_or_false": ("lessons", "worksheets"),
    "glossary": ("lessons", "conventions"),
    "what_if": ("left_behind", "lstm"),
    "build_a_gate": ("lstm", "counting"),
    "by_hand": ("conventions", "bridge", "worksheets"),
    "train": ("gradients", "short_term"),
    "watch_it_form": ("train", "gradients", "lstm"),
    "find_a_unit": ("counting", "next_character"),
    "left_behind": ("what_if", "gradients"),
    "your_network": ("bridge", "what_if", "conventions"),
    "short_term": ("train", "side_by_side", "activations"),
    "gradients": ("train", "short_term", "activations"),
    "counting": ("find_a_unit", "build_a_gate"),
    "layers": ("gru", "left_behind", "numpy_torch"),
    "after_lstm": ("lessons", "side_by_side", "short_term"),
    "sentiment": ("side_by_side", "what_if", "left_behind"),
    "next_character": ("find_a_unit", "counting"),
    "stocks": ("short_term", "gradients"),
    "speech": ("next_character", "lstm"),
    "synthesis": ("speech", "next_character"),
    "stories": ("short_term", "sentiment"),
    "conventions": ("gru", "lstm", "after_lstm"),
    "activations": ("gradients", "conventions"),
    "bridge": ("conventions", "lstm"),
    "numpy_torch": ("bridge", "conventions"),
    "teach": ("lessons", "worksheets"),
    "make_lesson": ("teach", "lessons"),
    "worksheets": ("make_lesson", "true_or_false"),
}
ORDER = [page for group in GROUPS.values() for page in group]
ALL = [HOME, *ORDER, *UNLISTED]


def path(page: str) -> str:
    """Where the page stands below the server's base path."""
    return "" if page == HOME else page


def page_at(path: str) -> str:
    """The page of a path."""
    return path or HOME


def following(page: str) -> str | None:
    """The next page in the order of the navigation; None after the last, and for pages that are not in it."""
    if page not in ORDER or page == ORDER[-1]:
        return None
    return ORDER[ORDER.index(page) + 1]


def name(page: str) -> str:
    """As the navigation says it."""
    return texts.of(page).name


def heading(page: str) -> str:
    """As the page's own heading and the tab say it: the name, and on Home the app's."""
    return APP if page == HOME else name(page)
