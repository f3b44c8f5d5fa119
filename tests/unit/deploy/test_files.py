"""What is in deploy/, as far as it can be held without a Docker engine: nginx.conf and redis.conf run in test_nginx.py and test_replicas.py."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import dockerfile
import pytest
import yaml
from compose_spec import PyCompose

from core.applications.speech import view as speech
from core.applications.stocks import prices
from core.lessons.custom import LARGEST
from core.views.your_network import source as your_network
from tests.conftest import ROOT, free_ports
from tests.replicas import DEPLOY, needed

TRAINS = re.compile(r"core/training/|core/applications/\w+/train")
COMMANDS = dockerfile.parse_file(str(DEPLOY / "Dockerfile"))
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SECRET = "STREAMLIT_SERVER_COOKIE_SECRET"


def of(kind: str) -> list[dockerfile.Command]:
    return [command for command in COMMANDS if command.cmd.upper() == kind]


def environment() -> dict[str, str]:
    return dict(pair for command in of("ENV") for pair in zip(command.value[::2], command.value[1::2], strict=True))


def taken(path: str) -> bool:
    """Whether the build context has a path of the repository: what Dockerfile.dockerignore says last of it, or of a folder above it, holds."""
    said = True
    for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines():
        pattern = line.removeprefix("!").strip("/")
        if line and not line.startswith("#"):
            regex = re.escape(pattern).replace(r"\*\*/", "(.*/)?").replace(r"\*", "[^/]*")
            if any(re.fullmatch(regex, above) for above in (path, *map(str, Path(path).parents[:-1]))):
                said = line.startswith("!")
    return said


# the image


def test_what_is_copied_is_there_and_reaches_the_build():
    sources = [
        source for command in of("COPY") if not any(flag.startswith("--from") for flag in command.flags) for source in command.value[:-1]
    ]
    assert {"requirements.txt", "app.py", "pages", "core", "assets"} <= set(sources)
    for source in sources:
        assert (ROOT / source).exists(), source
        assert taken(source), source


def test_all_that_the_app_reads_is_in_the_image():
    copied = {source for command in of("COPY") for source in command.value[:-1]}
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    needed_ = [path for path in tracked if path.startswith(("app.py", "pages/", "core/", "assets/", ".streamlit/config"))]
    assert needed_ or not (ROOT / ".git").exists()
    for path in needed_:
        assert TRAINS.match(path) or (taken(path) and any(path == one or path.startswith(one + "/") for one in copied)), path
    for path in (
        "tests/conftest.py",
        ".git/config",
        ".streamlit/secrets.toml",
        "core/applications/sentiment/train.py",
        "core/training/jobs.py",
        "core/x/__pycache__/y.pyc",
    ):
        assert not taken(path), path


def test_nothing_that_the_app_runs_needs_what_is_left_out():
    for path in [ROOT / "app.py", *(p for folder in ("core", "pages") for p in (ROOT / folder).rglob("*.py"))]:
        if not TRAINS.match(path.relative_to(ROOT).as_posix()):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = (
                    [a.name for a in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module or ""]
                    if isinstance(node, ast.ImportFrom)
                    else []
                )
                assert not [name for name in names if TRAINS.match(name.replace(".", "/") + "/")], path


def test_the_image_is_the_second_stage_and_has_no_build_tools():
    assert [command.value[0] for command in of("FROM")] == ["python:3.11-slim-bookworm"] * 2
    last = of("FROM")[-1].start_line
    final = [command for command in COMMANDS if command.start_line > last]
    run = "\n".join(" ".join(command.value) for command in final if command.cmd.upper() == "RUN")
    assert "pip uninstall --yes pip setuptools wheel" in run
    assert not re.search(r"apt-get|gcc|pip3? install", run)
    assert [list(command.flags) for command in final if command.cmd.upper() == "COPY" and command.flags] == [["--from=build"]]
    first = " ".join(" ".join(command.value) for command in COMMANDS if command.start_line < last)
    assert "--requirement /build/requirements.txt" in first
    assert re.findall(r"^torch==\S+$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)  # what its grep looks for


def test_the_image_runs_as_nobody_and_says_how_it_is():
    [user] = of("USER")
    assert user.value == ("10001",)
    [command] = of("CMD")
    assert (command.json, command.value) == (True, ("streamlit", "run", "app.py"))
    [check] = of("HEALTHCHECK")
    assert "curl" not in check.original
    code = json.loads(check.original[check.original.index("[") :])[-1]
    compile(code, "health", "exec")
    assert environment()["STREAMLIT_SERVER_PORT"] in code
    assert environment()["GATESCOPE_DATA"] == "/data"


@pytest.mark.parametrize("status", [200, 503])
def test_the_health_check_fails_where_the_server_does(tmp_path, status):
    [check], [port] = of("HEALTHCHECK"), free_ports(1)
    code = json.loads(check.original[check.original.index("[") :])[-1].replace(":8501/", f":{port}/")
    server = f"""
import http.server
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response({status} if self.path == "/api/health" else 404)
        self.end_headers()
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", {port}), Answer)
print("ready", flush=True)
server.handle_request()
"""
    with subprocess.Popen([sys.executable, "-c", server], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=20)
        process.wait(20)
    assert (done.returncode == 0) == (status == 200)


# the composition


def test_the_composition_is_one_by_its_specification():
    written = json.dumps(COMPOSE)
    written = re.sub(r"\$\{\w+:-(\w*)\}", r"\1", re.sub(r"\$\{\w+:\?[^}]*\}", "given", written))  # as Compose puts the environment in first
    assert "${" not in written
    PyCompose.from_json(written).validate()
    assert sorted(COMPOSE["services"]) == ["a", "b", "nginx", "redis"]
    with pytest.raises(Exception, match="portz"):  # so that it can fail
        PyCompose.from_json(written.replace('"ports"', '"portz"'))


def test_what_is_mounted_is_there():
    for name, service in COMPOSE["services"].items():
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] if not source.startswith(".") else (DEPLOY / source).is_file(), name
    for name in "ab":
        build = COMPOSE["services"][name]["build"]
        assert (DEPLOY / build["context"] / build["dockerfile"]).is_file()
        assert set(build["args"]) == {command.value[0].split("=")[0] for command in of("ARG")}


def test_both_replicas_are_alike_and_have_one_secret_or_do_not_start():
    a, b = (COMPOSE["services"][name] for name in "ab")
    assert {key: a[key] for key in a if key != "networks"} == {key: b[key] for key in b if key != "networks"}
    assert a["environment"][SECRET].startswith("${" + SECRET + ":?")
    assert a["environment"]["REDIS_URL"] == "redis://redis:6379/0"
    assert a["environment"]["FORWARDED_ALLOW_IPS"] == COMPOSE["services"]["nginx"]["networks"]["inside"]["ipv4_address"]


def test_nginx_gets_all_that_its_configuration_asks_for(tmp_path):
    nginx = COMPOSE["services"]["nginx"]
    text = (DEPLOY / "nginx.conf").read_text()
    asked = set(re.findall(r"\$\{(\w+)\}", "\n".join(line for line in text.splitlines() if not line.startswith("#"))))
    given = {name: value for name, value in nginx["environment"].items() if re.match(nginx["environment"]["NGINX_ENVSUBST_FILTER"], name)}
    assert asked == set(given)
    for name, letter in zip("ab", "AB", strict=True):
        assert given[f"GATESCOPE_{letter}"] == f"{COMPOSE['services'][name]['networks']['inside']['ipv4_address']}:8501"
    for name, value in (given | {"GATESCOPE_TMP": str(tmp_path), "GATESCOPE_TLS": f"{tmp_path}/tls"}).items():
        text = text.replace("${" + name + "}", value)
    (tmp_path / "nginx.conf").write_text(text)
    done = subprocess.run(
        [needed("nginx"), "-t", "-e", "stderr", "-p", tmp_path, "-c", tmp_path / "nginx.conf", "-g", f"pid {tmp_path}/pid;"],
        env={**os.environ, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "test is successful" in done.stderr, done.stderr


def test_nginx_lets_the_largest_upload_of_a_page_through():
    [most, said] = re.search(r"client_max_body_size (\d+)m; # .* is (\d+) MB", (DEPLOY / "nginx.conf").read_text()).groups()
    assert int(said) == max(speech.LIMIT, prices.BYTES / 1e6, LARGEST / 1e6, your_network.LIMIT)
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert int(most) > config["server"]["maxUploadSize"] == int(said) + 1  # what the form of an upload adds


def test_no_setting_names_a_host_elsewhere():
    for path in DEPLOY.iterdir():
        assert not re.findall(r"https?://(?!\$|127\.0\.0\.1)[\w.]+", path.read_text()), path
