"""`python -m tests.bench presets`: trains every preset of *Train* over its seeds and writes what was measured into its file."""

import json
from typing import Any

from tests.presets import FILE, SEEDS, measured, presets, trained

DIGITS = 6


def report() -> None:
    found = presets()
    written = json.loads(FILE.read_text(encoding="utf-8"))
    print(f"\nThe presets of Train over {len(SEEDS)} seeds: on how many the promise holds, and medians")
    for preset, entry, result in zip(found, written, trained(found, SEEDS), strict=True):
        entry["measured"] = measured(preset, SEEDS, rounded(result))
        shown = entry["measured"]["shown"]
        print(f"{preset.name:12} {shown['kept']:>2} of {shown['seeds']}", shown)
    FILE.write_text("[\n" + ",\n".join(map(one, written)) + "\n]\n", encoding="utf-8")


def rounded(value: Any) -> Any:
    """The same with floats of DIGITS significant digits."""
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def one(preset: dict[str, Any]) -> str:
    """A preset as JSON, a line for each of its fields."""
    fields = (f"    {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in preset.items())
    return "  {\n" + ",\n".join(fields) + "\n  }"
