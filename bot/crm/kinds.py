"""Which sources there are, what each needs to be told, and how one is made of that."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from bot.coaching.said import say
from bot.crm.csv_source import csv_source
from bot.crm.hubspot import source as hubspot
from bot.crm.pipedrive import source as pipedrive
from bot.crm.salesforce import source as salesforce
from bot.crm.salesforce.session import Credentials
from bot.crm.sql_views import TITLE, sql_source
from bot.services.ports import Clock
from bot.services.source import Source
from bot.vendors.ask import Ask, Kind, known


@dataclass(frozen=True, slots=True)
class Opening:
    """What a source is made of. ``given`` has every asked thing by name, ``fields`` the fields the playbook maps."""

    given: Mapping[str, str]
    clock: Clock
    fields: Collection[str]
    known_country: Callable[[str], bool] | None


def _hubspot(opening: Opening) -> Source:
    given = opening.given
    local = given["address"] != hubspot.ADDRESS
    return hubspot.HubSpot(
        given["key"],
        opening.clock,
        fields=opening.fields,
        address=given["address"],
        version=given["version"],
        budgets=hubspot.unpaced() if local else None,
    )


def _pipedrive(opening: Opening) -> Source:
    given = opening.given
    return pipedrive.Pipedrive(
        given["token"], given["company"], opening.clock, fields=opening.fields, address=given["address"]
    )


def _salesforce(opening: Opening) -> Source:
    given = opening.given
    return salesforce.Salesforce(
        Credentials(given["address"], given["key"], given["secret"]),
        opening.clock,
        fields=opening.fields,
        lost_reason=given["lost_reason"],
        forecast=given["forecast"],
        version=given["version"],
    )


def _sql(opening: Opening) -> Source:
    schema = opening.given["schema"] or None
    return sql_source(opening.given["url"], opening.clock, schema=schema, known_country=opening.known_country)


def _csv(opening: Opening) -> Source:
    return csv_source(Path(opening.given["folder"]), opening.clock, known_country=opening.known_country)


KINDS: Mapping[str, Kind[[Opening], Source]] = MappingProxyType(  # no words: what the command line asks
    {
        "hubspot": Kind(
            "HubSpot",
            (
                Ask("key", "Service Key (HubSpot: Settings, Integrations, Service Keys)", secret=True),
                Ask("address", "address of the API", default=hubspot.ADDRESS),
                Ask("version", "date version of the API", default=hubspot.VERSION),
            ),
            _hubspot,
        ),
        "pipedrive": Kind(
            "Pipedrive",
            (
                Ask("token", "API token (Pipedrive: Personal preferences, API)", secret=True),
                Ask("company", "company, as its address begins: acme of acme.pipedrive.com"),
                Ask("address", "address of the API", default=""),
            ),
            _pipedrive,
        ),
        "salesforce": Kind(
            "Salesforce",
            (
                Ask("address", "My Domain, such as https://acme.my.salesforce.com"),
                Ask("key", "consumer key of the External Client App", secret=True),
                Ask("secret", "consumer secret of the External Client App", secret=True),
                Ask("lost_reason", "field with the loss reason, such as Loss_Reason__c", default=""),
                Ask("forecast", "forecast type whose quotas count", default=""),
                Ask("version", "version of the API", default=salesforce.VERSION),
            ),
            _salesforce,
        ),
        "sql": Kind(
            TITLE,
            (
                Ask("url", "address of the database with the views, such as postgresql://...", secret=True),
                Ask("schema", "schema of the views", default=""),
            ),
            _sql,
        ),
        "csv": Kind("CSV", (Ask("folder", "folder with the files, which is read again and again"),), _csv),
    }
)


def make(name: str, opening: Opening) -> Source:
    """Return a source. Raises ConfigurationError for a name that isn't one, or things that can't be right."""
    kind = known(KINDS, name, say("a source"))
    return kind.make(replace(opening, given=kind.complete(opening.given)))
