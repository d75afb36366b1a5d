"""The application: pages, API, and what becomes of errors."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from desk import api, pages
from desk.answers import status_of
from igate import VIETNAM
from igate.errors import IgateError
from igate.words import together

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from igate import OneStop

__all__ = ["create_app"]

#: nothing is loaded from anywhere else, and no script runs
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def _now() -> datetime:
    return datetime.now(tz=VIETNAM)


def create_app(office: OneStop, *, now: Callable[[], datetime] = _now) -> FastAPI:
    """Make the application of a desk; the one who opened the desk closes it.

    Args:
        office: One a process; it may be used from the threads in which views run.
        now: By which a date is overdue; the clock of the desk, where a test has set it.
    """
    app = FastAPI(
        title="Một cửa (ví dụ, dữ liệu giả lập)", version="1", openapi_url="/api/openapi.json",
        docs_url=None, redoc_url=None,  # both load scripts from elsewhere
    )  # fmt: skip
    app.state.office, app.state.now = office, now
    app.include_router(api.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    app.add_exception_handler(IgateError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.middleware("http")(_with_headers)
    return app


async def _with_headers(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    answer = await call_next(request)
    for name, value in _HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer


async def _refused(request: Request, error: Exception) -> Response:
    """Answer what igate refused, with its own words, in Vietnamese."""
    assert isinstance(error, IgateError)  # noqa: S101 - registered for it alone
    what = together(error.what, error.why or "").text("vi")
    fix = together(error.fix or "").text("vi")
    return _answer(request, status_of(error), what, fix, text=error.text("vi"))


async def _invalid(request: Request, error: Exception) -> Response:
    """Say where a request is wrong; what was sent is not sent back."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it alone
    places = ", ".join(sorted({".".join(map(str, each["loc"])) for each in error.errors()}))
    places = places.encode(errors="replace").decode()
    return _answer(request, 422, f"Dữ liệu gửi lên không hợp lệ: {places}.", "Sửa và gửi lại.")


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
    if error.status_code == 401 and not _is_api(request):  # noqa: PLR2004 - not signed in
        return pages.to_sign_in(request)
    text = {404: "Không có trang này.", 405: "Trang này không nhận yêu cầu như vậy."}
    answer = _answer(request, error.status_code, text.get(error.status_code, error.detail), "")
    answer.headers.update(error.headers or {})
    return answer


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _answer(request: Request, status: int, what: str, fix: str, *, text: str = "") -> Response:
    if _is_api(request):
        return JSONResponse({"what": what, "fix": fix}, status)
    page: HTMLResponse = pages.error_page(request, status, text or f"{what} {fix}".strip())
    return page
