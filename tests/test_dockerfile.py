"""The image is built from what the package needs, and its health check tells a good bot from a bad one."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import tomllib
from pathlib import Path

import pytest

from bot.health import Health, HealthServer

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
_, BUILDS, RUNS = DOCKERFILE.split("\nFROM ")
"""What is said of the image that builds, and of the one that runs."""


async def health_check(port: int) -> int:
    """Return the exit code of what the image runs every half minute."""
    (command,) = re.findall(r"^HEALTHCHECK .*CMD (\[.*\])$", DOCKERFILE, flags=re.MULTILINE)
    python, *arguments = json.loads(command)
    assert python == "python"
    environment = os.environ | {"CADENCE_HEALTH_PORT": str(port)}
    devnull = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, env=environment, stderr=devnull)
    return await process.wait()


async def no_figures() -> bytes:
    return b""


@pytest.mark.parametrize("ready", [True, False])
async def test_the_health_check_passes_while_the_bot_is_ready_and_only_then(ready: bool) -> None:  # noqa: FBT001
    async def report() -> Health:
        return Health(live=True, ready=ready)

    server = HealthServer(report, no_figures, port=0)
    await server.start()
    passed = await health_check(server.port) == 0
    await server.close()
    assert passed is ready
    assert await health_check(server.port) != 0


def test_every_package_is_copied_and_let_in() -> None:
    setup = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = {pattern.removesuffix("*") for pattern in setup["tool"]["setuptools"]["packages"]["find"]["include"]}
    needed = packages | {"pyproject.toml", "requirements", setup["project"]["readme"]}
    copied = {source for line in re.findall(r"^COPY (.+) \S+$", BUILDS, re.MULTILINE) for source in line.split()}
    let_in = set(re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE))
    assert (copied, let_in) == (needed, needed)


@pytest.mark.parametrize("package", ["bot", "migrations"])
def test_what_is_no_python_comes_with_its_package(package: str) -> None:
    setup = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = setup["tool"]["setuptools"]["package-data"][package]
    there = {path for path in (ROOT / package).rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}}
    assert there - {path for pattern in patterns for path in (ROOT / package).glob(pattern)} == set()


def test_it_runs_the_bot_as_nobody_in_particular() -> None:
    assert re.findall(r"^(?:USER|ENTRYPOINT|CMD) .+$", RUNS, re.MULTILINE) == [
        "USER cadence",
        'ENTRYPOINT ["cadence"]',
        'CMD ["run"]',
    ]
