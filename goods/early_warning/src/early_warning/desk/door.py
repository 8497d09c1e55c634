"""The door of the desk: who comes in, by which form, and what those read who may not.

1. Every page needs a session, but the form to sign in.
2. What changes something is a POST with the token of its session.
3. Bodies are urlencoded forms of at most `forms.MAX_BYTES`, read within `PATIENCE` seconds.
4. What goes wrong is a page with a sentence. What was not foreseen says only that it is a defect.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from comity.errors import ComityError, InputError
from early_warning.desk.forecasters import Forecasters
from early_warning.desk.forms import MAX_BYTES, Form, read_form
from early_warning.desk.pages.other import refusal_page, sign_in_page
from early_warning.desk.pages.shell import Frame
from early_warning.desk.peer import account_of
from early_warning.desk.sessions import Sessions, is_cookie, new_cookie
from early_warning.service import Service

__all__ = ["COOKIE", "Door", "RefusedError", "Visit"]

COOKIE: Final = "early_warning_desk"
"""Its name, before the port: browsers give a computer's cookies to all of its ports."""

PATIENCE: Final = 20.0
"""Seconds for the body of a form."""

MAX_ID: Final = 64
MAX_PASSPHRASE: Final = 1_000

_TITLES: Final = {
    400: "This cannot be done",
    401: "Please sign in",
    403: "RefusedError",
    404: "There is no such page",
    405: "This cannot be done here",
    408: "The form took too long",
    413: "The form is too large",
    415: "This is no form",
}
_WHAT: Final = {
    404: "This desk has no page at this address.",
    405: "This address does not take such a request.",
}
_NOBODY: Final[Mapping[str, str]] = {}


class RefusedError(Exception):
    """A request that is answered by a page with a sentence."""

    def __init__(self, status: int, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.status, self.what, self.hint = status, what, hint


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody who has signed in.

    Attributes:
        request: The request.
        frame: What every page says.
        cookie: Of the session.
        form: What was sent; without fields for a page that is only read.
    """

    request: Request
    frame: Frame
    cookie: str
    form: Form

    @property
    def who(self) -> str:
        """The forecaster's id."""
        return self.frame.who

    @property
    def number(self) -> int:
        """The number of a draft in the address.

        Raises:
            RefusedError: it is none.
        """
        text: str = self.request.path_params["number"]
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise RefusedError(404, _WHAT[404])
        return int(text)


class Door:
    """Lets forecasters in.

    Args:
        forecasters: Who may sign in.
        service: The country.
        now: The clock of the desk.
    """

    def __init__(
        self, forecasters: Forecasters, service: Service, now: Callable[[], datetime]
    ) -> None:
        self._forecasters = forecasters
        self._service = service
        self._now = now
        self._sessions = Sessions()
        self._turn = asyncio.Lock()  # whoever signs in waits, and takes no thread from who works

    async def sign_in(self, request: Request) -> Response:
        """The form to sign in, and what comes back from it."""
        cookie = request.cookies.get(_name(request), "")
        if not is_cookie(cookie):
            cookie = new_cookie()
        if request.method != "POST":
            if self._sessions.who(cookie, self._forecasters.names(), _account(request)):
                return RedirectResponse("/", 303)
            return self._sign_in_page(request, cookie)
        form = await self._form(request, cookie)
        who, passphrase = form.one("who", MAX_ID).strip(), form.one("passphrase", MAX_PASSPHRASE)
        try:
            async with self._turn:
                right = await run_in_threadpool(self._forecasters.check, who, passphrase)
        except InputError as error:
            problem = f"{error.what[:1].upper()}{error.what[1:]}. {error.hint}"
            return self._sign_in_page(request, cookie, problem, 429)
        if not right:
            return self._sign_in_page(request, cookie, "The id or the passphrase is wrong.", 403)
        answer = RedirectResponse("/", 303)
        self._sessions.close(cookie)
        _set_cookie(request, answer, self._sessions.open(who, _account(request)))
        return answer

    def _sign_in_page(
        self, request: Request, cookie: str, problem: str = "", status: int = 200
    ) -> Response:
        answer = HTMLResponse(sign_in_page(self._frame(cookie), problem), status)
        _set_cookie(request, answer, cookie)
        return answer

    def sign_out(self, visit: Visit) -> Response:
        """End the session."""
        self._sessions.close(visit.cookie)
        answer = RedirectResponse("/sign-in", 303)
        answer.delete_cookie(_name(visit.request), path="/", httponly=True, samesite="strict")
        return answer

    def page(self, answer: Callable[[Visit], Response]) -> Callable[[Request], Awaitable[Response]]:
        """An address that needs a session (rules 1 and 2)."""

        async def respond(request: Request) -> Response:
            cookie = request.cookies.get(_name(request), "")
            names = self._forecasters.names()
            who = self._sessions.who(cookie, names, _account(request))
            changes = request.method == "POST"
            if not who and not changes:
                return RedirectResponse("/sign-in", 303)
            if not who:
                raise RefusedError(
                    401, "You are not signed in any more. Nothing was done.", "Sign in again."
                )
            form = await self._form(request, cookie) if changes else Form({})
            frame = self._frame(cookie, who, names)
            return await run_in_threadpool(answer, Visit(request, frame, cookie, form))

        return respond

    async def _form(self, request: Request, cookie: str) -> Form:
        """Rules 2 and 3."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            raise RefusedError(415, "Only the forms of this desk are read.")
        body = bytearray()
        try:
            async with asyncio.timeout(PATIENCE):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > MAX_BYTES:
                        raise RefusedError(413, f"A form has at most {MAX_BYTES:,} bytes.")
        except ClientDisconnect:
            raise RefusedError(400, "The form did not come to its end. Nothing was done.") from None
        except TimeoutError:
            raise RefusedError(408, f"A form must come within {PATIENCE:.0f} seconds.") from None
        form = read_form(bytes(body))
        if not self._sessions.is_token(cookie, form.one("token")):
            raise RefusedError(
                403,
                "This form is not from a page that you have open. Nothing was done.",
                "Load the page again. The browser must accept this desk's cookie.",
            )
        return form

    def _frame(self, cookie: str = "", who: str = "", names: Mapping[str, str] = _NOBODY) -> Frame:
        return Frame(
            status=self._service.country.status,
            zone=self._service.zone,
            now=self._now(),
            who=who,
            names=names,
            token=self._sessions.token(cookie),
        )

    def refuse(self, what: str) -> Response:
        """A page for a request that is not for this desk."""
        return self._refusal(403, what)

    async def refused(self, request: Request, error: Exception) -> Response:
        """A page for what was foreseen."""
        if isinstance(error, RefusedError):
            return self._refusal(error.status, error.what, hint=error.hint)
        if isinstance(error, HTTPException):
            what = _WHAT.get(error.status_code, "This request cannot be answered.")
            return self._refusal(error.status_code, what)
        assert isinstance(error, ComityError)
        hints, status = [error.hint], 500
        if isinstance(error, InputError) and request.method == "POST":
            status = 400
            hints.append("Nothing was done. Your browser's way back leads to what you typed.")
        elif isinstance(error, InputError) and request.path_params:  # the address names a thing
            status = 404
        what = f"{error.what[:1].upper()}{error.what[1:]}."
        return self._refusal(status, what, where=error.where, hint="\n".join(filter(None, hints)))

    async def defect(self, request: Request, error: Exception) -> Response:
        """A page for what was not foreseen; the details go to the log of the server alone."""
        return self._refusal(
            500,
            "This is a defect of the program.",
            hint="The journal says what was done. Do not repeat what you did before you looked.",
        )

    def _refusal(self, status: int, what: str, *, where: str = "", hint: str = "") -> Response:
        title = _TITLES.get(status, "Something is wrong")
        page = refusal_page(self._frame(), title, what, where=where, hint=hint)
        return HTMLResponse(page, status)


def _name(request: Request) -> str:
    """The cookie's name: two desks on one computer do not take each other's."""
    return f"{COOKIE}_{request.scope['server'][1]}"


def _account(request: Request) -> int | None:
    """The account that a request comes from."""
    client, server = request.scope["client"], request.scope["server"]
    return account_of((client[0], client[1]), (server[0], server[1]))


def _set_cookie(request: Request, answer: Response, cookie: str) -> None:
    answer.set_cookie(_name(request), cookie, httponly=True, samesite="strict", path="/")
