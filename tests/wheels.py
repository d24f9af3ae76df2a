"""A small program as a wheel, so that tools install something without any index."""

from __future__ import annotations

import os
import zipfile


def greeter(folder: str) -> str:
    """`greeter` 1.0: two commands, a manual page and a completion. The path of its wheel."""
    path = os.path.join(folder, "greeter-1.0-py3-none-any.whl")
    info, share = "greeter-1.0.dist-info", "greeter-1.0.data/data/share"
    files = {
        "greeter.py": "def main():\n    print('good day')\n",
        f"{share}/man/man1/greet.1": ".TH GREET 1\n",
        f"{share}/bash-completion/completions/greet": "complete -W now greet\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: greeter\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\ngreet = greeter:main\nhail = greeter:main\n",
    }
    record = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as wheel:
        for name, content in {**files, f"{info}/RECORD": record}.items():
            wheel.writestr(name, content)
    return path
