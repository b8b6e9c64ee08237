"""The log's files: what is served, how long it may be kept, and that nothing else is ever read."""

from __future__ import annotations

import pytest
from django.test import Client

from plumbline.domain.ledger import queries as ledger
from tests.world import World, world

__all__ = ["world"]


def test_the_checkpoint_is_the_published_one_and_good_for_seconds(world: World, client: Client) -> None:
    answer = client.get("/log/checkpoint")
    assert answer.content.decode() == ledger.store().checkpoint()
    assert answer["Cache-Control"] == "public, max-age=2"
    assert answer["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("level", ["0", "entries"])
def test_a_partial_tile_is_served_and_kept_for_seconds(world: World, client: Client, level: str) -> None:
    path = f"tile/{level}/000.p/{ledger.store().published_size()}"
    answer = client.get(f"/log/{path}")
    assert answer.content == ledger.store().file(path)
    assert answer["Cache-Control"] == "public, max-age=2"


def test_a_full_tile_is_kept_for_ever(world: World, client: Client) -> None:
    place = ledger.store().folder / "tile" / "0"
    (place / "000").write_bytes(b"x" * 8192)
    assert client.get("/log/tile/0/000")["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path", ["tile/0/999", "tile/../keys/log.key", "tile/0/..%2f..%2fkeys", "tile/64/000", "tile/0/000.p/0", "tile/x"]
)
@pytest.mark.django_db
def test_what_is_no_file_of_the_log_is_not_found(client: Client, path: str) -> None:
    assert client.get(f"/log/{path}").status_code == 404


def test_anyone_may_read_it_from_another_page(world: World, client: Client) -> None:
    assert client.get("/log/checkpoint")["Access-Control-Allow-Origin"] == "*"
