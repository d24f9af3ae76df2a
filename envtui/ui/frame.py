"""A pane whose frame carries words: a name on the left, a sum on the right, a place below."""

from __future__ import annotations

from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

from envtui.ui import paint
from envtui.ui.still import Still
from envtui.ui.text import Line, cut, length


class Framed(Still, ScrollView, inherit_bindings=False):
    """Draws words over its own border, in tones; changing them repaints that one line."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, classes=classes)
        self._above: tuple[Line, Line] = ([], [])
        self._below: Line = []
        self._edges: dict[int, tuple[object, Strip]] = {}
        """The two lines with words, and what they were drawn from."""

    def entitle(self, name: Line, total: Line) -> None:
        """What the upper frame says on its left and on its right, if there is room for both."""
        if (name, total) != self._above:
            self._above = (name, total)
            self._repaint_frame(0)

    def place(self, text: Line) -> None:
        """What the lower frame says, on its right."""
        if text != self._below:
            self._below = text
            self._repaint_frame(self.outer_size.height - 1)

    def _repaint_frame(self, y: int) -> None:
        if self.gutter.top:
            left, top = self.content_offset
            self.refresh(Region(-left, y - top, self.outer_size.width, 1))

    def filled(self) -> int:
        """How many lines in sight are not empty, at most."""
        return self.size.height

    def draw_lines(self, crop: Region) -> list[Strip]:
        """As the style says, an empty line only once; then the words."""
        last = self.outer_size.height - 1
        x, top, width, _height = crop
        # The first empty line, and those like it.
        empty = min(max(self.gutter.top + self.filled(), top), crop.bottom)
        alike = min(crop.bottom, last) - empty
        if alike > 1:
            strips = super().draw_lines(Region(x, top, width, empty - top + 1))
            strips += [strips[-1]] * (alike - 1)
            strips += super().draw_lines(Region(x, last, width, crop.bottom - last))
        else:
            strips = super().draw_lines(crop)
        for y, (left, right) in ((0, self._above), (last, ([], self._below))):
            if crop.y <= y < crop.bottom and (left or right) and self.gutter.top:
                edge = self._edge(y, left, right)
                strips[y - crop.y] = edge.crop(crop.x, crop.right)
        return strips

    def _edge(self, y: int, left: Line, right: Line) -> Strip:
        """Textual asks for every line of every pane at each key: nothing is drawn twice."""
        width = self.outer_size.width
        drawn_from = (left, right, width, self.has_focus, self.app.theme)
        known = self._edges.get(y)
        if known is None or known[0] != drawn_from:
            frame = super().draw_lines(Region(0, y, width, 1))[0]
            known = self._edges[y] = (drawn_from, self._over(frame, left, right))
        return known[1]

    def _over(self, frame: Strip, left: Line, right: Line) -> Strip:
        """The words laid on a line of the frame; on the right as many as there is room for."""
        room = frame.cell_length - 4
        left = _padded(left, room)
        right = _padded(_fewer(right, room - length(left) - 2), room)
        if length(left) + length(right) > room:
            right = []
        begin, end = 2 + length(left), frame.cell_length - 2 - length(right)
        return Strip.join([
            frame.crop(0, 2), self._words(left), frame.crop(begin, end), self._words(right),
            frame.crop(frame.cell_length - 2),
        ])  # fmt: skip

    def _words(self, line: Line) -> Strip:
        """Without colour where none is wanted: what Textual does not draw passes no filter."""
        drawn = paint.strip(self, line, length(line))
        for one in self.app.get_line_filters():
            drawn = drawn.apply_filter(one, self.background_colors[1])
        return drawn


def _fewer(line: Line, room: int) -> Line:
    """Without the words before the last that stand furthest back, until it fits."""
    while length(line) > room and len(line) > 1:
        line = [*line[:-4], *line[-2:]] if len(line) > 3 else line[:1]
    return line


def _padded(line: Line, room: int) -> Line:
    """With a space on either side, the last span cut where it is too long."""
    if not line or room < 3:
        return []
    *before, (text, tone) = line
    return [(" ", ""), *before, (cut(text, room - 2 - length(before)), tone), (" ", "")]
