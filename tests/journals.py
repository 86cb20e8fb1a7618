"Orders to put into a journal."

import json
from dataclasses import replace
from datetime import UTC, datetime

from target_group_kit.exchange.entries import Order

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
ONE, TWO = "01JX2X0N5RTR012AYDTA83QW01", "01JX2X0N5RTR012AYDTA83QW02"
CHANGED = {"request_hash": "77b0", "body": '{"name": "Coffee drinkers"}'}


def order(reference: str = "tea-1", **changes: str) -> Order:
    "An order for tea drinkers."
    known = Order(
        environment="live",
        base_url="https://api.cint.com/v1",
        account_id="543587",
        project_id="01JX2KPG5VEBF8498Z8YTTE8TB",
        reference=reference,
        own_reference=True,
        request_hash="5f3a",
        body='{"name": "Tea drinkers"}',
        contract_version="2025-12-18",
    )
    return replace(known, **changes)


def batch(many: int, weight: int = 0) -> list[Order]:
    "Orders that differ, with bodies of about so many bytes."
    return [
        order(
            f"wave-{n:05}",
            request_hash=f"{n:04x}",
            body=json.dumps({"name": f"Wave {n}", "note": "x" * weight}),
        )
        for n in range(many)
    ]
