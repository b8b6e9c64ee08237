"""Asks a web server for a while over some open connections: one request after another on each. Standard library only.

Called with JSON {"port", "paths", "connections", "window_s"}; prints JSON {"took_s": [seconds of each answer],
"elapsed_s"}: what was asked within the window is waited for. An answer other than 200 ends it with an error.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from itertools import cycle

OK = re.compile(rb"^HTTP/1\.1 200 ")
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


async def ask(port: int, paths: list[str], *, start: int, end: float) -> list[float]:
    """Ask over one connection until the end; return what each answer took in seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    took = []
    for path in cycle(paths[start % len(paths) :] + paths[: start % len(paths)]):
        begun = time.perf_counter()
        if begun > end:
            break
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not OK.match(head) or length is None:
            raise RuntimeError(f"{path}: {head[:300].decode(errors='replace')}")
        await reader.readexactly(int(length.group(1)))
        took.append(time.perf_counter() - begun)
    writer.close()
    return took


async def load(port: int, paths: list[str], *, connections: int, window_s: float) -> list[float]:
    """Ask over all connections; return what each answer took in seconds."""
    end = time.perf_counter() + window_s
    asked = (ask(port, paths, start=number, end=end) for number in range(connections))
    return [seconds for one in await asyncio.gather(*asked) for seconds in one]


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    begun_at = time.perf_counter()
    measured = asyncio.run(
        load(given["port"], given["paths"], connections=given["connections"], window_s=given["window_s"])
    )
    json.dump({"took_s": measured, "elapsed_s": time.perf_counter() - begun_at}, sys.stdout)
