"""Pages of the kit as they are served: weight, strict policy, one heading, both languages, errors that help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import reload
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import Client
from django.urls import Resolver404, clear_url_caches, resolve
from lxml import html

import plumbline.faces.kit
from plumbline.config import urls
from plumbline.errors import Citation, InputError, InputErrors, RuleError, say
from plumbline.faces.kit.views import SHELLS
from tests.faces.kit.conftest import parsed

KIT = Path(plumbline.faces.kit.__file__).parent
PAGES = ["/kit/", *[f"/kit/shells/{name}" for name in SHELLS]]
ERRORS = (400, 403, 404, 405, 409, 422, 429, 500, 503)
MOST_BYTES = 60_000


def styles_of(page: str) -> list[Path]:
    return [KIT / "static" / "kit" / Path(href).name for href in re.findall(r'rel="stylesheet" href="([^"]+)"', page)]


@pytest.mark.parametrize("name", ["check", "check-revoked"])
def test_public_check_and_its_styles_stay_under_sixty_kilobytes(kit_client: Client, name: str) -> None:
    page = kit_client.get(f"/kit/shells/{name}").content
    assert len(page) + sum(sheet.stat().st_size for sheet in styles_of(page.decode())) <= MOST_BYTES


def test_public_check_loads_no_script(kit_client: Client) -> None:
    assert b"<script" not in kit_client.get("/kit/shells/check").content


@pytest.mark.parametrize("path", PAGES)
def test_page_holds_nothing_a_strict_policy_refuses(kit_client: Client, path: str) -> None:
    page = parsed(kit_client.get(path).content)
    assert page.xpath("//style | //script[not(@src)] | //@style | //@*[starts-with(name(), 'on')]") == []


@pytest.mark.parametrize("path", PAGES)
def test_page_has_one_first_heading_one_main_part_and_no_id_twice(kit_client: Client, path: str) -> None:
    page = parsed(kit_client.get(path).content)
    ids = page.xpath("//@id[not(ancestor::*[local-name() = 'svg'])]")
    assert len(page.xpath("//h1")) == 1
    assert len(page.xpath("//main[@id = 'main']")) == 1
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("path", PAGES)
def test_every_control_has_a_name(kit_client: Client, path: str) -> None:
    page = parsed(kit_client.get(path).content)
    unnamed = [
        html.tostring(control)
        for control in page.xpath("//input[not(@type = 'hidden')] | //select | //textarea")
        if not control.get("aria-label")
        and not page.xpath("//label[@for = $id]", id=control.get("id") or "")
        and not control.xpath("ancestor::label")
    ]
    assert unnamed == []


@pytest.mark.parametrize(("language", "expected"), [("zh-hans", "zh-CN"), ("en", "en")])
def test_page_says_its_language(kit_client: Client, language: str, expected: str) -> None:
    page = parsed(kit_client.get("/kit/", headers={"accept-language": language}).content)
    assert page.get("lang") == expected


def test_language_is_switched_by_a_form(kit_client: Client) -> None:
    page = parsed(kit_client.get("/kit/shells/check").content)
    form = page.xpath("//form[@action = '/i18n/setlang/']")[0]
    assert form.get("method") == "post"
    assert form.xpath(".//button/@value") == ["en"]
    assert form.xpath(".//input[@name = 'next']/@value") == ["/kit/shells/check"]


def test_theme_is_fixed_by_the_address_and_only_to_what_exists(kit_client: Client) -> None:
    assert parsed(kit_client.get("/kit/?theme=dark").content).get("data-theme") == "dark"
    assert parsed(kit_client.get("/kit/?theme=%22x").content).get("data-theme") is None


def test_shell_that_does_not_exist_is_not_found(kit_client: Client) -> None:
    assert kit_client.get("/kit/shells/nothing").status_code == 404


@pytest.mark.parametrize("code", ERRORS)
def test_error_page_says_what_where_and_what_to_do_without_any_context(code: int) -> None:
    page = parsed(get_template(f"kit/error_{code}.html").render({}))
    assert len(page.xpath("//h1")[0].text_content()) > 3
    assert "怎么办" in page.text_content()
    assert str(code) in page.text_content()


def test_error_page_shows_the_error_it_is_given() -> None:
    error = RuleError(
        say("计量标准 {s} 的证书已到期", s="V20"),
        where=say("作业 {j}", j="1140"),
        remedy=say("换一台计量标准"),
        clause=Citation("JJG 443", "2023", None),
    )
    text = parsed(get_template("kit/error_409.html").render({"error": error})).text_content()
    assert all(part in text for part in ("计量标准 V20 的证书已到期", "作业 1140", "换一台计量标准", "JJG 443 2023"))


def test_error_page_lists_every_fault_of_an_input() -> None:
    error = InputErrors([InputError(say("甲错")), InputError(say("乙错"))])
    text = parsed(get_template("kit/error_422.html").render({"error": error})).text_content()
    assert "甲错" in text
    assert "乙错" in text


def test_a_print_sheet_of_a_draft_is_hatched_and_says_so() -> None:
    page = parsed(get_template("kit/print.html").render({"is_draft": True, "is_demo": True}))
    assert "hatchall" in page.find("body").get("class")
    assert "草稿，不是证书" in page.text_content()
    assert "演示 DEMO" in page.text_content()


def test_scripts_and_styles_stay_small() -> None:
    sizes = {path.name: path.stat().st_size for path in (KIT / "static" / "kit").iterdir()}
    assert {name: size for name, size in sizes.items() if size > 30_000} == {}


@pytest.fixture
def addresses_of_developers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hold the addresses as they are in debug mode."""
    monkeypatch.setattr(settings, "DEBUG", True)
    reload(urls)
    clear_url_caches()
    yield
    monkeypatch.undo()
    reload(urls)
    clear_url_caches()


def test_the_gallery_has_no_address_where_real_work_is_done() -> None:
    with pytest.raises(Resolver404):
        resolve("/kit/", urlconf="plumbline.config.urls")


def test_the_gallery_has_its_address_in_debug_mode(addresses_of_developers: None) -> None:
    assert resolve("/kit/", urlconf="plumbline.config.urls").view_name == "kit:kit"
