"""What the chart looks like: colours, contrast, gaps without a line, marks of resets."""

from __future__ import annotations

from dataclasses import replace

import pytest
from gallery.history_states import history_states
from gallery.states import NOW, ZONE
from PIL import Image, ImageChops
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.history.chart import UseChart
from app.history.chart_cycle import CycleChart
from app.history.chart_line import Corner
from app.ui.chart_painting import (
    Look,
    Plot,
    mixed,
    paint_chart,
    paint_cursor,
    past_colour,
)
from app.ui.colours import ALL, DARK, LIGHT, Colours, contrast
from app.ui.history_content import Chart, history_content

STATES = dict(history_states())
SIZE = (700, 300)
_NEAR = 40  # per channel: edges are blended
both_themes = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
every_look = pytest.mark.parametrize(
    "colours", ALL, ids=["light", "dark", "high-light", "high-dark"]
)


def painted(chart: Chart, look: Look, cursor_at: int | None = None) -> tuple[QImage, Plot]:
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    image.fill(look.colours.colour("background"))
    plot = Plot.within(*SIZE, chart.axis)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ticks = tuple("22 Nov" for _ in chart.axis.ticks)
    paint_chart(painter, plot, chart, look, ticks=ticks, thresholds=(75, 90))
    if cursor_at is not None:
        paint_cursor(painter, plot, cursor_at, 50, look)
    painter.end()
    return image, plot


def chart_of(name: str) -> Chart:
    chart = history_content(STATES[name], NOW, ZONE).chart
    assert chart is not None
    return chart


def count(image: QImage, colour: str, columns: range) -> int:
    """How many pixels of the plot have about this colour."""
    flat = image.convertToFormat(QImage.Format.Format_RGB888)
    size = (flat.width(), flat.height())
    whole = Image.frombytes("RGB", size, bytes(flat.constBits()), "raw", "RGB", flat.bytesPerLine())
    part = whole.crop((columns.start, 0, columns.stop, flat.height() - 24))
    apart = ImageChops.difference(part, Image.new("RGB", part.size, colour))
    near = [band.point(lambda value: 255 * (value <= _NEAR)) for band in apart.split()]
    both = ImageChops.multiply(ImageChops.multiply(near[0], near[1]), near[2])
    return both.histogram()[255]


@pytest.fixture(autouse=True)
def application(qapp: QApplication) -> QApplication:
    return qapp


@both_themes
def test_lines_stand_out_from_their_ground(colours: Colours) -> None:
    """WCAG 1.4.11: 3 : 1 for what carries meaning, past cycles included."""
    for token in ("calm", "close", "over", "secondary", "ink"):
        assert contrast(getattr(colours, token), colours.background) >= 3
    assert contrast(past_colour(colours).name(), colours.background) >= 3
    assert contrast(past_colour(colours).name(), colours.calm) < 3  # quieter than it


def test_a_mixed_colour_lies_between_its_two() -> None:
    assert mixed(QColor("#000000"), QColor("#FFFFFF"), 0.5).name() == "#808080"


@every_look
@pytest.mark.parametrize("name", ["week", "dense", "cycle", "session-cycle", "no-readings"])
def test_every_chart_is_painted_in_every_look(colours: Colours, name: str) -> None:
    chart = chart_of(name)
    image, plot = painted(chart, Look(colours), chart.axis.moment(0.5))
    columns = range(round(plot.box.left()) + 2, round(plot.box.right()) - 2)
    assert count(image, colours.close, columns) > 100
    assert count(image, colours.over, columns) > 100
    assert (count(image, colours.calm, columns) > 100) == (name != "no-readings")


def test_there_is_no_line_in_a_gap() -> None:
    chart = chart_of("program-was-off")
    image, plot = painted(chart, Look(LIGHT))
    since, until = chart.gaps[-1]
    inside = range(round(plot.x(since)) + 4, round(plot.x(until)) - 2)
    assert len(inside) > 100
    assert count(image, LIGHT.calm, inside) == 0
    before = range(round(plot.box.left()), round(plot.x(since)))
    assert count(image, LIGHT.calm, before) > 100


def test_a_reset_is_marked_above_the_plot() -> None:
    chart = chart_of("day")
    assert isinstance(chart, UseChart)
    image, plot = painted(chart, Look(LIGHT))
    for at in chart.resets:
        colour = image.pixelColor(round(plot.x(at)), round(plot.box.top()) - 5)
        assert contrast(colour.name(), LIGHT.background) > 3


def test_a_single_reading_between_two_gaps_is_a_dot() -> None:
    chart = chart_of("no-readings")
    assert isinstance(chart, UseChart)
    at = chart.axis.moment(0.5)
    image, plot = painted(replace(chart, lines=((Corner(at, 50.0),),)), Look(LIGHT))
    colour = image.pixelColor(round(plot.x(at)), round(plot.y(50)))
    assert contrast(colour.name(), LIGHT.background) > 3


def test_the_burn_down_falls_from_left_to_right() -> None:
    chart = chart_of("session-cycle")
    assert isinstance(chart, CycleChart)
    line = [corner for one in chart.lines for corner in one]
    plot = Plot.within(*SIZE, chart.axis)
    assert plot.y(line[0].percent) < plot.y(line[-1].percent)
    assert plot.moment(plot.x(line[0].at)) == line[0].at
