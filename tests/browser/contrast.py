"""How well one colour stands out from another."""

from collections.abc import Sequence


def contrast(first: Sequence[float], second: Sequence[float]) -> float:
    """WCAG 2.2, "contrast ratio", of two sRGB colours, each red, green, blue from 0 to 255; what follows them is not looked at."""

    def luminance(colour: Sequence[float]) -> float:
        r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (part / 255 for part in colour[:3]))
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    low, high = sorted(map(luminance, (first, second)))
    return (high + 0.05) / (low + 0.05)


def rgb(colour: str) -> list[float]:
    """The parts of `rgb(…)` or `rgba(…)`."""
    return [float(part) for part in colour.strip("rgba()").split(",")]
