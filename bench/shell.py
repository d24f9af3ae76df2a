"""What the hook costs a shell, as ratios within one run: `python bench/shell.py [ROUNDS]`.

Beside direnv, mise, zoxide and pyenv, as far as they are installed (mise comes from npm, with the
tests' tools). Each figure is the least of the rounds, which are interleaved: a process that does
something many times, less the same process that does it never. Processor time of all processes
that take part, user and system: a busy machine changes it least.
"""

from __future__ import annotations

import os
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
from typing import NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

import home as bench_home  # noqa: E402 - they lie beside this file
from start import environment, program  # noqa: E402

from tests import tools  # noqa: E402

SHELLS = {
    "bash": ["bash", "--norc", "--noprofile", "-i", "-c"],
    "zsh": ["zsh", "-f", "-i", "-c"],
    "fish": ["fish", "--no-config", "-i", "-c"],
}
LOOPS = {
    "bash": "for ((i = 0; i < {count}; i++)); do {body}; done",
    "zsh": "for ((i = 0; i < {count}; i++)); do {body}; done",
    "fish": "for i in (seq 1 {count}); {body}; end",
}


class Job(NamedTuple):
    """Something a shell does `count` times after `setup`."""

    shell: str
    setup: str
    body: str
    count: int


def main() -> None:
    """Measure everything and print the tables."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(os.path.join(os.path.realpath(folder), "user"), rounds)
        print(f"{os.cpu_count()} processors, least of {rounds} rounds\n")
        bench.prompts()
        bench.directories()
        bench.starts()
        bench.switches()


class Bench:
    """One home with projects, and the tools that are there."""

    def __init__(self, home: str, rounds: int) -> None:
        self.home = home
        self.rounds = rounds
        bench_home.build(home)
        self.variables = environment(home)
        self.envtui = program()
        self.project = os.path.join(home, "code", "project1")
        self.deep = os.path.join(home, *"abcdefghijk")
        os.makedirs(self.deep)
        self.init = {}
        for shell in SHELLS:
            self.init[shell] = os.path.join(home, f"init.{shell}")
            with open(self.init[shell], "wb") as file:
                words = [*self.envtui, "init", shell, "--auto"]
                subprocess.run(words, env=self.variables, stdout=file, check=True)
        words = [*self.envtui, "allow", "--yes", self.project]
        subprocess.run(words, env=self.variables, stdout=subprocess.DEVNULL, check=True)
        self.others = self._others()

    def _others(self) -> dict[str, tuple[str, str]]:
        """Of each other tool in bash: the line that sets it up, and its hook."""
        found = {}
        if direnv := shutil.which("direnv"):
            found["direnv"] = (f'eval "$({direnv} hook bash)"', "_direnv_hook")
        if zoxide := shutil.which("zoxide"):
            with_hook = subprocess.run(
                [zoxide, "init", "bash"], capture_output=True, text=True, check=True
            )
            name = "__zoxide_hook" if "__zoxide_hook" in with_hook.stdout else "_zoxide_hook"
            found["zoxide"] = (f'eval "$({zoxide} init bash)"', name)
        mise = tools.tool("mise")
        found["mise"] = (f'eval "$({mise} activate bash)"', "_mise_hook_prompt_command")
        root = tools.pyenv_root(os.path.join(self.home, ".pyenv-bench"), [])
        pyenv = f'export PYENV_ROOT={root}; eval "$({root}/bin/pyenv init - --no-rehash bash)"'
        found["pyenv init"] = (pyenv, ":")
        if os.path.isdir(os.path.join(root, "plugins", "pyenv-virtualenv")):
            line = f'{pyenv}; eval "$({root}/bin/pyenv virtualenv-init - bash)"'
            found["pyenv virtualenv-init"] = (line, "_pyenv_virtualenv_hook")
        return found

    def prompts(self) -> None:
        """The hook at a prompt where nothing has changed."""
        ours = f"source {self.init['bash']}; cd {self.deep}; __envtui_auto"
        jobs = {"envtui --auto": Job("bash", ours, "__envtui_auto", 5000)}
        for name, (setup, hook) in self.others.items():
            if hook != ":":
                jobs[name] = Job("bash", f"{setup}; cd {self.deep}; {hook}", hook, 40)
        zsh = f"source {self.init['zsh']}; cd {self.deep}; __envtui_auto"
        jobs["envtui --auto, zsh"] = Job("zsh", zsh, "__envtui_auto", 5000)
        times = self.each(jobs)
        first = times["envtui --auto"]
        table("per prompt, same directory", times, lambda t: f"{t / first:.1f} ×")

    def directories(self) -> None:
        """The hook after `cd`."""
        between = f"cd {self.deep}; __envtui_auto; cd {self.deep}/..; __envtui_auto"
        into = f"cd {self.project}; __envtui_auto; cd {self.deep}; __envtui_auto"
        jobs = {}
        for shell in ("bash", "zsh", "fish"):
            moving = between.replace("__envtui_auto", ":") if shell == "fish" else between
            setup = f"source {self.init[shell]}; cd {self.deep}"
            jobs[f"{shell}: no project, 10 levels below home"] = Job(shell, setup, moving, 300)
        setup = f"source {self.init['bash']}; cd {self.deep}; __envtui_auto"
        jobs["bash: into a project or out of it"] = Job("bash", setup, into, 4)
        times = {name: seconds / 2 for name, seconds in self.each(jobs).items()}
        python = self.process([sys.executable, "-c", "pass"])
        table("after cd", times, lambda t: f"{t / python:.2f} × a Python start")

    def starts(self) -> None:
        """A new shell."""
        jobs = {}
        for shell in SHELLS:
            jobs[f"{shell}, empty"] = Job(shell, ":", "", 0)
            jobs[f"{shell} + envtui, cached"] = Job(shell, f"source {self.init[shell]}", "", 0)
        line = " ".join(map(shlex.quote, [*self.envtui, "init", "bash", "--auto"]))
        jobs["bash + envtui, eval"] = Job("bash", f'eval "$({line})"', "", 0)
        for name, (setup, _) in self.others.items():
            jobs[f"bash + {name}"] = Job("bash", setup, "", 0)
        times = {name: self.run(job) for name, job in jobs.items()}
        for _ in range(self.rounds * 3):
            for name, job in jobs.items():
                times[name] = min(times[name], self.run(job))
        empty = {shell: times[f"{shell}, empty"] for shell in SHELLS}
        above = {
            name: seconds - empty[name.split(",")[0].split(" ")[0]]
            for name, seconds in times.items()
        }
        table("shell start, above an empty one", above, lambda _: "")

    def switches(self) -> None:
        """The program itself, and a whole round trip in a live bash."""
        path = os.path.join(self.project, ".venv")
        answer = os.path.join(self.home, "answer")
        with open(answer, "w"):
            pass
        call = {"ENVTUI_SHELL": "bash", "ENVTUI_PROTO": "1", "ENVTUI_OUT": answer}
        commands = {
            "python -c pass": ([sys.executable, "-c", "pass"], {}),
            "envtui activate PATH": ([*self.envtui, "activate", path], call),
            "envtui activate NAME": ([*self.envtui, "activate", "project1/.venv"], call),
            "envtui env PATH --json": ([*self.envtui, "env", path, "--json"], {}),
        }
        subprocess.run(
            [*self.envtui, "list"], env=self.variables, stdout=subprocess.DEVNULL, check=True
        )
        setup = f"source {self.init['bash']}"
        jobs = {
            "bash: envtui activate PATH": Job(
                "bash", setup, f"envtui activate {path} 2>/dev/null", 5
            ),
            "bash: python -c pass": Job("bash", ":", f"{sys.executable} -c pass", 5),
        }
        times: dict[str, float] = {}
        for _ in range(self.rounds):
            for name, (argv, more) in commands.items():
                seconds = self.process(argv, more)
                times[name] = min(times.get(name, seconds), seconds)
            for name, job in jobs.items():
                seconds = self.once(job)
                times[name] = min(times.get(name, seconds), seconds)
        bare = {True: times["bash: python -c pass"], False: times["python -c pass"]}
        rows = {name: (t, t / bare[name.startswith("bash")]) for name, t in times.items()}
        print("| switching | ms | |\n| --- | --- | --- |")
        for name, (seconds, ratio) in rows.items():
            print(f"| {name} | {seconds * 1000:.1f} | {ratio:.1f} × a bare Python start |")
        print()

    def each(self, jobs: dict[str, Job]) -> dict[str, float]:
        """Seconds of one repetition of each job."""
        times: dict[str, float] = {}
        for _ in range(self.rounds):
            for name, job in jobs.items():
                seconds = self.once(job)
                times[name] = min(times.get(name, seconds), seconds)
        return times

    def once(self, job: Job) -> float:
        """Seconds of one repetition, less what the shell takes without any."""
        empty = min(self.run(job._replace(count=0)) for _ in range(2))
        return max(self.run(job) - empty, 0) / job.count

    def run(self, job: Job) -> float:
        """Seconds of a shell that does its job."""
        loop = LOOPS[job.shell].format(count=job.count, body=job.body) if job.count else ":"
        return self.process([*SHELLS[job.shell], f"{job.setup}\n{loop}"])

    def process(self, argv: list[str], more: dict[str, str] | None = None) -> float:
        """Seconds of processor time of a process that must succeed."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            argv,
            cwd=self.home,
            env={**self.variables, **(more or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            check=True,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def table(title: str, times: dict[str, float], ratio) -> None:
    """One table in Markdown."""
    print(f"| {title} | ms | |\n| --- | --- | --- |")
    for name, seconds in times.items():
        print(f"| {name} | {seconds * 1000:.3f} | {ratio(seconds)} |")
    print()


if __name__ == "__main__":
    main()
