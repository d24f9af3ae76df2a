# Run where the screen was killed, by shells that cannot say it themselves.
if [ -t 2 ]; then
    printf '\033[?1049l\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?1015l\033[?1004l\033[?2004l\033[<u\033[?25h\033[0m' >&2
    stty sane <&2 2>/dev/null
fi
