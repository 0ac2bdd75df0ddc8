"""The list of turns: frames, following the end, waiting, and how a turn ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise, repeat

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.chat.conversation import Turn, TurnStatus
from app.chat.links import Link
from app.ui import theme
from app.ui.colours import DARK
from app.ui.transcript import FRAME_MS, Transcript
from app.ui.turn_view import TurnView
from app.wording import chat as words
from app.wording import labels
from app.wording.fault_words import FaultWords

DONE = TurnStatus.COMPLETED
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WORDS = FaultWords("Title", "Meaning.", "Action.")


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def transcript(qtbot: QtBot, clock: Clock) -> Transcript:
    went_wrong = (TurnStatus.FAILED, TurnStatus.CUT)
    made = Transcript(lambda turn: WORDS if turn.status in went_wrong else None, clock)
    qtbot.addWidget(made)
    made.resize(420, 400)
    made.show()
    return made


def turn(answer: str = "", turn_id: str = "1", **changes: object) -> Turn:
    status = TurnStatus.STREAMING if answer else TurnStatus.WAITING
    made = Turn(turn_id, "Question?", answer, status=status, asked_at=NOW)
    return replace(made, **changes)  # type: ignore[arg-type]


def settle(qtbot: QtBot, transcript: Transcript) -> None:
    """Wait until every answer is written and every layout has followed."""

    def is_settled() -> bool:
        views = transcript.views
        places = [view.geometry() for view in views]
        return all(
            not view.answer.has_work and view.answer.height() <= view.height() for view in views
        ) and all(above.bottom() < below.top() for above, below in pairwise(places))

    qtbot.waitUntil(is_settled)


class Paints(QObject):
    """Counts how often any answer of a transcript is painted."""

    def __init__(self, transcript: Transcript) -> None:
        super().__init__(transcript)
        self.count = 0
        self._transcript = transcript
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.count += any(watched is view.answer.viewport() for view in self._transcript.views)
        return False


LONG = "".join(f"Paragraph {n} with some words in it.\n\n" for n in range(60))


# --- frames -------------------------------------------------------------------------------------


def test_an_answer_appears_with_the_next_frame(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.render_turns((turn("Hello **there**"),))
    settle(qtbot, transcript)
    assert transcript.views[0].answer.toPlainText() == "Hello there"


def test_many_deltas_are_few_paints(qtbot: QtBot, transcript: Transcript) -> None:
    """F-C06, F-C25: at most 20 a second"""
    transcript.render_turns((turn("x"),))
    settle(qtbot, transcript)
    document = transcript.views[0].answer.document()
    writes: list[int] = []
    document.contentsChanged.connect(lambda: writes.append(1))
    for n in range(500):
        transcript.render_turns((turn("x" + " word" * n),))
        if n % 50 == 0:
            QApplication.processEvents()
    settle(qtbot, transcript)
    assert len(writes) < 30
    assert FRAME_MS >= 50


def test_a_growing_answer_is_painted_once_a_frame(qtbot: QtBot, transcript: Transcript) -> None:
    """F-C06: layout, scrolling and painting are one step, not two."""
    paints = Paints(transcript)
    for n in range(1, 30):
        transcript.render_turns((turn(LONG[: n * 200]),))
        before = paints.count
        transcript._on_frame()
        settle(qtbot, transcript)
        assert paints.count - before <= 1, n


def test_a_hidden_window_does_no_work(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.hide()
    transcript.render_turns((turn("text"), turn(turn_id="2")))
    QApplication.processEvents()
    assert transcript.views == []
    assert not transcript._frames.isActive()
    assert not transcript._seconds.isActive()
    transcript.show()
    settle(qtbot, transcript)
    assert transcript.views[0].answer.toPlainText() == "text"


def test_a_window_hidden_between_two_frames_stops_both_timers(transcript: Transcript) -> None:
    transcript.render_turns((turn("text"),))
    transcript.render_turns((turn("text that grew"),))
    transcript.hide()
    transcript._on_frame()
    transcript._on_second()
    assert transcript.views[0].answer.has_work
    assert not transcript._seconds.isActive()


def test_a_dear_frame_makes_the_next_one_wait(
    qtbot: QtBot, transcript: Transcript, monkeypatch: pytest.MonkeyPatch
) -> None:
    transcript.render_turns((turn("text"),))
    ticks = chain([0.0, 0.0], repeat(0.060))
    monkeypatch.setattr("app.ui.transcript.perf_counter", lambda: next(ticks))
    transcript._on_frame()
    assert transcript._last_frame > 0.060 + 0.150


# --- scrolling ----------------------------------------------------------------------------------


def test_the_end_is_followed_only_while_one_is_there(qtbot: QtBot, transcript: Transcript) -> None:
    bar = transcript.verticalScrollBar()
    transcript.render_turns((turn(LONG),))
    settle(qtbot, transcript)
    assert bar.maximum() > 0
    assert bar.value() == bar.maximum()

    bar.setValue(100)
    transcript.render_turns((turn(LONG + LONG),))
    settle(qtbot, transcript)
    assert bar.value() == 100

    bar.setValue(bar.maximum())
    transcript.render_turns((turn(LONG * 3),))
    settle(qtbot, transcript)
    assert bar.value() == bar.maximum()


def test_a_button_leads_back_to_the_end(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.render_turns((turn(LONG),))
    settle(qtbot, transcript)
    bar = transcript.verticalScrollBar()
    assert transcript.to_end.isHidden()
    bar.setValue(0)
    assert transcript.to_end.isVisible()
    assert transcript.rect().contains(transcript.to_end.geometry())
    qtbot.mouseClick(transcript.to_end, Qt.MouseButton.LeftButton)
    assert bar.value() == bar.maximum()
    assert transcript.to_end.isHidden()


def test_a_new_question_is_scrolled_to(qtbot: QtBot, transcript: Transcript) -> None:
    done = turn(LONG, status=TurnStatus.COMPLETED)
    transcript.render_turns((done,))
    settle(qtbot, transcript)
    bar = transcript.verticalScrollBar()
    before = bar.maximum()
    bar.setValue(0)
    transcript.render_turns((done, turn(turn_id="2")))
    qtbot.waitUntil(lambda: bar.value() == bar.maximum() > before)


def test_another_conversation_is_shown_from_its_end(qtbot: QtBot, transcript: Transcript) -> None:
    """Also one that is shorter, and a question asked once more."""
    transcript.render_turns(many(50))
    settle(qtbot, transcript)
    bar = transcript.verticalScrollBar()
    for others in (
        tuple(replace(one, turn_id=f"other {one.turn_id}") for one in many(20)),
        (*many(19), turn(LONG, "again")),
    ):
        bar.setValue(0)
        transcript.render_turns(others)
        settle(qtbot, transcript)
        assert transcript.views[-1].turn is others[-1]
        assert bar.value() == bar.maximum() > 0


def test_keys_scroll(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.render_turns((turn(LONG),))
    settle(qtbot, transcript)
    bar = transcript.verticalScrollBar()
    qtbot.keyClick(transcript, Qt.Key.Key_Home)
    assert bar.value() == 0
    qtbot.keyClick(transcript.views[0].answer, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    qtbot.keyClick(transcript, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    qtbot.keyClick(transcript, Qt.Key.Key_PageUp)
    assert bar.value() < bar.maximum()


# --- turns --------------------------------------------------------------------------------------


def test_a_turn_that_did_not_change_is_not_touched(qtbot: QtBot, transcript: Transcript) -> None:
    first = turn("a", status=TurnStatus.COMPLETED)
    transcript.render_turns((first, turn("b", "2")))
    settle(qtbot, transcript)
    before = transcript.views[0]
    transcript.render_turns((first, turn("b c", "2")))
    assert transcript.views[0] is before
    assert not before.answer.has_work
    assert transcript.views[1].answer.has_work


def test_a_new_chat_takes_the_turns_away(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.render_turns((turn("a"),))
    transcript.render_turns(())
    assert transcript.views == []


def many(count: int) -> tuple[Turn, ...]:
    """Turns of very different heights."""
    return tuple(
        turn(f"Answer {n}.\n\n" + "Some more words of it. " * (n * 7 % 60), f"t{n}", status=DONE)
        for n in range(count)
    )


def test_ten_thousand_messages_have_a_handful_of_widgets(
    qtbot: QtBot, transcript: Transcript
) -> None:
    """F-C10: only what can be seen is made, wherever one looks."""
    turns = many(10_000)
    transcript.render_turns(turns)
    settle(qtbot, transcript)
    bar = transcript.verticalScrollBar()
    assert transcript.views[-1].turn is turns[-1]
    assert bar.value() == bar.maximum() > 1_000_000
    for place in (0.5, 0.1, 0.9, 0.0):
        bar.setValue(int(bar.maximum() * place))
        settle(qtbot, transcript)
        assert len(transcript.views) < 15
    assert transcript.views[0].turn is turns[0]
    assert transcript.views[0].geometry().top() == 14
    qtbot.keyClick(transcript, Qt.Key.Key_End)
    settle(qtbot, transcript)
    assert transcript.views[-1].turn is turns[-1]
    last = transcript.views[-1].geometry()
    assert 0 <= transcript.viewport().height() - last.bottom() <= 20


def test_what_one_looks_at_does_not_jump_while_heights_are_corrected(
    qtbot: QtBot, transcript: Transcript
) -> None:
    """F-C10: scrolling by 60 pixels moves what is seen by 60 pixels, into the unknown too."""
    transcript.render_turns(many(200))
    settle(qtbot, transcript)
    bar = transcript.verticalScrollBar()
    for _ in range(120):
        before = {view.turn.turn_id: view.geometry().top() for view in transcript.views}
        seen = [v.turn.turn_id for v in transcript.views if v.geometry().bottom() > 0]
        bar.setValue(bar.value() - 60)
        after = {view.turn.turn_id: view.geometry().top() for view in transcript.views}
        moved = {after[one] - before[one] for one in seen if one in after}
        assert moved == {60}
        QApplication.processEvents()


def test_an_answer_grows_below_without_moving_what_is_read(
    qtbot: QtBot, transcript: Transcript
) -> None:
    older = many(20)
    transcript.render_turns((*older, turn(LONG, "open")))
    settle(qtbot, transcript)
    bar = transcript.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    settle(qtbot, transcript)
    place = {view.turn.turn_id: view.geometry().top() for view in transcript.views}
    transcript.render_turns((*older, turn(LONG * 2, "open")))
    transcript._on_frame()
    settle(qtbot, transcript)
    assert {view.turn.turn_id: view.geometry().top() for view in transcript.views} == place


def test_what_is_selected_or_unfolded_keeps_its_widget(
    qtbot: QtBot, transcript: Transcript
) -> None:
    transcript.render_turns(many(100))
    settle(qtbot, transcript)
    kept = transcript.views[-1]
    kept.answer.selectAll()
    bar = transcript.verticalScrollBar()
    bar.setValue(0)
    settle(qtbot, transcript)
    assert kept in transcript.views
    assert kept.geometry().top() > transcript.viewport().height()
    assert kept.answer.textCursor().hasSelection()


def test_the_tab_key_goes_from_turn_to_turn_and_shows_where_it_is(
    qtbot: QtBot, transcript: Transcript
) -> None:
    """The keyboard reaches what has no widget yet, upwards as well."""
    transcript.render_turns(many(60))
    settle(qtbot, transcript)
    transcript.activateWindow()
    transcript.views[-1].copy.setFocus()
    reached: list[str] = []
    for _ in range(120):
        focus = QApplication.focusWidget()
        assert focus is not None
        qtbot.keyClick(focus, Qt.Key.Key_Backtab)
        focus = QApplication.focusWidget()
        assert focus is not None
        (here,) = [one for one in transcript.views if one.isAncestorOf(focus)]
        assert (
            transcript.viewport()
            .rect()
            .intersects(
                focus.rect().translated(focus.mapTo(transcript.viewport(), focus.rect().topLeft()))
            )
        )
        reached.append(here.turn.turn_id)
    numbers = [int(one[1:]) for one in reached]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[-1] < 40


def test_the_tab_key_goes_through_the_links_of_an_answer(
    qtbot: QtBot, transcript: Transcript
) -> None:
    links = [f"[link {n}](https://x{n}.example/)\n\n{LONG}" for n in range(3)]
    transcript.render_turns((turn("".join(links), status=DONE),))
    settle(qtbot, transcript)
    transcript.verticalScrollBar().setValue(0)
    transcript.activateWindow()
    answer = transcript.views[0].answer
    answer.setFocus()
    for n in range(3):
        qtbot.keyClick(answer, Qt.Key.Key_Tab)
        assert answer.textCursor().selectedText() == f"link {n}"
        line = answer.cursorRect()
        shown = line.translated(
            answer.mapTo(transcript.viewport(), line.topLeft()) - line.topLeft()
        )
        assert transcript.viewport().rect().intersects(shown)
    with qtbot.waitSignal(transcript.link_activated) as caught:
        qtbot.keyClick(answer, Qt.Key.Key_Return)
    assert caught.args is not None
    assert caught.args[0].host == "x2.example"
    qtbot.keyClick(answer, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is transcript.views[0].copy


def test_the_whole_conversation_is_copied(qtbot: QtBot, transcript: Transcript) -> None:
    """A selection ends with its answer; T-58: nothing that cannot be seen goes along."""
    answers = ("First, *so*.", "Second\u200b one.")
    turns = tuple(turn(text, str(n), status=DONE) for n, text in enumerate(answers))
    transcript.render_turns(turns)
    settle(qtbot, transcript)
    transcript.activateWindow()
    qtbot.keyClick(
        transcript,
        Qt.Key.Key_C,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    copied = QGuiApplication.clipboard().text()
    assert copied.count("Question?") == 3  # it is the title, too
    assert copied.index("First, *so*.") < copied.index("Second one.")
    assert transcript.views[-1].remark.text() == "Copied"


def test_an_answers_menu_offers_the_whole_conversation(
    qtbot: QtBot, transcript: Transcript
) -> None:
    transcript.render_turns((turn("First.", status=DONE),))
    settle(qtbot, transcript)
    answer = transcript.views[0].answer
    place = answer.mapToGlobal(answer.rect().center())
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, answer.rect().center(), place)
    answer.contextMenuEvent(event)
    (menu,) = answer.findChildren(QMenu)
    menu.actions()[-1].trigger()
    menu.close()
    assert "First." in QGuiApplication.clipboard().text()


def test_an_empty_conversation_leaves_the_clipboard_alone(transcript: Transcript) -> None:
    QGuiApplication.clipboard().setText("before")
    transcript.copy_conversation()
    assert QGuiApplication.clipboard().text() == "before"


def test_a_turn_that_goes_takes_the_keyboard_nowhere_else(
    qtbot: QtBot, transcript: Transcript
) -> None:
    """Qt would pass it on to what comes next, and the view would scroll there."""
    transcript.render_turns(many(60))
    settle(qtbot, transcript)
    transcript.activateWindow()
    transcript.verticalScrollBar().setValue(0)
    settle(qtbot, transcript)
    transcript.views[0].copy.setFocus()
    passed_on: list[object] = []
    scrolls = transcript.verticalScrollBar().valueChanged
    scrolls.connect(lambda _value: passed_on.append(QApplication.focusWidget()))
    first = turn("Another.", "other", status=DONE)
    transcript.render_turns((first, *many(60)[1:]))

    assert QApplication.focusWidget() is transcript
    assert all(widget is transcript for widget in passed_on)


def test_a_window_hidden_for_a_while_gives_its_widgets_back(
    qtbot: QtBot, transcript: Transcript
) -> None:
    """What was seen is there again when the window is."""
    transcript.render_turns(many(50))
    settle(qtbot, transcript)
    bar = transcript.verticalScrollBar()
    bar.setValue(bar.maximum() // 3)
    settle(qtbot, transcript)
    before = {view.turn.turn_id: view.geometry() for view in transcript.views}
    transcript.hide()
    assert transcript.views
    transcript._leaving.timeout.emit()
    assert transcript.views == []
    transcript.show()
    settle(qtbot, transcript)
    assert {view.turn.turn_id: view.geometry() for view in transcript.views} == before


def test_a_window_shown_again_soon_keeps_its_widgets(transcript: Transcript) -> None:
    transcript.render_turns((turn("text"),))
    (view,) = transcript.views
    transcript.hide()
    transcript.show()
    assert not transcript._leaving.isActive()
    assert transcript.views == [view]


def test_turns_taken_away_and_replaced(qtbot: QtBot, transcript: Transcript) -> None:
    """An earlier question edited and sent again: what followed it goes."""
    turns = many(30)
    transcript.render_turns(turns)
    settle(qtbot, transcript)
    transcript.render_turns((*turns[:27], turn(turn_id="new")))
    settle(qtbot, transcript)
    assert [view.turn.turn_id for view in transcript.views][-2:] == ["t26", "new"]
    transcript.render_turns(turns[:1])
    settle(qtbot, transcript)
    assert [view.turn for view in transcript.views] == [turns[0]]
    assert transcript.verticalScrollBar().maximum() == 0


def test_readers_of_the_screen_find_the_turns_in_their_order(
    qtbot: QtBot, transcript: Transcript
) -> None:
    transcript.render_turns(many(40))
    settle(qtbot, transcript)
    bar = transcript.verticalScrollBar()
    for _ in range(20):
        bar.setValue(bar.value() - 150)
    children = [one for one in transcript.viewport().children() if isinstance(one, TurnView)]
    assert [one for one in children if one in transcript.views] == transcript.views


def test_the_wait_is_counted_while_somebody_looks(
    qtbot: QtBot, transcript: Transcript, clock: Clock
) -> None:
    transcript.render_turns((turn(),))
    caption = transcript.views[0].thinking.caption
    assert caption.text() == labels.thinking()
    assert transcript._seconds.isActive()
    clock.now += timedelta(seconds=3)
    transcript._on_second()
    assert caption.text().endswith("3 s")
    transcript.render_turns((turn("text", first_text_at=clock.now),))
    assert caption.text() == labels.thought_for(timedelta(seconds=3))
    assert not transcript._seconds.isActive()


def test_no_line_is_shown_for_an_answer_that_came_at_once(transcript: Transcript) -> None:
    transcript.render_turns((turn("text", first_text_at=NOW), turn("t", "2", asked_at=None)))
    assert all(view.thinking.isHidden() for view in transcript.views)
    transcript.render_turns((turn(status=TurnStatus.FAILED),))
    assert transcript.views[0].thinking.isHidden()


def test_the_summary_of_the_reasoning_unfolds(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.render_turns((turn("text", reasoning="First.", first_text_at=NOW),))
    thinking = transcript.views[0].thinking
    assert thinking.reasoning.isHidden()
    qtbot.mouseClick(thinking.button, Qt.MouseButton.LeftButton)
    assert thinking.reasoning.text() == "First."
    transcript.render_turns((turn("text", reasoning="First. Then.", first_text_at=NOW),))
    assert thinking.reasoning.text() == "First. Then."
    qtbot.mouseClick(thinking.button, Qt.MouseButton.LeftButton)
    assert thinking.reasoning.isHidden()


def test_a_failed_turn_says_so_and_offers_to_try_again(
    qtbot: QtBot, transcript: Transcript
) -> None:
    """F-C03, F-C13: the text stays, nothing is sent again by itself."""
    transcript.render_turns((turn("half", status=TurnStatus.FAILED),))
    settle(qtbot, transcript)
    view = transcript.views[0]
    assert view.notice.title.text() == "Title"
    assert view.answer.toPlainText() == "half"
    with qtbot.waitSignal(transcript.retry_requested):
        qtbot.mouseClick(view.notice.retry, Qt.MouseButton.LeftButton)
    transcript.render_turns((turn("half", status=TurnStatus.FAILED), turn(turn_id="2")))
    assert view.notice.retry.isHidden()


def test_a_cut_answer_says_so_and_is_no_failure(transcript: Transcript) -> None:
    """F-C17"""
    transcript.render_turns((turn("half", status=TurnStatus.CUT),))
    assert not transcript.views[0].notice.isHidden()
    assert transcript.views[0].notice.retry.isHidden()


def test_a_notice_disappears_when_the_question_is_asked_again(transcript: Transcript) -> None:
    transcript.render_turns((turn(status=TurnStatus.FAILED),))
    transcript.render_turns((turn(),))
    assert transcript.views[0].notice.isHidden()


def test_a_stopped_answer_stays_and_can_be_asked_again(
    qtbot: QtBot, transcript: Transcript
) -> None:
    """F-C01"""
    transcript.render_turns((turn("half", status=TurnStatus.STOPPED),))
    settle(qtbot, transcript)
    view = transcript.views[0]
    assert view.remark.whole_text == labels.stopped()
    with qtbot.waitSignal(transcript.retry_requested):
        qtbot.mouseClick(view.again, Qt.MouseButton.LeftButton)


def test_a_whole_answer_is_copied(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.render_turns((turn("**a**", status=TurnStatus.COMPLETED),))
    settle(qtbot, transcript)
    view = transcript.views[0]
    qtbot.mouseClick(view.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "**a**"
    assert view.remark.whole_text == labels.copied()
    view._noted.timeout.emit()
    assert view.remark.whole_text == ""


def test_a_copy_without_hidden_characters_says_so(qtbot: QtBot, transcript: Transcript) -> None:
    """T-58"""
    answer = "a\u200b b\n\n```\nrm\u2066 x\n```"
    transcript.render_turns((turn(answer, status=TurnStatus.COMPLETED),))
    settle(qtbot, transcript)
    view = transcript.views[0]
    qtbot.mouseClick(view.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "a b\n\n```\nrm x\n```"
    assert view.remark.whole_text == words.copied_without_hidden()


def test_what_was_too_much_is_formatted_for_whoever_wants_it(
    qtbot: QtBot, transcript: Transcript
) -> None:
    """F-C05"""
    long = "**bold** words " * 1_500
    transcript.render_turns((turn(long, status=TurnStatus.COMPLETED),))
    settle(qtbot, transcript)
    view = transcript.views[0]
    assert view.answer.toPlainText().startswith("**bold**")
    assert not view.formatted.isHidden()
    view.formatted.click()
    settle(qtbot, transcript)
    assert view.answer.toPlainText().startswith("bold words")
    assert view.formatted.isHidden()


def test_what_is_said_beside_an_answer_is_faint(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.render_turns((turn("half", status=TurnStatus.STOPPED, first_text_at=NOW),))
    settle(qtbot, transcript)
    remark = transcript.views[0].remark
    assert remark.palette().color(remark.foregroundRole()) == theme.current().colour("faint")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"model": "gpt-x"}, "gpt-x"),
        ({"model": "gpt-x\u202e<b>"}, "gpt-x\ufffd<b>"),
        (
            {"model": "gpt-x", "replaced_model": "gpt-old"},
            "gpt-x · gpt-old is not available",
        ),
        ({"model": ""}, ""),
    ],
)
def test_who_answered_stands_under_the_answer(
    qtbot: QtBot, transcript: Transcript, changes: dict[str, str], said: str
) -> None:
    """Rows C1 and C9 of the protocol's failures; T-55: whatever its name is made of."""
    transcript.render_turns((turn("text", status=TurnStatus.COMPLETED, **changes),))
    settle(qtbot, transcript)
    assert transcript.views[0].remark.whole_text == said


def test_a_link_is_passed_on(qtbot: QtBot, transcript: Transcript) -> None:
    transcript.render_turns((turn("text"),))
    link = Link("https://x.invalid/", "x.invalid", "x.invalid")
    with qtbot.waitSignal(transcript.link_activated) as caught:
        transcript.views[0].answer.link_activated.emit(link)
    assert caught.args == [link]


def test_a_switch_of_the_theme_redraws_every_turn(
    qtbot: QtBot, transcript: Transcript, qapp: QApplication
) -> None:
    look = theme.Theme(qapp, "light")
    transcript.render_turns((turn("some text"),))
    settle(qtbot, transcript)
    look.follow("dark")
    settle(qtbot, transcript)
    answer = transcript.views[0].answer
    colour = answer.document().find("some").charFormat().foreground().color()
    assert colour.name().upper() == DARK.ink
    look.follow("light")


# --- the question -------------------------------------------------------------------------------


@pytest.fixture
def view_of(qtbot: QtBot) -> Callable[[str], TurnView]:
    def make(question: str) -> TurnView:
        view = TurnView(Turn("1", question))
        qtbot.addWidget(view)
        view.resize(400, 200)
        view.show()
        QApplication.processEvents()
        return view

    return make


def test_a_question_is_plain_text_at_the_right(view_of: Callable[[str], TurnView]) -> None:
    """T-55: no mark-up of any kind"""
    view = view_of("<b>x</b> & **y**\n\x00z")
    assert view.bubble.toPlainText() == "<b>x</b> & **y**\n\ufffdz"
    assert view.bubble.geometry().right() > 380
    assert view.bubble.width() < 200
    view.bubble.selectAll()
    view.bubble.copy()
    assert QGuiApplication.clipboard().text() == "<b>x</b> & **y**\n\ufffdz"


@pytest.mark.parametrize("question", ["w " * 40_000, "x" * 100_000])
def test_a_long_question_stays_inside(view_of: Callable[[str], TurnView], question: str) -> None:
    """F-C05"""
    view = view_of(question)
    assert view.bubble.width() <= 400
    assert view.bubble.toPlainText().endswith("…")


def test_keys_of_the_window_pass_through_the_question(
    qtbot: QtBot, view_of: Callable[[str], TurnView]
) -> None:
    view = view_of("text")
    passed: list[int] = []
    view.keyPressEvent = lambda event: passed.append(event.key())  # type: ignore[method-assign]
    qtbot.keyClick(view.bubble, Qt.Key.Key_PageDown)
    qtbot.keyClick(view.bubble, Qt.Key.Key_Escape)
    assert passed == [Qt.Key.Key_PageDown, Qt.Key.Key_Escape]
