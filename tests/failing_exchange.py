"An exchange without a wire: makes drafts, fails as told; its time passes when a client sleeps."

import json
import threading
from datetime import UTC, datetime, timedelta

import httpx

from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.exchange.client import REFERENCE, DemandClient

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
GROUP = TargetGroup.example(now=NOON)
PROJECT = "01JX2KPG5VEBF8498Z8YTTE8TB"
LIVE = "https://api.cint.com/v1"
REFUSAL = {"object": "bad_request_error", "detail": "x"}


class Exchange:
    "Makes drafts; each create fails as the next of `faults` says. Its list lags behind."

    def __init__(self, *faults: str, lag: float = 0, lists: tuple[object, ...] = ()) -> None:
        self.faults, self.lag, self.lists = list(faults), lag, list(lists)
        self.drafts: list[dict[str, object]] = []
        self.time, self.waits, self.asked = NOON, [], []
        self.lock, self.before_answer = threading.Lock(), lambda: None
        self.http = httpx.Client(transport=httpx.MockTransport(self.answer))

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.waits += [seconds] if seconds else []
        self.time += timedelta(seconds=seconds)

    def client(self, base_url: str = LIVE, **options: object) -> DemandClient:
        given = {"account_id": 543587, "token": "planted-token", "attempts": 3, "confirmed": True}
        own = {"http": self.http, "clock": self.now, "sleep": self.sleep}
        return DemandClient(base_url=base_url, **given | own | options)

    def add(self, reference: str, name: str = GROUP.name, locale: str = "ger_de") -> str:
        number = f"{len(self.drafts) + 1:02}"
        made = {"id": "01JX2X0N5RTR012AYDTA83QW00"[: -len(number)] + number}
        made |= {"name": name, "locale": locale}
        made |= {REFERENCE: reference, "created_at": self.time.isoformat(), "at": self.time}
        self.drafts.append(made)
        return made["id"]

    def answer(self, request: httpx.Request) -> httpx.Response:
        with self.lock:
            self.asked.append(request.method)
            return self.create(request) if request.method == "POST" else self.look(request)

    def look(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.count("/") > 7:
            known = {draft["id"] for draft in self.drafts}
            return httpx.Response(200 if request.url.path.split("/")[-1] in known else 404, json={})
        assert set(request.url.params) == {f"{REFERENCE}s", "page_size"}
        problem = self.lists.pop(0) if self.lists else None
        if isinstance(problem, Exception):
            raise problem
        if problem:
            return httpx.Response(problem)
        visible = [d for d in self.drafts if (self.time - d["at"]).total_seconds() >= self.lag]
        listed = [
            d for d in visible if d[REFERENCE] in request.url.params.get_list(f"{REFERENCE}s")
        ]
        fields = ("id", "name", "locale", "created_at", REFERENCE)
        items = [{name: draft[name] for name in fields} for draft in listed]
        return httpx.Response(200, json={"target_groups": items, "has_more": False})

    def create(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        assert request.headers["idempotency-key"] == body[REFERENCE]
        kind, _, detail = (self.faults.pop(0) if self.faults else "fine").partition(" ")
        made = kind in ("fine", "lost", "stopped") or (kind == "status" and detail.endswith("+"))
        new = self.add(body[REFERENCE], body["name"], body["locale"]) if made else None
        self.before_answer()
        if kind == "unsent":
            raise httpx.ConnectError("no network")
        if kind in ("lost", "broken"):
            raise httpx.ReadError("the line broke")
        if kind == "stopped":
            raise KeyboardInterrupt
        if kind == "limited":
            raise_after = {"retry-after": detail} if detail else {}
            return httpx.Response(429, headers=raise_after)
        if kind == "status":
            return httpx.Response(int(detail.rstrip("+")), json=REFUSAL)
        return httpx.Response(201, json={"id": new}, headers={"x-request-id": f"trace-{new[-2:]}"})

    @property
    def posts(self) -> int:
        return self.asked.count("POST")

    @property
    def ids(self) -> list[str]:
        return [draft["id"] for draft in self.drafts]
