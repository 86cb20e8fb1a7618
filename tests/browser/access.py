"What a page is asked about being usable by everybody: axe-core, pictures, contrast, the keyboard."

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

OUTPUT = ".jp-OutputArea-output"
SEVERE = ("serious", "critical")

# Pictures in sight that neither say what they show nor are marked as ornaments.
SILENT_PICTURES = """root => [...root.querySelectorAll('svg, canvas, img, [role=img]')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().width > 0)
  .filter(e => !e.closest('[aria-hidden=true], [role=presentation], [role=none]'))
  .filter(e => !e.parentElement.closest('svg, [role=img]'))
  .filter(e => {
    const by = (e.getAttribute('aria-labelledby') ?? '').split(' ').filter(Boolean);
    const named = by.map(id => document.getElementById(id)?.textContent ?? '').join(' ');
    const title = [...e.children].find(c => c.localName === 'title')?.textContent ?? '';
    const said = e.getAttribute('aria-label') ?? e.getAttribute('alt') ?? (named || title);
    return e.localName === 'img' ? !e.hasAttribute('alt') : !said.trim();
  })
  .map(e => e.outerHTML.slice(0, 200))"""

# Words inside pictures whose contrast with what lies behind them is under 4.5 (3 for large ones).
FAINT_WORDS = """root => {
  const rgba = text => {
    const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
    return text.startsWith('color(srgb') ? [255 * r, 255 * g, 255 * b, a] : [r, g, b, a];
  };
  const over = ([r, g, b, a], [x, y, z]) =>
    [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a), 1];
  const light = ([r, g, b]) => {
    const part = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const painted = e => {
    const style = getComputedStyle(e);
    const shape = ['rect', 'path', 'circle', 'polygon'].includes(e.localName);
    const paint = shape ? style.fill : e instanceof SVGElement ? 'none' : style.backgroundColor;
    if (!/^(rgb|color)/.test(paint)) return null;
    const color = rgba(paint);
    const faded = shape ? style.fillOpacity * style.opacity : 1;
    return color[3] * faded > 0 ? [...color.slice(0, 3), color[3] * faded] : null;
  };
  const behind = (x, y) => {
    const layers = document.elementsFromPoint(x, y).map(painted).filter(Boolean);
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const faint = [];
  for (const word of root.querySelectorAll('svg text')) {
    word.scrollIntoView({block: 'center'});
    const box = word.getBoundingClientRect();
    const style = getComputedStyle(word);
    if (!box.width || !word.textContent.trim() || !/^(rgb|color)/.test(style.fill)) continue;
    const ground = behind(box.x + box.width / 2, box.y + box.height / 2);
    const ink = rgba(style.fill);
    ink[3] *= style.fillOpacity * style.opacity;
    const [high, low] = [light(over(ink, ground)), light(ground)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < (box.height > 30 ? 3 : 4.5)) faint.push([word.textContent, ratio.toFixed(2)]);
  }
  return faint;
}"""

# Numbers what one can work with, so that a walk with Tab can tell where it is. Of a group whose
# members the arrows reach, one is enough; what the mouse has beside a row may be a tool elsewhere.
NUMBER_CONTROLS = """root => {
  const named = e => {
    const name = e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText || e.title;
    return `${e.localName} ${(name || '').trim().slice(0, 60)}`;
  };
  const seen = e => e.checkVisibility({visibilityProperty: true}) && e.type !== 'hidden';
  const kinds = 'input, select, textarea, button, a[href], summary, [tabindex], [contenteditable]';
  const native = 'input, select, textarea, button, a[href]';
  const found = [...root.querySelectorAll(kinds)].filter(e =>
    seen(e) && !e.disabled && (e.tabIndex >= 0 || e.matches(native)));
  found.forEach((e, n) => { e.dataset.walk = n; });
  const groups = '[role=tablist], [role=toolbar], [role=grid], [role=radiogroup], ' +
    '[role=listbox], [role=menu], [role=treegrid]';
  const tools = [...root.querySelectorAll('button')].filter(e => seen(e) && e.tabIndex >= 0)
    .map(e => named(e).split(' ')[1]);
  return found.map(e => {
    const group = e.tabIndex < 0 && e.closest(groups);
    const others = group ? [...group.querySelectorAll('[data-walk]')] : [];
    const inside = others.map(other => +other.dataset.walk), name = named(e);
    return {name, inside, elsewhere: e.tabIndex < 0 && tools.includes(name.split(' ')[1])};
  });
}"""

# Where the focus is: the number of a control, -1 elsewhere inside, null outside.
FOCUS = """root => {
  const at = document.activeElement;
  return root.contains(at) ? +(at.dataset.walk ?? -1) : null;
}"""

# All that one reads in a form: words, what is typed, and what its pictures say.
READ = """root => [
  root.innerText,
  ...[...root.querySelectorAll('input:not([type=checkbox]), textarea, select')].map(e => e.value),
  ...[...root.querySelectorAll('svg title, svg text')].map(e => e.textContent),
  ...[...root.querySelectorAll('img')].map(e => e.alt),
].join('\\n')"""


def axe_findings(page: "Page", where: str = OUTPUT) -> list[str]:
    "What axe-core finds serious or critical there, a line for each element."
    from axe_playwright_python.sync_playwright import Axe

    # JupyterLab's body has no height, so axe-core would skip all words, as if they were clipped.
    page.evaluate("document.body.style.height = '100vh'")
    found = Axe().run(page, context={"include": [[where]]}, options={"resultTypes": ["violations"]})
    return [
        f"{violation['impact']}: {violation['id']}: {node['html'][:200]} {node['any'][:1]}"
        for violation in found.response["violations"]
        if violation["impact"] in SEVERE
        for node in violation["nodes"]
    ]


def unreached(page: "Page", root: "Locator") -> list[str]:
    "The controls that Tab never comes to, however often it is pressed."
    controls: list[Any] = root.evaluate(NUMBER_CONTROLS)
    root.evaluate("root => { root.tabIndex = -1; root.focus(); }")
    visited: set[int] = set()
    for _ in range(5 * len(controls) + 20):  # a date is several stops
        page.keyboard.press("Tab")
        focus = root.evaluate(FOCUS)
        if focus is None:
            break
        visited.add(focus)
    else:
        raise AssertionError("Tab never leaves the form")
    return [
        control["name"]
        for number, control in enumerate(controls)
        if number not in visited and not visited & set(control["inside"])
        if not control["elsewhere"]
    ]
