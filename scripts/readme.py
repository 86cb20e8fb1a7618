"Write README.md from nbs/index.ipynb, both in the working folder; needs no Quarto."

import json
from pathlib import Path
from typing import Any


def shown(output: dict[str, Any]) -> str:
    "What an output shows, as text; an error is no output for a README."
    if output["output_type"] == "error":
        raise SystemExit(f"nbs/index.ipynb fails: {output['ename']}: {output['evalue']}")
    text = output["text"] if output["output_type"] == "stream" else output["data"]["text/plain"]
    return "".join(text).rstrip()


def parts(cell: dict[str, Any]) -> list[str]:
    "A cell as markdown: prose as it is, code and what it shows in fences."
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        return [source]
    if source.startswith("#|"):
        return []
    outputs = "\n".join(shown(output) for output in cell["outputs"])
    return [f"```python\n{source}\n```", *([f"```text\n{outputs}\n```"] if outputs else [])]


def main() -> None:
    cells = json.loads(Path("nbs/index.ipynb").read_text(encoding="utf-8"))["cells"]
    head = "<!-- Generated from nbs/index.ipynb: edit that, then run `make prepare`. -->"
    readme = "\n\n".join([head, *(part for cell in cells for part in parts(cell))])
    Path("README.md").write_text(readme + "\n", encoding="utf-8")


main()
