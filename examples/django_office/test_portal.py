"""What the host rolls back takes the dossier, its number, its timers and its message with it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import django
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
os.environ["PORTAL_DATABASE"] = ":memory:"
django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import setup_test_environment

from portal.models import Application
from portal.office import PROCEDURE, office_in

TABLES = (
    "igate_dossier", "igate_entry", "igate_person", "igate_serial", "igate_timer", "igate_message",
)  # fmt: skip

setup_test_environment()
call_command("migrate", verbosity=0)


def rows() -> dict[str, int]:
    """Count the rows of the tables of igate and of the portal."""
    with connection.cursor() as cursor:
        found = {}
        for table in (*TABLES, "portal_application"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


class ChangedMindError(Exception):
    """A reason that the host has of its own."""


def change_mind(before: dict[str, int]) -> None:
    """Hand in a dossier, and take the transaction back."""
    with transaction.atomic():
        office_in(connection).submit(PROCEDURE, applicant="Gia đình giả lập 004", channel="online")
        Application.objects.create(form="F-5", applicant="Gia đình giả lập 004", dossier="x")
        assert rows() != before
        raise ChangedMindError


@pytest.fixture
def undone() -> Iterator[None]:
    """Take back what a test has written; within it transactions are savepoints."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("undone")
def test_form_and_dossier_are_kept_together() -> None:
    """One row of the portal, one dossier with its entry, number, timers and message."""
    answer = Client().post("/nop/", {"form": "F-1", "applicant": "Gia đình giả lập 001"})
    assert answer.status_code == 201
    assert Application.objects.get(form="F-1").dossier == answer.json()["code"]
    found = rows()
    assert (found["igate_dossier"], found["igate_entry"], found["igate_serial"]) == (1, 1, 1)
    assert (found["igate_message"], found["portal_application"]) == (1, 1)
    assert found["igate_timer"] >= 1


@pytest.mark.usefixtures("undone")
def test_a_form_that_is_refused_leaves_nothing_of_its_dossier() -> None:
    """The second one of the same number: no dossier, no timer, no message, and no number lost."""
    first = Client().post("/nop/", {"form": "F-1", "applicant": "Gia đình giả lập 001"})
    before = rows()
    again = Client().post("/nop/", {"form": "F-1", "applicant": "Gia đình giả lập 002"})
    assert again.status_code == 409
    assert rows() == before
    third = Client().post("/nop/", {"form": "F-3", "applicant": "Gia đình giả lập 003"})
    codes = [answer.json()["code"] for answer in (first, third)]
    assert [code[-5:] for code in codes] == ["-0001", "-0002"]


@pytest.mark.usefixtures("undone")
def test_a_dossier_that_igate_refuses_leaves_no_row_of_the_portal() -> None:
    """A name that nobody can read is refused with a reason, before anything is written."""
    before = rows()
    answer = Client().post("/nop/", {"form": "F-4", "applicant": " "})
    assert answer.status_code == 422
    assert answer.json()["what"]
    assert rows() == before


def test_a_rollback_of_the_host_takes_everything() -> None:
    """Whatever the host's reason is: what igate wrote before it is gone too."""
    before = rows()
    with pytest.raises(ChangedMindError):
        change_mind(before)
    assert rows() == before


@pytest.mark.usefixtures("undone")
def test_the_page_shows_what_was_handed_in() -> None:
    """The form with its token, and the code of the dossier."""
    code = Client().post("/nop/", {"form": "F-1", "applicant": "A"}).json()["code"]
    page = Client().get("/").content.decode()
    assert code in page
    assert "csrfmiddlewaretoken" in page
    assert Client(enforce_csrf_checks=True).post("/nop/", {"form": "F-9"}).status_code == 403
