"""Where messages may go, and how they are signed: by the text of an address, and by what its name leads to."""

from __future__ import annotations

import base64
from ipaddress import ip_address

import pytest

from plumbline.errors import InputError, OutsideError
from plumbline.gateways import webhooks
from plumbline.gateways.webhooks import Target


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fc00::1", "fe80::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
     "2002:7f00:1::", "2001:db8::1"],
)  # fmt: skip
def test_an_inner_address_is_not_public(address: str) -> None:
    assert not webhooks.is_public(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_an_address_of_the_net_is_public(address: str) -> None:
    assert webhooks.is_public(ip_address(address))


@pytest.mark.parametrize(
    "url",
    ["", "x", "http://example.com/", "ftp://example.com/", "https://", "https://user:pw@example.com/",
     "https://example.com/#a", "https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "https://0x7f.1/",
     "https://127.1/", "https://example.com:99999/", "https://exa mple.com/", "https://例子.cn/", "https://[bad",
     "https://example.com/" + "a" * 500],
)  # fmt: skip
def test_an_address_that_may_not_be_called_is_refused(url: str) -> None:
    with pytest.raises(InputError) as told:
        webhooks.read_target(url, may_be_private=False)
    assert told.value.field == "url"


def test_an_address_is_read() -> None:
    found = webhooks.read_target("https://example.com:8443/a/b?c=d", may_be_private=False)
    assert found == Target("https", "example.com", 8443, "/a/b?c=d")


def test_a_name_that_leads_inward_is_refused_after_it_is_resolved() -> None:
    with pytest.raises(InputError, match="内网"):
        webhooks.checked_address(Target("https", "localhost", 443, "/"), may_be_private=False)


def test_a_name_that_leads_nowhere_may_be_tried_again() -> None:
    with pytest.raises(OutsideError) as told:
        webhooks.checked_address(Target("https", "nothing.invalid", 443, "/"), may_be_private=False)
    assert told.value.may_retry


def test_nobody_listening_may_be_tried_again() -> None:
    with pytest.raises(OutsideError):
        webhooks.send(Target("http", "127.0.0.1", 9, "/"), b"", headers={}, may_be_private=True)


def test_the_signature_is_that_of_the_published_vector() -> None:
    # Source: tests of the reference libraries, github.com/standard-webhooks/standard-webhooks (MIT).
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = webhooks.signed_headers(
        key, "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330, body=b'{"test": 2432232314}'
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
