"""A small web server that is opened and closed with the process."""

from __future__ import annotations

import os

from aiohttp import web

from bot.errors import ConfigurationError


class WebDoor:
    """Serves ``app``. ``port`` 0 takes a free one, then in ``port``. ``settings`` are those that choose both."""

    def __init__(
        self, app: web.Application, *, host: str, port: int, settings: str = "CADENCE_HOST and CADENCE_PORT"
    ) -> None:
        self._runner = web.AppRunner(app, access_log=None)
        self._host = host
        self._settings = settings
        self.port = port

    async def start(self) -> None:
        """Raises ConfigurationError when the port is taken, or the address isn't one of this machine's."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self.port).start()
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno and error.errno > 0 else "no such address"
            raise ConfigurationError(  # no words: of the command line
                f"Nothing can listen on {self._host}, port {self.port} ({reason}): choose others with "
                f"{self._settings}, or end what listens there."
            ) from error
        self.port = self._runner.addresses[0][1]

    def is_open(self) -> bool:
        return bool(self._runner.addresses)

    async def close(self) -> None:
        """Let requests at work end, then stop listening."""
        await self._runner.cleanup()
