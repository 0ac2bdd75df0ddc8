"""The composer in its window: keys, files, what is edited, and the draft that is never lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QLibraryInfo, QMimeData, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot
from support.chat_windows import NOW, signed_in, turn

from app.chat.attachments import read_attachment
from app.chat.conversation import Conversation, TurnStatus
from app.chat.desk import Desk, Refusal, Refused
from app.settings import Settings
from app.state import AppState
from app.ui.chat_window import ChatWindow
from app.ui.pictures import _thumbnail
from app.wording import composing, labels


@pytest.fixture
def window(qtbot: QtBot) -> ChatWindow:
    made = ChatWindow(clock=lambda: NOW, zone=UTC)
    qtbot.addWidget(made)
    made.render(signed_in(NOW))
    made.show()
    return made


def with_desk(desk: Desk, **changes: object) -> AppState:
    return replace(signed_in(NOW), desk=desk, **changes)  # type: ignore[arg-type]


def png() -> bytes:
    """A red picture."""
    drawn = Image.new("RGB", (8, 6), "#C8391B")
    drawn.save(content := BytesIO(), "PNG")
    return content.getvalue()


PICTURE = read_attachment("shot.png", png())
NOTES = read_attachment("notes.txt", b"one\ntwo\n")


# --- keys ---------------------------------------------------------------------------------------


def test_the_other_key_can_send(qtbot: QtBot, window: ChatWindow) -> None:
    window.render(replace(signed_in(NOW), settings=Settings(chat_send_key="shift_enter")))
    field = window.composer.field
    assert window.composer.hint.whole_text == composing.shift_enter_sends()
    qtbot.keyClicks(field, "a")
    with qtbot.assertNotEmitted(window.message_submitted):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.toPlainText() == "a\n"
    with qtbot.waitSignal(window.message_submitted):
        qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)


@pytest.mark.parametrize("key", ["enter", "shift_enter"])
def test_control_and_enter_always_sends(qtbot: QtBot, window: ChatWindow, key: str) -> None:
    window.render(replace(signed_in(NOW), settings=Settings(chat_send_key=key)))
    qtbot.keyClicks(window.composer.field, "a")
    with qtbot.waitSignal(window.message_submitted):
        qtbot.keyClick(
            window.composer.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
        )


def test_up_in_an_empty_field_recalls_earlier_questions(qtbot: QtBot, window: ChatWindow) -> None:
    done = TurnStatus.COMPLETED
    turns = tuple(turn(NOW, "a", turn_id=q, question=q, status=done) for q in ("one", "two"))
    window.render(replace(signed_in(NOW), conversation=Conversation("c", turns)))
    field = window.composer.field
    shown = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(field, key)
        shown.append(field.toPlainText())
    assert shown == ["two", "one", "one", "two", ""]
    qtbot.keyClicks(field, "mine")
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.toPlainText() == "mine"
    field.clear()
    qtbot.keyClick(field, Qt.Key.Key_Up)
    qtbot.keyClicks(field, "!")
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert field.toPlainText() == "two!"  # changed: a draft of its own


def test_a_key_for_each_thing_the_window_does(qtbot: QtBot, window: ChatWindow) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.waitExposed(window)
    window.activateWindow()
    window.render(replace(signed_in(NOW), conversation=Conversation("c", (turn(NOW, "a"),))))
    with qtbot.waitSignal(window.stop_requested):
        qtbot.keyClick(window, Qt.Key.Key_Period, control)
    with qtbot.waitSignal(window.new_chat_requested):
        qtbot.keyClick(window, Qt.Key.Key_N, control)
    with qtbot.waitSignal(window.models_wanted):
        qtbot.keyClick(window, Qt.Key.Key_M, control)


# --- the draft ----------------------------------------------------------------------------------


def test_every_letter_is_told_so_that_no_draft_is_lost(qtbot: QtBot, window: ChatWindow) -> None:
    told: list[str] = []
    window.draft_changed.connect(told.append)
    qtbot.keyClicks(window.composer.field, "abc")
    assert told == ["a", "ab", "abc"]


def test_a_kept_draft_is_taken_over_once(qtbot: QtBot, window: ChatWindow) -> None:
    desk = Desk().put("kept")
    window.render(with_desk(desk))
    field = window.composer.field
    assert field.toPlainText() == "kept"
    qtbot.keyClicks(field, "!")
    window.render(with_desk(desk, conversation=Conversation("c", (turn(NOW, "a"),))))
    assert field.toPlainText() == "kept!"
    window.render(with_desk(desk.put("other")))
    assert field.toPlainText() == "other"


def test_hidden_the_window_asks_for_the_draft_to_be_written(
    qtbot: QtBot, window: ChatWindow
) -> None:
    with qtbot.waitSignal(window.hidden):
        window.close()


# --- editing ------------------------------------------------------------------------------------


def edited(window: ChatWindow) -> None:
    done = TurnStatus.COMPLETED
    turns = tuple(turn(NOW, "a", turn_id=q, question=q, status=done) for q in ("one", "two"))
    window.render(with_desk(Desk().put("one", "one"), conversation=Conversation("c", turns)))


def test_an_earlier_question_is_edited_in_the_field(qtbot: QtBot, window: ChatWindow) -> None:
    edited(window)
    assert window.composer.field.toPlainText() == "one"
    assert "removes the 1 question after it" in window.composer.strip_text.text()
    assert window.composer.button.accessibleName() == composing.resend()
    with qtbot.waitSignal(window.editing_left):
        qtbot.mouseClick(window.composer.leave, Qt.MouseButton.LeftButton)
    window.render(with_desk(Desk().put("one", "one").put("")))
    assert window.composer.strip.isHidden()
    assert window.composer.button.accessibleName() == labels.send()


def test_escape_leaves_the_question_as_it_was_before_it_hides(
    qtbot: QtBot, window: ChatWindow
) -> None:
    edited(window)
    with qtbot.waitSignal(window.editing_left):
        qtbot.keyClick(window.composer.field, Qt.Key.Key_Escape)
    assert window.isVisible()


def test_the_pencil_beside_a_question_asks_for_it(qtbot: QtBot, window: ChatWindow) -> None:
    edited(window)
    view = window.transcript.views[0]
    with qtbot.waitSignal(window.edit_requested) as caught:
        view.edit.click()
    assert caught.args == ["one"]
    assert view.edit.accessibleName() == composing.edit_question()


@pytest.mark.parametrize("status", [TurnStatus.STOPPED, TurnStatus.CUT, TurnStatus.FAILED])
def test_an_answer_that_broke_off_can_go_on(
    qtbot: QtBot, window: ChatWindow, status: TurnStatus
) -> None:
    """F-C13"""
    shown = turn(NOW, "half", status=status)
    window.render(replace(signed_in(NOW), conversation=Conversation("c", (shown,))))
    (view,) = window.transcript.views
    with qtbot.waitSignal(window.continue_requested):
        view.further.click()


# --- files --------------------------------------------------------------------------------------


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def test_pasted_files_are_offered_not_read(
    qtbot: QtBot, window: ChatWindow, tmp_path: Path
) -> None:
    with qtbot.waitSignal(window.files_offered) as caught:
        window.composer.field.insertFromMimeData(files(tmp_path / "a.txt", tmp_path / "b.png"))
    assert caught.args == [[str(tmp_path / "a.txt"), str(tmp_path / "b.png")]]
    assert window.composer.field.toPlainText() == ""


def test_a_link_is_text(window: ChatWindow) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://docs.example/")])
    data.setText("https://docs.example/")
    window.composer.field.insertFromMimeData(data)
    assert window.composer.field.toPlainText() == "https://docs.example/"


def test_a_pasted_picture_becomes_a_file(qtbot: QtBot, window: ChatWindow) -> None:
    data = QMimeData()
    picture = QImage()
    picture.loadFromData(png())
    data.setImageData(picture)
    assert window.composer.field.canInsertFromMimeData(data)
    with qtbot.waitSignal(window.picture_pasted) as caught:
        window.composer.field.insertFromMimeData(data)
    name, content = caught.args
    assert name == f"{composing.pasted_picture()}.png"
    assert read_attachment(name, content).media_type == "image/png"


def entering(window: ChatWindow, data: QMimeData) -> QDragEnterEvent:
    """Something is dragged into the middle of the window."""
    at: Any = window.rect().center()
    if (QLibraryInfo.version().majorVersion(), QLibraryInfo.version().minorVersion()) >= (6, 12):
        at = QPointF(at)  # whole pixels are deprecated from here on
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    return QDragEnterEvent(at, Qt.DropAction.CopyAction, data, left, none)


def test_files_can_be_dropped_anywhere(qtbot: QtBot, window: ChatWindow, tmp_path: Path) -> None:
    data = files(tmp_path / "a.txt")
    at, copy = window.rect().center(), Qt.DropAction.CopyAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, entering(window, data))
    assert window.composer.hint.whole_text == composing.drop_here()
    with qtbot.waitSignal(window.files_offered) as caught:
        drop = QDropEvent(QPointF(at), copy, data, buttons, keys)
        QApplication.sendEvent(window, drop)
    assert caught.args == [[str(tmp_path / "a.txt")]]
    assert window.composer.hint.whole_text == labels.enter_sends()


def test_chips_show_name_size_and_picture_and_can_be_removed(
    qtbot: QtBot, window: ChatWindow
) -> None:
    window.render(with_desk(replace(Desk(), attachments=(NOTES, PICTURE))))
    first, second = window.composer.chips.chips
    assert first.name.whole_text == "notes.txt"
    assert first.size_text.text() == "8 B"
    first.name.resize(30, first.name.height())
    assert first.name.text().endswith("t")  # cut in its middle: files are told by their ends
    assert second.remove.accessibleName() == "Remove shot.png"
    qtbot.waitUntil(lambda: second.thumbnail.has_picture)
    assert not first.thumbnail.has_picture
    with qtbot.waitSignal(window.file_removed) as caught:
        qtbot.mouseClick(second.remove, Qt.MouseButton.LeftButton)
    assert caught.args == [1]
    window.render(with_desk(replace(Desk(), attachments=(PICTURE,))))
    assert window.composer.chips.chips == [second]
    window.render(with_desk(Desk()))
    assert window.composer.chips.isHidden()


@pytest.mark.qt_log_ignore("Unsupported marker", extend=True)
@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\nbroken", b"\xff\xd8\xffno picture"])
def test_a_picture_that_cannot_be_decoded_has_a_chip_all_the_same(
    qtbot: QtBot, window: ChatWindow, content: bytes
) -> None:
    broken = read_attachment("x", content)
    window.render(with_desk(replace(Desk(), attachments=(broken, PICTURE))))
    bad, good = window.composer.chips.chips
    qtbot.waitUntil(lambda: good.thumbnail.has_picture)
    assert not bad.thumbnail.has_picture
    assert not window.composer.grab().isNull()


def test_what_is_refused_is_said_in_words(qtbot: QtBot, window: ChatWindow) -> None:
    refused = (Refused("movie.mp4", Refusal.NOT_TEXT), Refused("src", Refusal.FOLDER))
    window.render(with_desk(replace(Desk(), refused=refused)))
    said = window.composer.chips.refusals.text()
    assert "“movie.mp4”" in said
    assert "“src” is a folder" in said
    with qtbot.waitSignal(window.refusals_read):
        qtbot.mouseClick(window.composer.chips.read, Qt.MouseButton.LeftButton)


def test_files_are_chosen_in_a_dialog_that_stops_nothing(
    qtbot: QtBot, window: ChatWindow, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    qtbot.mouseClick(window.composer.attach, Qt.MouseButton.LeftButton)
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    with qtbot.waitSignal(window.files_offered) as caught:
        dialog.filesSelected.emit([str(path)])
    assert caught.args == [[str(path)]]
    dialog.close()


def test_nothing_is_offered_while_nothing_can_be_asked(window: ChatWindow) -> None:
    window.render(AppState())
    data = files(Path("/x"))
    event = entering(window, data)
    event.ignore()
    QApplication.sendEvent(window, event)
    assert not event.isAccepted()
    assert not window.composer.attach.isEnabled()


@pytest.mark.qt_log_ignore("Not a JPEG file", extend=True)
def test_a_thumbnail_is_never_decoded_from_a_format_that_was_not_told() -> None:
    """A picture is decoded as what its bytes said it is, by no other decoder."""
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
    assert _thumbnail(svg, "image/png", QSize(9, 9)).isNull()
    assert _thumbnail(png(), "image/jpeg", QSize(9, 9)).isNull()
    assert not _thumbnail(png(), "image/png", QSize(4, 4)).isNull()
