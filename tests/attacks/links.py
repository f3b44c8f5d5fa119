"""Hostile links: every parameter that a page or the browser reads, with good values, bent ones, and values made to break a parser."""

import random
from collections.abc import Callable

from core.byhand.exercise import exercise
from core.byhand.link import packed
from core.byhand.sheet import OPTIONS
from core.cells.later import LATER
from core.views.train.settings import NETWORK, SECOND
from tests.conftest import PAGES

LATER_OPTIONS = {f"later_{name}": values for kind in LATER.values() for name, values in kind.OPTIONS.items()}
READ_BY_ALL = ("text", "model", "room", "step", "unit", "dim", "out", "array", "level", "blank")
READ_BY: dict[str, tuple[str, ...]] = dict.fromkeys(PAGES, ()) | {  # page: the parameters that it reads besides those
    "activations": ("figures", "curve", "a", "candidate", "output"),
    "after_lstm": ("cell", "depth", "words", "seen"),
    "bridge": ("show", "part", "of", "at", "rows", "bias", "notation"),
    "build_a_gate": ("row",),
    "by_hand": ("hand", "show", "at", "digits", "hide"),
    "conventions": (
        *("gates", "peephole", "gate", "candidate", "output", "reset", "keep", "activation", "convert"),
        *("later", "later_words", *LATER_OPTIONS, "later_convert"),
    ),
    "counting": ("number", "seen"),
    "find_a_unit": ("track", "on", "words", "span", "pick"),
    "glossary": ("find",),
    "gradients": ("cell", "sigma", "clip", "bias", "weights", "seen"),
    "gru": ("part", "notation"),
    "layers": ("show", "last", "seen"),
    "left_behind": ("of", "at", "seen"),
    "lstm": ("part", "notation"),
    "next_character": ("warmth", "seed", "seen"),
    "numpy_torch": ("numbers", "drift", "show"),
    "room": ("code",),
    "sentiment": ("kind", "pair"),
    "side_by_side": ("beside",),
    "short_term": ("keep", "row", "u", "read", "seen"),
    "speech": ("clip", "look", "held", "seen"),
    "start": ("lesson", "stop"),
    "stocks": ("share", "from", "to", "seen"),
    "stories": ("ask", "look", "kind", "seen"),
    "synthesis": ("cell", "seen"),
    "train": (
        *("preset", "task", "length", "batch", "second", "probe"),
        *(name + suffix for name in NETWORK for suffix in ("", SECOND)),
        "seed",
    ),
    "true_or_false": ("q", "said"),
    "watch_it_form": ("updates",),
    "what_if": ("set", "word", "diff"),
    "worksheets": ("sheet", "seed", "key"),
    "your_network": (
        *(
            "file",
            "name",
            "activation",
            "layer_norm",
            "input",
            "steps",
            "seed",
            "table",
            "cell",
            "all",
            "changes",
            "show",
            "diff",
            "at",
            "of",
        ),
    ),
}
GOOD = {
    "text": ("not a bad film at all", "good the film was bad", "[ ( ) ]", "aaabbb", "0.5 -0.2* 1 0.7*", "Mary went to the kitchen.", ""),
    "model": ("sentiment-lstm", "sentiment-gru", "sentiment-rnn", "mini-lstm", "mini-gru", "austen-lstm", "brackets-gru", "counting-rnn",
              "stories-first-gru", "speech-gru", "stocks-rnn", "reber-lstm-1997", "adding-lstm"),
    "room": ("BCDFGH",),
    "find": ("forget gate", "σ", "nothing of the kind", ""),
    "step": ("0", "3"),
    "depth": ("2",),
    "unit": ("0", "2"),
    "dim": ("1",),
    "out": ("1",),
    "array": ("f", "h", "x", "other-c"),
    "level": ("story", "unit", "all", "inside"),
    "blank": ("f,c", "h"),
    "candidate": ("relu", "softmax"),
    "output": ("identity",),
    "row": ("0,0,0,0,0,0,0,0,0,0,0,0,0,0,0", "17"),
    "gates": ("coupled", "none"),
    "peephole": ("-1", "0.5"),
    "gate": ("hard_sigmoid",),
    "reset": ("before",),
    "keep": ("1-z", "0.95"),
    "activation": ("relu", "identity"),
    "convert": ("1",),
    "number": ("7", "1000"),
    "seen": ("1",),
    "track": ("words", "stretch", "position", "depth"),
    "on": ("c", "h", "f", "z"),
    "words": ("not", "bad good"),
    "span": ("0-2", "3-3"),
    "sigma": ("0.9", "5"),
    "clip": ("0.1", "7", "cat"),
    "bias": ("-2", "1.25"),
    "weights": ("random",),
    "of": ("3",),
    "at": ("2",),
    "warmth": ("0.5", "1.5"),
    "seed": ("11", "999"),
    "code": ("BCDFGH",),
    "look": ("kept", "needed", "turn", "keep", "move", "asked", "shown"),
    "held": ("1",),
    "lesson": ("start-here", "own", "not-bad"),
    "stop": ("1", "3"),
    "share": ("AAPL", "own"),
    "from": ("2008-01-02",),
    "to": ("2009-06-30",),
    "ask": ("Where is Mary?", "Is John in the bedroom?"),
    "cell": ("lstm", "gru", "rnn", "later", "slstm", "attention"),
    "q": ("forget-one",),
    "said": ("TF-T", "T"),
    "updates": ("0", "100"),
    "set": ("f_0_1-2_all", "c_1.5_0-0_3.7~h_-1_1-1_0", "f_1_0-3_all"),
    "word": ("delete_0", "swap_1", "replace_2_great"),
    "diff": ("c", "h"),
    "sheet": ("exam", "start-here", "own"),
    "key": ("1",),
    "notation": ("torch", "olah"),
    "part": ("i", "z", "weight_hh"),
    "u": ("0.5", "2.5"),
    "read": ("-1", "0.25"),
    "kind": ("one fact", "negation"),
    "pair": ("3",),
    "pick": ("2",),
    "figures": ("gru",),
    "curve": ("relu",),
    "a": ("-6", "2.5"),
    "show": ("c", "h"),
    "rows": ("0", "50"),
    "numbers": ("float64",),
    "drift": ("1",),
    "preset": ("lag", "seeds"),
    "task": ("parity", "adding"),
    "length": ("12", "100"),
    "batch": ("8",),
    "second": ("1", "0"),
    "probe": ("good film", "0110"),
    "later": ("mingru", "slstm"),
    "units": ("1", "64"),
    "last": ("bad", "not"),
    "layers": ("2",),
    "optimiser": ("sgd",),
    "rate": ("0.1",),
    "forget_bias": ("torch", "3"),
    "update_bias": ("torch", "-1"),
    "decay": ("0.001",),
    "truncate": ("5",),
}  # fmt: skip
GOOD["show"] += ("backward", "update", "layers")
GOOD |= {"digits": ("2", "8"), "hide": ("1",), "hand": tuple(packed(exercise(kind, "hard", 7)) for kind in OPTIONS)}
GOOD |= {
    "file": ("mini-lstm", "random-lstm", "own"),
    "name": ("rnn",),
    "layer_norm": ("carried",),
    "steps": ("1", "500"),
    "table": ("embedding.weight",),
}
GOOD |= {"input": ("random", "words", "embedded", "table"), "all": ("0", "1")}
GOOD["cell"] += ("0f", "1b")
GOOD["changes"] = ("0f.f_0_1-2_all~1b.weight_hh_0.0_1", "0f.bias_ih_3_-2")
GOOD["beside"] = ("mingru~slstm", "attention")
GOOD["show"] += ("edits", "gradients", "contributions", "torch")
GOOD["clip"] += ("0", "0.3")
GOOD["weights"] += ("orthogonal",)
GOOD |= LATER_OPTIONS | {"later_words": ("not bad", "good the film was bad"), "later_convert": ("1",)}
GOOD |= {name + SECOND: GOOD[name] for name in NETWORK}
BESIDE = {
    "start": {"lesson": "start-here"},
    "counting": {"model": "counting-lstm"},
    "worksheets": {"sheet": "exam"},
    "side_by_side": {"model": "mini-gru"},
}  # without which others are not read
FOREIGN = "http://evil.test/x.png"
LONG = ("9" * 5000, "-" + "9" * 5000, "0" * 5000, "1." + "9" * 5000, "0-" + "9" * 5000, ",".join(["9" * 5000] * 15), "swap_" + "9" * 5000,
        "f_" + "9" * 5000 + "_0-1_all", "f_0_0-1_" + "9" * 5000)  # fmt: skip
NUMBERS = ("٣", "²", "1_0", " 1 ", "1e3", "+1", "-1", "-0", "0x10", "1e400", "-1e400", "1e-400", "nan", "inf", "-Infinity", "1.5.2", "4294967296",
           "9223372036854775808", "9007199254740993", "0000-00-00", "9999-99-99", "2008-01-02T00:00:00+99:99", "-2008-01-02", "null", "None", "true",
           "undefined", "NaN", ",".join(["1e400"] * 15), ",".join(["nan"] * 15), ",".join(["٣"] * 15), "f_1e-999_0-0_all", "f_٣_٣-٣_٣", "delete_٣")  # fmt: skip
TEXTS = ("", " ", "\t\n", "\x00", "a\x00b", "\x1b[31m", "\x7f\x80\x9f", "\u2028", "x\u2029y", "\u202ereversed\u202c", "\u200f\u200e", "\ufeff", "\uffff",
         "\ufffd", "\U000e0041", "a" + "\u0301" * 3000, "👩‍👩‍👧" * 400, "ﷺ" * 500, "a" * 20_001, "word " * 4001, "ж" * 20_001, "a " * 600, "../../etc/passwd",
         "..\\..\\x", "%00", "%ff%fe", "%u2028", "'; DROP TABLE rooms; --", "{{7*7}}", "${7*7}", "{0.__class__}", "%s%n%x", "__proto__", "constructor",
         "toString", "\r\nSet-Cookie: a=b", "&text=x", "#x", "?", "/", "//evil.test/x", "own")  # fmt: skip
MARKUP = ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", f"<img src={FOREIGN}>", f"![]({FOREIGN})", f"![x][1]\n\n[1]: {FOREIGN}",
          "[x](javascript:alert(1))", f'[x]({FOREIGN} "t")', "$\\rule{9999em}{9999em}$", "$$\\href{javascript:alert(1)}{x}$$", ":material/home: :red[x] :streamlit:",
          "`" * 500, "*" * 2000, ">" * 2000, "|a|\n|-|\n" * 200, f"<style>@import url({FOREIGN});</style>", f"</script><link rel=prefetch href={FOREIGN}>",
          f"replace_0_![]({FOREIGN})", f"good ![]({FOREIGN}) film")  # fmt: skip
LISTS = ("{" * 5000, "[" * 5000, '{"a":' * 3000, "~" * 5000, "~".join(["f_0_0-1_all"] * 1500), "f_0_0-9999_all", "h_0_0-1_" + ".".join("0" * 4000), "a_f_0_0-1_all",
         "delete_9999", "replace_0_" + "w" * 20_000, "," * 5000, "-".join("1" * 3000), "T" * 5000, "F-" * 100)  # fmt: skip
BAD = (LONG, NUMBERS, TEXTS, MARKUP, LISTS)


def bent(rng: random.Random, value: str) -> str:
    """A good value, made slightly wrong."""
    at = rng.randint(0, len(value))
    return rng.choice(
        (
            lambda: value[:at] + rng.choice(rng.choice(BAD))[:60] + value[at:],
            lambda: value[:at] + rng.choice("\x00\u2028\u202e٣²_-+.,~eE<&%😀") + value[at:],
            lambda: value[:at],
            lambda: value[at:] + value[:at],
            lambda: value * rng.choice((2, 40, 400)),
            value.upper,
            lambda: f" {value} ",
            lambda: "".join("9" * 400 if ch.isdigit() else ch for ch in value),
            lambda: value.replace("-", "--"),
        )
    )()


def value(rng: random.Random, name: str) -> str:
    """A value for the parameter: a good one, a bent one, one made for another parameter, or one made to break things."""
    draw: Callable[[], str] = rng.choice(
        (
            lambda: rng.choice(GOOD[name]),
            lambda: bent(rng, rng.choice(GOOD[name])),
            lambda: rng.choice(GOOD[rng.choice(sorted(GOOD))]),
            lambda: rng.choice(("", "0-")) + rng.choice("90") * 5000,
            *[lambda: rng.choice(rng.choice(BAD))] * 3,
        )
    )
    return draw()


def link(rng: random.Random, page: str, longest: int = 400_000) -> dict[str, list[str]]:
    """A set of parameters for a page, some of them more than once; none of more than so many characters."""
    found = {name: [said] for name, said in BESIDE.get(page, {}).items() if rng.random() < 0.5}
    for name in (*READ_BY[page], *READ_BY_ALL, rng.choice(sorted(GOOD))):
        for _ in range(2):
            if rng.random() < (0.4 if name in READ_BY[page] else 0.12):
                found.setdefault(name, []).append(value(rng, name)[:longest])
    return found


def digits(page: str, digit: str) -> dict[str, list[str]]:
    """Every parameter that only this page reads as 5,000 times the digit, or as a list of them."""
    many = digit * 5000
    told = {name: f"0-{many}" if name == "span" else many for name in READ_BY[page]} | BESIDE.get(page, {})
    return {name: [said] for name, said in told.items()}
