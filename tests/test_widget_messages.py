"Quiet on the wire: what builders send to the page, counted in a real kernel."

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from jupyter_client import BlockingKernelClient

PROJECT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[BlockingKernelClient]":
    from jupyter_client import KernelManager

    home = tmp_path_factory.mktemp("kernel")
    manager = KernelManager()
    manager.kernel_spec.argv[0] = sys.executable
    manager.start_kernel(
        env=dict(os.environ, PYTHONPATH=str(PROJECT), IPYTHONDIR=str(home)), cwd=str(home)
    )
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(60)
    run(client, "import target_group_kit as tgk; from datetime import datetime, UTC")
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(client: "BlockingKernelClient", code: str) -> int:
    "Run code, and count the messages that it sends to widgets on the page."
    request = client.execute(code)
    count = 0
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") != request:
            continue
        kind, content = message["msg_type"], message["content"]
        count += kind in ("comm_open", "comm_msg", "comm_close")
        assert kind != "error", "\n".join(content["traceback"])
        if kind == "status" and content["execution_state"] == "idle":
            return count


def test_the_whole_form_is_few_messages(kernel: "BlockingKernelClient") -> None:
    code = "form = tgk.TargetGroupBuilder(tgk.TargetGroup.example(), submit=print)"
    assert run(kernel, code) < 300


def test_an_edit_of_the_whole_form_is_few_messages(kernel: "BlockingKernelClient") -> None:
    run(kernel, "form = tgk.TargetGroupBuilder(tgk.TargetGroup.example())")
    run(kernel, "name = form.control_at(('name',))")
    assert run(kernel, "name.value = 'Another name'") < 10
    assert run(kernel, "name.value = 'Tea'") < 14
    assert run(kernel, "name.value = 'Tee'") < 8
    assert run(kernel, "name.value = 'A third name'") < 12


PLAN = """
def plan_of(count):
    cells = {f"cell {n}": (str(n), 10 + n % 7) for n in range(count)}
    return tgk.QuotaPlan(5000).margin("region", 96, cells)

def send(do, **more):
    intent = {"view": "v", "n": 1, "do": do, "part": quotas.editor.items[0].id}
    quotas.editor.grid._handle_custom_msg(intent | more, [])
"""


@pytest.mark.parametrize("count", [2, 96, 350])
def test_quotas_are_few_messages_however_many_cells(
    kernel: "BlockingKernelClient", count: int
) -> None:
    "The server drops messages silently beyond 1,000 a second."
    run(kernel, PLAN)
    assert run(kernel, f"quotas = tgk.QuotaBuilder(plan_of({count}))") < 60
    run(kernel, "row = quotas.editor.items[0].rows[0].id")
    assert run(kernel, "send('type', row=row, column='percent', text='50')") < 16
    assert run(kernel, "send('type', row=row, column='percent', text='51')") < 8
    assert run(kernel, "send('balance')") < 16
    assert run(kernel, "quotas.value = quotas.value.scaled(7000)") < 8
    assert run(kernel, "send('remove', rows=[])") == 1
