"""`w`: the jobs with their output, every command that was run, the history, what was unreadable."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content

from envtui import journal, log, table
from envtui.actions import key_of
from envtui.model import Notice
from envtui.ui import words
from envtui.ui.columns import Column
from envtui.ui.here import verb
from envtui.ui.jobs import STEP, Job, signed
from envtui.ui.listing import Listing
from envtui.ui.messages import JobChanged
from envtui.ui.rowlist import Row, RowList
from envtui.ui.tabs import heading
from envtui.ui.text import Line, clean

TABS = ("Jobs", "Commands", "History", "Notices")
COLUMNS = [Column("", least=9, most=14), Column("WHAT", least=20, most=200, grow=True),
           Column("WHEN", least=16, most=20, rank=1)]  # fmt: skip


def _progress(job: Job) -> str:
    return f"{job.step} {job.seconds()}s".lstrip() if job.started else ""


Read = tuple[list[journal.Entry], list[journal.Command]]
"""The history, and the commands that were run."""


class WorkDrawer(Listing[int]):
    """Answers the number of a change to undo, or None."""

    NAME = "work"

    BINDINGS: ClassVar[list[BindingType]] = [
        verb("work", "leave"),
        Binding("tab", "turn(1)", show=False),
        Binding("shift+tab", "turn(-1)", show=False),
        verb("tab-right", "turn(1)"),
        verb("tab-left", "turn(-1)"),
        verb("half-down", "scroll(8)"),
        verb("half-up", "scroll(-8)"),
        verb("remove", "cancel"),
        verb("undo", "undo"),
        verb("copy", "copy"),
    ]

    def __init__(self) -> None:
        super().__init__("Work")
        self.tab = 0
        self._history: list[journal.Entry] = []
        self._commands: list[journal.Command] = []

    def on_mount(self) -> None:
        """The journal is read off the UI thread."""
        self.frame.add_class("-tall")
        if not self.app.jobs.all:
            self.tab = TABS.index("Notices" if self._notices() else "History")
        self.set_focus(self.rows)
        self._load()
        self._fill()

    def _load(self) -> None:
        def work() -> Read:
            try:
                return journal.history(), list(reversed(journal.commands()))
            except OSError:
                return [], []

        self.ask(work, self.tell)

    def tell(self, read: Read) -> None:
        """What the journal holds."""
        self._history, self._commands = read
        self._fill()

    @on(JobChanged)
    def _job(self, event: JobChanged) -> None:
        if event.over:
            self._load()
        self._fill()

    # -- rows ------------------------------------------------------------------------

    def _fill(self) -> None:
        spans: list[str | tuple[str, str]] = ["Work "]
        counts = (len(self.app.jobs.all), len(self._commands), len(self._history),
                  len(self._notices()))  # fmt: skip
        for at, (name, count) in enumerate(zip(TABS, counts, strict=True)):
            said = f" {name} {count} " if count else f" {name} "
            spans += [(said, "reverse" if at == self.tab else "dim")]
        self.frame.border_title = Content.assemble(*spans)
        cancel, undo, copy = (key_of(self.app.keys, name) for name in ("remove", "undo", "copy"))
        says = (f"{cancel} cancel · ", "", f"{undo} undo · ", "")[self.tab]
        self.frame.border_subtitle = Content(f"{says}{copy} copy · tab next · esc closes")
        found = (self._job_rows, self._command_rows, self._history_rows, self._notice_rows)
        none = ("nothing was done in this session", "no command was run yet",
                "nothing was changed yet", "everything could be read")  # fmt: skip
        self.rows.show(COLUMNS, found[self.tab](), [[(none[self.tab], "dim")]])
        self._tell()

    def _job_rows(self) -> list[Row]:
        return [
            self._row(str(at), job.status, job.title, _progress(job))
            for at, job in reversed(list(enumerate(self.app.jobs.all)))
        ]

    def _command_rows(self) -> list[Row]:
        status = ["cancelled" if c.status is None else "failed" if c.status else "done"
                  for c in self._commands]  # fmt: skip
        return [self._row(str(at), status[at], command.text, command.time)
                for at, command in enumerate(self._commands)]  # fmt: skip

    def _history_rows(self) -> list[Row]:
        return [self._row(str(at), entry.status, f"{entry.number}  {entry.title}", entry.time)
                for at, entry in enumerate(self._history)]  # fmt: skip

    def _notice_rows(self) -> list[Row]:
        host = self.app.host
        return [self._row(str(at), "notice", words.told(host, f"{one.path}: {one.message}"), "")
                for at, one in enumerate(self._notices())]  # fmt: skip

    def _notices(self) -> tuple[Notice, ...]:
        inventory = self.app.main.inventory
        return inventory.notices if inventory else ()

    def _row(self, key: str, status: str, what: str, when: str) -> Row:
        cells = (
            signed(status, status),
            (words.home_in(self.app.host, what), ""),
            (clean(table.when(when)), "dim"),
        )
        return Row(key, cells)

    # -- details ---------------------------------------------------------------------

    @on(RowList.Moved)
    def _tell(self) -> None:
        self.said.say(self._detail(), keep=self.tab != 0)
        if self.tab == 0 and (job := self._chosen_job()) and not job.over:
            self.said.move(1 << 20)  # follow the output

    def _at(self) -> int:
        return int(self.rows.current_id or -1)

    def _chosen_job(self) -> Job | None:
        at = self._at()
        return self.app.jobs.all[at] if self.tab == 0 and at >= 0 else None

    def _detail(self) -> list[Line]:
        at, host = self._at(), self.app.host
        if at < 0:
            return []
        if job := self._chosen_job():
            if job.status == "queued":
                return [[("one change at a time: it begins when those before it are over", "dim")]]
            found: list[Line] = [
                [(words.home_in(host, text), "strong" if STEP.match(text) else "dim")]
                for text in job.lines
            ]
            ended = job.message or (job.done if job.status == "done" else "")
            return (
                [*found, [(words.home_in(host, ended), signed(job.status)[1])]] if ended else found
            )
        if self.tab == 1:
            command = self._commands[at]
            return [[("$ ", "accent"), (words.home_in(host, command.text), "strong")],
                    [("in ", "dim"), (words.place(host, command.cwd), "dim")],
                    *([(clean(text), "")] for text in command.output.splitlines()),
                    [], [(f"also in {words.place(host, log.path())}", "faint")]]  # fmt: skip
        if self.tab == 2:
            return self._change(self._history[at])
        notice = self._notices()[at]
        return [[(words.told(host, f"{notice.path}: {notice.message}"), "")]]

    def _change(self, entry: journal.Entry) -> list[Line]:
        host = self.app.host
        found: list[Line] = [heading("what was done", 40)]
        found += [[("· ", "faint"), (words.home_in(host, text), "")] for text in entry.steps]
        found += [heading("what undo does", 40)]
        for text in entry.undo:
            said = (
                (words.home_in(host, text), "") if text else ("nothing: can't be taken back", "bad")
            )
            found += [[("· ", "faint"), said]]
        return found + ([[(words.home_in(host, entry.message), "warn")]] if entry.message else [])

    # -- keys ------------------------------------------------------------------------

    def action_turn(self, by: int) -> None:
        """The next tab."""
        self.tab = (self.tab + by) % len(TABS)
        self._fill()
        self.rows.move_to(0)

    def action_scroll(self, by: int) -> None:
        """The details."""
        self.said.move(by)

    def action_cancel(self) -> None:
        """Stop the job; what it began is put back."""
        job = self._chosen_job()
        if job is None or job.over:
            self.app.say("only a job that runs or waits can be cancelled", good=False)
            return
        if job.undoes and job.started:
            self.app.say("an undo runs to its end: half undone would be worse", good=False)
            return
        job.cancel.set()
        self._fill()

    def action_undo(self) -> None:
        """Take back the chosen change; elsewhere the last one."""
        if self.tab == 2 and self._at() >= 0:
            self.dismiss(self._history[self._at()].number)
        else:
            key = key_of(self.app.keys, "undo")
            self.app.say(f"{key} takes back a change of the History: tab goes there", good=False)

    def action_copy(self) -> None:
        """What is shown below, as text."""
        text = "\n".join("".join(text for text, _ in line) for line in self._detail())
        self.app.copy_to_clipboard(text)
        self.app.tell_user("copied")
