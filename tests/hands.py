"What a user's hands do to a form, without a browser: find a control by its label, type, press."

import json
from collections.abc import Iterator
from typing import Any

import ipywidgets


def everything(widget: ipywidgets.Widget) -> Iterator[Any]:
    "A widget and all that it shows."
    yield widget
    for child in getattr(widget, "children", ()):
        yield from everything(child)


def control(form: ipywidgets.Widget, label: str, nth: int = 0) -> Any:
    "The nth control that bears a label."
    found = [w for w in everything(form) if getattr(w, "description", None) == label]
    shown = sorted({w.description for w in everything(form) if getattr(w, "description", "")})
    assert len(found) > nth, f"no control {label!r} (nth={nth}); there are {shown}"
    return found[nth]


def fill(form: ipywidgets.Widget, label: str, value: Any, nth: int = 0) -> None:
    "Type into a control and leave it, or set a tick or a date."
    control(form, label, nth).value = value


def press(form: ipywidgets.Widget, label: str, nth: int = 0) -> None:
    "Press a button, if it can be pressed."
    button = control(form, label, nth)
    assert not button.disabled, f"{label!r} can't be pressed"
    button.click()


def unfold(form: ipywidgets.Widget) -> Any:
    "Open every part that is closed; the form itself comes back."
    for widget in list(everything(form)):
        if str(getattr(widget, "description", "")).startswith("▸ "):
            widget.click()
    return form


def shown(form: ipywidgets.Widget) -> str:
    "All HTML that a form shows, its style sheet aside."
    pages = [w.value for w in everything(form) if isinstance(w, ipywidgets.HTML)]
    return "\n".join(page for page in pages if not page.startswith("<style"))


def beside(form: ipywidgets.Widget, label: str) -> str:
    "What is said below a control."
    for box in everything(form):
        if label in [getattr(w, "description", None) for w in everything(box)] and hasattr(
            box, "said"
        ):
            return str(box.said.value)
    raise AssertionError(f"no field with {label!r}")


def bad(form: ipywidgets.Widget, label: str) -> bool:
    "Whether a control, or a field around it, has the border of an error."
    marked = [w for w in everything(form) if "tgk-bad" in getattr(w, "_dom_classes", ())]
    return any(
        getattr(inner, "description", None) == label
        for outer in marked
        for inner in everything(outer)
    )


def intend(form: Any, do: str, **more: Any) -> None:
    "Ask a form's quota grid for something, as its page does; each is answered in one picture."
    grid = form.editor.grid
    n = 1 + grid.shown["heard"].get("hand", 0)
    grid._handle_custom_msg({"view": "hand", "n": n, "do": do} | json.loads(json.dumps(more)), [])
    assert grid.shown["heard"]["hand"] == n
    assert json.loads(json.dumps(grid.shown)) == grid.shown
    assert grid.errors == []


def grid_part(form: Any, name: str) -> dict[str, Any]:
    "A part as the grid shows it."
    found = {part["name"]: part for part in form.editor.grid.shown["parts"]}
    assert name in found, f"no part {name!r}; there are {list(found)}"
    return dict(found[name])


def grid_row(form: Any, name: str, label: str) -> dict[str, Any]:
    "A row as the grid shows it."
    found = {row["label"]: row for row in grid_part(form, name)["rows"]}
    assert label in found, f"no row {label!r} in {name!r}; there are {list(found)}"
    return dict(found[label])


def type_in(form: Any, name: str, label: str, column: str, text: str) -> None:
    "Type into a cell of the grid and leave it."
    part, row = grid_part(form, name)["id"], grid_row(form, name, label)["id"]
    intend(form, "type", part=part, row=row, column=column, text=text)


def models() -> int:
    "How many widget models are alive."
    return len(ipywidgets.Widget.get_manager_state(drop_defaults=True)["state"])
