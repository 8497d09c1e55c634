"""Channels from country.toml, with secrets from the environment; and the key that signs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from comity.attest.keys import new_key, save_key
from comity.errors import InputError
from early_warning import cap
from early_warning.country import BrokerSpec, FeedSpec, SendSpec, WebhookSpec
from early_warning.desk.channels import channels_of
from early_warning.desk.desk import open_desk
from early_warning.desk.signing import load_signing, new_signing_key
from goods.early_warning.tests.desk.world import (
    NOW,
    Clock,
    approve,
    desk,
    keyed,
    offered,
    proposal,
    service,
)
from goods.early_warning.tests.send.world import receiver

FEED = FeedSpec(folder="served", address="https://coast.example/cap", title="Warnings")
DRAFTS = FeedSpec(folder="drafts", address="https://coast.example/drafts", title="Drafts")
HOOK = WebhookSpec(address="https://radio.example/in", recipient="radio", token_variable="TOKEN")
BROKER = BrokerSpec(
    address="mqtts://broker.example",
    recipient="wis2",
    centre_id="dj-meteo",
    metadata_id="urn:wmo:md:dj-meteo:warnings",
    user="meteo",
    password_variable="PASSWORD",
)
SECRETS = {"TOKEN": "secret-token", "PASSWORD": "secret-password"}


def test_every_channel_that_is_set_up_is_there(tmp_path: Path) -> None:
    send = SendSpec(feed=FEED, webhooks=(HOOK,), brokers=(BROKER,), composer=DRAFTS)
    channels = channels_of(service(tmp_path, send=send), SECRETS)
    routes = [(one.route.channel, one.route.recipient, one.route.after) for one in channels]
    assert routes == [
        ("feed", "public", ""),
        ("webhook", "radio", ""),
        ("mqtt", "wis2", "feed"),
        ("composer", "composer", ""),
    ]
    assert not any(one in repr(channels) for one in SECRETS.values())


def test_none_set_up_is_none(tmp_path: Path) -> None:
    assert channels_of(service(tmp_path, send=SendSpec()), {}) == []


BAD = {
    "a secret that is not set": (SendSpec(webhooks=(HOOK,)), "the environment variable TOKEN"),
    "a broker without a feed": (SendSpec(brokers=(BROKER,)), "there is no feed"),
    "two webhooks of one name": (SendSpec(feed=FEED, webhooks=(HOOK, HOOK)), "two channels"),
    "an address that is none": (
        SendSpec(webhooks=(WebhookSpec(address="http://x", recipient="radio"),)),
        "not an address",
    ),
    "certificates that are not there": (
        SendSpec(
            webhooks=(WebhookSpec(address="https://x", recipient="radio", certificates="gone.pem"),)
        ),
        "the certificates cannot be read",
    ),
    "certificates that are none": (
        SendSpec(
            webhooks=(
                WebhookSpec(address="https://x", recipient="radio", certificates="empty.pem"),
            )
        ),
        "the certificates cannot be read",
    ),
}


@pytest.mark.parametrize(("send", "words"), BAD.values(), ids=BAD)
def test_is_refused_before_the_desk_opens(tmp_path: Path, send: SendSpec, words: str) -> None:
    (tmp_path / "empty.pem").write_text("nothing\n")
    given = SECRETS if words == "two channels" else {}
    with pytest.raises(InputError, match=words):
        channels_of(service(tmp_path, send=send), given)


def test_a_webhook_with_its_own_certificates_gets_the_very_bytes(tmp_path: Path) -> None:
    with receiver(tmp_path) as far_end:
        hook = WebhookSpec(
            address=far_end.address, recipient="radio", certificates=far_end.trusted.name
        )
        with desk(tmp_path, Clock(), send=SendSpec(webhooks=(hook,))) as opened:
            offered(opened, proposal())
            issued = approve(opened, 1, "aicha", "omar")
            opened.send_due()
            (delivery,) = opened.find_issued(issued.identifier).deliveries
            assert delivery.state == "delivered", delivery.reason
            assert [data for _, data, _ in far_end.got] == [opened.bytes_of(issued.identifier)]


def test_drafts_for_composer_stand_in_a_folder_of_their_own(tmp_path: Path) -> None:
    with desk(tmp_path, Clock(), send=SendSpec(composer=DRAFTS)) as opened:
        offered(opened, proposal())
        approve(opened, 1, "aicha", "omar")
        opened.send_due()
    assert len(list((tmp_path / "drafts" / "alerts").iterdir())) == 1


# The key


def test_a_key_is_private_and_its_certificate_names_the_service(tmp_path: Path) -> None:
    made = service(tmp_path, "fr", "en")
    signing = new_signing_key(made, now=NOW)
    assert (tmp_path / "alerts.key").stat().st_mode & 0o777 == 0o600
    assert signing.certificate.subject.rfc4514_string() == ("CN=Service météorologique de la Côte")
    again = load_signing(made)
    assert again.key.public == signing.key.public and again.certificate == signing.certificate


def test_neither_is_ever_replaced(tmp_path: Path) -> None:
    made = keyed(tmp_path)
    before = (tmp_path / "alerts.key").read_bytes(), (tmp_path / "alerts.crt").read_bytes()
    with pytest.raises(InputError, match="is not replaced"):
        new_signing_key(made, now=NOW)
    (tmp_path / "alerts.crt").rename(tmp_path / "old.crt")
    with pytest.raises(InputError, match="is not replaced"):
        new_signing_key(made, now=NOW)
    assert not (tmp_path / "alerts.crt").exists()  # nothing half-made
    assert (tmp_path / "alerts.key").read_bytes() == before[0]


def test_a_certificate_of_another_key_is_refused(tmp_path: Path) -> None:
    made = keyed(tmp_path)
    (tmp_path / "alerts.key").unlink()
    save_key(new_key(), tmp_path / "alerts.key")
    with pytest.raises(InputError, match="this certificate belongs to another key"):
        load_signing(made)


@pytest.mark.parametrize("name", ["alerts.key", "alerts.crt"])
def test_a_missing_file_says_how_to_make_both(tmp_path: Path, name: str) -> None:
    made = keyed(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(InputError, match="there is no such file") as caught:
        load_signing(made)
    assert caught.value.hint == "Make them: early-warning key country.toml"


def test_a_key_that_others_may_read_signs_nothing(tmp_path: Path) -> None:
    made = keyed(tmp_path)
    (tmp_path / "alerts.key").chmod(0o644)
    with open_desk(made, now=Clock()) as opened:
        offered(opened, proposal())
        assert "other people on this computer" in opened.find_draft(1).faults[0].lower()


def test_when_the_certificate_holds(tmp_path: Path) -> None:
    signing = new_signing_key(service(tmp_path), now=NOW)
    assert signing.fault(NOW) == "" == signing.fault(NOW + dt.timedelta(days=5 * 365))
    assert "runs from 2026-11-22 to 2031-11-21" in signing.fault(NOW - dt.timedelta(seconds=1))
    assert signing.fault(NOW + dt.timedelta(days=5 * 365, seconds=1))
    assert cap.fingerprint(signing.certificate)
