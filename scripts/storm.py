"""A storm: thousands of target groups over a network that fails, by processes that are killed.

    python scripts/storm.py            # everything, a quarter of an hour on two processors
    python scripts/storm.py --payloads 500 --kills 20 --lagging 100

Each wave has an emulator whose requests fail by chance, a journal, and processes that submit the
wave's plans and are killed after a while, until one has brought them all to their end. Then the
emulator's truth is held against the journal. Waves that are done stay in the folder: when it is
stopped, the same command goes on where it was.
"""

import argparse
import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import time
import venv
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from target_group_kit.contract.errors import KitError  # noqa: E402
from target_group_kit.contract.target_group import TargetGroup  # noqa: E402
from target_group_kit.exchange.bulk import submit_many  # noqa: E402
from target_group_kit.exchange.client import REFERENCE, DemandClient  # noqa: E402
from target_group_kit.exchange.journal import Journal  # noqa: E402
from target_group_kit.stage.emulator import Emulator  # noqa: E402
from target_group_kit.stage.faults import FAULT_KINDS, Fault, RandomFaults  # noqa: E402

PEERS = {"httpx": "0.28.1", "tenacity": "9.1.2", "httpx-retries": "0.4.5"}
CONTENDERS = ("once", "tenacity", "httpx-retries", "httpx-retries with POST")
ENVIRONMENT = ROOT / ".venv" / "peers-storm"
READ_TIMEOUT, LATE, LAG, SETTLE = 0.5, 0.3, 0.1, 2.0
SECONDS = {"hang": 1, "hang_before": 1, "rate_limited": 0, "late_commit": LATE}
# A 403 of a young token is for the user to mend; a user of this script isn't there.
KINDS = [name for name, kind in FAULT_KINDS.items() if kind.only is None and name != "expired"]
LISTS = ("error_before", "reset_before", "truncated", "html", "rate_limited")


@dataclass(frozen=True)
class Wave:
    "What is to be done at once."

    number: int
    payloads: int
    kills: int
    rate: float
    lag: float = LAG  # Seconds until a draft shows in the list
    settle: float = SETTLE
    contender: str = "the kit"

    @property
    def file(self) -> str:
        return f"{self.contender.replace(' ', '-')}-{self.number:03}.json"


def weather(wave: Wave) -> RandomFaults:
    lost = [kind for kind in KINDS if kind != "late_commit" or wave.lag < wave.settle]
    among = [Fault(kind, seconds=SECONDS.get(kind, 0.05)) for kind in lost]
    among += [Fault(kind, on="get_list_target_groups", seconds=0) for kind in LISTS]
    return RandomFaults(wave.rate, seed=wave.number, among=tuple(among))


def plans(wave: Wave) -> Iterator[TargetGroup]:
    example = TargetGroup.example()
    for number in range(wave.payloads):
        name = f"Wave {wave.number}, plan {number}"
        yield example.replace(name=name, **{REFERENCE: f"storm-{wave.number}-{number}"})


def work(wave: Wave, place: dict[str, Any], project_id: str, journal: str) -> None:
    "What a process does that may be killed: submit the wave."
    with DemandClient(**place) as client, Journal(journal) as kept, suppress(KitError):
        submit_many(plans(wave), client, project_id, journal=kept, progress=False)


def place_of(emulator: Emulator, wave: Wave) -> dict[str, Any]:
    names = ("account_id", "auth_url", "client_id", "client_secret")
    return {name: getattr(emulator, name) for name in names} | {
        "base_url": emulator.url,
        "read_timeout": READ_TIMEOUT,
        "settle_seconds": wave.settle,
        "connect_timeout": 1,
        "write_timeout": 1,
        "pool_timeout": 1,
    }


def finished(journal: Journal, wave: Wave) -> bool:
    "Whether each plan is done or known to be there more than once."
    ends = [line.state == "done" or len(line.target_group_ids) > 1 for line in journal.lines()]
    return len(ends) == wave.payloads and all(ends)


def weathered(wave: Wave, folder: Path) -> dict[str, int]:
    "Submit a wave by processes that are killed; what came of it."
    url, chance = f"sqlite:///{folder / 'journal.db'}", random.Random(wave.number)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["target_group_kit.exchange.bulk"])
    killed = runs = 0
    with Emulator(faults=weather(wave), list_lag=wave.lag) as emulator, Journal(url) as journal:
        told = (wave, place_of(emulator, wave), emulator.project_id, url)
        while runs < wave.kills + 60 and not finished(journal, wave):
            process = context.Process(target=work, args=told)
            process.start()
            runs += 1
            if killed < wave.kills:
                process.join(chance.uniform(0.3, 1.5))
                killed += process.is_alive()
                process.kill()
            process.join()
            if killed < wave.kills and finished(journal, wave):
                break
        time.sleep(wave.lag)
        known = {line.reference: line for line in journal.lines()}
        return counted(emulator, wave) | {
            "kills": killed,
            "runs": runs,
            "reported": sum(len(line.target_group_ids) > 1 for line in known.values()),
            "silent": sum(
                len(ids) > 1 and len(known[ref].target_group_ids) < 2
                for ref, ids in emulator.truth.items()
            ),
            "wrong": sum(
                not set(line.target_group_ids) <= set(emulator.truth.get(ref, ()))
                for ref, line in known.items()
            ),
            "open": wave.payloads - sum(line.state == "done" for line in known.values()),
        }


def counted(emulator: Emulator, wave: Wave) -> dict[str, int]:
    faults = Counter(entry.fault is not None for entry in emulator.requests)
    return {
        "payloads": wave.payloads,
        "requests": len(emulator.requests),
        "faults": faults[True],
        "duplicates": sum(len(ids) > 1 for ids in emulator.truth.values()),
        "lost": wave.payloads - len(emulator.truth),
    }


def by_a_peer(wave: Wave, python: str) -> dict[str, int]:
    "The same plans and faults, by a client with a usual retry library."
    bodies = [plan.payload() for plan in plans(wave)]
    with Emulator(faults=weather(wave)) as emulator, emulator.client() as client:
        client.log_in()
        told = {
            "contender": wave.contender,
            "url": client.create_request(emulator.project_id, {}).url,
            "auth_url": emulator.auth_url,
            "client_id": emulator.client_id,
            "client_secret": emulator.client_secret,
            "timeout": READ_TIMEOUT,
            "bodies": bodies,
        }
        script = str(Path(__file__).with_name("storm_peers.py"))
        done = subprocess.run([python, script], input=json.dumps(told), text=True, check=True)
        assert done.returncode == 0
        time.sleep(LATE)
        return counted(emulator, wave) | {"reported": 0}


def peers() -> str:
    "The Python of the peers' environment, made when it is missing; empty where it can't be."
    python = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        print(f"Making {ENVIRONMENT.relative_to(ROOT)} …", file=sys.stderr)
        venv.create(ENVIRONMENT, with_pip=True)
    wanted = [f"{name}=={number}" for name, number in PEERS.items()]
    made = subprocess.run([python, "-m", "pip", "install", "-q", *wanted], stdout=sys.stderr)
    return "" if made.returncode else str(python)


def waves(told: argparse.Namespace) -> list[Wave]:
    many = max(1, round(told.payloads / told.wave))
    size, kills = told.payloads // many, -(-told.kills // many)
    here = [Wave(n, size, kills, told.rate) for n in range(many)]
    late = [Wave(900, told.lagging, 2, told.rate, lag=4.0, settle=1.0)] if told.lagging else []
    return here + late + [Wave(0, size, 0, told.rate, contender=name) for name in CONTENDERS]


def brought(wave: Wave, folder: Path, python: str) -> dict[str, int]:
    "What came of a wave: kept from an earlier run, or found out now."
    file = folder / wave.file
    if file.exists():
        kept = json.loads(file.read_text())
        if kept["wave"] == asdict(wave):
            return dict(kept["came"])
    began, scratch = time.monotonic(), folder / f"{wave.file}.work"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    mine = wave.contender == "the kit"
    came = weathered(wave, scratch) if mine else by_a_peer(wave, python)
    came["seconds"] = round(time.monotonic() - began)
    file.write_text(json.dumps({"wave": asdict(wave), "came": came}))
    shutil.rmtree(scratch)
    print(f"  {wave.contender}, wave {wave.number}: {came}", file=sys.stderr, flush=True)
    return came


COLUMNS = (
    "payloads",
    "requests",
    "faults",
    "kills",
    "lost",
    "duplicates",
    "reported",
    "silent",
    "wrong",
    "open",
)


def table(rows: Sequence[tuple[str, Sequence[dict[str, int]]]]) -> str:
    lines = [f"| who | {' | '.join(COLUMNS)} |", f"|---|{'---:|' * len(COLUMNS)}"]
    for who, came in rows:
        sums = [sum(one.get(name, 0) for one in came) for name in COLUMNS]
        shown = [
            f"{total:,}" if any(name in one for one in came) else ""
            for name, total in zip(COLUMNS, sums, strict=True)
        ]
        lines.append(f"| {who} | {' | '.join(shown)} |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--payloads", type=int, default=10_000, help="in all")
    parser.add_argument("--kills", type=int, default=700, help="processes killed at most")
    parser.add_argument("--rate", type=float, default=0.35, help="share of requests that fail")
    parser.add_argument("--wave", type=int, default=500, help="payloads at a time")
    parser.add_argument("--lagging", type=int, default=300, help="payloads with a list too late")
    parser.add_argument("--folder", type=Path, default=ROOT / ".venv" / "storm", help="keeps waves")
    parser.add_argument("--afresh", action="store_true", help="keep nothing of earlier runs")
    parser.add_argument("--alone", action="store_true", help="without the peers")
    told = parser.parse_args()
    if told.afresh:
        shutil.rmtree(told.folder, ignore_errors=True)
    python = "" if told.alone else peers()
    if not python and not told.alone:
        print("THE PEERS CAN'T BE INSTALLED: their rows are missing.", file=sys.stderr)
    came: dict[str, list[dict[str, int]]] = {}
    for wave in waves(told):
        who = wave.contender if wave.lag < wave.settle else "the kit, the list lags too long"
        if python or wave.contender == "the kit":
            came.setdefault(who, []).append(brought(wave, told.folder, python))
    print(table(list(came.items())))
    mine = [one for who, those in came.items() if who.startswith("the kit") for one in those]
    good = not any(one["lost"] or one["silent"] or one["wrong"] for one in mine)
    print("\n" + ("Nothing lost, no silent duplicate, no wrong id." if good else "IT FAILED."))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
