"""A port is asked as another program would be hurt by it, and held against other copies."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from plumbline.config.ports import hold_port, is_free

HOST = "127.0.0.1"


@pytest.fixture
def shared_listener() -> Iterator[socket.socket]:
    """Listen as the web server does, with SO_REUSEPORT, which would let a second one in without a word."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind((HOST, 0))
        listener.listen()
        yield listener


def test_a_port_shared_by_reuseport_counts_as_taken(shared_listener: socket.socket) -> None:
    assert not is_free(HOST, shared_listener.getsockname()[1])


def test_a_taken_port_gives_another(shared_listener: socket.socket) -> None:
    taken = shared_listener.getsockname()[1]
    held = hold_port(HOST, taken)
    held.release()
    assert held.port != taken


def test_two_copies_never_hold_the_same_port() -> None:
    first = hold_port(HOST, None)
    second = hold_port(HOST, first.port)
    first.release()
    second.release()
    assert first.port != second.port


def test_a_released_port_is_had_again() -> None:
    first = hold_port(HOST, None)
    first.release()
    again = hold_port(HOST, first.port)
    again.release()
    assert again.port == first.port
