"""Chinese on an English page is marked where it can be, and nothing else is touched."""

from __future__ import annotations

import pytest

from plumbline.faces.kit.languages import marked

MARK = '<span lang="zh-CN">'


@pytest.mark.parametrize(
    ("page", "after"),
    [
        ("<p>Passed</p>", "<p>Passed</p>"),
        ("<p>测试站 1 号枪 Passed</p>", f"<p><span>{MARK}测试站 1 号枪</span> Passed</span></p>"),
        ("<p title='站'>a &lt;站&gt;</p>", f"<p title='站'><span>a &lt;{MARK}站</span>&gt;</span></p>"),
        ("<td> 11 号枪 92# </td>", f"<td> <span>11 {MARK}号枪</span> 92#</span> </td>"),
        ("<title>站</title><p>站</p>", f"<title>站</title><p>{MARK}站</span></p>"),
        ("<option>站</option><textarea>站</textarea>", "<option>站</option><textarea>站</textarea>"),
        ("<svg><title>站</title><text>站</text></svg>", "<svg><title>站</title><text>站</text></svg>"),
    ],
)
def test_runs_of_chinese_are_marked_in_text_alone(page: str, after: str) -> None:
    assert marked(page) == after
