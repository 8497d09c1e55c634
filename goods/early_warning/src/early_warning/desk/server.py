"""The desk as a web server, on this computer alone."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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
SIX: Final = "::1"
"""`localhost` may mean this too: who else listened there would be taken for the desk."""

CONNECTIONS: Final = 60
"""So many at once; a browser uses six."""

PATIENCE: Final = 30.0
"""Seconds for a request and its answer; see `patience`."""


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
def serve(
    desk: Desk, forecasters: Forecasters, service: Service, *, patience: float = PATIENCE
) -> Iterator[str]:
    """Serve the desk while the block runs, in a thread of its own; gives its address.

    Raises:
        InputError: the port is taken, or the server does not start.
    """
    import uvicorn

    from early_warning.desk.patience import patient

    with ExitStack() as opened:
        listener = opened.enter_context(_listen(socket.AF_INET, HOST, service.country.desk.port))
        port = listener.getsockname()[1]
        listeners = [listener]
        if _has_six():
            listeners.append(opened.enter_context(_listen(socket.AF_INET6, SIX, port)))
        config = uvicorn.Config(
            app(desk, forecasters, service),
            http=patient(patience),
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
            target=server.run, kwargs={"sockets": listeners}, name="desk", daemon=True
        )
        thread.start()
        try:
            yield f"http://{HOST}:{port}"
        finally:
            server.should_exit = True
            thread.join(timeout=10)


def _listen(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise InputError(
            f"the desk cannot listen on port {port} of {host}: {error.strerror}",
            where="country.toml, field desk.port",
            hint="Another program uses it, perhaps a desk that runs already.",
        ) from None
    return listener


def _has_six() -> bool:
    """Whether this computer has the second address of itself."""
    try:
        with socket.socket(socket.AF_INET6) as one:
            one.bind((SIX, 0))
    except OSError:
        return False
    return True
