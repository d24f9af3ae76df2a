"""Disks over a network: whoever touches one whose server is gone waits for ever."""

from __future__ import annotations

import os

_PATIENCE = 1.0
"""Seconds in which such a disk has to answer."""
_LINKS = 40
"""As many as the kernel follows."""


class Far:
    """Mounts whose other side may be gone; the path of each, and its filesystem."""

    def __init__(self, mounts: dict[str, str]) -> None:
        self._kinds = {point.rstrip("/") + "/": kind for point, kind in mounts.items()}
        self._points = tuple(self._kinds)
        self._above = {point.rstrip("/").rpartition("/")[0] for point in mounts}
        self._answers: dict[str, bool] = {}
        self.asked = False
        """Whether anything there was asked for."""

    def point(self, path: str) -> str:
        """Where that on which a real path is is mounted; "" for what is not far."""
        if not (path + "/").startswith(self._points):
            return ""
        return max((p for p in self._points if (path + "/").startswith(p)), key=len)

    def may_hold(self, folder: str) -> bool:
        """Whether a name in the directory may be one of them, or on one."""
        return folder in self._above or bool(self.point(folder))

    def leads_to_silence(self, path: str, *, follow: bool = True) -> bool:
        """Whether a path, or a link on its way, is on one that does not answer.

        `follow`: whether its last name counts as a link too.
        """
        done, hops = "", 0
        waiting = os.path.normpath(path).split("/")[::-1] if os.path.isabs(path) else []
        while waiting and hops < _LINKS:
            at = f"{done}/{name}" if (name := waiting.pop()) else done
            if self.is_silent(at or "/"):
                return True
            try:
                target = os.readlink(at) if name and (waiting or follow) else ""
            except (OSError, ValueError):
                target = ""
            if target:
                hops += 1
                done = "" if target.startswith("/") else done
                waiting += os.path.normpath(f"{done}/{target}").split("/")[::-1]
                done = ""
            else:
                done = at
        return False

    def is_silent(self, path: str) -> bool:
        """Whether a path is on one that does not answer; each has a second to do so, once."""
        point = self.point(path)
        if not point:
            return False
        self.asked = True
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
