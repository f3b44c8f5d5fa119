"""Another site's pages ask in a visitor's name: refused, and nothing of it is counted."""

import asyncio
import contextlib
import http.server
import json
import sqlite3
import threading

import httpx2
import pytest

from core.classroom.sqlite import SQLite
from tests.rooms import CHOICES, VIEW, Clock, inside


def test_another_site_s_page_asks_in_a_visitor_s_name(victim, figure):
    """Through Chromium: a page of another port, and one of another name, which are other origins though one of them is the same site."""
    from playwright.async_api import async_playwright

    from tests.__main__ import browser
    from tests.conftest import FLAGS

    site = victim.url

    class Blank(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>elsewhere</title>")

        def log_message(self, *_: object) -> None:
            pass

    page_js = """async ([url, code, key]) => {
      const post = (path, body, more = {}) => fetch(url + path, { method: "POST", mode: "no-cors", body, ...more }).catch(() => {});
      for (let k = 0; k < 70; k += 1) {
        await post("/api/rooms", k % 2 ? JSON.stringify({ title: "foreign" }) : new Blob(['{"title":"foreign"}']));
        await post(`/api/rooms/${code}/questions/1/votes`, JSON.stringify({ voter: `foreign-${k}`, choice: 1 }));
        await fetch(`${url}/api/rooms/ZZZZZZ`, { mode: "no-cors" }).catch(() => {});
      }
      await fetch(url + "/api/rooms", { method: "POST", body: "{}", headers: { "Content-Type": "application/json" } }).catch(() => {});
      const open = Array.from({ length: 4 }, () => fetch(`${url}/api/rooms/${code}/events`, { mode: "no-cors" }).catch(() => {}));
      await Promise.race([Promise.all(open), new Promise((done) => setTimeout(done, 500))]);
    }"""

    async def attack(elsewhere: http.server.HTTPServer) -> tuple[int, int, int, list[int]]:
        async with httpx2.AsyncClient() as client:
            made = (await client.post(site + "/api/rooms")).json()
            where, headers = f"{site}/api/rooms/{made['code']}", {"Authorization": f"Bearer {made['key']}"}
            await client.post(where + "/questions", json={"text": "?", "choices": ["a", "b"]}, headers=headers)
            async with async_playwright() as playwright:
                chromium = await playwright.chromium.launch(executable_path=browser(), args=FLAGS)
                for name in ("127.0.0.1", "localhost"):
                    page = await chromium.new_page()
                    await page.goto(f"http://{name}:{elsewhere.server_port}/")
                    await page.evaluate(page_js, [site, made["code"], made["key"]])
                    await page.close()
                await chromium.close()
            votes = (await client.get(where + "/questions/1", headers=headers)).json()["counts"]
            follows = (await client.get(where)).json()["followers"]
            left = [(await client.post(site + "/api/rooms")).status_code, (await client.get(site + "/api/rooms/YYYYYY")).status_code]
            return foreign(), sum(votes), follows, left

    def foreign() -> int:
        """The rooms that its page has named, in the server's file."""
        with contextlib.closing(sqlite3.connect(victim.log.parent / "data/rooms.sqlite3")) as rooms:
            return rooms.execute("SELECT count(*) FROM rooms WHERE title = 'foreign'").fetchone()[0]

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Blank) as elsewhere:
        threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
        rooms, votes, follows, left = asyncio.run(attack(elsewhere))
        elsewhere.shutdown()
    figure("rooms that another site's page opened, of 140 tried", rooms)
    figure("votes that it gave, of 140 tried", votes)
    figure("statuses of a room opened and of a bad code after it, from the same network", " and ".join(map(str, left)))
    assert (rooms, votes, follows) == (0, 0, 0)
    assert left == [201, 404]


SAYS = {
    "another site": {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.test"},
    "same site, other origin": {"Sec-Fetch-Site": "same-site", "Origin": "http://x:81"},
    "an origin alone": {"Origin": "http://x:81"},
    "an opaque origin": {"Origin": "null"},
    "another scheme's file": {"Origin": "file://"},
}


@pytest.mark.parametrize("says", SAYS)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "", {"title": "x"}),
        ("POST", "", None),
        ("POST", "/CODE/questions/1/votes", {"voter": "v", "choice": 0}),
        ("POST", "/CODE/questions/1/reveal", None),
        ("PUT", "/CODE/state", VIEW),
        ("GET", "/CODE", None),
        ("GET", "/CODE/events", None),
        ("GET", "/ZZZZZZ", None),
    ],
    ids=["open", "bare", "vote", "reveal", "move", "look", "follow", "guess"],
)
def test_what_a_browser_says_another_site_asks_is_refused(tmp_path, says, method, path, body):
    async def attack() -> None:
        clock = Clock()
        async with inside(lambda: SQLite(tmp_path / "rooms.sqlite3", clock), clock) as room:
            await room.do("POST", "/questions", CHOICES)
            asked = room.client.request(
                method, "/api/rooms" + path.replace("CODE", room.code), json=body, headers=SAYS[says] | room.teacher
            )
            refused = await asyncio.wait_for(asked, 10)  # a stream that is let in does not end
            assert refused.status_code == 403
            assert "pages of other sites" in refused.json()["error"]
            asked = await room.do("GET", "/questions/1")
            assert (asked["counts"], asked["revealed"]) == ([0, 0], False)

    asyncio.run(attack())


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", None], ids=["text", "form", "parts", "empty", "none"])  # fmt: skip
def test_a_body_that_is_not_said_to_be_json_is_refused(tmp_path, kind):
    async def attack() -> None:
        clock = Clock()
        async with inside(lambda: SQLite(tmp_path / "rooms.sqlite3", clock), clock) as room:
            await room.do("POST", "/questions", CHOICES)
            headers = {} if kind is None else {"Content-Type": kind}
            for method, path, body in (
                ("POST", "", {"title": "x"}),
                ("PUT", f"/{room.code}/state", VIEW),
                ("POST", f"/{room.code}/questions", CHOICES),
                ("POST", f"/{room.code}/questions/1/votes", {"voter": "v", "choice": 0}),
                ("POST", f"/{room.code}/questions/1/reveal", {"answer": 0}),
            ):
                done = await room.client.request(
                    method, "/api/rooms" + path, content=json.dumps(body).encode(), headers=headers | room.teacher
                )
                assert done.status_code == 415, (method, path)
            ours = {"Sec-Fetch-Site": "same-origin", "Origin": "http://x", "Content-Type": "application/json; charset=utf-8"}
            assert (await room.client.post("/api/rooms", content=b"{}", headers=ours)).status_code == 201
            bare = {"Origin": "http://x"}
            assert (await room.client.post("/api/rooms", headers=bare)).status_code == 201

    asyncio.run(attack())
