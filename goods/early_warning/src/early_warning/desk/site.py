"""What each address of the desk answers to a forecaster.

1. What changes something is answered by a redirect to a page of this desk, never to an address that
   was asked for.
2. An approval, an edit and a dismissal name the content that the forecaster saw. Where it is
   another by now, nothing is done, and a page shows what changed. An approval also says how many
   the page said are needed: nobody sends alone who was told of two.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from early_warning.desk.desk import Desk
from early_warning.desk.door import RefusedError, Visit
from early_warning.desk.forms import edited
from early_warning.desk.map import make_atlas
from early_warning.desk.pages.alert import alert_page
from early_warning.desk.pages.chart import Chosen
from early_warning.desk.pages.draft import draft_page, notice_page, seen_before, stale_page
from early_warning.desk.pages.home import home_page
from early_warning.desk.pages.other import journal_page
from early_warning.desk.pages.shell import Frame, alert_address, draft_address, style
from early_warning.desk.view import Draft
from early_warning.send.message import file_name
from early_warning.service import Service

__all__ = ["Site"]

_DONE: Final = {
    "approved": "Your approval is recorded. Another person must approve it too.",
    "edited": "The edit is saved. Approvals that were given before are void.",
    "dismissed": "The draft is dismissed.",
    "taken_up": "You have taken it up. It is a draft in your name, and waits for approval.",
    "issued": "Approved, signed and handed to the outbox. Below stands where it arrived.",
    "update": "This is the draft of an update. Edit it, then have it approved.",
    "cancel": "This is the draft of a cancellation. It goes out once it is approved.",
    "reviewed": "Your review is recorded.",
}
"""What was just done, by the word in the address."""


class Site:
    """The answers.

    Args:
        desk: What the pages show and change.
        service: The country.
    """

    def __init__(self, desk: Desk, service: Service) -> None:
        self._desk = desk
        self._service = service
        self._districts = service.ledger.districts
        self._atlas = make_atlas(one.area for one in self._districts)
        self._style = style()

    async def style(self, request: Request) -> Response:
        """The style sheet."""
        return Response(self._style, media_type="text/css")

    def home(self, visit: Visit) -> Response:
        """The desk."""
        asked = visit.request.query_params
        chosen = Chosen(*(asked.get(name, "") for name in Chosen._fields))
        view = self._desk.look()
        return HTMLResponse(home_page(_frame(visit), view, self._service, self._atlas, chosen))

    def draft(self, visit: Visit) -> Response:
        """One draft."""
        draft = self._desk.find_draft(visit.number)
        return HTMLResponse(
            draft_page(
                _frame(visit),
                draft,
                self._desk.preview(draft.content),
                self._districts,
                self._atlas,
                review_hours=self._service.country.desk.review_hours,
            )
        )

    def notice(self, visit: Visit) -> Response:
        """One notice."""
        key = visit.request.query_params.get("key", "")
        for notice in self._desk.look().notices:
            if notice.key == key:
                previews = self._desk.preview(notice.content)
                return HTMLResponse(
                    notice_page(_frame(visit), notice, previews, self._districts, self._atlas)
                )
        raise RefusedError(
            404, "This notice is not there any more.", "A newer run may have replaced it."
        )

    def alert(self, visit: Visit) -> Response:
        """One alert that went out."""
        identifier = visit.request.path_params["identifier"]
        issued, data = self._desk.find_issued(identifier), self._desk.bytes_of(identifier)
        return HTMLResponse(
            alert_page(_frame(visit), issued, data, self._service.packs, self._districts)
        )

    def bytes_of(self, visit: Visit) -> Response:
        """The signed bytes as they went out."""
        identifier = visit.request.path_params["identifier"]
        data = self._desk.bytes_of(identifier)
        name = {"content-disposition": f'attachment; filename="{file_name(identifier)}"'}
        return Response(data, media_type="application/cap+xml", headers=name)

    def journal(self, visit: Visit) -> Response:
        """What was done."""
        text = visit.request.query_params.get("before", "")
        before = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
        acts = self._desk.journal()
        return HTMLResponse(journal_page(_frame(visit), acts, self._desk.look().head, before))

    def change_draft(self, visit: Visit) -> Response:
        """Approve, edit or dismiss a draft (rule 2)."""
        number, form = visit.number, visit.form
        draft, do, digest = self._desk.find_draft(number), form.one("do"), form.one("digest")
        if do not in ("approve", "edit", "dismiss"):
            raise RefusedError(400, "The form does not say what to do.")
        if draft.content.digest != digest or draft.state != "waiting":
            return self._stale(visit, draft, digest, do)
        if do == "approve":
            told = {"1": 1, "2": 2}.get(form.one("needed"))
            issued = self._desk.approve(number, visit.who, digest, told=told)
            if issued is None:
                return _see(draft_address(number), "approved")
            return _see(alert_address(issued.identifier), "issued")
        if do == "dismiss":
            self._desk.dismiss(number, visit.who, form.words(), seen=digest)
            return _see("/", "dismissed")
        content = edited(form, draft.content, self._service.zone)
        self._desk.edit(number, visit.who, content, form.words(), seen=digest)
        return _see(draft_address(number), "edited")

    def _stale(self, visit: Visit, draft: Draft, digest: str, do: str) -> Response:
        seen = seen_before(draft, digest)
        return HTMLResponse(stale_page(_frame(visit), draft, seen, self._districts, do), 409)

    def take_up(self, visit: Visit) -> Response:
        """Make a notice a draft in the forecaster's name."""
        number = self._desk.take_up(visit.form.one("key"), visit.who, visit.form.words())
        return _see(draft_address(number), "taken_up")

    def change_alert(self, visit: Visit) -> Response:
        """Draft an update or a cancellation, or record a second review."""
        identifier, form = visit.request.path_params["identifier"], visit.form
        do = form.one("do")
        if do == "update":
            return _see(draft_address(self._desk.draft_update(identifier, visit.who)), "update")
        if do == "cancel":
            number = self._desk.draft_cancel(identifier, visit.who, form.words())
            return _see(draft_address(number), "cancel")
        agrees = form.one("agrees")
        if do != "review" or agrees not in ("yes", "no"):
            raise RefusedError(400, "The form does not say what to do.")
        self._desk.review(identifier, visit.who, agrees == "yes", form.words())
        return _see(alert_address(identifier), "reviewed")


def _see(address: str, done: str) -> Response:
    """Rule 1: where the browser goes after something was done."""
    return RedirectResponse(f"{address}?done={done}", 303)


def _frame(visit: Visit) -> Frame:
    """The frame of a page that may follow on something that was done."""
    done = visit.request.query_params.get("done", "")
    return replace(visit.frame, note=_DONE.get(done, ""))
