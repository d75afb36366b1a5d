"""Refusals at the desk: the label that people know first, and the name of the file in brackets."""

from __future__ import annotations

from datetime import date

import pytest

from desks import Desk
from igate.dossiers.dossier import Actor, Mandate
from igate.errors import JournalError, NotPermitted, WrongState
from igate.law.citation import Label
from igate.procedures.catalog.catalog import Catalog
from igate.procedures.naming import action_called, called, name_meant, role_called, state_called
from igate.words.sentence import Sentence

WORKFLOW = Catalog.shipped().procedure("1.001806").in_force(date(2026, 3, 2)).workflow


@pytest.mark.parametrize(
    ("called_so", "english", "vietnamese"),
    [
        (
            role_called(WORKFLOW, "clerk"),
            '"Clerk" (clerk)',
            '"Văn thư" (clerk)',
        ),
        (
            state_called(WORKFLOW, "received"),
            '"Received" (received)',
            '"Được tiếp nhận" (received)',
        ),
        (
            state_called(WORKFLOW, "processing_2"),
            '"In process, step 2" (processing_2)',
            '"Đang xử lý, bước 2" (processing_2)',
        ),
        (
            called("draft", Label(vi="Trình từ chối")),
            '"Trình từ chối" (draft)',
            '"Trình từ chối" (draft)',
        ),
    ],
)
def test_a_name_has_its_label_before_it(called_so: str, english: str, vietnamese: str) -> None:
    """As the template writes both; a label without a translation stays Vietnamese."""
    assert isinstance(called_so, Sentence)
    assert (str(called_so), called_so.text("vi")) == (english, vietnamese)


def test_a_name_that_nobody_labelled_stands_alone() -> None:
    """It is what was asked for, and nothing else is known of it."""
    assert state_called(WORKFLOW, "x") == action_called(WORKFLOW, "x") == '"x"'
    assert role_called(WORKFLOW, "x") == called("x", None) == '"x"'


def test_an_action_may_be_called_otherwise_where_it_is_taken() -> None:
    """The label of the way counts before that of the action."""
    here = action_called(WORKFLOW, "finish", Label(vi="Ký", en="Sign"))
    assert str(here) == '"Sign" (finish)'


def test_an_action_from_another_state_is_refused_in_the_words_of_the_desk() -> None:
    """Action, state, what it starts from and what can be done, each with its label."""
    desk = Desk()
    with pytest.raises(WrongState) as refused:
        desk.act("finish", "clerk")
    said = refused.value.text("vi")
    action, state = WORKFLOW.actions["finish"].label.vi, WORKFLOW.states["submitted"].label.vi
    assert f'Thao tác "{action}" (finish)' in said
    assert f'"{state}" (submitted)' in said
    assert f'"{WORKFLOW.actions["receive"].label.vi}" (receive)' in said
    assert f'"{WORKFLOW.roles["receptionist"].vi}" (receptionist)' in said
    assert "(processing_" in str(refused.value)


def test_a_role_that_may_not_act_is_named_as_people_name_it() -> None:
    """What the actor is, and whose action it is."""
    desk = Desk()
    with pytest.raises(NotPermitted) as refused:
        desk.act("receive", "clerk")
    assert 'as "Clerk" (clerk)' in str(refused.value)
    assert '"Văn thư" (clerk)' in refused.value.text("vi")
    assert '"Người tiếp nhận và trả kết quả" (receptionist)' in refused.value.text("vi")


def test_somebody_without_a_role_is_nobody_in_both_languages() -> None:
    """The word is translated as the sentence around it."""
    desk = Desk()
    nobody = Actor(id="x", roles=set(), agency="H15.10")
    with pytest.raises(NotPermitted) as refused:
        desk.office.act(desk.code, "receive", by=nobody)
    assert " as nobody." in str(refused.value)
    assert "nobody" not in refused.value.text("vi")


def test_an_actor_without_an_agency_is_told_that_it_is_missing() -> None:
    """Of somebody else's agency the name is shown; an empty one was shown as two quotes."""
    desk = Desk()
    with pytest.raises(NotPermitted) as refused:
        desk.office.act(desk.code, "receive", by=Actor("x", roles={"receptionist"}))
    assert refused.value.what.endswith("(receive): the actor names no agency.")
    assert "chưa nêu cơ quan của người thực hiện" in refused.value.text("vi")
    with pytest.raises(NotPermitted, match='x of agency "H16" may not take the action'):
        desk.office.act(desk.code, "receive", by=Actor("x", roles={"receptionist"}, agency="H16"))


@pytest.mark.parametrize(
    ("role", "meant"),
    [
        ("recepcionist", "receptionist"),
        ("Receptionist", "receptionist"),
        ("Văn thư", "clerk"),
        ("van thu", "clerk"),
        ("zzz", ""),
    ],
)
def test_a_mistyped_role_of_an_actor_gets_the_role_that_was_meant(role: str, meant: str) -> None:
    """By its name or label; a role that resembles none may be of another procedure."""
    desk = Desk()
    mistyped = Actor("x", roles={role}, agency="H15.10")
    with pytest.raises(NotPermitted) as refused:
        desk.office.act(desk.code, "receive", by=mistyped)
    hint = f'This procedure has no role "{role}". Did you mean "{meant}"?'
    assert refused.value.fix == " ".join(
        ["Let somebody with that role act.", *([hint] if meant else [])]
    )
    assert (f'Thủ tục này không có vai trò "{role}".' in refused.value.text("vi")) == bool(meant)


def test_a_role_of_another_procedure_gets_no_question() -> None:
    """A role that the workflow knows is not mistyped, and neither is one that nobody is near to."""
    desk = Desk()
    mandate = Mandate(
        principal="y",
        capacity="substitute",
        roles=frozenset({"recepcionist"}),
        start=date(2026, 1, 1),
    )
    with pytest.raises(NotPermitted) as refused:
        desk.act("receive", "clerk")
    assert refused.value.fix == "Let somebody with that role act."
    by = Actor("x", roles={"clerk"}, agency="H15.10", mandates=(mandate,))
    with pytest.raises(NotPermitted, match=r'"recepcionist"\. Did you mean "receptionist"'):
        desk.office.act(desk.code, "receive", by=by)


@pytest.mark.parametrize(
    ("channel", "meant"),
    [
        ("trực tuyến", "online"),
        ("Trực tiếp", "counter"),
        ("bưu chính", "post"),
        ("dịch vụ bưu chính công ích", "post"),
        ("by post", "post"),
        ("ONLINE", "online"),
        ("onlin", "online"),
        ("fax", ""),
        ("", ""),
    ],
)
def test_a_channel_in_the_words_of_the_desk_gets_its_name(channel: str, meant: str) -> None:
    """Vietnamese or English, with diacritics or without, or a part of the label."""
    with pytest.raises(JournalError) as refused:
        Desk(channel=channel)
    question = f' Did you mean "{meant}"?' if meant else ""
    assert refused.value.what == f"There is no channel {channel!r}.{question}"
    assert (f'Có phải ý là "{meant}"?' in refused.value.text("vi")) == bool(meant)


def test_what_two_labels_have_in_common_means_neither() -> None:
    """A question is asked where one name alone can be meant."""
    labels = {"a": ["Phòng chuyên môn của sở"], "b": ["Phòng chuyên môn của tỉnh"]}
    assert name_meant("chuyên môn", labels) == ""
    assert name_meant("của tỉnh", labels) == 'Did you mean "b"?'
