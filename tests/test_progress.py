"How far a submission is: counted, put in words, and shown no more often than anybody can read."

import io
import re

import pytest
from IPython.core.displayhook import DisplayHook
from IPython.core.interactiveshell import InteractiveShell

from target_group_kit.exchange.progress import (
    Progress,
    Tally,
    Throttled,
    duration_text,
    telling,
)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Progress("checking: 50 so far"), "checking: 50 so far"),
        (Progress("sending", total=3), "0 of 3 done · sending"),
        (
            Progress("sending", 1412, 20_000, 3, 2, 38.04, 488.7),
            "1,412 of 20,000 done, 3 refused, 2 not known yet, 38.0 a second, 8 min left · sending",
        ),
        (Progress("finished", 5, 5, 0, 0, 2.0, 0.0, over=True), "5 of 5 done · finished"),
    ],
)
def test_progress_in_words(value, said):
    assert (str(value), repr(value)) == (said, said)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (99.4, "99 s"),
        (100, "2 min"),
        (5940, "99 min"),
        (5999, "1 h 40 min"),
        (7500, "2 h 5 min"),
    ],
)
def test_durations(seconds, said):
    assert duration_text(seconds) == said


def test_progress_as_a_picture_is_escaped_and_static():
    shown = Progress("<script>x</script>", 1, 3)._repr_html_()
    assert re.findall(r"<(\w+)", shown) == ["div", "div", "div"]
    assert shown.count("</div>") == 3
    assert "width:33.3%" in shown
    assert Progress("x").share == 0
    assert Progress("x", done=2, total=4, refused=1).share == 0.75


def test_the_tally_counts_from_when_sending_began():
    time = [0.0]
    tally = Tally(lambda: time[0])
    tally.total = 10
    tally.count(good=True)
    assert tally.value("looking up") == Progress("looking up", 1, 10)
    time[0] = 100
    tally.begin()
    time[0] = 104
    tally.begin()
    for good in (True, False, True):
        tally.count(good)
    assert tally.left == 6
    assert tally.value("sending", 1) == Progress("sending", 3, 10, 1, 1, 0.5, 12.0)


def test_no_more_than_ten_a_second_of_one_thing():
    seen, time = [], [0.0]
    show = Throttled(seen.append, timer=lambda: time[0])
    for number in range(200):
        time[0] = number / 64  # Seven of these are the first above a tenth
        show(Progress("sending", number, 200))
    assert [value.done for value in seen] == list(range(0, 200, 7))
    show(Progress("paused: 8 s", 200, 200))
    show(Progress("paused: 7 s", 200, 200))
    show(Progress("finished", 200, 200, over=True))
    assert [value.doing for value in seen[29:]] == ["paused: 8 s", "finished"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_has_one_line(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    stream = Terminal()
    tell = telling(True, stream)
    tell(Progress("sending", 1, 1000))
    tell(Progress("a long story: " + "x" * 80, 2, 1000))
    tell(Progress("finished", 1000, 1000, over=True))
    first, second, third = stream.getvalue().split("\r")[1:]
    assert first == "1 of 1,000 done · sending".ljust(39)
    assert second == f"2 of 1,000 done · a long story: {'x' * 6}…"
    assert third == "1,000 of 1,000 done · finished".ljust(39) + "\n"


def test_a_log_has_a_line_for_each_thing():
    stream = io.StringIO()
    tell = telling(True, stream)
    for done in range(50):
        tell(Progress("sending", done, 50))
    tell(Progress("finished", 50, 50, over=True))
    assert stream.getvalue() == "0 of 50 done · sending\n50 of 50 done · finished\n"


def test_somebody_is_told_everything_or_nothing_is_shown(capsys):
    seen = []
    tell = telling(seen.append)
    values = [Progress("sending", number, 9) for number in range(9)]
    for value in values:
        tell(value)
    assert seen == values
    for quiet in (False, None):
        telling(quiet)(values[0])
    assert capsys.readouterr() == ("", "")


def test_a_notebook_shows_one_picture_that_changes():
    "The first value is displayed, the others replace it under the same id."
    shown = []

    class Publisher:
        @staticmethod
        def publish(data, *_, transient=None, update=False, **__):
            shown.append((data["text/plain"], transient["display_id"], update))

    class Shell(InteractiveShell):
        kernel = True

        def init_display_pub(self):
            self.display_pub = Publisher()

        displayhook_class = DisplayHook

    shell = Shell.instance()
    try:
        tell = telling(True)
        tell(Progress("sending", 1, 2))
        tell(Progress("finished", 2, 2, over=True))
    finally:
        Shell.clear_instance()
        del shell
    (first, one, new), (last, same, update) = shown
    assert (first, new) == ("1 of 2 done · sending", False)
    assert (last, update, same) == ("2 of 2 done · finished", True, one)
