"""The order of the pages: groups, what comes next, and what belongs together. A page is named by its file in pages/."""

from core.views.site import texts

APP, HOME = "Gatescope", "start"
GROUPS = {
    "Learn": ("lessons", "lstm", "gru", "side_by_side", "true_or_false", "glossary"),
    "Experiment": ("what_if", "build_a_gate", "watch_it_form", "find_a_unit", "left_behind"),
    "Why gates": ("short_term", "gradients", "counting"),
    "Applications": ("sentiment", "next_character", "stocks", "speech", "synthesis", "stories"),
    "For implementers": ("conventions", "activations", "bridge", "numpy_torch"),
    "Teach": ("teach", "make_lesson", "worksheets"),
}
UNLISTED = ("room",)  # whoever has a code comes here by a link
ALSO = {  # page: what is worth seeing besides the next one
    "lessons": ("true_or_false", "glossary"),
    "lstm": ("build_a_gate", "short_term", "conventions"),
    "gru": ("lstm", "conventions", "what_if"),
    "side_by_side": ("short_term", "sentiment", "what_if"),
    "true_or_false": ("lessons", "worksheets"),
    "glossary": ("lessons", "conventions"),
    "what_if": ("left_behind", "lstm"),
    "build_a_gate": ("lstm", "counting"),
    "watch_it_form": ("gradients", "lstm"),
    "find_a_unit": ("counting", "next_character"),
    "left_behind": ("what_if", "gradients"),
    "short_term": ("side_by_side", "activations"),
    "gradients": ("short_term", "activations"),
    "counting": ("find_a_unit", "build_a_gate"),
    "sentiment": ("side_by_side", "what_if", "left_behind"),
    "next_character": ("find_a_unit", "counting"),
    "stocks": ("short_term", "gradients"),
    "speech": ("next_character", "lstm"),
    "synthesis": ("speech", "next_character"),
    "stories": ("short_term", "sentiment"),
    "conventions": ("gru", "lstm"),
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
