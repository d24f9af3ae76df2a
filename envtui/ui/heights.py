"""How the panes share the height."""

from __future__ import annotations

FRAME = 3
"""Two lines of frame and one of titles."""
LEAST = FRAME + 2


def share(counts: list[int], room: int) -> list[int]:
    """The height of each pane: none more than it needs while another lacks, the middle the rest."""
    need = [max(count, 2) + FRAME for count in counts]
    heights = [min(LEAST, room // len(counts))] * len(counts)
    spare = room - sum(heights)
    while spare > 0:
        short = [i for i in range(len(counts)) if heights[i] < need[i]]
        if not short:
            heights[len(counts) // 2] += spare
            break
        # The middle pane, environments, grows two lines for one of each other.
        for index in [*short, *(i for i in short if i == len(counts) // 2)]:
            if spare and heights[index] < need[index]:
                heights[index] += 1
                spare -= 1
    return heights
