"""A fork server: it imports the bot once, so that a new bot process is there in milliseconds.

Run as a program it is the server: orders come in as lines of JSON on its standard input, which is a socket, and births
and deaths go out the same way. ``Nursery`` is the controlling process's end.
"""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import socket
import subprocess
import sys
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

Order = dict[str, Any]
HERE = Path(__file__).parent


@dataclass(slots=True)
class Process:
    """A process of the nursery's."""

    pid: int
    died: asyncio.Future[int]

    async def end(self) -> int:
        """Wait for its end; returns the exit code, or minus the signal that ended it. Cancelling harms nobody."""
        return await asyncio.shield(self.died)

    def send(self, number: signal.Signals) -> bool:
        """Send a signal; False when the process has ended."""
        if self.died.done():
            return False
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:  # it ended, and the news is under way
            return False
        return True


@dataclass(slots=True)
class Server:
    """The running fork server, for as many event loops as come and go."""

    program: subprocess.Popen[bytes]
    line: socket.socket

    @classmethod
    def open(cls) -> Server:
        ours, theirs = socket.socketpair()
        paths = os.pathsep.join([str(HERE), str(HERE.parent), str(HERE.parent.parent)])
        with theirs:
            program = subprocess.Popen(  # noqa: S603 - this very file
                [sys.executable, __file__],
                stdin=theirs,
                env={**os.environ, "PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1"},
            )
        return cls(program, ours)

    def close(self) -> None:
        """The server kills what still lives when nobody is at the other end."""
        self.line.close()
        self.program.wait()


@dataclass(slots=True)
class Nursery:
    """Starts processes and tells of their end; ``async with`` it inside the loop that asks."""

    server: Server
    _births: list[asyncio.Future[Process]] = field(default_factory=list)
    _living: dict[int, Process] = field(default_factory=dict)
    _heard: bytes = b""

    async def __aenter__(self) -> Self:
        asyncio.get_running_loop().add_reader(self.server.line, self._hear)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Kill what still lives, and wait until it is gone."""
        living = list(self._living.values())
        for process in living:
            process.send(signal.SIGKILL)
        await asyncio.gather(*(process.end() for process in living))
        asyncio.get_running_loop().remove_reader(self.server.line)

    async def start(self, order: Order) -> Process:
        birth: asyncio.Future[Process] = asyncio.get_running_loop().create_future()
        self._births.append(birth)
        self.server.line.sendall(json.dumps(order).encode() + b"\n")
        return await asyncio.shield(birth)

    def _hear(self) -> None:
        *lines, self._heard = (self._heard + self.server.line.recv(65536)).split(b"\n")
        for line in lines:
            pid, ended = json.loads(line)
            if ended is None:
                process = Process(pid, asyncio.get_running_loop().create_future())
                self._living[pid] = process
                self._births.pop(0).set_result(process)
            else:
                self._living.pop(pid).died.set_result(ended)


def serve(line: socket.socket) -> None:
    """Fork for every order, until the other end is closed."""
    import mortal  # noqa: PLC0415 - here, so that the controlling process needs none of it

    mortal.warm_up()
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    children: set[int] = set()
    heard = b""
    while True:
        ready, _, _ = select.select([line, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _tell_of_deaths(line, children)
        if line in ready:
            try:
                data = line.recv(65536)
            except ConnectionResetError:  # closed with something of ours unread
                data = b""
            if not data:
                break
            *orders, heard = (heard + data).split(b"\n")
            for order in orders:
                pid = os.fork()
                if pid == 0:
                    os.close(woken), os.close(wake)
                    _be_born(line, mortal.live, json.loads(order))
                children.add(pid)
                line.sendall(json.dumps([pid, None]).encode() + b"\n")
    for pid in children:
        os.kill(pid, signal.SIGKILL)


def _be_born(line: socket.socket, live: Any, order: Order) -> None:
    """Live, in a fork; never returns."""
    code = 1
    try:
        line.close()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        live(order)
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it was, it is told, and a fork must not go on as its parent
        with Path(order["diary"]).open("a") as diary:
            traceback.print_exc(file=diary)
    finally:
        os._exit(code)


def _tell_of_deaths(line: socket.socket, children: set[int]) -> None:
    for pid in tuple(children):
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            children.discard(pid)
            line.sendall(json.dumps([pid, os.waitstatus_to_exitcode(status)]).encode() + b"\n")


if __name__ == "__main__":
    serve(socket.socket(fileno=os.dup(0)))
