"""Nothing in view moves while a page opens: cumulative layout shift (https://web.dev/articles/cls) of at most 0.1."""

import pytest

from core.views.site import outline

MOST = 0.1
SIZES = {1400: 900, 360: 740}
# All has been fetched, and what is in view is drawn: a chart has its height before.
WHOLE = """() => !document.querySelector("[data-testid=stMain] [data-testid=stSkeleton], .gs-wait")
    && [...document.querySelectorAll(".gs-chart-host")].every((e) => e.dataset.drawn || e.getBoundingClientRect().top > innerHeight)"""
# [value, [element, top before, top after]…] of each shift since the document began, but those that a press or key brought about.
SHIFTS = """() => new Promise((done) => {
    const named = (node) => { const e = node?.nodeType === 1 ? node : node?.parentElement;
        return e ? `${e.closest("[data-testid]")?.dataset.testid} “${e.textContent.trim().slice(0, 40)}”` : "gone since"; };
    const told = (shift) => [shift.value, ...shift.sources.map((s) => [named(s.node), Math.round(s.previousRect.top), Math.round(s.currentRect.top)])];
    const found = [], add = (list) => found.push(...list.filter((shift) => !shift.hadRecentInput).map(told));
    const observer = new PerformanceObserver((list) => add(list.getEntries()));
    observer.observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => { add(observer.takeRecords()); done(found); })));
})"""


def shifts(tab):
    """Each shift of the page so far, the largest first."""
    tab.page.wait_for_function(WHOLE)
    return sorted(tab.page.evaluate(SHIFTS), key=lambda shift: -shift[0])


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("page", outline.ALL)
def test_nothing_moves_while_a_page_opens(tabs, page, width):
    tab = tabs(width=width, height=SIZES[width]).visit(f"/{outline.path(page)}")
    found = shifts(tab)
    assert sum(value for value, *_ in found) <= MOST, found[:3]


def test_a_shift_is_seen(tab):
    """The measure itself."""
    tab.visit("/lstm")
    assert sum(value for value, *_ in shifts(tab)) <= MOST
    tab.page.evaluate("document.querySelector('[data-testid=stMainBlockContainer]').style.marginTop = '400px'")
    found = shifts(tab)
    assert sum(value for value, *_ in found) > MOST
    assert "stMain" in str(found)


@pytest.mark.parametrize("width", SIZES)
def test_sounds_have_their_place_before_they_are_made(tabs, width):
    """Speech synthesis sends its stepper first; it stands below what comes later, out of view, and there is no gap once that has come."""
    tab = tabs(width=width, height=SIZES[width]).visit("/synthesis")
    shifts(tab)
    sounds = tab.page.locator(".st-key-speak_sounds")
    full = sounds.bounding_box()["height"]
    sounds.evaluate("e => { for (const child of e.children) child.style.display = 'none'; }")
    assert full > sounds.bounding_box()["height"]
    assert tab.stepper.bounding_box()["y"] > SIZES[width]
