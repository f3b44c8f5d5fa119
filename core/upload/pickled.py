"""A torch file's pickle, gone through without running it: that it makes nothing but tensors, and none larger than what is stored of it.

torch.load(weights_only=True) runs no code either, but takes the sizes in the pickle for true: memory that is not there would be read, and 10⁹
numbers made of one. And a key of tuples within tuples takes for ever to hash.
"""

import math
import pickletools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.upload.refused import MB, Refused, shortened
from core.upload.zipped import CUT, DAMAGED

WAY_OUT = "save the weights alone, torch.save(model.state_dict(), …), or a .safetensors file."
MOST = 4 * MB  # bytes of a pickle
ITEMS = {"Float": 4, "Double": 8, "Half": 2, "BFloat16": 2, "Long": 8, "Int": 4, "Short": 2, "Char": 1, "Byte": 1, "Bool": 1}
STORAGES = {f"torch {name}Storage": size for name, size in ITEMS.items()}
ORDERED, COUNTER = "collections OrderedDict", "collections Counter"
TENSOR, PARAMETER = "torch._utils _rebuild_tensor_v2", "torch._utils _rebuild_parameter"
DTYPES = {f"torch {name}" for name in ("float16", "bfloat16", "float32", "float64", "int8", "uint8", "int16", "int32", "int64", "bool")}
KNOWN = {ORDERED, COUNTER, TENSOR, PARAMETER, "torch Size", "torch device", *STORAGES, *DTYPES}
VALUES = {"BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE", "NONE", "NEWTRUE", "NEWFALSE"}
SINGLE = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
EMPTY = {"EMPTY_DICT": "dict", "EMPTY_LIST": "list"}
TUPLES = {"EMPTY_TUPLE": 0, "TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


@dataclass(frozen=True)
class _Named:
    """A function or a class of KNOWN."""

    name: str


@dataclass(frozen=True)
class _Made:
    """What the pickle would make: a dict, a list, a tensor …"""

    kind: str


@dataclass(frozen=True)
class _Storage:
    """Numbers that the file holds."""

    bytes: int
    item: int


def check(pickle: bytes, stored: Mapping[str, int]) -> None:
    """stored: the bytes of each part of the file that holds numbers. Refused for a pickle that makes anything but weights of them."""
    if len(pickle) > MOST:
        raise Refused(f"The file describes more than one model's weights ({len(pickle) // MB} MB without a number): {WAY_OUT}")
    machine = _Machine(stored)
    try:
        for code, argument, _ in pickletools.genops(pickle):
            machine.do(code.name, argument)
    except Refused:
        raise
    except Exception as error:  # a stack that is empty, a text that ends …
        raise Refused(DAMAGED) from error


class _Machine:
    """The pickle's stack, of values where sizes depend on them."""

    def __init__(self, stored: Mapping[str, int]) -> None:
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}
        self.stored = stored

    def do(self, code: str, argument: Any) -> None:
        """One operation."""
        stack = self.stack
        if code in VALUES:
            stack.append(SINGLE.get(code, argument))
        elif code in EMPTY:
            stack.append(_Made(EMPTY[code]))
        elif code in TUPLES:
            stack.append(tuple(self._last(TUPLES[code])))
        elif code == "TUPLE":
            stack.append(tuple(self._marked()))
        elif code == "MARK":
            self.marks.append(len(stack))
        elif code in ("BINPUT", "LONG_BINPUT"):
            self.memo[argument] = stack[-1]
        elif code in ("BINGET", "LONG_BINGET"):
            stack.append(self.memo[argument])
        elif code in ("SETITEM", "SETITEMS"):
            self._items(self._last(2) if code == "SETITEM" else self._marked())
        elif code in ("APPEND", "APPENDS"):
            _ = self._last(1) if code == "APPEND" else self._marked()
            self._expect(stack[-1] == _Made("list"))
        elif code == "BUILD":
            stack.pop()
            self._expect(stack[-1] == _Made("dict"))
        elif code == "GLOBAL":
            stack.append(self._named(argument))
        elif code == "REDUCE":
            function, arguments = self._last(2)
            stack.append(self._called(function, arguments))
        elif code == "BINPERSID":
            stack.append(self._storage(stack.pop()))
        else:
            self._expect(code in ("PROTO", "STOP"))

    def _last(self, count: int) -> list[Any]:
        start = len(self.stack) - count
        if start < (self.marks[-1] if self.marks else 0):
            raise Refused(DAMAGED)
        taken, self.stack[start:] = self.stack[start:], []
        return taken

    def _marked(self) -> list[Any]:
        """What lies above the last mark."""
        start = self.marks.pop()
        return self._last(len(self.stack) - start)

    def _items(self, pairs: list[Any]) -> None:
        """Keys and values for the dict below. Keys are plain: the hash of tuples within tuples may take for ever."""
        self._expect(self.stack[-1] == _Made("dict") and all(isinstance(key, str | int) for key in pairs[::2]))

    def _named(self, name: str) -> _Named:
        if name not in KNOWN:
            module, _, what = name.partition(" ")
            raise Refused(f"The file is a pickle that asks for {shortened(f'{module}.{what}')}, which could run code: {WAY_OUT}")
        return _Named(name)

    def _storage(self, told: Any) -> _Storage:
        self._expect(isinstance(told, tuple) and len(told) == 5 and told[0] == "storage" and isinstance(told[1], _Named))
        _, kind, key, place, count = told
        self._expect(kind.name in STORAGES and isinstance(key, str) and isinstance(place, str) and isinstance(count, int))
        item = STORAGES[kind.name]
        if self.stored.get(key) != count * item:
            raise Refused(f"The file speaks of {count * item:,} bytes of numbers, and {self.stored.get(key, 0):,} are there: {CUT}")
        return _Storage(count * item, item)

    def _called(self, function: Any, arguments: Any) -> _Made:
        """What a function of KNOWN makes."""
        self._expect(isinstance(function, _Named) and isinstance(arguments, tuple))
        if function.name == TENSOR:
            self._expect(len(arguments) == 6 and isinstance(arguments[0], _Storage))
            self._view(*arguments[:4])
            return _Made("tensor")
        if function.name == PARAMETER:
            self._expect(len(arguments) == 3 and arguments[0] == _Made("tensor"))
            return _Made("tensor")
        if function.name == ORDERED:
            self._expect(arguments == ())
            return _Made("dict")
        if function.name == COUNTER:
            self._expect(arguments in ((), (_Made("dict"),)))
            return _Made("counter")
        flat = arguments[0] if function.name == "torch Size" and len(arguments) == 1 else arguments
        self._expect(isinstance(flat, tuple) and all(isinstance(value, str | int) for value in flat))
        self._expect(function.name in ("torch Size", "torch device"))
        return _Made("other")

    def _view(self, storage: _Storage, offset: Any, shape: Any, strides: Any) -> None:
        """That a tensor lies within its storage and does not show a number many times."""
        self._expect(isinstance(shape, tuple) and isinstance(strides, tuple) and len(shape) == len(strides))
        self._expect(all(isinstance(n, int) and n >= 0 for n in (offset, *shape, *strides)))
        last = 0 if 0 in shape else 1 + offset + sum((n - 1) * stride for n, stride in zip(shape, strides, strict=True))
        if max(last, math.prod(shape)) * storage.item > storage.bytes:
            raise Refused(f"A tensor is said to have shape {shortened(shape)}, and {storage.bytes:,} bytes of it are there: {CUT}")

    def _expect(self, fits: bool) -> None:
        if not fits:
            raise Refused(f"The file is a pickle of more than weights, which could run code: {WAY_OUT}")
