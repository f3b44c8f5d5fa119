"""A naive teller of stories, as a second implementation."""

from core.applications.stories.sentences import (
    PEOPLE,
)


def naive(story: list[str], question: str) -> str:
    """The answer by going through the sentences as text."""
    at: dict[str, str] = {}
    lies: dict[str, str | None] = {}
    has: dict[str, str] = {}
    for sentence in story:
        who, verb, *_, what = sentence.split()
        if verb == "went":
            at[who] = what
        elif verb == "took":
            has[what] = who
        else:
            has.pop(what, None)
            lies[what] = at.get(who)
        for thing, owner in has.items():
            lies[thing] = at.get(owner)
    words = question.strip("?").split()
    if words[0] == "Where":
        return (at if words[-1] in PEOPLE else lies).get(words[-1]) or "not told"
    if words[0] == "How":
        return str(sum(owner == words[4] for owner in has.values()))
    return {None: "not told", words[-1]: "yes"}.get(at.get(words[1]), "no")
