// The page view: the page on the left, the current finding on the right, keys below.

const paint = (desk) => {
  desk.root.classList.toggle("os-comparing", Boolean(desk.compare));
  desk.root.classList.toggle("os-forming", Boolean(desk.form));
  const after = desk.root.querySelector(".os-pane-after");
  after.hidden = !desk.compare;
  if (!desk.form) desk.editing = null;
  paintTools(desk);
  paintDoubt(desk);
  paintSheet(desk);
  buildCard(desk);
  paintBeside(desk);
  paintBar(desk);
  showCurrent(desk);
};

const paintTools = (desk) => {
  const { words } = desk.data;
  const field = desk.root.querySelector(".os-page-field");
  if (document.activeElement !== field) field.value = desk.page;
  field.max = desk.data.sheets.length;
  desk.root.querySelector(".os-page-count").textContent = words.of.replace("{n}", desk.data.sheets.length);
  const open = openOn(desk, desk.page);
  const here = open ? words.left_here.replace("{n}", open) : doubtOf(desk) === 1 ? words.read_here : words.none_here;
  const unread = desk.data.sheets.filter((row) => doubtOf(desk, row[SHEET.number]) === 1).length;
  desk.root.querySelector(".os-left-here").textContent = unread ? `${here}${words.unread.replace("{n}", unread)}` : here;
  for (const input of desk.root.querySelectorAll(".os-drag input")) input.checked = input.value === modeOf(desk);
};

// Pages whose text may differ from what is seen: said on the page, and signed by whoever has read it.
const paintDoubt = (desk) => {
  const { words } = desk.data;
  const box = desk.root.querySelector(".os-doubt");
  const state = doubtOf(desk);
  const told = JSON.stringify([desk.page, state, desk.data.doubts[desk.page]]);
  if (told === desk.doubted) return;
  desk.doubted = told;
  box.hidden = !state;
  box.classList.toggle("os-doubt-done", state === 2);
  const text = el("div", "os-doubt-text");
  const says = state === 1 ? (desk.data.doubts[desk.page] || []).join("") : "";
  put(text, el("strong", "", state === 2 ? words.read_already : words.must_read), says ? ` ${says}` : "");
  const go = state === 1 ? button("os-secondary os-small os-read", words.read, () => DO.read(desk)) : null;
  if (go) put(go, " ", keyCap("V"));
  fill(box, text, go);
};

const turnBy = (desk, step) => {
  const goal = desk.page + step;
  if (sheetOf(desk, goal)) leafTo(desk, goal);
};

const leafTo = (desk, number) => step(desk, () => turnTo(desk, number, "first"));

const ZOOMS = [0.5, 0.7, 1, 1.4, 2, 2.8, 4];

const zoomBy = (desk, way) => {
  const at = ZOOMS.indexOf(desk.zoom || 1) + way;
  desk.zoom = ZOOMS[Math.min(Math.max(at, 0), ZOOMS.length - 1)];
  paint(desk);
};

Object.assign(DO, {
  add: (desk) => drawByKey(desk),
  whole: (desk) => wholePage(desk),
  compare: (desk) => {
    desk.compare = !desk.compare;
    paint(desk);
  },
  mode: (desk) => {
    desk.mode = modeOf(desk) === "text" ? "box" : "text";
    paint(desk);
  },
  read: (desk) => doubtOf(desk) === 1 && step(desk, () => act(desk, { kind: "read", page: desk.page })),
  goto: (desk) => desk.root.querySelector(".os-page-field").select(),
});

Object.assign(KEYS, { l: "whole", b: "compare", m: "mode", v: "read", g: "goto", w: "add" });

const TOOLS = {
  earlier: (desk) => turnBy(desk, -1),
  later: (desk) => turnBy(desk, 1),
  smaller: (desk) => zoomBy(desk, -1),
  larger: (desk) => zoomBy(desk, 1),
  fit: (desk) => {
    desk.zoom = 1;
    paint(desk);
  },
};

const ZOOM_KEYS = { "+": "larger", "=": "larger", ";": "larger", "-": "smaller", 0: "fit", PageDown: "later", PageUp: "earlier" };

const ownKey = (desk, key, event) => {
  if (ARROWS[key]) return arrowKey(desk, key, event);
  if (ZOOM_KEYS[key]) {
    if (desk.form && key.startsWith("Page")) return true; // what is being written belongs to this page
    TOOLS[ZOOM_KEYS[key]](desk);
    return true;
  }
  if (!desk.form) return false;
  if (key === "Enter" && event.target.closest(".os-passage")) {
    desk.editing = null;
    paintNote(desk);
    focusForm(desk);
    return true;
  }
  return key.length === 1; // a form is open: no letter settles what stands beneath it
};

const furnishTools = (desk) => {
  const { words } = desk.data;
  for (const node of desk.root.querySelectorAll("[data-tool]")) {
    node.setAttribute("aria-label", words[node.dataset.tool]);
    node.title = words[node.dataset.tool];
    node.onclick = () => {
      TOOLS[node.dataset.tool](desk);
      focusPassage(desk);
    };
  }
  const field = desk.root.querySelector(".os-page-field");
  field.setAttribute("aria-label", words.number);
  field.onchange = () => {
    const goal = Number(field.value);
    if (sheetOf(desk, goal) && goal !== desk.page) leafTo(desk, goal);
    focusPassage(desk);
  };
  const drag = desk.root.querySelector(".os-drag");
  drag.setAttribute("aria-label", words.dragging);
  drag.title = words.dragging;
  fill(drag, ["text", "box"].map((mode) => {
    const input = el("input");
    Object.assign(input, { type: "radio", name: "os-mode", value: mode });
    input.onchange = () => {
      desk.mode = mode;
      paint(desk);
      focusPassage(desk);
    };
    return put(el("label"), input, el("span", "", mode === "text" ? words.by_text : words.by_box));
  }), keyCap("M"));
  desk.root.querySelector(".os-after-name").textContent = words.after;
  desk.root.querySelector(".os-pane-after").setAttribute("aria-label", words.after);
};

const listen = (desk, signal) => {
  const { root } = desk;
  const sheet = root.querySelector(".os-passage .os-sheet");
  window.addEventListener("keydown", (event) => onKey(desk, event), { signal, capture: true });
  const watching = new ResizeObserver(() => layOut(desk)); // the window, or the column beside it
  for (const pane of root.querySelectorAll(".os-pane")) watching.observe(pane);
  signal.addEventListener("abort", () => watching.disconnect());
  sheet.addEventListener("pointerdown", (event) => onPress(desk, event), { signal });
  sheet.addEventListener("pointermove", (event) => onMove(desk, event), { signal });
  sheet.addEventListener("pointerup", (event) => onRelease(desk, event), { signal });
  sheet.addEventListener("pointercancel", () => (desk.drag = null), { signal });
  const [left, right] = root.querySelectorAll(".os-pane");
  for (const [a, b] of [[left, right], [right, left]]) {
    a.addEventListener("scroll", () => {
      if (!desk.compare || Math.abs(b.scrollTop - a.scrollTop) < 2) return;
      b.scrollTop = a.scrollTop;
      b.scrollLeft = a.scrollLeft;
    }, { signal });
  }
};

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  japanese();
  const root = parentElement.querySelector(".os-desk");
  if (!root || !data) return undefined;
  const fresh = !DESKS.has(root);
  if (fresh) DESKS.set(root, newDesk());
  const desk = DESKS.get(root);
  const called = !fresh && data.called !== desk.called; // from elsewhere on the screen, to a page with something open
  if (called || (desk.data && desk.data.case !== data.case)) desk.page = null;
  desk.called = data.called;
  Object.assign(desk, { root, trigger: setTriggerValue });
  receive(desk, data);
  furnish(desk);
  furnishTools(desk);
  paint(desk);
  askForPage(desk);
  // The script runs again at every rerun: the listeners of the last run go first.
  desk.listening?.abort();
  desk.listening = new AbortController();
  listen(desk, desk.listening.signal);
  if (fresh || called) focusPassage(desk);
  if (called) root.scrollIntoView({ block: "start" });
  return () => desk.listening.abort();
}
