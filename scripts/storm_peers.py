"""Creates target groups as clients with a usual retry library do; `storm.py` runs it.

Needs httpx, tenacity and httpx-retries, and nothing of the kit.
"""

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import tenacity
from httpx_retries import Retry, RetryTransport

Create = Callable[[dict[str, object]], None]


def token(told: dict[str, str]) -> str:
    asked = {name: told[name] for name in ("client_id", "client_secret")}
    asked |= {"grant_type": "client_credentials"}
    return str(httpx.post(told["auth_url"], json=asked, timeout=30).json()["access_token"])


def plain(http: httpx.Client, url: str) -> Create:
    def create(body: dict[str, object]) -> None:
        http.post(url, json=body).raise_for_status().json()["id"]

    return create


def insistent(http: httpx.Client, url: str) -> Create:
    "Five attempts on failures of the way and on 5xx and 429, as the guides have it."

    def passes(problem: BaseException) -> bool:
        if isinstance(problem, httpx.HTTPStatusError):
            return problem.response.status_code >= 500 or problem.response.status_code == 429
        return isinstance(problem, httpx.TransportError)

    return tenacity.retry(
        retry=tenacity.retry_if_exception(passes),
        wait=tenacity.wait_random_exponential(0.05, 1),
        stop=tenacity.stop_after_attempt(5),
        reraise=True,
    )(plain(http, url))


def client(told: dict[str, str]) -> tuple[httpx.Client, Callable[[httpx.Client, str], Create]]:
    headers = {"Authorization": f"Bearer {token(told)}", "Cint-API-Version": "2025-12-18"}
    line: httpx.BaseTransport | None = None
    if told["contender"] == "httpx-retries":
        line = RetryTransport(retry=Retry(total=4, backoff_factor=0.05))
    elif told["contender"].startswith("httpx-retries"):
        every = [*Retry.RETRYABLE_METHODS, "POST"]
        line = RetryTransport(retry=Retry(total=4, backoff_factor=0.05, allowed_methods=every))
    http = httpx.Client(headers=headers, timeout=float(told["timeout"]), transport=line)
    return http, insistent if told["contender"] == "tenacity" else plain


def main() -> None:
    told = json.load(sys.stdin)
    http, way = client(told)
    create = way(http, told["url"])

    def attempt(body: dict[str, object]) -> None:
        with suppress(Exception):
            create(body)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(attempt, told["bodies"]))


if __name__ == "__main__":
    main()
