"""Every source that the contract suite runs over: a new one adds its line here."""

from __future__ import annotations

from tests.crm.csv_case import CSV
from tests.crm.held import Case
from tests.crm.hubspot_case import HUBSPOT
from tests.crm.pipedrive_case import PIPEDRIVE
from tests.crm.salesforce_case import SALESFORCE
from tests.crm.sql_case import SQL

CASES: tuple[Case, ...] = (CSV, SQL, HUBSPOT, PIPEDRIVE, SALESFORCE)
