"Run the browser tests again and again, say which failed: flakes.py [ROUNDS] [PYTEST OPTION …]."

import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def failures(report: Path) -> list[str]:
    "The tests of a report that failed or could not run."
    cases = ET.parse(report).iter("testcase")
    return [
        f"{case.get('classname')}::{case.get('name')}"
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None
    ]


def main(rounds: int, arguments: list[str]) -> int:
    failed: Counter[str] = Counter()
    bad = 0
    for number in range(1, rounds + 1):
        with tempfile.TemporaryDirectory() as folder:
            report, start = Path(folder) / "report.xml", time.monotonic()
            command = [sys.executable, "-m", "pytest", *arguments, f"--junitxml={report}"]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
            found = failures(report) if report.exists() else ["pytest itself"]
            last = done.stdout.strip().splitlines()[-1:] or [done.stderr.strip()]
        failed.update(found)
        bad += done.returncode != 0
        print(f"{number}/{rounds}  {time.monotonic() - start:4.0f} s  {last[0]}", flush=True)
        if done.returncode:
            print(done.stdout[-4000:], flush=True)
    print(f"\n{rounds - bad} of {rounds} rounds without a failure.")
    for name, times in failed.most_common():
        print(f"failed {times} times: {name}")
    return int(bool(bad))


if __name__ == "__main__":
    often = int(sys.argv[1]) if sys.argv[1:] else 20
    sys.exit(main(often, sys.argv[2:] or ["-q", "tests/browser"]))
