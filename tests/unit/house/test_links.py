"""What comes from outside, in a link, a widget or a component, is read and bounded in one place: read off the tree."""

import ast

import pytest

from tests.unit.house.screens import screens

OUTSIDE = "core/views/widgets/incoming.py"  # the reader of links
WRITES = ("pop", "clear", "from_dict")


def test_links_are_read_in_one_place():
    """`incoming` bounds every parameter, and `parameters` knows it; elsewhere st.query_params is only written."""
    for path, tree in screens().items():
        written = {
            node.value
            for node in ast.walk(tree)
            if (isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load))
            or (isinstance(node, ast.Attribute) and node.attr in WRITES)
        }
        read = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr == "query_params" and n not in written]
        assert path == OUTSIDE or not read, (path, read)


def test_numbers_from_outside_are_parsed_by_one_helper():
    """int() and float() raise for what a link may hold; `typed.whole` and `typed.real` do not."""
    found = {path: lines for path, tree in screens().items() if (lines := parsed_by_hand(tree))}
    assert not found


@pytest.mark.parametrize(
    "code",
    [
        'int(st.query_params["n"])',
        'a = parameters.asked("n")\nint(a)',
        'for part in (parameters.asked("n") or "").split("~"):\n    float(part)',
        'if (a := asked("n")) is not None:\n    b = a.strip()\n    int(b[:9])',
        'view = incoming.sent("k", "view")\nint(view["step"])',
        'begin, _, end = st.session_state["span"].partition("-")\nint(end)',
        '[float(v) for v in asked("row").split(",")]',
    ],
    ids=["direct", "name", "loop", "walrus", "sent", "state", "comprehension"],
)
def test_a_number_parsed_by_hand_is_found(code):
    assert parsed_by_hand(ast.parse(code))


def parsed_by_hand(tree: ast.Module) -> list[int]:
    """The lines on which int() or float() gets what comes from a link, a widget or a component, by whatever names in between."""
    names: set[str] = set()
    while True:
        pairs = [pair for node in ast.walk(tree) for pair in given(node)]
        more = {n.id for target, value in pairs if foreign(value, names) for n in ast.walk(target) if isinstance(n, ast.Name)} - names
        if not more:
            break
        names |= more
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id in ("int", "float")]
    return [call.lineno for call in calls if any(foreign(argument, names) for argument in call.args)]


def given(node: ast.AST) -> list[tuple[ast.AST, ast.AST]]:
    """(what is named, by what) where a node names something."""
    if isinstance(node, ast.Assign):
        return [(target, node.value) for target in node.targets]
    if isinstance(node, ast.NamedExpr | ast.AnnAssign) and node.value:
        return [(node.target, node.value)]
    return [(node.target, node.iter)] if isinstance(node, ast.For | ast.comprehension) else []


def foreign(node: ast.AST, names: set[str]) -> bool:
    """Whether a value is text from outside: not a comparison's outcome, and not what any function but the readers below gives."""
    if isinstance(node, ast.Compare | ast.Constant):
        return False
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in ("asked", "said", "sent") and getattr(getattr(node.func, "value", None), "id", "incoming") in (
            "incoming",
            "parameters",
        ):
            return True
        methods = (
            "get",
            "pop",
            "setdefault",
            "split",
            "partition",
            "rpartition",
            "strip",
            "removeprefix",
            "removesuffix",
            "replace",
            "lower",
        )
        return called in methods and isinstance(node.func, ast.Attribute) and foreign(node.func.value, names)
    if isinstance(node, ast.Attribute):
        return node.attr in ("query_params", "session_state")
    if isinstance(node, ast.Name):
        return node.id in names
    return any(foreign(child, names) for child in ast.iter_child_nodes(node))


def test_one_choice_among_several_is_never_empty():
    """`core.server.states` counts an empty one as not sent."""
    for path, tree in screens().items():
        choices = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "attr", "") in ("segmented_control", "pills")]
        assert all({"required", "selection_mode"} & {k.arg for k in n.keywords} for n in choices), path


def test_every_field_has_a_longest_text():
    """Streamlit cuts there what a hostile browser sends."""
    for path, tree in screens().items():
        fields = [
            n
            for n in ast.walk(tree)
            if isinstance(n, ast.Call) and getattr(n.func, "attr", "") in ("text_input", "text_area", "chat_input")
        ]
        endless = [n.lineno for n in fields if "max_chars" not in {k.arg for k in n.keywords}]
        assert not endless, (path, endless)
