"""A class as an experiment: pages of Chromium that train, and many students who only report, over a server that is killed in the middle."""

import asyncio
import tempfile
import time
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlparse

import httpx2
from playwright.sync_api import Page, sync_playwright

from tests.__main__ import browser as chromium_path
from tests.bench.browser import quantiles
from tests.conftest import FLAGS, launch
from tests.experiments import UPDATES, outcomes, simulated
from tests.sites import Site

TABS, REPORTS = 12, 200
LINK = "/train?second=1&cell=rnn&cell_2=lstm&seed=1000"
MOMENT = 240_000  # ms for which anything is waited for: all pages train on this machine at once


def taught(page: Page, url: str) -> tuple[str, str]:
    """A room that is led from the page Train; its code and key."""
    opened = page.request.post(url + "/api/rooms", data={}).json()
    code, key = opened["code"], opened["key"]
    page.goto(url + "/_stcore/health")
    page.evaluate("([name, key]) => sessionStorage.setItem(name, key)", [f"gatescope-key-{code}", key])
    page.evaluate("name => sessionStorage.setItem(name, '1')", f"gatescope-new-{code}")
    page.goto(f"{url}{LINK}&room={code}")
    page.wait_for_selector("[data-testid=trainer][data-ready=true]")
    page.wait_for_selector("[data-testid=room][data-role=lead][data-leading=true]")
    return code, key


def part(page: Page, name: str, more: str = "") -> Any:
    return page.locator(f"[data-testid=room-{name}]{more}")


def reported(url: str, code: str, key: str, voters: range, times: int = 1) -> tuple[list[int], float]:
    """Seeds of students who take part all at once, and the milliseconds that it took."""
    found: list[int] = []

    async def all_() -> None:
        async with httpx2.AsyncClient(timeout=60, limits=httpx2.Limits(max_connections=100)) as client:
            site = Site(url, client)
            site.code, site.key = code, key
            found.extend(await simulated(site, 1, voters, times))

    begun = time.perf_counter()
    thread = Thread(target=lambda: asyncio.run(all_()))  # Playwright's loop runs in this one
    thread.start()
    thread.join()
    return found, 1000 * (time.perf_counter() - begun)


def kept(seed: int) -> dict[str, list[float | None]]:
    """What a store keeps of a simulated student's figures."""
    return {name: [one["score"], one["needed"], one["stopped"]] for name, one in outcomes(seed).items()}


def report() -> None:
    print(f"\nA class's experiment: {TABS} pages of Chromium train {UPDATES:,} updates of two networks, {REPORTS} further students report")
    log = Path(tempfile.mkdtemp()) / "experiment.txt"
    server, url = launch(log)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        teacher = chromium.new_page()
        teacher.set_default_timeout(MOMENT)
        code, key = taught(teacher, url)
        students = [chromium.new_context().new_page() for _ in range(TABS)]
        for page in students:
            page.set_default_timeout(MOMENT)
            page.goto(f"{url}/room?code={code}")
            page.wait_for_selector("[data-testid=trainer][data-ready=true]")
        begun = time.perf_counter()
        part(teacher, "send-setup").click()
        came = []
        for page in students:
            part(page, "train", ":enabled").wait_for()
            came.append(1000 * (time.perf_counter() - begun))
        print(f"  from Send to a seed in every page (asked for within 1 s): {max(came):.0f} ms")
        begun = time.perf_counter()
        for page in students:
            part(page, "train").click()
        seeds, took = reported(url, code, key, range(REPORTS // 2), 2)
        print(f"  {REPORTS // 2} students at once, each a seat and its report twice: {took:.0f} ms")
        server.kill()
        server.wait()
        down = time.perf_counter()
        server, _ = launch(log, port=urlparse(url).port or 0)
        print(f"  kill -9 while the pages train, and a new server: it answers after {time.perf_counter() - down:.1f} s")
        more, took = reported(url, code, key, range(REPORTS // 2 - 10, REPORTS))
        seeds += more
        print(f"  {len(more)} students at once, 10 of them for the second time: {took:.0f} ms")
        trained = []
        for page in students:
            page.get_by_text("Your result has been sent.").wait_for()
            trained.append(1000 * (time.perf_counter() - begun))
        print(f"  from Train to a result that has arrived, all pages at once on this machine: {quantiles(trained)}")
        whole = TABS + REPORTS
        teacher.get_by_text(f"{whole} seeds of the RNN").wait_for()
        print(f"  the teacher's screen: “{part(teacher, 'seeds').inner_text()}”")
        told = teacher.request.get(f"{url}/api/rooms/{code}/experiments/1", headers={"Authorization": f"Bearer {key}"}).json()
        found = {each["seed"]: each["networks"] for each in told["seeds"]}
        right = sum(found[seed] == kept(seed) for seed in set(seeds))
        print(f"  reports in the store: {len(told['seeds'])} of {whole}, seeds: {len(found)}; as they were sent: {right} of {REPORTS}")
        for network in told["networks"]:
            scores = [each[network["name"]][0] for each in found.values() if network["name"] in each]
            bins = [sum(s is not None and min(19, int(s * 20 + 1e-9)) == k for s in scores) for k in range(20)]
            same = "as the seeds say" if bins == network["scores"] else f"WRONG, the seeds say {bins}"
            print(f"  {network['name']}: {network['seeds']} seeds, {network['learned']} reached the goal; distribution {same}")
        pages = [each for seed, each in found.items() if seed not in set(seeds)]
        for name in ("first", "second"):
            needed = [each[name][1] for each in pages if each[name][1] is not None]
            print(f"  of the {len(pages)} that were trained here, {name}: {len(needed)} reached the goal, after {sorted(needed)} updates")
        chromium.close()
    server.terminate()
    server.wait(20)
