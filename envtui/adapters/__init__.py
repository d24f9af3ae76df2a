"""One file per manager: all that knows it. Everything here reads; nothing changes anything."""
