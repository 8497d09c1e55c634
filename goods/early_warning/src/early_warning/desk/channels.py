"""The channels that `country.toml` sets up, with secrets from the environment."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping

from comity.errors import InputError
from early_warning.country import BrokerSpec, FeedSpec, WebhookSpec
from early_warning.send import Broker, Centre, Channel, Feed, Webhook
from early_warning.service import Service

__all__ = ["NOBODY", "channels_of"]

NOBODY = "No channel is set up in country.toml, under [send]: nobody would get the alert."


def channels_of(service: Service, environment: Mapping[str, str] = os.environ) -> list[Channel]:
    """Every channel, ready to deliver; empty where none is set up.

    Raises:
        InputError: an address is none, a file of certificates cannot be read, a variable with a
            secret is not set, or a broker has no feed whose address it could announce.
    """
    send = service.country.send
    feed = None if send.feed is None else _feed(service, send.feed)
    channels: list[Channel] = [] if feed is None else [feed]
    channels += [_webhook(service, spec, environment) for spec in send.webhooks]
    for spec in send.brokers:
        if feed is None:
            raise InputError(
                "a broker announces where an alert stands, and there is no feed",
                where=f"send.brokers, {spec.recipient}",
                hint="Set up [send.feed] too.",
            )
        channels.append(_broker(service, spec, feed, environment))
    if send.composer is not None:
        spec_folder = service.path(send.composer.folder)
        channels.append(
            Feed(
                spec_folder,
                address=send.composer.address,
                title=send.composer.title,
                kind="composer",
                recipient="composer",
            )
        )
    routes = [(one.route.channel, one.route.recipient) for one in channels]
    for route in routes:
        if routes.count(route) > 1:
            raise InputError(
                f"two channels of the kind {route[0]} have the recipient {route[1]}", where="send"
            )
    return channels


def _feed(service: Service, spec: FeedSpec) -> Feed:
    return Feed(service.path(spec.folder), address=spec.address, title=spec.title)


def _webhook(service: Service, spec: WebhookSpec, environment: Mapping[str, str]) -> Webhook:
    return Webhook(
        spec.address,
        recipient=spec.recipient,
        token=_secret(spec.token_variable, spec.recipient, environment),
        context=_context(service, spec.certificates),
    )


def _broker(
    service: Service, spec: BrokerSpec, feed: Feed, environment: Mapping[str, str]
) -> Broker:
    return Broker(
        spec.address,
        recipient=spec.recipient,
        centre=Centre(centre_id=spec.centre_id, metadata_id=spec.metadata_id),
        address_of=feed.address_of,
        user=spec.user,
        password=_secret(spec.password_variable, spec.recipient, environment),
        context=_context(service, spec.certificates),
    )


def _secret(variable: str, recipient: str, environment: Mapping[str, str]) -> str:
    if not variable:
        return ""
    if variable not in environment:
        raise InputError(
            f"the environment variable {variable} is not set, which holds the secret of"
            f" {recipient}",
            where="send",
            hint="Set it where the program is started; secrets never stand in country.toml.",
        )
    return environment[variable]


def _context(service: Service, certificates: str) -> ssl.SSLContext | None:
    if not certificates:
        return None
    path = service.path(certificates)
    try:
        return ssl.create_default_context(cafile=str(path))
    except OSError as error:  # also ssl.SSLError: no certificate in it
        reason = getattr(error, "reason", None) or error.strerror or "it holds no certificate"
        raise InputError(f"the certificates cannot be read: {reason}", where=str(path)) from None
