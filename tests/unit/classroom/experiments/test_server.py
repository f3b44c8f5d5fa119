"""An experiment on the real server: 200 students report, some twice; the server is killed in the middle."""

import asyncio
import signal

import httpx2

from tests.conftest import launch
from tests.events import Reader
from tests.experiments import EXPERIMENT, histograms, simulated, take_part
from tests.rooms import VIEW
from tests.sites import Site

STUDENTS = 200


def test_two_hundred_students_count_once_each_also_over_a_killed_server(tmp_path):
    process, url = launch(tmp_path / "log.txt")
    running = [process]

    async def test(client: httpx2.AsyncClient) -> None:
        site = await Site(url, client).open()
        await site.do("PUT", "/state", VIEW)
        async with Reader(url, site.code, key=site.key) as teacher:
            assert await site.do("POST", "/experiments", EXPERIMENT) == {"id": 1}
            found = await simulated(site, 1, range(STUDENTS // 2), times=2)  # a browser that got no answer sends its report again
            assert sorted(found) == [*range(7, 7 + STUDENTS // 2)]
            while (told := (await teacher.event("reports"))[2])["networks"][0]["seeds"] < STUDENTS // 2:
                pass
            assert {one["name"]: one for one in told["networks"]} == histograms(found)
            for voter in ("seated", "waits"):
                await site.ask("POST", "/experiments/1/seats", {"voter": voter})
            process.send_signal(signal.SIGKILL)
            process.wait()
        running.append((await asyncio.to_thread(launch, tmp_path / "log.txt", port=int(url.rsplit(":", 1)[1])))[0])
        async with Reader(url, site.code, key=site.key) as again:  # a teacher, or a student who comes only now
            assert (await again.event("experiment"))[2] == {"id": 1, **EXPERIMENT}
            assert {one["name"]: one for one in (await site.do("GET", "/experiments/1"))["networks"]} == histograms(found)
            assert await take_part(site, 1, "seated") == 7 + STUDENTS // 2  # the seed from before
            found += [7 + STUDENTS // 2, *await simulated(site, 1, range(STUDENTS // 2 - 10, STUDENTS - 1))]  # ten of them again
            shown = await site.do("GET", "/experiments/1")
            seeds = sorted(set(found))
            assert [one["seed"] for one in shown["seeds"]] == seeds
            assert (shown["seats"], len(seeds)) == (STUDENTS + 1, STUDENTS)
            assert {one["name"]: one for one in shown["networks"]} == histograms(seeds)
            ended = await site.do("POST", "/experiments/1/reveal")
            while not (told := (await again.event("reports"))[2])["revealed"]:
                pass
            assert told == ended
            assert {one["name"]: one for one in ended["networks"]} == histograms(seeds)

    async def inside() -> None:
        async with httpx2.AsyncClient(timeout=30, limits=httpx2.Limits(max_connections=100)) as client:
            await test(client)

    try:
        asyncio.run(inside())
        log = (tmp_path / "log.txt").read_text()
        assert not [word for word in ("Traceback", "ASGI", "Exception") if word in log], log
    finally:
        for one in running:
            one.kill()
            one.wait()
