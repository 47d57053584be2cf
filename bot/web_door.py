"""A small web server that is opened and closed with the process."""

from __future__ import annotations

from aiohttp import web


class WebDoor:
    """Serves ``app``. ``port`` 0 takes a free one, then in ``port``."""

    def __init__(self, app: web.Application, *, host: str, port: int) -> None:
        self._runner = web.AppRunner(app, access_log=None)
        self._host = host
        self.port = port

    async def start(self) -> None:
        """Raises OSError when the port is taken."""
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self.port).start()
        self.port = self._runner.addresses[0][1]

    def is_open(self) -> bool:
        return bool(self._runner.addresses)

    async def close(self) -> None:
        """Let requests at work end, then stop listening."""
        await self._runner.cleanup()
