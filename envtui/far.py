"""Disks over a network: whoever touches one whose server is gone waits for ever."""

from __future__ import annotations

_PATIENCE = 1.0
"""Seconds in which such a disk has to answer."""


class Far:
    """Mounts whose other side may be gone; the path of each, and its filesystem."""

    def __init__(self, mounts: dict[str, str]) -> None:
        self._kinds = {point.rstrip("/") + "/": kind for point, kind in mounts.items()}
        self._points = tuple(self._kinds)
        self._answers: dict[str, bool] = {}
        self.asked = False
        """Whether anything there was asked for."""

    def is_silent(self, path: str) -> bool:
        """Whether a path is on one that does not answer; each has a second to do so, once."""
        if not (path + "/").startswith(self._points):
            return False
        self.asked = True
        point = max((p for p in self._points if (path + "/").startswith(p)), key=len)
        # Of the point itself the kernel may know. Below an automount each name is a mount of its
        # own, which comes with the first question.
        end = path.find("/", len(point))
        top = path if end < 0 else path[:end]
        whole = top if self._kinds[point] == "autofs" else point
        if self._answers.get(whole, True) and top not in self._answers:
            from envtui.patience import answers

            self._answers[top] = answers(top, _PATIENCE)
            self._answers[whole] = self._answers[top]
        return not (self._answers.get(whole, True) and self._answers[top])
