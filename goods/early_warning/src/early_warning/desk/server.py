"""The desk as a web server, on this computer alone."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import ASGIApp

from comity.errors import ComityError, InputError
from early_warning.desk.desk import Desk
from early_warning.desk.door import Door, RefusedError
from early_warning.desk.forecasters import Forecasters
from early_warning.desk.guard import Guard
from early_warning.desk.site import Site
from early_warning.service import Service

__all__ = ["HOST", "app", "serve"]

HOST: Final = "127.0.0.1"
CONNECTIONS: Final = 60
"""So many at once; a browser uses six."""


def app(desk: Desk, forecasters: Forecasters, service: Service) -> ASGIApp:
    """The desk's pages, guarded: also the page for a defect carries what every answer must.

    Args:
        desk: What they show and change.
        forecasters: Who may sign in.
        service: The country.
    """
    site = Site(desk, service)
    door = Door(forecasters, service, desk.now)
    pages = Starlette(
        routes=[
            Route("/style.css", site.style, methods=["GET"]),
            Route("/sign-in", door.sign_in, methods=["GET", "POST"]),
            Route("/sign-out", door.page(door.sign_out), methods=["POST"]),
            Route("/", door.page(site.home), methods=["GET"]),
            Route("/drafts/{number}", door.page(site.draft), methods=["GET"]),
            Route("/drafts/{number}", door.page(site.change_draft), methods=["POST"]),
            Route("/notice", door.page(site.notice), methods=["GET"]),
            Route("/notice", door.page(site.take_up), methods=["POST"]),
            Route("/alerts/{identifier:path}", door.page(site.alert), methods=["GET"]),
            Route("/alerts/{identifier:path}", door.page(site.change_alert), methods=["POST"]),
            Route("/cap/{identifier:path}", door.page(site.bytes_of), methods=["GET"]),
            Route("/journal", door.page(site.journal), methods=["GET"]),
        ],
        exception_handlers={
            RefusedError: door.refused,
            HTTPException: door.refused,
            ComityError: door.refused,
            Exception: door.defect,
        },
    )
    pages.router.redirect_slashes = False  # an address with one slash more is another one
    return Guard(pages, door.refuse)


@contextmanager
def serve(desk: Desk, forecasters: Forecasters, service: Service) -> Iterator[str]:
    """Serve the desk while the block runs, in a thread of its own; gives its address.

    Raises:
        InputError: the port is taken, or the server does not start.
    """
    import uvicorn

    port = service.country.desk.port
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen()
        except OSError as error:
            raise InputError(
                f"the desk cannot listen on port {port}: {error.strerror}",
                where="country.toml, field desk.port",
                hint="Another program uses it, perhaps a desk that runs already.",
            ) from None
        config = uvicorn.Config(
            app(desk, forecasters, service),
            http="h11",
            ws="none",
            lifespan="off",
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_level="warning",
            limit_concurrency=CONNECTIONS,
            timeout_graceful_shutdown=3,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listener]}, name="desk", daemon=True
        )
        thread.start()
        try:
            yield f"http://{HOST}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=10)
