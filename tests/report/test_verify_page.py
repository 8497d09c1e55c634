"""verify.html as a file; what it does is tested in tests/browser."""

from __future__ import annotations

import base64
import hashlib
import json
import re

from comity.report import TrustedKey, verify_page
from tests.report.markup import read

KEY = TrustedKey(
    origin="lab.example",
    name="</script><script>alert(1)</script><!--",
    role=None,
    jurisdiction=None,
    spki_base64="AAAA",
    spki_sha256="0" * 64,
    fingerprint="1 2 3",
    valid_from=None,
    valid_until="2027-01-01",
)


def test_the_policy_admits_this_script_and_no_other() -> None:
    page = verify_page([], {})
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    (policy,) = (one for one in read(page).attributes("meta", "content") if "default-src" in one)
    assert f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'sha256-" in policy
    assert "unsafe" not in policy
    assert "connect-src" not in policy


def test_no_name_can_end_the_data_block() -> None:
    page = verify_page([KEY], {"t": {"description": "</script>"}})
    data = re.search(
        r'<script type="application/json" id="embedded">(.*?)</script>', page, re.DOTALL
    )
    assert data is not None
    embedded = json.loads(data[1])
    assert embedded["keys"][0]["name"] == KEY["name"]
    assert embedded["schemas"]["t"]["description"] == "</script>"
    assert [tag for tag, _ in read(page).tags].count("script") == 2


def test_the_page_tells_whom_it_trusts() -> None:
    text = read(verify_page([KEY], {})).text
    assert (
        "</script><script>alert(1)</script><!-- lab.example 1 2 3 valid, until 2027-01-01" in text
    )
    assert "Nobody" in read(verify_page([], {})).text


def test_the_script_never_inserts_markup() -> None:
    page = verify_page([], {})
    for way in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "Function("):
        assert way not in page
