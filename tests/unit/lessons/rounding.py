"""What numbers can be that a text gives rounded."""


def product(a, b):
    """The interval of a product of two numbers known to half a last digit."""
    ends = [(float(a) + s) * (float(b) + r) for s in (-0.005, 0.005) for r in (-0.005, 0.005)]
    return min(ends), max(ends)


def within(result, *parts):
    """Whether a rounded result can be the sum of intervals."""
    return sum(p[0] for p in parts) - 0.00501 <= result <= sum(p[1] for p in parts) + 0.00501
