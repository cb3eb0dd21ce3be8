// Dragging over the page: letters are selected, or a box is drawn, moved, made larger. Also by keyboard alone.

const LEAST = 4; // px a hand may tremble in a click
const STEP = 2; // points an arrow key moves
const FIRST = [120, 40]; // points of a box that is drawn by keyboard

const pointAt = (desk, event) => {
  const sheet = desk.root.querySelector(".os-passage .os-sheet").getBoundingClientRect();
  const [, width, height] = sheetOf(desk, desk.page);
  const within = (value, most) => Math.min(Math.max(value, 0), most);
  return [within(((event.clientX - sheet.left) / sheet.width) * width, width), within(height - ((event.clientY - sheet.top) / sheet.height) * height, height)];
};

const boxBetween = (desk, a, b) =>
  [desk.page, Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])].map((side, at) => (at ? Math.round(side * 100) / 100 : side));

const modeOf = (desk) => (lettersAt(desk, desk.page)?.some((side) => side > -9e5) ? desk.mode || "text" : "box");

const onPress = (desk, event) => {
  if (event.button !== 0 || !event.isPrimary) return;
  const edited = event.target.closest(".os-edit");
  const at = edited ? Number(edited.dataset.at) : -1;
  desk.drag = {
    from: pointAt(desk, event), x: event.clientX, y: event.clientY, moving: false, at,
    corner: event.target.dataset.corner || "", was: edited ? [...desk.form.boxes[at]] : null,
  };
  event.currentTarget.setPointerCapture(event.pointerId);
  event.preventDefault(); // nothing is selected, dragged or scrolled by the browser
  focusPassage(desk);
};

const onMove = (desk, event) => {
  const { drag } = desk;
  if (!drag) return;
  if (!drag.moving && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < LEAST) return;
  drag.moving = true;
  const to = pointAt(desk, event);
  if (drag.was) {
    desk.form.boxes[drag.at] = dragged(desk, drag.was, drag.corner, to[0] - drag.from[0], to[1] - drag.from[1]);
    return paintPlaces(desk);
  }
  drag.box = boxBetween(desk, drag.from, to);
  return paintPlaces(desk);
};

const onRelease = (desk, event) => {
  const { drag } = desk;
  desk.drag = null;
  if (!drag) return;
  if (!drag.moving) return drag.was ? undefined : pickAt(desk, pointAt(desk, event));
  if (drag.was) return formAgain(desk);
  if (modeOf(desk) === "box") return addBox(desk, drag.box);
  return pickLetters(desk, drag.box);
};

// A box moved by its body or by a corner, kept on the page and never turned inside out.
const dragged = (desk, [page, x0, y0, x1, y1], corner, dx, dy) => {
  const [, width, height] = sheetOf(desk, desk.page);
  const within = (value, least, most) => Math.round(Math.min(Math.max(value, least), most) * 100) / 100;
  if (!corner) {
    const [x, y] = [within(x0 + dx, 0, width - (x1 - x0)), within(y0 + dy, 0, height - (y1 - y0))];
    return [page, x, y, within(x + x1 - x0, 0, width), within(y + y1 - y0, 0, height)];
  }
  return [
    page,
    corner.includes("w") ? within(x0 + dx, 0, x1 - 2) : x0,
    corner.includes("s") ? within(y0 + dy, 0, y1 - 2) : y0,
    corner.includes("e") ? within(x1 + dx, x0 + 2, width) : x1,
    corner.includes("n") ? within(y1 + dy, y0 + 2, height) : y1,
  ];
};

const holds = ([page, x0, y0, x1, y1], number, [x, y]) => page === number && x0 - 1 <= x && x <= x1 + 1 && y0 - 1 <= y && y <= y1 + 1;

// A click goes through what lies on top of one another there.
const pickAt = (desk, point) => {
  if (desk.form) return;
  const over = desk.now.list.filter((finding) => finding.boxes.some((box) => holds(box, desk.page, point)));
  if (!over.length) return;
  over.sort((a, b) => RANK[b.decision] - RANK[a.decision]);
  const at = over.findIndex((finding) => finding.id === desk.current);
  closeBeside(desk);
  desk.current = over[(at + 1) % over.length].id;
  paint(desk);
};

// Letters of which a good part lies in the band, as runs in reading order.
const lettersIn = (desk, [, x0, y0, x1, y1]) => {
  const sides = lettersAt(desk, desk.page);
  const runs = [];
  for (let at = 0; at * 4 < sides.length; at++) {
    const box = letterBox(sides, at);
    if (!box) continue;
    const wide = Math.min(box[2], x1) - Math.max(box[0], x0);
    const high = Math.min(box[3], y1) - Math.max(box[1], y0);
    if (wide < 0.3 * (box[2] - box[0]) || high < 0.25 * (box[3] - box[1])) continue;
    const last = runs[runs.length - 1];
    if (last && last[2] === at) last[2] = at + 1;
    else runs.push([desk.page, at, at + 1]);
  }
  return runs;
};

const pickLetters = (desk, band) => {
  const runs = lettersIn(desk, band);
  if (!runs.length || !cut(desk, runs).trim()) {
    desk.message = desk.data.words.no_letters;
    return paint(desk);
  }
  desk.message = null;
  if (desk.form && (desk.form.extents.length || desk.form.kind === "add")) {
    desk.form.extents = runs;
    return formAgain(desk);
  }
  return startForm(desk, { extents: runs, boxes: [] });
};

const addBox = (desk, box) => {
  if (box[3] - box[1] < 2 || box[4] - box[2] < 2) return paint(desk);
  desk.message = null;
  if (desk.form && desk.form.boxes) {
    desk.form.boxes.push(box);
    return formAgain(desk);
  }
  return startForm(desk, { extents: [], boxes: [box] });
};

const startForm = (desk, places) => {
  desk.current = desk.current && currentFinding(desk) ? desk.current : null;
  openAddition(desk, { ...places, area: places.extents.length ? undefined : "area" });
  paint(desk);
};

const formAgain = (desk) => {
  desk.beside = null;
  paintBeside(desk);
  paintPlaces(desk);
};

// By keyboard: a box in the middle of what is seen, moved by arrows, then the form.
const drawByKey = (desk) => {
  if (!sheetOf(desk, desk.page)[SHEET.width]) return;
  const pane = desk.root.querySelector(".os-passage").getBoundingClientRect();
  const [x, y] = pointAt(desk, { clientX: (pane.left + pane.right) / 2, clientY: (pane.top + pane.bottom) / 2 });
  addBox(desk, boxBetween(desk, [Math.max(x - FIRST[0] / 2, 0), Math.max(y - FIRST[1] / 2, 0)], [x + FIRST[0] / 2, y + FIRST[1] / 2]));
  editByKey(desk);
};

const editByKey = (desk) => {
  desk.editing = true;
  focusPassage(desk);
  paintNote(desk);
};

const wholePage = (desk) => {
  const [, width, height] = sheetOf(desk, desk.page);
  if (width) addBox(desk, [desk.page, 0, 0, width, height]);
};

const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };

const arrowKey = (desk, key, event) => {
  const { form } = desk;
  if (!form || !form.boxes || !form.boxes.length || !event.target.closest(".os-passage")) return false;
  const at = form.boxes.length - 1;
  form.boxes[at] = dragged(desk, form.boxes[at], event.shiftKey ? "se" : "", ...ARROWS[key]);
  paintPlaces(desk);
  return true;
};

// What the form speaks of, over the marks: letters lit, drawn boxes with their grips, and the band being drawn.
const paintPlaces = (desk) => {
  const layer = desk.root.querySelector(".os-passage .os-marks");
  for (const node of layer.querySelectorAll(".os-pick, .os-edit, .os-band")) node.remove();
  const { form, drag } = desk;
  if (form) {
    for (const box of boxesOfRuns(desk, form.extents)) if (box[0] === desk.page) put(layer, onSheet(desk, el("div", "os-pick"), box));
    (form.boxes || []).forEach((box, at) => {
      if (box[0] === desk.page) put(layer, editNode(desk, box, at));
    });
  }
  if (drag && drag.box) {
    if (modeOf(desk) === "text") {
      for (const box of boxesOfRuns(desk, lettersIn(desk, drag.box))) put(layer, onSheet(desk, el("div", "os-pick"), box));
    }
    put(layer, onSheet(desk, el("div", "os-band"), drag.box));
  }
};

const placesMoved = paintPlaces;

const editNode = (desk, box, at) => {
  const node = onSheet(desk, el("div", "os-edit"), box);
  node.dataset.at = at;
  for (const corner of ["nw", "ne", "sw", "se"]) {
    const grip = el("span", `os-grip os-grip-${corner}`);
    grip.dataset.corner = corner;
    put(node, grip);
  }
  return node;
};

// In the form: what was boxed, and how to move the boxes without a mouse.
const boxesField = (desk) => {
  const { form } = desk;
  const { words } = desk.data;
  const box = el("div", "os-field os-boxes");
  const count = (form.boxes || []).length;
  if (form.kind === "add" && !form.extents.length) put(box, areaField(desk));
  if (!count) return put(box, el("span", "os-hint", form.extents.length ? words.boxes_hint : ""));
  const line = el("div", "os-box-buttons");
  put(line, el("span", "os-field-name", words.boxes.replace("{n}", count)), button("os-secondary os-small", words.move_boxes, () => editByKey(desk)));
  if (form.extents.length || count > 1) {
    put(line, button("os-secondary os-small", words.clear_boxes, () => {
      form.boxes = form.extents.length ? [] : form.boxes.slice(0, 1);
      formAgain(desk);
    }));
  }
  return put(box, line, el("span", "os-hint", words.boxes_hint));
};

const areaField = (desk) => {
  const { form } = desk;
  const label = el("label", "os-field");
  const select = el("select", "os-select os-area");
  for (const [id, name] of Object.entries(desk.data.words.areas)) put(select, option(id, name));
  select.value = form.area || "area";
  select.onchange = () => (form.area = select.value);
  return put(label, el("span", "os-field-name", desk.data.words.area_kind), select);
};
