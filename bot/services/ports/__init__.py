"""What the use cases need of the outside world, as Protocols, by room; adapters satisfy them."""

from bot.services.ports.calendars import Calendars
from bot.services.ports.clock import Clock
from bot.services.ports.delivery import Claimed, Deliveries, Waking
from bot.services.ports.duties import Duties, Duty, DutyKind
from bot.services.ports.facts import Evidence, Facts
from bot.services.ports.feeds import CalendarFeed, CalendarFeeds
from bot.services.ports.forecasts import ForecastKind, Forecasts, ToldForecast, range_key
from bot.services.ports.goals import Goals, Report
from bot.services.ports.inbox import Inbox, Received
from bot.services.ports.meetings import Meetings
from bot.services.ports.messages import TOO_LATE, GivenUp, Homes, Outbox, Outgoing, Refusals, Surface, Waiting
from bot.services.ports.people import Directory, People, SlackAccount
from bot.services.ports.rhythm import Cadences, MarketProposals, Standing, Standings
from bot.services.ports.store import Store, Transaction
from bot.services.ports.troubles import Trouble, Troubles

__all__ = [
    "TOO_LATE",
    "Cadences",
    "CalendarFeed",
    "CalendarFeeds",
    "Calendars",
    "Claimed",
    "Clock",
    "Deliveries",
    "Directory",
    "Duties",
    "Duty",
    "DutyKind",
    "Evidence",
    "Facts",
    "ForecastKind",
    "Forecasts",
    "GivenUp",
    "Goals",
    "Homes",
    "Inbox",
    "MarketProposals",
    "Meetings",
    "Outbox",
    "Outgoing",
    "People",
    "Received",
    "Refusals",
    "Report",
    "SlackAccount",
    "Standing",
    "Standings",
    "Store",
    "Surface",
    "ToldForecast",
    "Transaction",
    "Trouble",
    "Troubles",
    "Waiting",
    "Waking",
    "range_key",
]
