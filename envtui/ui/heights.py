"""How the panes share the height."""

from __future__ import annotations

FRAME = 3
"""Two lines of frame and one of titles."""
LEAST = FRAME + 2
WEIGHTS = (1.0, 1.6, 1.0)


def share(counts: list[int], room: int) -> list[int]:
    """The height of each pane: a short list gets what it needs, the long ones share the rest."""
    need = [max(count, 2) + FRAME for count in counts]
    heights = [0] * len(counts)
    unfixed = list(range(len(counts)))
    left = room
    while unfixed:
        total = sum(WEIGHTS[i] for i in unfixed)
        small = [i for i in unfixed if need[i] <= left * WEIGHTS[i] / total]
        if not small:
            for i in unfixed:
                heights[i] = max(int(left * WEIGHTS[i] / total), min(LEAST, room // len(counts)))
            break
        for i in small:
            heights[i] = need[i]
            unfixed.remove(i)
        left = room - sum(heights)
    middle = len(counts) // 2
    heights[middle] += room - sum(heights)  # what rounding left, or what nobody needs
    return heights
