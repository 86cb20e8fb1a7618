"Submission against a server on loopback that takes its time: overhead, throughput, memory."

import asyncio
import json
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

import target_group_kit as tgk
from target_group_kit.exchange.bulk import submit_many
from target_group_kit.exchange.orders import order_for
from target_group_kit.exchange.progress import Progress

WORKERS = 8
PROJECT = "01JX2KPG5VEBF8498Z8YTTE8TB"
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
REGIONS = {f"region {n}": (str(n), n + 3) for n in range(1, 9)}


async def serve(latency: float) -> None:
    "Lists nothing, makes everything, and says where it is: the least that a server can do."
    made = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal made
        while head := await reader.readuntil(b"\r\n\r\n"):
            length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
            await reader.readexactly(int(length[1]) if length else 0)
            await asyncio.sleep(latency)
            made += head.startswith(b"POST")
            listed = {"target_groups": [], "has_more": False}
            answer = {"id": f"01JX2X0N5RTR012AYD{made:08}"} if head.startswith(b"POST") else listed
            body = json.dumps(answer).encode()
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n")
            writer.write(b"content-length: %d\r\n\r\n%s" % (len(body), body))

    async def quietly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(quietly, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


class Server:
    "The server in a process of its own."

    def __init__(self, latency: float) -> None:
        command = [sys.executable, __file__, "serve", str(latency)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> str:
        assert self.process.stdout is not None
        return f"http://127.0.0.1:{int(self.process.stdout.readline())}/v1"

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()


def large() -> tgk.TargetGroup:
    "2 × 6 × 8 cells: 24 kB of JSON."
    people = tgk.QuotaPlan.from_population("DE", 1000, ages=[18, 25, 35, 45, 55, 65])
    plan = people.margin("region", 96, REGIONS).interlock("gender", "age", "region")
    group = tgk.TargetGroup.example(NOW).with_open_exchange()
    return group.replace(completes_goal=plan.completes, profiling=plan.profiling("nominal"))


def plans(many: int, wave: str) -> Iterator[tgk.TargetGroup]:
    "So many, one after the other, each made when it is asked for."
    base = large()
    for number in range(many):
        yield base.replace(name=f"Wave {wave}, group {number}")


def client_at(url: str) -> tgk.DemandClient:
    return tgk.DemandClient(base_url=url, account_id=12345, token="mine", clock=lambda: NOW)


def submitted(url: str, many: int, wave: str) -> tuple[float, float]:
    "Seconds for all of it, and for what comes after the checks."
    checked = [0.0]

    def tell(value: Progress) -> None:
        if value.doing.startswith("checking"):
            checked[0] = perf_counter()

    with tempfile.TemporaryDirectory() as folder, client_at(url) as client:
        groups = list(plans(many, wave))
        with tgk.Journal(Path(folder) / "journal.db") as journal:
            began = perf_counter()
            batch = submit_many(
                groups, client, PROJECT, journal=journal, workers=WORKERS, progress=tell
            )
            ended = perf_counter()
    assert batch.ok, batch
    return ended - began, ended - checked[0]


def sent_plainly(url: str, many: int, wave: str) -> float:
    "Seconds for the same bodies by the same client and as many threads, without a journal."
    with client_at(url) as client, ThreadPoolExecutor(WORKERS) as pool:
        bodies = [json.loads(order_for(g, client, PROJECT).body) for g in plans(many, wave)]
        began = perf_counter()
        list(pool.map(lambda body: client.create_target_group(PROJECT, body), bodies))
        return perf_counter() - began


def compare(latency: float, many: int, rounds: int) -> tuple[float, float, float, float]:
    "Medians: after the checks over ideal, plain threads over ideal, plain over after, checks."
    ideal = many * latency / WORKERS
    over, plain, ratio, checks = [], [], [], []
    with Server(latency) as url:
        for number in range(rounds):
            threads = sent_plainly(url, many, f"{number} plain")
            whole, after = submitted(url, many, str(number))
            over.append(after / ideal - 1)
            plain.append(threads / ideal - 1)
            ratio.append(threads / after)
            checks.append((whole - after) / many)
    return tuple(map(statistics.median, (over, plain, ratio, checks)))  # type: ignore[return-value]


def memory(many: int) -> None:
    "The most memory that this process ever had, before and after a batch from a generator."
    with (
        Server(0) as url,
        tempfile.TemporaryDirectory() as folder,
        client_at(url) as client,
        tgk.Journal(Path(folder) / "journal.db") as journal,
    ):
        warm = submit_many(plans(50, "warm"), client, PROJECT, journal=journal, progress=False)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = perf_counter()
        batch = submit_many(plans(many, "large"), client, PROJECT, journal=journal, progress=False)
        seconds = perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert warm.ok
    assert batch.ok
    size = len(large().to_json()) / 1024
    print("\n| payloads | kB each | all of them, MiB | memory it took, MiB | seconds |")
    print("|---:|---:|---:|---:|---:|")
    taken = (after - before) / 1024
    print(f"| {many:,} | {size:.0f} | {many * size / 1024:.0f} | {taken:.0f} | {seconds:.0f} |")


def main() -> None:
    print("| server, ms | bodies | over ideal | plain threads over ideal | throughput | goal |")
    print("|---:|---:|---:|---:|---:|---|")
    for latency, many, goal in ((0.2, 400, "≤ 5 % over ideal"), (0.02, 800, "throughput ≥ 0.9")):
        over, plain, ratio, checks = compare(latency, many, 3)
        print(
            f"| {latency * 1000:.0f} | {many} | {over:.1%} | {plain:.1%} | {ratio:.2f} | {goal} |",
            flush=True,
        )
    print(f"\nChecking and planning came before it: {checks * 1000:.1f} ms for each.")
    command = [sys.executable, __file__, "memory", "10000"]
    print(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    print(
        f"Python {platform.python_version()}, httpx {version('httpx')}, "
        f"SQLAlchemy {version('SQLAlchemy')}; {platform.system()} {platform.machine()}."
    )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", latency]:
            asyncio.run(serve(float(latency)))
        case ["memory", many]:
            memory(int(many))
        case _:
            main()
