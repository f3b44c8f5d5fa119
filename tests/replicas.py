"""nginx with deploy/nginx.conf, real replicas and a real Redis with deploy/redis.conf, on loopback: for tests and benches."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

import pytest

from tests.conftest import ROOT, Process, answered, free_ports, launch, until

DEPLOY = ROOT / "deploy"
SECRET = "the same in all replicas"


def needed(name: str) -> str:
    """The path of a program. Where it is not installed the test fails, as `python -m tests` installs it; without root it is skipped, with the reason."""
    if found := shutil.which(name, path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin"):
        return found
    if hasattr(os, "geteuid") and os.geteuid() != 0 and os.environ.get("CI") is None:
        pytest.skip(f"{name} is not installed and only root can install it: apt-get install {name}")
    pytest.fail(f"{name} is not installed: `python -m tests` installs it where apt-get works, else install it and try again.")


def redis_at(folder: Path, port: int, *options: str) -> Process:
    """A redis-server with deploy/redis.conf on a port of loopback, once it answers. Its data lie in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        needed("redis-server"),
        str(DEPLOY / "redis.conf"),
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--dir",
        str(folder),
        *options,
    ]
    with (folder / "redis.log").open("a") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)

    def pings() -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        return False

    until(pings, lambda: "Redis did not start:\n" + (folder / "redis.log").read_text(), process=process)
    return process


def end(process: Process, seconds: float = 20) -> None:
    """Ends a process, gently for some seconds."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass
class Replicas:
    """url: nginx's. urls: of each replica by itself; apps: their processes; log k is folder/k.txt, nginx's folder/nginx.txt."""

    folder: Path
    ports: list[int]
    url: str
    redis_url: str
    urls: list[str]
    redis: Process
    environment: dict[str, str] = field(default_factory=dict)
    apps: list[Process] = field(default_factory=list)
    nginx: Process | None = None

    @property
    def processes(self) -> dict[str, Process]:
        """All of them, by name."""
        return {"redis": self.redis, "nginx": self.nginx, **{f"replica {k}": app for k, app in enumerate(self.apps)}}

    def launched(self, k: int) -> Process:
        """Replica k as a new process, once it answers."""
        more = {"REDIS_URL": self.redis_url, "STREAMLIT_SERVER_COOKIE_SECRET": SECRET, **self.environment}
        return launch(self.folder / f"{k}.txt", port=self.ports[k], env=more)[0]

    def kill(self, k: int) -> None:
        """kill -9."""
        self.apps[k].kill()
        self.apps[k].wait()

    def start(self, k: int) -> None:
        """Starts replica k again where it was."""
        self.apps[k] = self.launched(k)

    def stop_redis(self) -> None:
        self.redis.kill()
        self.redis.wait()

    def start_redis(self) -> None:
        self.redis = redis_at(self.folder / "redis", int(self.redis_url.rsplit(":", 1)[1].split("/")[0]))

    def reload(self) -> None:
        """Tells nginx to read its configuration again, and waits until new workers have taken over."""
        before = workers(self.nginx.pid)
        self.nginx.send_signal(signal.SIGHUP)
        until(lambda: workers(self.nginx.pid) - before, "nginx has no new workers")


def workers(pid: int) -> set[int]:
    """The children of a process."""
    with contextlib.suppress(OSError):
        return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    return set()


def nginx_at(folder: Path, ports: list[int], a: int, b: int, tls: Path | None = None) -> Process:
    """nginx with deploy/nginx.conf, once it answers. ports: to listen on, and its own; a, b: the replicas'."""
    values = {"A": f"127.0.0.1:{a}", "B": f"127.0.0.1:{b}", "LISTEN": f"127.0.0.1:{ports[0]}", "PACKER": f"127.0.0.1:{ports[1]}"}
    values |= {"TMP": str(folder), "TLS": str(tls or folder / "tls")}
    folder.mkdir(parents=True, exist_ok=True)
    written = Template((DEPLOY / "nginx.conf").read_text()).safe_substitute({f"GATESCOPE_{name}": value for name, value in values.items()})
    (folder / "nginx.conf").write_text(written)
    user = "user root; " if os.geteuid() == 0 else ""  # pytest's folders are its user's alone
    command = [needed("nginx"), "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with (folder / "nginx.txt").open("a") as out:
        process = subprocess.Popen([*command, "-g", f"daemon off; {user}pid {folder}/nginx.pid;"], stdout=out, stderr=out)

    def listens() -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", ports[0]), timeout=2):
            return True
        return False

    until(listens, lambda: "nginx did not start:\n" + (folder / "nginx.txt").read_text(), process=process)
    return process


@contextlib.contextmanager
def replicas(folder: Path, count: int = 2, **environment: str) -> Iterator[Replicas]:
    """One or two replicas behind nginx, with Redis; all end with the block. environment: more of the replicas'."""
    if count not in (1, 2):
        raise ValueError(f"deploy/nginx.conf has two replicas, not {count}")
    needed("nginx"), needed("redis-server")
    ports = free_ports(count + 3)
    redis = redis_at(folder / "redis", ports[-1])
    urls = [f"http://127.0.0.1:{port}" for port in ports[:count]]
    made = Replicas(
        folder, ports, f"http://127.0.0.1:{ports[count]}", f"redis://127.0.0.1:{ports[-1]}/0", urls, redis, environment=environment
    )
    try:
        with ThreadPoolExecutor(count) as starts:
            made.apps = list(starts.map(made.launched, range(count)))
        made.nginx = nginx_at(folder, ports[count : count + 2], ports[0], ports[count - 1])
        until(lambda: answered(made.url + "/_stcore/health"), "nginx does not reach a replica")
        yield made
    finally:
        waiting = [threading.Thread(target=end, args=(process,)) for process in filter(None, (made.nginx, *made.apps))]
        for thread in waiting:
            thread.start()
        for thread in waiting:
            thread.join()
        end(made.redis)
