"""Before any page: whether the request is for this desk, and what every answer must carry.

1. The name that the browser asked for is 127.0.0.1 or `localhost`, with the port that the request
   came in by. So another site that points its own name here (DNS rebinding) is refused.
2. What changes something comes from this very address, where the browser says from where it comes.
3. No answer is kept by the browser, framed, or allowed to load or run anything but the own style.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["HEADERS", "Guard"]

HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
"""On every answer (rule 3)."""

_SAFE: Final = ("GET", "HEAD")


class Guard:
    """The rules around an application.

    Args:
        inner: The application.
        refuse: Makes the page for a refusal, from a sentence.
    """

    def __init__(self, inner: ASGIApp, refuse: Callable[[str], Response]) -> None:
        self._inner = inner
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        problem = _problem(scope)
        inner = self._refuse(problem) if problem else self._inner
        await inner(scope, receive, send_with_headers)


def _problem(scope: Scope) -> str:
    """Why a request is not answered; empty where it is."""
    headers = Headers(scope=scope)
    _, port = scope["server"]
    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
    if port == 80:
        hosts |= {"127.0.0.1", "localhost"}
    asked = headers.getlist("host")
    if len(asked) != 1 or asked[0].lower() not in hosts:
        return f"This desk answers only under http://127.0.0.1:{port} on its own computer."
    if scope["method"] in _SAFE:
        return ""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and origin != f"http://{asked[0].lower()}":
        return "This form comes from another page than this desk's. Nothing was done."
    if site not in (None, "same-origin"):
        return "This form comes from another page than this desk's. Nothing was done."
    return ""
