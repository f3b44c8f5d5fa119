"""What surrounds the pages: every page is in the navigation once, has its texts, and has a document of its own."""

import re

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from core.server.documents import Documents
from core.views.site import first, home, outline, texts
from core.views.widgets.glossary import terms
from tests.conftest import PAGES


def test_every_page_is_in_the_navigation_once():
    assert sorted(outline.ALL) == PAGES
    assert len(set(outline.ALL)) == len(outline.ALL)


@pytest.mark.parametrize("page", outline.ALL)
def test_a_page_has_a_name_and_an_opening(page):
    text = texts.of(page)
    assert 1 <= len(re.findall(r"[.?!](?= |$)", text.opening)) <= 3, text.opening
    assert len(text.opening) <= 240
    assert len(text.name) <= 24  # one line of the navigation


@pytest.mark.parametrize("page", outline.ALL)
def test_terms_and_emphasis_of_a_page_are_whole(page):
    for key, part in texts.of(page).parts.items():
        assert {found.partition("|")[0] for found in re.findall(r"\[\[([^\]]+)\]\]", part)} <= set(terms()), key
        assert not part.count("**") % 2, key
        assert part, key


def test_a_part_prints_its_numbers(tmp_path, monkeypatch):
    (tmp_path / "few.md").write_text(
        "# Few\n\nOne.\n\n## share\n{a:.0%} of {b:+.2f}, {count:,}: {{x}}\n\n## plain\n{x}\n", encoding="utf-8"
    )
    monkeypatch.setattr(texts, "PAGES", tmp_path)
    text = texts.of("few")
    assert text.part("share", a=0.5, b=-0.821, count=3000) == "50\N{NO-BREAK SPACE}% of −0.82, 3,000: {x}"
    assert text.part("plain") == "{x}"
    with pytest.raises(KeyError):
        text.part("share", a=0.5)


def test_names_are_told_apart():
    names = [outline.name(page) for page in outline.ALL]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("page", outline.ORDER)
def test_a_page_leads_on(page):
    also = outline.ALSO[page]
    assert 2 <= len(also) <= 3
    assert set(also) <= set(outline.ORDER) - {page, outline.following(page)}


def test_a_text_without_a_heading_is_damaged(tmp_path, monkeypatch):
    (tmp_path / "odd.md").write_text("no heading\n", encoding="utf-8")
    monkeypatch.setattr(texts, "PAGES", tmp_path)
    with pytest.raises(Exception, match=r"odd\.md cannot be read"):
        texts.of("odd")


@pytest.fixture
def client():
    async def streamlit(request):
        return PlainTextResponse("Streamlit answers")

    inner = Starlette(routes=[Route("/{path:path}", streamlit)])
    return TestClient(
        Starlette(middleware=[Middleware(Documents, base="/x", paths=first.pages(), make=first.document)], routes=inner.routes)
    )


@pytest.mark.parametrize("page", outline.ALL)
def test_the_first_document_says_what_the_page_is(client, page):
    answer = client.get(f"/x/{outline.path(page)}")
    head = re.search(r"<h1>(.*?)</h1><p>(.*?)</p>", answer.text)
    assert head is not None
    assert head[1].replace("&amp;", "&") == outline.heading(page)
    assert '<div id="root"></div>' in answer.text
    assert f"<title>{head[1]}" in answer.text


def test_home_has_its_sentence_in_the_first_document(client):
    text = client.get("/x/").text
    still = text[text.index('class="gs-still"') :]
    assert re.findall(r"<b>(.*?)</b>", still)[:3] == home.sentence().split()[:3]
    assert len(re.findall(r"<i>\d+ %</i>", still)) == len(re.findall("<b>", still))


def test_a_document_is_not_sent_twice(client):
    tag = client.get("/x/lstm").headers["etag"]
    assert client.get("/x/lstm", headers={"if-none-match": tag}).status_code == 304


def test_other_addresses_are_left_to_streamlit(client):
    assert client.get("/x/lstm/more").text == "Streamlit answers"
    assert client.get("/lstm").text == "Streamlit answers"
