// The quota grid. Python shows pictures and hears intents (nbs/4_widgets/43_grid.ipynb says why). This page draws the
// picture, moves the focus, and guards what is being typed; it does no arithmetic, and all text of a user is only text.

// ---- What Python shows ----------------------------------------------------------------------------------------------

/** @typedef {"label" | "answer" | "percent" | "completes"} Column */
/** @typedef {"percent" | "completes"} Side */
/** @typedef {{level: "error" | "warning" | "note", text: string}} Said */
/** @typedef {{state: "good" | "short" | "over" | "unread", text: string, left: string}} Sum */

/**
 * A cell of a margin or profile.
 * @typedef {object} RowPicture
 * @property {string} id
 * @property {string} label
 * @property {string} answer
 * @property {string} means  the answer in words
 * @property {string} percent
 * @property {string} completes
 * @property {number | null} share  0 to 1, the bar
 * @property {number | null} population  0 to 1, the tick on the bar
 * @property {boolean} locked
 * @property {string} note
 * @property {Partial<Record<Column, string>>} errors
 */

/**
 * A margin, a profile, or a blended profile as a list.
 * @typedef {object} RowsPicture
 * @property {string} id
 * @property {"rows"} kind
 * @property {string} name
 * @property {string | null} question  null: it has no question of its own
 * @property {boolean} fixed  only its numbers can be edited
 * @property {Side} lead
 * @property {Sum} sum
 * @property {Said[]} said
 * @property {boolean} crossable  may be ticked for an interlock
 * @property {number} more  rows that are kept, not shown
 * @property {RowPicture[]} rows
 */

/**
 * A cell of an interlock.
 * @typedef {object} CellPicture
 * @property {string} text
 * @property {string} other  the same in the other unit
 * @property {number | null} heat  0 to 1
 * @property {boolean} locked
 * @property {boolean} possible
 * @property {boolean} small
 * @property {string} note
 * @property {string} error
 */

/**
 * An interlock of 2 or 3 axes; the last runs across.
 * @typedef {object} TablePicture
 * @property {string} id
 * @property {"table"} kind
 * @property {string} name
 * @property {Side} side  the unit of the cells
 * @property {{name: string, labels: string[]}[]} axes
 * @property {Sum} sum
 * @property {Said[]} said
 * @property {{heads: string[], cells: CellPicture[], total: string}[]} rows
 * @property {string[]} totals
 * @property {string} total
 */

/** @typedef {{id: string, kind: "kept", name: string, text: string}} KeptPicture */
/** @typedef {RowsPicture | TablePicture | KeptPicture} PartPicture */

/**
 * @typedef {object} Picture
 * @property {Record<string, number>} heard  the last intent of each view that this picture answers
 * @property {string} noun  "margin" or "profile"
 * @property {string | null} undo
 * @property {string | null} redo
 * @property {boolean} addable
 * @property {boolean} crossable
 * @property {Said[]} said
 * @property {PartPicture[]} parts
 */

/** @typedef {{part: string, row: string | null, column: string | null, place: number[] | null}} Target */
/** @typedef {{do: string, [key: string]: unknown}} Intent */

/**
 * What a front end hands over.
 * @typedef {object} Model
 * @property {(name: string) => any} get
 * @property {(name: string, hear: (message: any) => void) => void} on
 * @property {(name: string, hear: (message: any) => void) => void} off
 * @property {(message: object) => void} send
 */

/**
 * What can be moved through with arrow keys: each line holds the places where the focus may stand.
 * @typedef {object} PartView
 * @property {HTMLElement} element
 * @property {{stops: (HTMLElement | null)[]}[]} lines
 * @property {(picture: any, whole: Picture) => void} update
 * @property {(target: Target) => HTMLElement | null} find
 * @property {(event: KeyboardEvent, stop: HTMLElement) => boolean} key  whether it was used
 * @property {(event: ClipboardEvent) => void} paste
 * @property {() => string} copied
 * @property {() => boolean} selecting  whether Ctrl+C means rows
 */

// ---- Elements -------------------------------------------------------------------------------------------------------

/** Lines of icons, on a field of 16 by 16. */
const ICONS = {
  undo: "M6 3 2.5 6.5 6 10M3 6.5h6.5a4 4 0 0 1 0 8H7",
  redo: "m10 3 3.5 3.5L10 10m3-3.5H6.5a4 4 0 0 0 0 8H9",
  up: "M8 13V3M4 7l4-4 4 4",
  down: "M8 3v10M4 9l4 4 4-4",
  locked: "M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
  free: "M4 7.5h8v6H4zM5.5 7.5V4.5a2.5 2.5 0 0 1 4.8-1",
  remove: "M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.6 9h5.8l.6-9M6.9 7v4M9.1 7v4",
};

/** The name of an icon. @typedef {keyof typeof ICONS} Icon */

let made = 0;

/** An id that no other element of the page has. */
function newId() {
  made += 1;
  return `tgk-${made}-${Math.random().toString(36).slice(2, 7)}`;
}

/**
 * Set an attribute, or take it away; what is as wanted stays untouched.
 * @param {Element} node
 * @param {string} name
 * @param {string | number | boolean | null | undefined} value  true: without a value; false, null: none
 */
function put(node, name, value) {
  if (value === false || value === null || value === undefined) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (node.getAttribute(name) !== text) node.setAttribute(name, text);
}

/**
 * Set an element's text, only ever as text.
 * @param {Element} node
 * @param {string} text
 */
function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * An element with these attributes and children.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | null | undefined>} attributes
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) put(node, name, value);
  node.append(...children);
  return node;
}

/**
 * @param {Icon} icon
 * @returns {SVGElement}
 */
function drawing(icon) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  put(svg, "viewBox", "0 0 16 16");
  put(svg, "aria-hidden", "true");
  put(path, "d", ICONS[icon]);
  svg.append(path);
  return svg;
}

/**
 * A button; `icon` stands before its words, or in their place.
 * @param {string} words
 * @param {() => void} press
 * @param {{icon?: Icon, bare?: boolean, title?: string, class?: string}} [looks]
 */
function button(words, press, looks = {}) {
  const name = looks.class ?? (looks.bare ? "tgk-g-icon" : "tgk-g-button");
  const node = make("button", { type: "button", class: name, title: looks.title ?? (looks.bare ? words : null) });
  if (looks.icon) node.append(drawing(looks.icon));
  if (looks.bare) put(node, "aria-label", words);
  else node.append(make("span", {}, words));
  node.addEventListener("click", () => {
    if (node.getAttribute("aria-disabled") !== "true") press();
  });
  return node;
}

/**
 * A button that can't be pressed keeps the focus, so that the keyboard isn't lost when it goes dead.
 * @param {HTMLElement} node
 * @param {boolean} on
 */
function enable(node, on) {
  put(node, "aria-disabled", on ? null : "true");
}

/**
 * Bring children into an order, moving as few as a plain walk can.
 * @param {Element} parent
 * @param {Element[]} wanted
 */
function arrange(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
}

/**
 * What is said, one paragraph each.
 * @param {Element} box
 * @param {Said[]} said
 */
function tell(box, said) {
  const text = JSON.stringify(said);
  if (box.getAttribute("data-said") === text) return;
  put(box, "data-said", text);
  const signs = { error: "✗", warning: "!", note: "i" };
  box.replaceChildren(
    ...said.map(({ level, text }) =>
      make(
        "p",
        { class: `tgk-g-said tgk-g-${level}` },
        make("b", { "aria-hidden": "true" }, signs[level]),
        make("span", { class: "tgk-g-unseen" }, `${level}: `),
        make("span", { dir: "auto" }, text),
      ),
    ),
  );
}

/**
 * @param {Element} box
 * @param {Sum} sum
 */
function tellSum(box, sum) {
  const [sign, text, left] = /** @type {[Element, Element, Element]} */ (/** @type {unknown} */ ([...box.children]));
  put(box, "data-state", sum.state);
  say(sign, { good: "✓", short: "−", over: "+", unread: "?" }[sum.state]);
  say(text, sum.text);
  say(left, sum.left);
}

/** Where a sum is told. */
function sumBox() {
  const sign = make("span", { class: "tgk-g-sign", "aria-hidden": "true" });
  return make("p", { class: "tgk-g-sum", role: "status" }, sign, make("span"), make("b"));
}

/**
 * A value as spreadsheets take it: quoted where it would break the grid.
 * @param {string} value
 */
function quoted(value) {
  return /[\t\r\n"]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** @param {ClipboardEvent} event */
function pasted(event) {
  return (event.clipboardData?.getData("text/plain") ?? "").replace(/(\r?\n)+$/, "");
}

/** @param {string} text */
function isBlock(text) {
  return /[\t\r\n]/.test(text);
}

/** @param {string[][]} lines */
function tabbed(lines) {
  return lines.map((line) => line.map(quoted).join("\t")).join("\r\n");
}

// ---- A cell that is typed into --------------------------------------------------------------------------------------

/** An input that shows Python's text, and belongs to the user while he or she types. */
class Typed {
  /** @type {WeakMap<EventTarget, Typed>} */
  static of = new WeakMap();

  /**
   * @param {Grid} grid
   * @param {HTMLInputElement} input
   * @param {(text: string) => Intent} intent  what leaving it with another text means
   */
  constructor(grid, input, intent) {
    this.grid = grid;
    this.input = input;
    this.intent = intent;
    this.text = ""; // What counts as unchanged: Python's last text, or what was sent since
    this.sent = 0; // The intent that carried it, until a picture answers that
    this.typing = false;
    Typed.of.set(input, this);
  }

  /** @param {string} text  Python's */
  show(text) {
    if (this.sent > this.grid.heard) return;
    this.sent = 0;
    this.text = text;
    if (this.typing || this.input.value === text) return;
    const all = this.grid.active === this.input && allSelected(this.input);
    this.input.value = text;
    if (all) this.input.select();
  }

  /** Tell Python, if there is something to tell. */
  commit() {
    this.typing = false;
    if (this.input.value === this.text) return;
    this.text = this.input.value;
    this.sent = this.grid.send(this.intent(this.text));
  }

  /** Forget what was typed since. */
  takeBack() {
    this.typing = false;
    this.input.value = this.text;
    this.input.select();
  }
}

/** @param {HTMLInputElement} input */
function allSelected(input) {
  return input.selectionStart === 0 && input.selectionEnd === input.value.length;
}

/**
 * Whether an arrow key leaves the text: the cursor stands at that edge, or all of it is selected.
 * @param {HTMLInputElement} input
 * @param {boolean} left
 */
function atEdge(input, left) {
  const start = left !== (getComputedStyle(input).direction === "rtl");
  return start ? input.selectionStart === 0 : input.selectionEnd === input.value.length;
}

/**
 * @param {string} kind  a class, for its looks
 * @param {boolean} number
 */
function inputBox(kind, number) {
  return make("input", {
    type: "text",
    class: kind,
    dir: number ? "ltr" : "auto",
    inputmode: number ? "decimal" : null,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
  });
}

// ---- A margin or profile: rows --------------------------------------------------------------------------------------

/** @type {Column[]} */
const COLUMNS = ["label", "answer", "percent", "completes"];

/** What stands above the columns, in their order: class, words, and what they mean where that needs saying. */
const HEADS = [
  ["head", "Row"],
  ["label", "Label"],
  ["answer", "Answer"],
  ["means", "Means"],
  ["percent", "Percent"],
  ["completes", "Completes"],
  ["bar", "Share", "The bar is the plan, the line across it the population"],
  ["keep", "Lock"],
  ["remark", "Notes"],
];

/** A row without its values; it is made once and cloned. */
function blankRow() {
  /** @type {(name: string, ...children: Node[]) => HTMLElement} */
  const cell = (name, ...children) => make("td", { class: `tgk-g-${name}`, role: "cell" }, ...children);
  const pick = make("button", { type: "button", class: "tgk-g-pick", tabindex: -1 });
  const lock = make("button", { type: "button", class: "tgk-g-icon tgk-g-lock", tabindex: -1 });
  const typed = COLUMNS.map((column) => {
    const number = column === "percent" || column === "completes";
    return cell(column, inputBox(`tgk-g-input${number ? " tgk-g-number" : ""}`, number));
  });
  return make(
    "tr",
    { role: "row" },
    make("th", { class: "tgk-g-head", scope: "row", role: "rowheader" }, pick),
    typed[0],
    typed[1],
    make("td", { class: "tgk-g-means", role: "cell", dir: "auto" }),
    typed[2],
    typed[3],
    cell(
      "bar",
      make(
        "span",
        { class: "tgk-g-scale" },
        make("span", { class: "tgk-g-fill" }),
        make("span", { class: "tgk-g-tick" }),
      ),
    ),
    cell("keep", lock),
    make("td", { class: "tgk-g-remark", role: "cell", dir: "auto" }),
  );
}

const BLANK = blankRow();

/** One row. Its element is a grid of its own, so that those out of sight cost nothing. */
class Row {
  /**
   * @param {RowsPart} part
   * @param {string} id
   */
  constructor(part, id) {
    this.part = part;
    this.id = id;
    this.name = "";
    this.known = ""; // What it shows already
    this.selected = false;
    this.locked = false;
    this.element = /** @type {HTMLElement} */ (BLANK.cloneNode(true));
    /** @type {(name: string) => HTMLElement} */
    const at = (name) => /** @type {HTMLElement} */ (this.element.querySelector(`.tgk-g-${name}`));
    this.head = at("pick");
    this.inputs = this.typeds(this.element.querySelectorAll("input"));
    this.means = at("means");
    this.scale = at("scale");
    this.fill = at("fill");
    this.tick = at("tick");
    this.lock = at("lock");
    this.remark = at("remark");
    this.problems = make("td", { class: "tgk-g-problems", role: "cell" });
    this.stops = [this.head, ...COLUMNS.map((column) => this.inputs[column].input), this.lock];
  }

  /**
   * @param {NodeListOf<HTMLInputElement>} inputs
   * @returns {Record<Column, Typed>}
   */
  typeds(inputs) {
    const { grid, id } = this.part;
    const pairs = COLUMNS.map((column, i) => [
      column,
      new Typed(grid, inputs[i], (text) => ({ do: "type", part: id, row: this.id, column, text })),
    ]);
    return Object.fromEntries(pairs);
  }

  /**
   * @param {RowPicture} row
   * @param {number} number  from 1
   * @param {number} widest  the share that fills the bar
   */
  update(row, number, widest) {
    for (const column of COLUMNS) this.inputs[column].show(row[column]);
    const { fixed, lead, question } = this.part;
    const shown = JSON.stringify([row, number, widest, fixed, lead, question === null]);
    if (shown === this.known) return;
    this.known = shown;
    this.name = row.label || `row ${number}`;
    this.locked = row.locked;
    say(this.head, String(number));
    put(this.head, "aria-label", `Row ${number}, ${this.name}`);
    for (const column of COLUMNS) {
      put(this.inputs[column].input, "aria-label", `${this.name} ${column}`);
      put(this.inputs[column].input, "data-lead", column === lead);
    }
    put(this.inputs.label.input, "readonly", fixed);
    put(this.inputs.answer.input, "readonly", fixed || question === null);
    say(this.means, row.means);
    put(this.means, "title", row.means || null);
    put(this.element, "data-locked", row.locked);
    this.updateBar(row, widest);
    this.updateNote(row);
    this.updateProblems(row.errors);
  }

  /**
   * @param {RowPicture} row
   * @param {number} widest
   */
  updateBar(row, widest) {
    /** @type {(share: number) => string} */
    const width = (share) => `${Math.max(0, Math.min(100, (100 * share) / widest)).toFixed(2)}%`;
    this.fill.style.width = row.share === null ? "0" : width(row.share);
    this.tick.hidden = row.population === null;
    if (row.population !== null) this.tick.style.insetInlineStart = width(row.population);
    const told = row.population === null ? null : `${asPercent(row.population)} of the population`;
    put(this.scale, "role", told && "img");
    put(this.scale, "aria-label", told);
    put(this.scale, "title", told);
  }

  /** @param {RowPicture} row */
  updateNote(row) {
    const icon = row.locked ? "locked" : "free";
    if (this.lock.dataset.icon !== icon) this.lock.replaceChildren(drawing(icon));
    this.lock.dataset.icon = icon;
    put(this.lock, "aria-pressed", String(row.locked));
    put(this.lock, "aria-label", `Lock ${this.name}`);
    put(this.lock, "title", lockTip(row.locked));
    say(this.remark, row.note);
    put(this.remark, "title", row.note || null);
  }

  /** @param {Partial<Record<Column, string>>} errors */
  updateProblems(errors) {
    const told = COLUMNS.filter((column) => errors[column]);
    const text = JSON.stringify(errors);
    if (this.problems.getAttribute("data-said") === text) return;
    put(this.problems, "data-said", text);
    const lines = told.map((column) => make("p", { id: newId(), dir: "auto" }, errors[column] ?? ""));
    this.problems.replaceChildren(...lines);
    for (const column of COLUMNS) {
      const at = told.indexOf(column);
      const { input } = this.inputs[column];
      put(input, "aria-invalid", at < 0 ? null : "true");
      put(input, "aria-describedby", at < 0 ? null : lines[at].id);
    }
    if (told.length) this.element.append(this.problems);
    else this.problems.remove();
  }

  /** @param {boolean} on */
  select(on) {
    this.selected = on;
    put(this.element, "data-selected", on);
    put(this.head, "aria-pressed", String(on));
  }

  get values() {
    return COLUMNS.map((column) => this.inputs[column].input.value);
  }
}

/** @param {number} share */
function asPercent(share) {
  return `${(100 * share).toFixed(1)} %`;
}

const MAC = /Mac|iP/.test(navigator.platform);

/**
 * Keys as this system calls them.
 * @param {string} words
 */
function keyed(words) {
  return MAC ? words.replaceAll("Ctrl+", "⌘").replaceAll("Alt+", "⌥").replaceAll("Shift+", "⇧") : words;
}

/** @param {boolean} locked */
function lockTip(locked) {
  return keyed(locked ? "Locked: it keeps its number. Alt+L frees it" : "Lock this number (Alt+L)");
}

/**
 * What can be done with rows: how many must be selected, and whether it changes which rows there are.
 * @typedef {{what: string, words: string, tip: string, least?: number, most?: number, icon?: Icon, rebuilds?: boolean}} Tool
 */

/** @type {Tool[]} */
const TOOLS = [
  {
    what: "add",
    words: "Add row",
    tip: "Add a row below the selected ones, else at the end (Ctrl+Enter in a row)",
    rebuilds: true,
  },
  { what: "balance", words: "Balance", tip: "Scale the numbers to the whole; locked rows keep theirs" },
  { what: "merge", words: "Merge", tip: "Make one row of the selected ones", least: 2, rebuilds: true },
  { what: "split", words: "Split", tip: "Cut the selected range", least: 1, most: 1, rebuilds: true },
  { what: "lock", words: "Lock", tip: "Lock the selected rows, or free them (Alt+L)", least: 1, icon: "locked" },
  { what: "up", words: "Move up", tip: "Move the selected rows up (Alt+↑)", least: 1, icon: "up", rebuilds: true },
  {
    what: "down",
    words: "Move down",
    tip: "Move the selected rows down (Alt+↓)",
    least: 1,
    icon: "down",
    rebuilds: true,
  },
  {
    what: "remove",
    words: "Remove rows",
    tip: "Remove the selected rows (Delete)",
    least: 1,
    icon: "remove",
    rebuilds: true,
  },
  { what: "copy", words: "Copy", tip: "Copy the selected rows, else all, for a spreadsheet (Ctrl+C)" },
];

const EMPTY = "No rows yet. Add one, or paste a block from a spreadsheet here.";

/** @implements {PartView} */
class RowsPart {
  /**
   * @param {Grid} grid
   * @param {string} id
   */
  constructor(grid, id) {
    this.grid = grid;
    this.id = id;
    this.fixed = false;
    /** @type {Side} */
    this.lead = "percent";
    /** @type {string | null} */
    this.question = null;
    /** @type {Row[]} */
    this.lines = [];
    /** @type {Map<string, Row>} */
    this.rows = new Map();
    /** @type {Row | null} */
    this.anchor = null;
    this.head = new PartHead(grid, id);
    this.tools = Object.fromEntries(TOOLS.map((tool) => [tool.what, this.tool(tool)]));
    this.cut = this.cutBox();
    this.caption = make("caption", { class: "tgk-g-unseen" });
    this.body = make("tbody", { role: "rowgroup" });
    this.sum = sumBox();
    this.more = make("p", { class: "tgk-g-more" });
    this.said = make("div", { class: "tgk-g-saids" });
    this.empty = make("p", { class: "tgk-g-empty", tabindex: 0 }, EMPTY);
    this.element = this.draw();
  }

  draw() {
    const heads = HEADS.map(([name, words, title]) =>
      make("th", { class: `tgk-g-${name}`, scope: "col", role: "columnheader", title }, make("span", {}, words)),
    );
    const top = make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...heads));
    const table = make("table", { class: "tgk-g-rows", role: "table" }, this.caption, top, this.body);
    const tools = TOOLS.map(({ what }) => this.tools[what]);
    tools.splice(4, 0, this.cut);
    const bar = make("div", { class: "tgk-g-tools", role: "group", "aria-label": "Rows" }, ...tools);
    const scroll = make("div", { class: "tgk-g-scroll" }, table, this.empty);
    const foot = make("div", { class: "tgk-g-foot" }, this.sum, this.more);
    return make("section", { class: "tgk-g-part" }, this.head.element, bar, scroll, foot, this.said);
  }

  /** @param {Tool} tool */
  tool({ what, words, tip, icon }) {
    return button(words, () => this.press(what), { icon, bare: icon !== undefined, title: keyed(tip) });
  }

  /** Where a range is cut; shown while it is asked for. */
  cutBox() {
    const input = make("input", {
      type: "text",
      class: "tgk-g-input",
      "aria-label": "Split at",
      placeholder: "in halves",
    });
    const done = () => this.split(input.value);
    const box = make("span", { class: "tgk-g-cut", hidden: true }, "at ", input, button("Split there", done));
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
      if (event.key === "Enter") done();
      else this.closeCut();
      event.preventDefault();
      event.stopPropagation();
    });
    return box;
  }

  /**
   * @param {RowsPicture} part
   * @param {Picture} whole
   */
  update(part, whole) {
    this.fixed = part.fixed;
    this.lead = part.lead;
    this.question = part.question;
    this.head.update(part, whole);
    say(this.caption, part.name);
    this.updateRows(part.rows);
    tellSum(this.sum, part.sum);
    say(this.more, part.more ? `${part.more.toLocaleString("en")} more rows are kept and not shown.` : "");
    tell(this.said, part.said);
    this.updateTools();
  }

  /** @param {RowPicture[]} pictures */
  updateRows(pictures) {
    const known = this.rows;
    const lost = this.focused();
    this.rows = new Map(pictures.map(({ id }) => [id, known.get(id) ?? new Row(this, id)]));
    this.lines = [...this.rows.values()];
    const widest = Math.max(1e-9, ...pictures.map((row) => Math.max(row.share ?? 0, row.population ?? 0)));
    pictures.forEach((row, index) => this.lines[index].update(row, index + 1, widest));
    this.grid.keepingFocus(() =>
      arrange(
        this.body,
        this.lines.map((line) => line.element),
      ),
    );
    this.empty.hidden = this.lines.length > 0;
    if (lost && !this.rows.has(lost.row.id)) (this.line(lost.index)?.stops[lost.column] ?? this.empty).focus();
    if (this.lines.length && !this.lines.some((line) => line.head.tabIndex === 0))
      put(this.lines[0].head, "tabindex", 0);
  }

  /** The row that has the focus, and where in it. */
  focused() {
    const index = this.lines.findIndex((line) => line.element.contains(this.grid.active));
    if (index < 0) return null;
    const row = this.lines[index];
    return { row, index, column: row.stops.findIndex((stop) => stop === this.grid.active) };
  }

  /** @param {number} index */
  line(index) {
    return this.lines[Math.min(index, this.lines.length - 1)];
  }

  updateTools() {
    const chosen = this.chosen;
    for (const { what, least = 0, most = Infinity, rebuilds } of TOOLS) {
      const tool = this.tools[what];
      tool.hidden = this.fixed && !!rebuilds;
      enable(tool, chosen.length >= least && chosen.length <= most);
    }
    const all = chosen.length > 0 && chosen.every((row) => row.locked);
    put(this.tools.lock, "aria-pressed", String(all));
    if (chosen.length !== 1) this.cut.hidden = true;
  }

  get chosen() {
    return this.lines.filter((row) => row.selected);
  }

  // -- selecting

  /**
   * @param {Row[]} rows
   */
  choose(rows) {
    const wanted = new Set(rows);
    for (const row of this.lines) if (row.selected !== wanted.has(row)) row.select(wanted.has(row));
    this.updateTools();
  }

  /**
   * @param {Row} row
   * @param {"one" | "toggle" | "range"} how
   */
  pick(row, how) {
    const others = this.chosen.filter((other) => other !== row);
    if (how === "range" && this.anchor && this.lines.includes(this.anchor)) {
      const [from, to] = [this.lines.indexOf(this.anchor), this.lines.indexOf(row)].sort((a, b) => a - b);
      return this.choose(this.lines.slice(from, to + 1));
    }
    this.anchor = row;
    if (how === "toggle") return this.choose(row.selected ? others : [...others, row]);
    return this.choose(row.selected && !others.length ? [] : [row]);
  }

  /**
   * The rows that a key in one of them means: the selected ones if it is one of them.
   * @param {Row} row
   */
  meant(row) {
    return (row.selected ? this.chosen : [row]).map(({ id }) => id);
  }

  // -- doing

  /** @param {string} what  a tool */
  press(what) {
    const rows = this.chosen.map(({ id }) => id);
    if (what === "copy") return this.grid.copy(this);
    if (what === "split") return this.openCut();
    if (what === "lock") return this.lock(rows, !this.chosen.every((row) => row.locked));
    if (what === "add") return this.add(rows.at(-1) ?? null);
    if (what === "up" || what === "down") return this.move(rows, what === "up" ? -1 : 1);
    if (what === "balance") return void this.grid.act({ do: "balance", part: this.id });
    return void this.grid.act({ do: what, part: this.id, rows });
  }

  /** @param {string | null} after  a row's id */
  add(after) {
    this.grid.awaitRow(this, this.grid.act({ do: "add", part: this.id, after }));
  }

  /**
   * @param {string[]} rows
   * @param {boolean} on
   */
  lock(rows, on) {
    this.grid.act({ do: "lock", part: this.id, rows, on });
  }

  /**
   * @param {string[]} rows
   * @param {-1 | 1} by
   */
  move(rows, by) {
    if (!this.fixed) this.grid.act({ do: "move", part: this.id, rows, by });
  }

  openCut() {
    this.cut.hidden = false;
    this.cut.querySelector("input")?.select();
  }

  closeCut() {
    this.cut.hidden = true;
    this.tools.split.focus();
  }

  /** @param {string} text  where to cut */
  split(text) {
    this.grid.act({ do: "split", part: this.id, row: this.chosen[0].id, text });
    /** @type {HTMLInputElement} */ (this.cut.querySelector("input")).value = "";
    this.closeCut();
  }

  // -- keys

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement} stop
   */
  key(event, stop) {
    const row = this.lines.find((line) => line.stops.includes(stop));
    if (!row) return false;
    if (event.altKey) return this.altKey(event, row);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      Typed.of.get(stop)?.commit();
      if (!this.fixed) this.add(row.id);
      return true;
    }
    return stop === row.head && this.headKey(event, row);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {Row} row
   */
  altKey(event, row) {
    const up = event.key === "ArrowUp";
    if (!up && event.key !== "ArrowDown" && event.code !== "KeyL") return false;
    row.stops.forEach((stop) => Typed.of.get(stop)?.commit());
    if (event.code === "KeyL") this.lock(this.meant(row), !row.locked);
    else this.move(this.meant(row), up ? -1 : 1);
    return true;
  }

  /**
   * Keys of a row's number: select, extend, remove.
   * @param {KeyboardEvent} event
   * @param {Row} row
   */
  headKey(event, row) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.shiftKey && step) {
      if (!row.selected) this.pick(row, "one");
      const next = this.lines[this.lines.indexOf(row) + step];
      if (next) this.pick(next, "range");
      next?.head.focus();
    } else if (event.key === " " || (event.key === "Enter" && !event.shiftKey)) this.pick(row, "toggle");
    else if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) this.choose(this.lines);
    else if (event.key === "Delete" || event.key === "Backspace") {
      if (!this.fixed) this.grid.act({ do: "remove", part: this.id, rows: this.meant(row) });
    } else if (event.key === "Escape") this.choose([]);
    else return false;
    return true;
  }

  /** @param {MouseEvent} event */
  click(event) {
    const clicked = /** @type {Node} */ (event.target);
    const row = this.lines.find((line) => line.head.contains(clicked) || line.lock.contains(clicked));
    if (row?.lock.contains(clicked)) this.lock([row.id], !row.locked);
    if (!row?.head.contains(clicked)) return;
    row.head.focus(); // Not every browser gives it to a button that is clicked
    this.pick(row, event.shiftKey ? "range" : event.ctrlKey || event.metaKey ? "toggle" : "one");
  }

  // -- clipboard

  /** @param {ClipboardEvent} event */
  paste(event) {
    const text = pasted(event);
    const place = this.focused();
    const typed = place && place.column > 0;
    if ((!place && event.target !== this.empty) || (typed && !isBlock(text))) return;
    event.preventDefault();
    if (this.grid.active) Typed.of.get(this.grid.active)?.takeBack();
    const column = (typed && COLUMNS[place.column - 1]) || "label";
    const n = this.grid.act({ do: "paste", part: this.id, row: place ? place.row.id : null, column, text });
    if (!place) this.grid.awaitRow(this, n);
  }

  selecting() {
    return this.chosen.length > 0;
  }

  copied() {
    const rows = this.chosen.length ? this.chosen : this.lines;
    return tabbed(rows.map((row) => row.values));
  }

  /** @param {Target} target */
  find({ row, column }) {
    if (row === null) return this.head.find(column);
    const line = this.rows.get(row);
    return line ? line.stops[1 + Math.max(0, COLUMNS.indexOf(/** @type {Column} */ (column ?? this.lead)))] : null;
  }
}

// ---- What stands above a part ---------------------------------------------------------------------------------------

/** Name, question, the tick for an interlock, and what can be done with the part as a whole. */
class PartHead {
  /**
   * @param {Grid} grid
   * @param {string} id
   */
  constructor(grid, id) {
    this.grid = grid;
    this.name = new Typed(grid, inputBox("tgk-g-name", false), (text) => ({ do: "rename", part: id, text }));
    this.asked = new Typed(grid, inputBox("tgk-g-input tgk-g-question", true), (text) => ({
      do: "question",
      part: id,
      text,
    }));
    this.question = make("label", { class: "tgk-g-asked" }, make("span", {}, "Question"), this.asked.input);
    this.box = make("input", { type: "checkbox" });
    this.tick = make("label", { class: "tgk-g-cross" }, this.box, make("span", {}, "Interlock"));
    this.box.addEventListener("change", () => grid.tick(id, this.box.checked));
    this.tools = new PartTools(grid, id);
    this.element = make(
      "header",
      { class: "tgk-g-title" },
      this.name.input,
      this.question,
      this.tick,
      this.tools.element,
    );
  }

  /**
   * @param {RowsPicture} part
   * @param {Picture} whole
   */
  update(part, whole) {
    this.name.show(part.name);
    this.asked.show(part.question ?? "");
    this.name.input.readOnly = part.fixed;
    put(this.name.input, "aria-label", `${capital(whole.noun)} name`);
    put(this.asked.input, "aria-label", `${part.name} question`);
    put(this.question, "hidden", part.question === null);
    put(this.tick, "hidden", !whole.crossable || !part.crossable);
    put(this.box, "aria-label", `Interlock ${part.name}`);
    this.tools.update(part.name, whole);
  }

  /** @param {string | null} column */
  find(column) {
    return column === "question" ? this.asked.input : this.name.input;
  }
}

/** What moves or removes a whole part. */
class PartTools {
  /**
   * @param {Grid} grid
   * @param {string} id
   */
  constructor(grid, id) {
    /** @type {(icon: Icon, intent: Intent) => HTMLElement} */
    const tool = (icon, intent) => button(icon, () => grid.act({ ...intent, part: id }), { bare: true, icon });
    this.up = tool("up", { do: "move_part", by: -1 });
    this.down = tool("down", { do: "move_part", by: 1 });
    this.gone = tool("remove", { do: "remove_part" });
    this.element = make("span", { class: "tgk-g-whole" }, this.up, this.down, this.gone);
  }

  /**
   * @param {string} name  the part's
   * @param {Picture} whole
   */
  update(name, whole) {
    for (const [tool, words] of /** @type {[HTMLElement, string][]} */ ([
      [this.up, `Move ${name} up`],
      [this.down, `Move ${name} down`],
      [this.gone, `Remove ${name}`],
    ])) {
      put(tool, "aria-label", words);
      put(tool, "title", words);
    }
    this.up.hidden = this.down.hidden = whole.parts.length < 2;
  }
}

/** @param {string} word */
function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

// ---- An interlock: a matrix -----------------------------------------------------------------------------------------

/** A cell of the matrix; one that is impossible has no input. */
class Cell {
  /**
   * @param {TablePart} part
   * @param {number[]} place
   * @param {string} name
   */
  constructor(part, place, name) {
    this.part = part;
    this.place = place;
    this.name = name;
    this.locked = false;
    const { grid, id } = part;
    const input = inputBox("tgk-g-input tgk-g-number", true);
    this.typed = new Typed(grid, input, (text) => ({ do: "cell", part: id, place, text }));
    this.mark = button(`Lock ${name}`, () => this.lock(!this.locked), {
      bare: true,
      icon: "locked",
      class: "tgk-g-mark",
    });
    put(this.mark, "tabindex", -1);
    this.other = make("span", { class: "tgk-g-other" });
    this.never = make(
      "span",
      { class: "tgk-g-never" },
      make("span", { "aria-hidden": "true" }, "–"),
      make("span", { class: "tgk-g-unseen" }, "can’t be"),
    );
    this.problem = make("p", { id: newId(), class: "tgk-g-said tgk-g-error", dir: "auto" });
    this.element = make("td", { class: "tgk-g-cell" }, input, this.other, this.mark, this.never);
  }

  /** @param {boolean} on */
  lock(on) {
    this.part.grid.act({ do: "cell_lock", part: this.part.id, places: [this.place], on });
  }

  /** @param {CellPicture} cell */
  update(cell) {
    const { input } = this.typed;
    this.locked = cell.locked;
    this.typed.show(cell.text);
    input.hidden = !cell.possible;
    this.never.hidden = cell.possible;
    this.mark.hidden = this.other.hidden = !cell.possible;
    const marks = [cell.locked && "locked", cell.small && "small"].filter(Boolean).join(", ");
    put(input, "aria-label", marks ? `${this.name}, ${marks}` : this.name);
    put(input, "aria-invalid", cell.error ? "true" : null);
    put(input, "aria-describedby", cell.error ? this.problem.id : null);
    say(this.other, cell.other);
    put(this.element, "data-impossible", !cell.possible);
    put(this.element, "data-locked", cell.locked);
    put(this.element, "data-small", cell.small);
    put(input, "title", cell.note || null);
    put(this.mark, "aria-pressed", String(cell.locked));
    put(this.mark, "title", lockTip(cell.locked));
    this.element.style.setProperty("--heat", String(cell.heat ?? 0));
    say(this.problem, cell.error ? `${this.name}: ${cell.error}` : "");
  }

  get stop() {
    return this.typed.input.hidden ? null : this.typed.input;
  }

  get text() {
    return this.stop ? this.typed.input.value : "";
  }
}

/** @implements {PartView} */
class TablePart {
  /**
   * @param {Grid} grid
   * @param {string} id
   */
  constructor(grid, id) {
    this.grid = grid;
    this.id = id;
    this.shape = "";
    /** @type {TablePicture | null} */
    this.picture = null;
    /** @type {Cell[][]} */
    this.cells = [];
    /** @type {HTMLElement[]} */
    this.edges = [];
    this.name = make("h3", { class: "tgk-g-name", dir: "auto", id: newId() });
    this.sides = /** @type {Side[]} */ (["completes", "percent"]).map((side) => this.sideButton(side));
    const tools = ["Copy", "Separate"].map((words) => button(words, () => this.press(words)));
    put(tools[0], "title", "Copy the whole table for a spreadsheet");
    put(tools[1], "title", "Take the interlock apart: its margins stay");
    this.tools = new PartTools(grid, id);
    const head = make("header", { class: "tgk-g-title" }, this.name, this.tools.element);
    const unit = make("span", { class: "tgk-g-switch", role: "group", "aria-label": "Numbers shown" }, ...this.sides);
    const bar = make("div", { class: "tgk-g-tools" }, unit, ...tools);
    this.table = make("table", { class: "tgk-g-matrix", "aria-labelledby": this.name.id });
    this.sum = sumBox();
    this.said = make("div", { class: "tgk-g-saids" });
    this.problems = make("div", { class: "tgk-g-saids" });
    const scroll = make("div", { class: "tgk-g-scroll" }, this.table);
    const foot = make("div", { class: "tgk-g-foot" }, this.sum);
    this.element = make("section", { class: "tgk-g-part" }, head, bar, scroll, foot, this.problems, this.said);
  }

  /** @param {Side} side */
  sideButton(side) {
    const node = button(capital(side), () => this.grid.act({ do: "side", part: this.id, side }), {
      class: "tgk-g-side",
    });
    put(node, "data-side", side);
    return node;
  }

  /** @param {string} words */
  press(words) {
    if (words === "Copy") this.grid.copy(this);
    else this.grid.act({ do: "separate", part: this.id });
  }

  get lines() {
    return this.cells.map((row) => ({ stops: row.map((cell) => cell.stop) }));
  }

  /**
   * @param {TablePicture} part
   * @param {Picture} whole
   */
  update(part, whole) {
    this.picture = part;
    const shape = JSON.stringify([part.axes, part.rows.map((row) => row.heads)]);
    if (shape !== this.shape) this.build(part);
    this.shape = shape;
    say(this.name, part.name);
    this.tools.update(part.name, whole);
    for (const node of this.sides) put(node, "aria-pressed", String(node.dataset.side === part.side));
    part.rows.forEach((row, i) => row.cells.forEach((cell, j) => this.cells[i][j].update(cell)));
    [...part.rows.map((row) => row.total), ...part.totals, part.total].forEach((text, i) => say(this.edges[i], text));
    this.problems.replaceChildren(
      ...this.cells
        .flat()
        .map((cell) => cell.problem)
        .filter((told) => told.textContent),
    );
    tellSum(this.sum, part.sum);
    tell(this.said, part.said);
  }

  /** @param {TablePicture} part */
  build(part) {
    const across = /** @type {{name: string, labels: string[]}} */ (part.axes.at(-1));
    const down = part.axes.slice(0, -1);
    this.cells = part.rows.map((row, i) => {
      const place = placeOf(
        i,
        down.map((axis) => axis.labels.length),
      );
      return across.labels.map((label, j) => new Cell(this, [...place, j], [...row.heads, label].join(" × ")));
    });
    const total = () => make("td", { class: "tgk-g-total" });
    const sides = part.rows.map(total);
    const feet = across.labels.map(total);
    const corner = total();
    this.edges = [...sides, ...feet, corner];
    const body = part.rows.map((row, i) =>
      make("tr", {}, ...rowHeads(part.rows, i), ...this.cells[i].map((cell) => cell.element), sides[i]),
    );
    const foot = make("th", { scope: "row", colspan: down.length, class: "tgk-g-level0" }, "Total");
    const last = make("tr", {}, foot, ...feet, corner);
    put(this.table, "data-deep", down.length > 1);
    this.table.replaceChildren(
      make("caption", { class: "tgk-g-unseen" }, part.name),
      matrixHead(
        down.map((axis) => axis.name),
        across,
      ),
      make("tbody", {}, ...body),
      make("tfoot", {}, last),
    );
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement} stop
   */
  key(event, stop) {
    if (!event.altKey || event.code !== "KeyL") return false;
    const cell = this.cells.flat().find((one) => one.stop === stop);
    cell?.typed.commit();
    cell?.lock(!cell.locked);
    return true;
  }

  /**
   * A block goes to the right and down from the cell, each number as if it had been typed.
   * @param {ClipboardEvent} event
   */
  paste(event) {
    const text = pasted(event);
    const top = this.cells.findIndex((row) => row.some((cell) => cell.typed.input === event.target));
    if (top < 0 || !isBlock(text)) return;
    const left = this.cells[top].findIndex((cell) => cell.typed.input === event.target);
    event.preventDefault();
    this.cells[top][left].typed.takeBack();
    text.split(/\r?\n/).forEach((line, i) =>
      line.split("\t").forEach((value, j) => {
        const cell = this.cells[top + i]?.[left + j];
        if (cell?.stop) this.grid.act(cell.typed.intent(value.trim()));
      }),
    );
  }

  selecting() {
    return false;
  }

  copied() {
    const part = /** @type {TablePicture} */ (this.picture);
    const across = /** @type {{labels: string[]}} */ (part.axes.at(-1));
    const down = part.axes.slice(0, -1).map((axis) => axis.name);
    return tabbed([
      [...down, ...across.labels, "Total"],
      ...part.rows.map((row, i) => [...row.heads, ...this.cells[i].map((cell) => cell.text), row.total]),
      ["Total", ...down.slice(1).map(() => ""), ...part.totals, part.total],
    ]);
  }

  /** @param {Target} target */
  find({ place }) {
    const cells = this.cells.flat();
    return (
      (cells.find((cell) => String(cell.place) === String(place)) ?? cells.find((cell) => cell.stop))?.stop ?? null
    );
  }
}

/**
 * The indexes of a row of the matrix along the axes that run down.
 * @param {number} row
 * @param {number[]} sizes
 */
function placeOf(row, sizes) {
  const place = sizes.map(() => 0);
  for (let axis = sizes.length - 1; axis >= 0; axis -= 1) {
    place[axis] = row % sizes[axis];
    row = Math.floor(row / sizes[axis]);
  }
  return place;
}

/**
 * The heads of a row; one that several rows share stands in the first of them.
 * @param {{heads: string[]}[]} rows
 * @param {number} index
 */
function rowHeads(rows, index) {
  const { heads } = rows[index];
  /** @type {(row: {heads: string[]} | undefined, level: number) => boolean} */
  const same = (row, level) => !!row && heads.slice(0, level + 1).every((head, i) => head === row.heads[i]);
  return heads.flatMap((head, level) => {
    const inner = level === heads.length - 1;
    if (!inner && same(rows[index - 1], level)) return [];
    let span = 1;
    while (!inner && same(rows[index + span], level)) span += 1;
    const scope = span > 1 ? "rowgroup" : "row";
    const place = { scope, rowspan: span > 1 ? span : null, class: `tgk-g-level${level}` };
    return [make("th", { ...place, dir: "auto", title: head }, head)];
  });
}

/**
 * @param {string[]} down  names of the axes that run down
 * @param {{name: string, labels: string[]}} across
 */
function matrixHead(down, across) {
  const corner = down.map((name, level) =>
    make("th", { scope: "col", rowspan: 2, class: `tgk-g-level${level}`, dir: "auto", title: name }, name),
  );
  const title = make(
    "th",
    { scope: "colgroup", colspan: across.labels.length, class: "tgk-g-axis", dir: "auto" },
    across.name,
  );
  const total = make("th", { scope: "col", rowspan: 2, class: "tgk-g-total" }, "Total");
  const labels = across.labels.map((label) => make("th", { scope: "col", dir: "auto", title: label }, label));
  return make("thead", {}, make("tr", {}, ...corner, title, total), make("tr", {}, ...labels));
}

// ---- What is only kept ----------------------------------------------------------------------------------------------

/** @implements {PartView} */
class KeptPart {
  constructor() {
    this.name = make("h3", { class: "tgk-g-name", dir: "auto" });
    this.text = make("p", { class: "tgk-g-kept", dir: "auto" });
    /** @type {never[]} */
    this.lines = [];
    this.element = make(
      "section",
      { class: "tgk-g-part" },
      make("header", { class: "tgk-g-title" }, this.name),
      this.text,
    );
    put(this.element, "tabindex", -1);
  }

  /** @param {KeptPicture} part */
  update(part) {
    say(this.name, part.name);
    say(this.text, part.text);
  }

  find() {
    return this.element;
  }

  key() {
    return false;
  }

  paste() {}

  copied() {
    return "";
  }

  selecting() {
    return false;
  }
}

// ---- What the keyboard does ------------------------------------------------------------------------------------------

const KEYS = [
  ["Enter, Shift+Enter, ↑ ↓", "next row, or the one before"],
  ["← →", "next column, at the edge of the text"],
  ["Escape, F2", "take back what was typed; put the cursor at its end"],
  ["Ctrl+Z, Ctrl+Shift+Z", "undo, redo"],
  ["Ctrl+Enter", "add a row below"],
  ["Alt+↑ ↓, Alt+L", "move the row; lock or free it"],
  ["On a row’s number", "Space and Shift+↑ ↓ select, Ctrl+A all, Delete removes, Ctrl+C copies"],
];

/** The keys in words, folded. */
function keysBox() {
  const lines = KEYS.flatMap(([keys, words]) => [make("dt", {}, keyed(keys)), make("dd", {}, keyed(words))]);
  return make("details", { class: "tgk-g-keys" }, make("summary", {}, "Keys"), make("dl", {}, ...lines));
}

// ---- The whole ------------------------------------------------------------------------------------------------------

class Grid {
  /**
   * @param {Model} model
   * @param {HTMLElement} host
   */
  constructor(model, host) {
    this.model = model;
    this.host = host;
    this.view = `v${Math.random().toString(36).slice(2, 10)}`;
    this.sent = 0;
    this.heard = 0;
    this.placing = false;
    /** @type {Map<string, PartView>} */
    this.parts = new Map();
    /** @type {Set<string>} */
    this.ticked = new Set();
    /** @type {Target | null} */
    this.wanted = null;
    /** @type {{part: RowsPart, known: Set<string>, n: number} | null} */
    this.expected = null;
    /** @type {{n: number, told: string | null} | null} */
    this.acted = null;
    /** @type {Record<string, (message: any) => void>} */
    this.hears = {
      "change:shown": () => this.update(),
      "change:failure": () => this.updateFailure(),
      "msg:custom": (message) => message.focus && this.focusOn(message.focus),
    };
    this.undo = button("Undo", () => this.turn("undo"), { icon: "undo" });
    this.redo = button("Redo", () => this.turn("redo"), { icon: "redo" });
    this.cross = button("Interlock", () => this.interlock(), { title: "Make one table of two or three ticked parts" });
    this.adding = button("Add margin", () => this.act({ do: "add_part" }));
    this.failure = make("p", { class: "tgk-g-failure", role: "alert", hidden: true });
    this.said = make("div", { class: "tgk-g-saids" });
    this.box = make("div", { class: "tgk-g-parts" });
    this.keys = keysBox();
    this.live = make("p", { class: "tgk-g-unseen", "aria-live": "polite" });
    this.element = this.draw();
  }

  draw() {
    const left = make("span", { class: "tgk-g-turns" }, this.undo, this.redo);
    const right = make("span", { class: "tgk-g-turns" }, this.cross, this.adding);
    const bar = make("div", { class: "tgk-g-tools tgk-g-top", role: "group", "aria-label": "All quotas" }, left, right);
    const inside = make("div", { class: "tgk-g-inside" }, this.failure, bar, this.said, this.box, this.keys, this.live);
    return make("div", { class: "tgk-g", "data-jp-suppress-context-menu": true }, inside);
  }

  /** Show it, and listen until it leaves the page. */
  start() {
    for (const [name, hear] of Object.entries(this.hears)) this.model.on(name, hear);
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener("input", (event) => this.typing(event));
    this.element.addEventListener("focusin", (event) => this.entered(event));
    this.element.addEventListener("focusout", (event) => this.left(event));
    this.element.addEventListener("click", (event) => this.click(event));
    this.element.addEventListener("paste", (event) => this.partOf(event.target)?.paste(event));
    this.element.addEventListener("copy", (event) => this.copied(event));
    this.update();
    this.updateFailure();
    this.host.append(this.element);
  }

  stop() {
    this.placing = true;
    for (const [name, hear] of Object.entries(this.hears)) this.model.off(name, hear);
    this.element.remove();
  }

  // -- to Python

  /**
   * @param {Intent} intent
   * @returns {number} which one of this view's it is
   */
  send(intent) {
    this.sent += 1;
    this.model.send({ view: this.view, n: this.sent, ...intent });
    return this.sent;
  }

  /**
   * Send what isn't seen where it happens; what it did is read out when Python has answered.
   * @param {Intent} intent
   * @param {string | null} [told]  what to say; else what undo would take back
   */
  act(intent, told = null) {
    const n = this.send(intent);
    this.acted = { n, told };
    return n;
  }

  /**
   * While Python still owes an answer, nobody here knows whether there is something to undo: it is asked anyway.
   * @param {"undo" | "redo"} way
   */
  turn(way) {
    const words = this.sent > this.heard ? "" : this.picture[way];
    const done = way === "undo" ? "Undone" : "Done again";
    if (words !== null) this.act({ do: way }, words ? `${done}: ${words}` : done);
  }

  interlock() {
    this.act({ do: "cross", parts: [...this.parts.keys()].filter((id) => this.ticked.has(id)) });
    this.ticked.clear();
  }

  /**
   * @param {string} part
   * @param {boolean} on
   */
  tick(part, on) {
    if (on) this.ticked.add(part);
    else this.ticked.delete(part);
    this.updateTop(this.picture);
  }

  /**
   * When the picture with the new row comes, the cursor goes there.
   * @param {RowsPart} part
   * @param {number} n
   */
  awaitRow(part, n) {
    this.expected = { part, known: new Set(part.rows.keys()), n };
  }

  // -- from Python

  /** @returns {Picture} */
  get picture() {
    const none = {
      heard: {},
      noun: "margin",
      undo: null,
      redo: null,
      addable: false,
      crossable: false,
      said: [],
      parts: [],
    };
    return { ...none, ...this.model.get("shown") };
  }

  update() {
    const whole = this.picture;
    this.heard = Math.max(this.heard, whole.heard[this.view] ?? 0);
    const known = this.parts;
    this.parts = new Map(whole.parts.map((part) => [part.id, known.get(part.id) ?? this.newPart(part)]));
    whole.parts.forEach((part) => this.parts.get(part.id)?.update(part, whole));
    this.keepingFocus(() =>
      arrange(
        this.box,
        [...this.parts.values()].map((part) => part.element),
      ),
    );
    this.updateTop(whole);
    tell(this.said, whole.said);
    this.afterwards(whole);
  }

  /**
   * @param {PartPicture} part
   * @returns {PartView}
   */
  newPart(part) {
    if (part.kind === "rows") return new RowsPart(this, part.id);
    return part.kind === "table" ? new TablePart(this, part.id) : new KeptPart();
  }

  /** @param {Picture} whole */
  updateTop(whole) {
    const able = whole.parts.filter((part) => part.kind === "rows" && part.crossable).map((part) => part.id);
    this.ticked = new Set(able.filter((id) => this.ticked.has(id)));
    for (const part of this.parts.values())
      if (part instanceof RowsPart) part.head.box.checked = this.ticked.has(part.id);
    this.cross.hidden = !whole.crossable || able.length < 2;
    enable(this.cross, this.ticked.size === 2 || this.ticked.size === 3);
    this.adding.hidden = !whole.addable;
    say(/** @type {Element} */ (this.adding.firstElementChild), `Add ${whole.noun}`);
    for (const way of /** @type {("undo" | "redo")[]} */ (["undo", "redo"])) {
      enable(this[way], whole[way] !== null);
      put(this[way], "title", whole[way] === null ? `Nothing to ${way}` : `${capital(way)}: ${whole[way]}`);
    }
  }

  updateFailure() {
    const text = this.model.get("failure") ?? "";
    this.failure.hidden = !text;
    say(this.failure, text);
  }

  /**
   * What waited for this picture.
   * @param {Picture} whole
   */
  afterwards(whole) {
    if (this.acted && this.acted.n <= this.heard) {
      say(this.live, this.acted.told ?? (whole.undo ? `Done: ${whole.undo}` : ""));
      this.acted = null;
    }
    if (this.expected && this.expected.n <= this.heard) {
      const { part, known } = this.expected;
      this.expected = null;
      part.lines.find((row) => !known.has(row.id))?.inputs.label.input.focus();
    }
    if (this.wanted) this.focusOn(this.wanted);
  }

  /**
   * Put the cursor there; where there is nothing yet, when the picture with it comes.
   * @param {Target} target
   */
  focusOn(target) {
    const found = this.parts.get(target.part)?.find(target) ?? null;
    this.wanted = found ? null : target;
    if (!found) return;
    found.focus({ preventScroll: true });
    found.scrollIntoView({ block: "center", inline: "nearest" });
  }

  // -- focus

  /** The element that has the focus, also where the page puts widgets into a shadow tree. */
  get active() {
    const root = /** @type {Document | ShadowRoot} */ (this.element.getRootNode());
    return /** @type {HTMLElement | null} */ ("activeElement" in root ? root.activeElement : null);
  }

  /**
   * Move elements about without the focus, the cursor or what is typed getting lost.
   * @param {() => void} change
   */
  keepingFocus(change) {
    const held = this.active;
    const input = held instanceof HTMLInputElement && held.type === "text" ? held : null;
    const [start, end] = [input?.selectionStart ?? 0, input?.selectionEnd ?? 0];
    this.placing = true;
    change();
    if (held && held !== this.active && this.element.contains(held)) {
      held.focus({ preventScroll: true });
      input?.setSelectionRange(start, end);
    }
    this.placing = false;
  }

  /** @param {FocusEvent} event */
  entered(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (this.placing || !target.classList.contains("tgk-g-pick")) return;
    for (const row of this.partOf(target)?.lines ?? [])
      if (row instanceof Row) put(row.head, "tabindex", row.head === target ? 0 : -1);
  }

  /** @param {FocusEvent} event */
  left(event) {
    if (!this.placing && event.target) Typed.of.get(event.target)?.commit();
  }

  /** @param {Event} event */
  typing(event) {
    const typed = event.target && Typed.of.get(event.target);
    if (typed) typed.typing = true;
  }

  /** @param {EventTarget | null} target */
  partOf(target) {
    return [...this.parts.values()].find((part) => part.element.contains(/** @type {Node | null} */ (target)));
  }

  /** @param {MouseEvent} event */
  click(event) {
    const part = this.partOf(event.target);
    if (part instanceof RowsPart) part.click(event);
  }

  // -- keys

  /** @param {KeyboardEvent} event */
  key(event) {
    const stop = /** @type {HTMLElement} */ (event.target);
    const used = !event.isComposing && (this.wholeKey(event, stop) || this.partKey(event, stop));
    if (used) event.preventDefault();
    const command = (event.ctrlKey || event.metaKey) && /^[^acvxyz]$/i.test(event.key);
    if (used || !command) event.stopPropagation(); // What is left, such as Ctrl+S, is the notebook's
  }

  /**
   * Undo and redo; while a text is typed, they are that text's.
   * @param {KeyboardEvent} event
   * @param {HTMLElement} stop
   */
  wholeKey(event, stop) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || (key !== "z" && key !== "y")) return false;
    const text = stop instanceof HTMLInputElement && stop.type === "text";
    if (text && (Typed.of.get(stop)?.typing ?? true)) return false;
    this.turn(key === "y" || event.shiftKey ? "redo" : "undo");
    return true;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement} stop
   */
  partKey(event, stop) {
    const part = this.partOf(stop);
    return !!part && (part.key(event, stop) || this.typedKey(event, stop) || this.arrow(event, stop, part));
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement} stop
   */
  typedKey(event, stop) {
    const typed = Typed.of.get(stop);
    if (!typed) return false;
    if (event.key === "Escape") typed.takeBack();
    else if (event.key === "F2") typed.input.setSelectionRange(typed.input.value.length, typed.input.value.length);
    else return false;
    return true;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement} stop
   * @param {PartView} part
   */
  arrow(event, stop, part) {
    const typed = Typed.of.get(stop);
    const { key } = event;
    if (key === "Enter" && typed) {
      typed.commit();
      this.step(part, stop, event.shiftKey ? -1 : 1, 0);
      return true;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    if (key === "ArrowUp" || key === "ArrowDown") {
      typed?.commit();
      return this.step(part, stop, key === "ArrowUp" ? -1 : 1, 0) || !!typed;
    }
    const left = key === "ArrowLeft";
    if (!left && key !== "ArrowRight") return false;
    if (typed && !atEdge(typed.input, left)) return false;
    return this.step(part, stop, 0, left ? -1 : 1);
  }

  /**
   * Move the focus by a row or a column, over what can't take it.
   * @param {PartView} part
   * @param {HTMLElement} stop
   * @param {number} down
   * @param {number} right
   */
  step(part, stop, down, right) {
    const { lines } = part;
    let line = lines.findIndex((one) => one.stops.includes(stop));
    let column = lines[line]?.stops.indexOf(stop) ?? -1;
    while (line >= 0) {
      line += down;
      column += right;
      const stops = lines[line]?.stops ?? [];
      if (column < 0 || column >= stops.length) return false;
      const next = stops[column];
      if (!next) continue;
      next.focus();
      if (next instanceof HTMLInputElement) next.select();
      return true;
    }
    return false;
  }

  // -- clipboard

  /**
   * Put a part on the clipboard; the command works also where a page may not use the clipboard by itself.
   * @param {PartView} part
   */
  copy(part) {
    let done = false;
    const hear = (/** @type {ClipboardEvent} */ event) => (done = this.putOn(event, part));
    document.addEventListener("copy", hear, { capture: true });
    document.execCommand("copy");
    document.removeEventListener("copy", hear, { capture: true });
    if (!done) void navigator.clipboard?.writeText(part.copied());
    say(this.live, "Copied");
  }

  /**
   * @param {ClipboardEvent} event
   * @param {PartView} part
   */
  putOn(event, part) {
    event.clipboardData?.setData("text/plain", part.copied());
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /**
   * Ctrl+C means the selected rows; in a cell it means its text.
   * @param {ClipboardEvent} event
   */
  copied(event) {
    const part = this.partOf(event.target);
    if (!part?.selecting() || event.target instanceof HTMLInputElement) return;
    this.putOn(event, part);
    say(this.live, "Copied");
  }
}

export default {
  /** @param {{model: Model, el: HTMLElement}} place */
  render({ model, el }) {
    const grid = new Grid(model, el);
    grid.start();
    return () => grid.stop();
  },
};
