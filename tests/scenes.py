"Cells that make each builder, for a notebook of their own, and the figures that they must show."

import re

START = """
import target_group_kit as tgk
from datetime import UTC, datetime
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
def clock():
    return NOW
heard = []
def listen(builder):
    builder.observe(lambda change: heard.append(change.new), names="value")
    global first
    first = builder.value
    return builder
sent = []
def send(group):
    sent.append(group)
    return f"draft {len(sent)}"
"""

PLAN = """
plan = tgk.QuotaPlan(1000).margin("gender", 43, {"women": ("2", 51), "men": ("1", 49)})
ages = {"18-34": ((18, 34), 27), "35-54": ((35, 54), 34), "55+": ((55, 99), 39)}
plan = plan.margin("age", 42, ages)
"""

TWO_ROWS = """
plan = tgk.QuotaPlan(400).margin("gender", 43, {"women": ("2", 51), "men": ("1", 49)})
"""

CROSSED = (
    PLAN
    + """
plan = plan.margin("region", 96, {"North": ("1", 30), "East": ("2", 20), "South": ("3", 50)})
plan = plan.interlock("gender", "age")
"""
)


def rows(count: int) -> str:
    "A plan of one margin with so many rows, no two of a weight."
    return f"""
cells = {{f"area {{n:03}}": (str(n), 500 + n) for n in range(1, {count} + 1)}}
plan = tgk.QuotaPlan(20_000).margin("region", 96, cells)
"""


QUOTAS = """
builder = listen(tgk.QuotaBuilder(plan, now=clock))
builder
"""

WINDOW = """
window = tgk.FieldingWindow.opening("2026-12-07 09:00", days=10, tz="Europe/Berlin")
builder = listen(tgk.FieldingWindowBuilder(window, now=clock))
builder
"""

GROUP = """
people = tgk.QuotaPlan.from_population("DE", 400, ages=[18, 35, 55])
window = tgk.FieldingWindow.opening("2026-12-07 09:00", days=10, tz="Europe/Berlin")
group = tgk.TargetGroup.example(NOW).with_open_exchange().replace(
    name="Tea drinkers in Germany",
    completes_goal=people.completes,
    profiling=people.profiling("nominal"),
    fielding_specification=window.specification(),
    exclusion=tgk.Exclusion(enabled=True),
)
"""

FORM = """
builder = listen(tgk.TargetGroupBuilder(group, submit=send, environment="the emulator", now=clock))
builder
"""

PANEL = """
builder = listen(tgk.SubmitPanel(group, send, environment="the emulator", now=clock))
builder
"""

DESK = """
from target_group_kit.exchange.desk import Desk
emulator = tgk.Emulator(clock=clock).start()
desk = Desk(emulator.client(), tgk.Journal("sqlite://"), emulator.project_id)
builder = listen(tgk.SubmitPanel(group, desk, now=clock))
builder
"""

BUILDERS = {
    "quotas": (START, PLAN, QUOTAS),
    "interlock": (START, CROSSED, QUOTAS),
    "window": (START, WINDOW),
    "group": (START, GROUP, FORM),
    "submit": (START, GROUP, PANEL),
    "desk": (START, GROUP, DESK),
}

# What stands in each of them, live or closed; reckoned by hand from the cells above.
FIGURES: dict[str, set[float]] = {
    "quotas": {1000, 51, 510, 49, 490, 27, 270, 34, 340, 39, 390},
    "interlock": {1000, 138, 132, 173, 167, 199, 191, 270, 340, 390, 510, 490, 300, 200, 500},
    "window": {2026, 12, 7, 17, 9, 8, 10},
    "group": {400, 203, 197, 89, 122, 189, 2.7352, 2026, 12, 7, 17, 8, 10},
    "submit": set(),
    "desk": set(),
}

# A field, what is typed there, what is then true of the kernel's builder, and a text that is wrong.
EDITS: dict[str, tuple[str, str, str, str]] = {
    "quotas": ("Completes", "500", "builder.value.completes == 500", "many"),
    "interlock": ("Completes", "500", "builder.value.completes == 500", "many"),
    "window": ("Days", "5", "builder.value.duration.days == 5", "a week"),
    "group": ("Name", "Coffee drinkers", "builder.value.name == 'Coffee drinkers'", "Tea"),
}


def figures(text: str) -> set[float]:
    "Every number in a text; years, hours and the parts of a date are numbers, too."
    found = re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)
    return {float(number.replace(",", "")) for number in found}
