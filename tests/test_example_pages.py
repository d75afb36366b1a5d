"""The pages of examples/fastapi_desk in a browser: at two sizes, by axe, and by hand.

Needs Chromium; .ci/run installs it. axe-core looks at what a page has become, so nothing less than
a browser does.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from igate import VIETNAM, OneStop
from igate.testing import SimulatedClock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

EXAMPLE = Path(__file__).parent.parent / "examples" / "fastapi_desk"
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
NOON = datetime(2026, 8, 20, 11, 0, tzinfo=VIETNAM)
SIZES = [(1280, 800), (390, 844)]
FLAGS = ["--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run"]  # fmt: skip

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def office() -> Iterator[OneStop]:
    """Return a desk with synthetic dossiers, whose clock stands; its tests share it."""
    clock = SimulatedClock(NOON)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(EXAMPLE)
        from desk.people import DESK  # noqa: PLC0415 - found once the path is set
        from desk.synthetic import fill  # noqa: PLC0415 - the same

        with OneStop.open("sqlite://", agency=DESK, clock=clock) as desk:
            fill(desk, clock, until=NOON, dossiers=40)
            yield desk


@pytest.fixture(scope="module")
def url(office: OneStop) -> Iterator[str]:
    """Return the address at which the desk is served."""
    from desk.app import create_app  # noqa: PLC0415 - found once the path is set
    from desk.serving import serve  # noqa: PLC0415 - the same

    with serve(create_app(office, now=lambda: NOON)) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return one browser for all."""
    flags = FLAGS + (["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield chromium
        chromium.close()


@contextmanager
def window(browser: Browser, url: str, size: tuple[int, int], person: str) -> Iterator[Page]:
    """Open a window of a size, signed in as somebody; the console must stay empty."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, base_url=url, locale="vi-VN"
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.goto("/vao")
    page.check(f"input[value={person}]")
    page.click("button.primary")
    yield page
    context.close()
    # a page that is not there is said so by the browser itself
    assert [line for line in said if "404" not in line] == []


def faults(page: Page) -> list[str]:
    """Return what axe finds, and whether the page is wider than the window."""
    found: dict[str, Any] = Axe().run(page).response
    faults = [
        f"{page.url}: {each['id']}: {node['html']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]
    assert found["passes"], "axe has looked at nothing"
    root = "document.documentElement"
    if page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"):
        faults.append(f"{page.url}: wider than the window")
    return faults


def pages_of(office: OneStop) -> list[str]:
    """Return the addresses of every kind of page, a dossier in two states among them."""
    found = {each.state: each.code for each in office.dossiers(agency="H15.10")}
    new, under_way = found["submitted"], found["processing_3"]
    return [
        "/", "/vao", "/viec", "/nop", "/ho-so/khong-co", f"/ho-so/{new}", f"/ho-so/{under_way}",
        f"/tra-cuu?code={new}", f"/tra-cuu?code={under_way}",
    ]  # fmt: skip


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_axe_finds_nothing_on_any_page(
    browser: Browser, url: str, office: OneStop, size: tuple[int, int]
) -> None:
    """No violation of any rule at either size, every part that folds away opened."""
    found = []
    with window(browser, url, size, "chuyen-vien-10") as page:
        for address in pages_of(office):
            page.goto(address)
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            found += faults(page)
    with window(browser, url, size, "kiem-soat") as page:
        page.goto("/viec")
        assert page.is_visible("text=Trang sau")
        found += faults(page)
    assert found == []


def test_axe_would_find_what_is_wrong(browser: Browser, url: str) -> None:
    """A field without a label and a pale text are found, so that nothing found means something."""
    with window(browser, url, SIZES[0], "kiem-soat") as page:
        page.goto("/")
        page.evaluate(
            "document.querySelector('main').innerHTML = "
            "'<h1>A</h1><input><p class=pale>pale</p>';"
            "document.querySelector('.pale').style.color = '#ccc'"
        )
        rules = {each.split(": ")[1] for each in faults(page)}
    assert rules >= {"label", "color-contrast"}


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_an_officer_takes_a_dossier_on_and_the_citizen_sees_the_date(
    browser: Browser, url: str, size: tuple[int, int]
) -> None:
    """By clicks alone: hand in, find it in the list, receive it, look it up with its proof."""
    with window(browser, url, size, "tiep-nhan-20") as page:
        page.click("text=Nộp hồ sơ")
        page.fill("#applicant", f"Gia đình giả lập {size[0]}")
        page.click("main button.primary")
        code = page.inner_text("h1")
        page.click("text=Công việc")
        while not page.is_visible(f"text={code}"):
            page.click("text=Trang sau")
        page.click(f"text={code}")
        page.click("text=Tiếp nhận hồ sơ")
        assert "Được tiếp nhận" in page.inner_text("dl.facts")
        page.click("text=Tra cứu")
        page.fill("#code", code.lower())
        page.click("main button")
        proof = page.inner_text(".igate-deadline")
    # received at 11:00, before 15:00: on the same day (Decision 1872/QĐ-BTP)
    assert "Thứ Năm 20/08/2026" in proof
    assert "Cách tính từng ngày" in proof


def test_the_list_can_be_used_from_the_keyboard(browser: Browser, url: str) -> None:
    """The first stop leads past the menu; a dossier opens with Enter."""
    with window(browser, url, SIZES[0], "kiem-soat") as page:
        page.goto("/viec")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        page.focus("table.list a")
        page.keyboard.press("Enter")
        page.wait_for_selector("dl.facts")
