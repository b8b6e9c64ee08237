"""Against a live server: the examples of the how-to, and a client generated from the document."""

from __future__ import annotations

import importlib
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from plumbline.domain.accounts import queries as accounts
from plumbline.faces.api.service import openapi
from plumbline.gateways.webhooks import signed_headers, written_secret
from tests.faces.api.asking import Ask
from tests.faces.conftest import work_off
from tests.world import World

HOW_TO = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "use-the-api.md"
BLOCK = re.compile(r"```python\n(.*?)```(?:\s*```text\n(.*?)```)?", re.DOTALL)
OWNERS = ("registers:read", "instruments:write", "cases:read", "cases:apply", "webhooks:manage")
OFFICES = ("registers:read", "entries:write", "imports:run")


def examples() -> Iterator[tuple[str, str]]:
    """Yield each example of the how-to with what it should print."""
    for found in BLOCK.finditer(HOW_TO.read_text()):
        yield found[1], found[2] or ""


def test_the_examples_of_the_how_to_print_what_it_says(
    live_server: LiveServer, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLUMBLINE_URL", live_server.url)
    monkeypatch.setenv("PLUMBLINE_TOKEN", ask("owner", *OWNERS).text)
    monkeypatch.setenv("PLUMBLINE_OFFICE_TOKEN", ask("bureau", *OFFICES).text)
    monkeypatch.setattr("time.sleep", lambda _seconds: work_off())
    said: dict[str, object] = {}
    printed, expected = [], []
    for code, text in examples():
        with redirect_stdout(io.StringIO()) as out:
            exec(compile(code, str(HOW_TO), "exec"), said)  # noqa: S102  # the very code the how-to shows
        printed.append(out.getvalue())
        expected.append(text)
    assert printed == expected
    is_ours = said["is_ours"]
    headers = signed_headers(b"k" * 32, "m", timestamp=1_700_000_000, body=b"{}")
    checked = [is_ours(headers, body, written_secret(b"k" * 32), now=lambda: 1_700_000_001) for body in (b"{}", b"[]")]  # type: ignore[operator]  # what the how-to defines
    assert checked == [True, False]


def test_the_how_to_names_every_scope() -> None:
    assert set(re.findall(r"^\| `([\w:]+)`", HOW_TO.read_text(), re.MULTILINE)) == set(accounts.TOKEN_SCOPES)


@pytest.fixture
def client_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Generate a client from the document of the API; return the name of its package."""
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(openapi()))
    maker = Path(sys.executable).with_name("openapi-python-client")
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"post_hooks": []}))
    subprocess.run(
        [maker, "generate", "--path", document, "--config", config, "--meta", "none", "--output-path",
         tmp_path / "generated_client"],
        check=True, capture_output=True, cwd=tmp_path,
    )  # fmt: skip
    monkeypatch.syspath_prepend(str(tmp_path))
    return "generated_client"


def test_a_generated_client_pages_applies_and_is_told_problems(
    live_server: LiveServer, world: World, ask: Ask, client_package: str
) -> None:
    package: Any = importlib.import_module(client_package)  # Any: as below

    def part(name: str) -> Any:  # Any: what was just generated
        return importlib.import_module(f"{client_package}.{name}")

    client = package.AuthenticatedClient(base_url=live_server.url, token=ask("owner", *OWNERS).text)
    instruments, by_serial = part("api.lists.list_instruments"), part("models").ListInstrumentsSort("serial")
    found = instruments.sync(client=client, size=2, sort=by_serial)
    following = instruments.sync(client=client, size=2, sort=by_serial, page=found.next_)
    assert [each.serial for each in found.items + following.items] == ["N1", "N2", "N3", "N4"]
    wanted = part("models").Application(
        site=world.nozzles()[0].site_id, instruments=[found.items[0].id], place="on_site",
        contact_name="测试", contact_phone="1",
    )  # fmt: skip
    case = part("api.cases.apply").sync(client=client, body=wanted, idempotency_key="a-key-of-its-own")
    assert (case.state, case.jobs[0].serial) == ("submitted", "N1")
    refused = part("api.figures.get_workload").sync(client=client)
    assert (refused.status, refused.detail) == (403, "这个令牌没有范围“figures:read”")
