// The passage stands once, whole; what would go is marked in place.

const buildPassage = (desk) => {
  const box = desk.root.querySelector(".os-passage-text");
  const scroll = box.parentElement.scrollTop;
  desk.segments = [];
  const many = desk.data.pages.length > 1;
  const pages = desk.data.pages.map((page, at) => {
    const node = el("div", "os-page");
    if (many) put(node, pageHeading(desk, page.number));
    put(node, segmentsOf(desk, page.number, desk.letters[at]));
    return node;
  });
  fill(box, pages);
  box.parentElement.scrollTop = scroll;
};

const pageHeading = (desk, number) => {
  const line = el("div", "os-page-number");
  line.dataset.words = desk.data.words.page.replace("{n}", number); // drawn by CSS: no part of the text
  return line;
};

const segmentsOf = (desk, page, letters) => {
  const here = [];
  for (const finding of desk.now.list) {
    for (const [at, start, end] of finding.extents) if (at === page) here.push({ finding, start, end });
  }
  const cuts = new Set([0, letters.length]);
  for (const { start, end } of here) cuts.add(start).add(end);
  const edges = [...cuts].sort((a, b) => a - b);
  const nodes = [];
  for (let i = 0; i + 1 < edges.length; i++) {
    const [start, end] = [edges[i], edges[i + 1]];
    const over = here.filter((one) => one.start <= start && end <= one.end);
    const node = el("span", "os-seg", letters.slice(start, end).join(""));
    node.dataset.page = page;
    node.dataset.start = start;
    if (over.length) {
      const ids = over.map((one) => one.finding.id);
      node.onclick = () => pickSegment(desk, ids);
      desk.segments.push({
        node, ids, width: end - start,
        first: over.filter((one) => one.start === start).map((one) => one.finding.id),
        last: over.filter((one) => one.end === end).map((one) => one.finding.id),
      });
    }
    nodes.push(node);
  }
  return nodes;
};

const pickSegment = (desk, ids) => {
  const selection = document.getSelection();
  if (selection && !selection.isCollapsed) return; // the end of a drag, not a click
  const found = new Map(desk.now.list.map((finding) => [finding.id, finding]));
  const order = ids.filter((id) => found.has(id)).sort((a, b) => RANK[found.get(b).decision] - RANK[found.get(a).decision]);
  const at = order.indexOf(desk.current);
  desk.current = order[(at + 1) % order.length] || desk.current;
  closeBeside(desk);
  paint(desk);
};

// Only classes and labels change while going through the queue: no text is laid out anew.
const paintPassage = (desk) => {
  const found = new Map(desk.now.list.map((finding) => [finding.id, finding]));
  const mates = new Set(together(desk, currentFinding(desk)));
  const words = desk.data.words;
  for (const { node, ids, width, first, last } of desk.segments) {
    const over = ids.map((id) => found.get(id)).filter(Boolean);
    const current = over.find((finding) => finding.id === desk.current);
    const rejected = (finding) => finding.decided && finding.decided.state === "rejected";
    const top = current || over.slice().sort((a, b) => rejected(a) - rejected(b) || RANK[b.decision] - RANK[a.decision])[0];
    if (!top) {
      node.className = "os-seg";
      continue;
    }
    const kind = look(top);
    const classes = ["os-seg", "os-found", `os-${kind}`];
    if (current) classes.push("os-current", codePoints(current.text).length > 40 ? "os-long" : "os-short");
    else if (over.some((finding) => mates.has(finding.id))) classes.push("os-mate");
    if (first.includes(top.id)) classes.push("os-first");
    if (last.includes(top.id)) classes.push("os-last");
    const name = classes.join(" ");
    if (node.className !== name) node.className = name;
    const label = first.includes(top.id) ? (width < 3 && !current ? words.short[kind] : words.marks[kind]) : "";
    if (node.dataset.label !== label) node.dataset.label = label;
  }
};

const showCurrent = (desk) => {
  const pane = desk.root.querySelector(".os-passage");
  const node = desk.root.querySelector(".os-current");
  if (!node) return;
  const [a, b] = [node.getBoundingClientRect(), pane.getBoundingClientRect()];
  if (a.top < b.top + 40 || a.bottom > b.bottom - 30) pane.scrollTop += a.top - b.top - b.height * 0.35;
};

// What is selected in the passage, as [page, start, end] per page; null if nothing is.
const selectedExtents = (desk) => {
  const selection = document.getSelection();
  const box = desk.root.querySelector(".os-passage-text");
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!box.contains(range.startContainer) || !box.contains(range.endContainer)) return null;
  const runs = [];
  for (const node of box.querySelectorAll(".os-seg")) {
    if (!range.intersectsNode(node) || !node.firstChild) continue;
    const text = node.firstChild;
    const from = range.startContainer === text ? range.startOffset : 0;
    const to = range.endContainer === text ? range.endOffset : text.data.length;
    if (to <= from) continue;
    const page = Number(node.dataset.page);
    const base = Number(node.dataset.start);
    const start = base + codePoints(text.data.slice(0, from)).length;
    const end = base + codePoints(text.data.slice(0, to)).length;
    const last = runs[runs.length - 1];
    if (last && last[0] === page && last[2] === start) last[2] = end;
    else runs.push([page, start, end]);
  }
  return runs.length && cut(desk, runs).trim() ? runs : null;
};

// Without a mouse: arrows move over the letters of the passage, with Shift they select.
const arrowSelect = (desk, event) => {
  const selection = document.getSelection();
  const box = desk.root.querySelector(".os-passage-text");
  if (!selection.rangeCount || !box.contains(selection.anchorNode)) {
    const start = box.querySelector(".os-current.os-first, .os-current") || box.querySelector(".os-seg");
    if (!start || !start.firstChild) return;
    selection.collapse(start.firstChild, 0);
  }
  const way = { ArrowLeft: ["backward", "character"], ArrowRight: ["forward", "character"],
    ArrowUp: ["backward", "line"], ArrowDown: ["forward", "line"] }[event.key];
  if (event.shiftKey) {
    selection.modify("extend", ...way);
  } else {
    if (!selection.isCollapsed) selection.collapseToStart();
    selection.modify("move", ...way);
    selection.modify("extend", "forward", "character"); // a caret would not be seen here: the letter it stands on is
  }
  noteSelection(desk);
};

const noteSelection = (desk) => {
  const extents = selectedExtents(desk);
  if (desk.form) {
    if (extents) {
      desk.form.extents = extents;
      paintExtents(desk);
    }
    return;
  }
  desk.selected = extents;
  paintSelection(desk);
};
