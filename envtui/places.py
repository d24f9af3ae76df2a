"""Where envtui keeps its own files, by platformdirs' rules."""

from __future__ import annotations

import os


def state(*parts: str) -> str:
    """Below the state directory: `journal/`, `lock`, `log`."""
    import platformdirs

    return os.path.join(platformdirs.user_state_dir("envtui", appauthor=False), *parts)


def data(*parts: str) -> str:
    """Below the data directory: `trash/`, cached `init.*`."""
    import platformdirs

    return os.path.join(platformdirs.user_data_dir("envtui", appauthor=False), *parts)


def config(*parts: str) -> str:
    """Below the configuration directory: `config.toml`."""
    import platformdirs

    return os.path.join(platformdirs.user_config_dir("envtui", appauthor=False), *parts)
