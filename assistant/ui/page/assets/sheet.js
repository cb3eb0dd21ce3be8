// The page as a picture with its marks over it. Places come as numbers; nothing of the document becomes markup.

const lettersAt = (desk, number) => {
  const page = desk.data.pages.find((one) => one.number === number);
  return page ? page.sides : null;
};

// The box of a letter in points; null where it has no place.
const letterBox = (sides, at) => (sides[at * 4] < -9e5 ? null : [0, 1, 2, 3].map((side) => sides[at * 4 + side] / 10));

// The boxes of runs of letters, joined along each line; only of the page whose letters are at hand.
const boxesOfRuns = (desk, extents) => {
  const joined = [];
  for (const [page, start, end] of extents) {
    const sides = lettersAt(desk, page);
    for (let at = start; sides && at < end; at++) {
      const box = letterBox(sides, at);
      const last = joined[joined.length - 1];
      if (!box) continue;
      if (last && Math.min(last[4], box[3]) - Math.max(last[2], box[1]) > (box[3] - box[1]) / 2 && box[0] - last[3] < box[3] - box[1] && box[0] >= last[1]) {
        last[1] = Math.min(last[1], box[0]);
        last[2] = Math.min(last[2], box[1]);
        last[3] = Math.max(last[3], box[2]);
        last[4] = Math.max(last[4], box[3]);
      } else joined.push([page, ...box]);
    }
  }
  return joined;
};

const scaleOf = (desk) => desk.root.querySelector(".os-passage .os-sheet").getBoundingClientRect().width / sheetOf(desk, desk.page)[SHEET.width];

const MARGIN = 20; // px of the pane beside the sheet

const layOut = (desk) => {
  if (!sheetOf(desk, desk.page)) return;
  const [, width, height] = sheetOf(desk, desk.page);
  for (const pane of desk.root.querySelectorAll(".os-pane")) {
    const sheet = pane.querySelector(".os-sheet");
    const fit = Math.max(pane.clientWidth - MARGIN, 120) / Math.max(width, 1);
    const scale = desk.zoom ? desk.zoom * fit : fit;
    sheet.style.width = `${Math.round(width * scale)}px`;
    sheet.style.height = `${Math.round(height * scale)}px`;
    sheet.classList.toggle("os-small-labels", scale < 0.6);
  }
};

const onSheet = (desk, node, [, x0, y0, x1, y1]) => {
  const [, width, height] = sheetOf(desk, desk.page);
  const share = (part, whole) => `${((part / whole) * 100).toFixed(3)}%`;
  Object.assign(node.style, { left: share(x0, width), top: share(height - y1, height), width: share(x1 - x0, width), height: share(y1 - y0, height) });
  return node;
};

const paintSheet = (desk) => {
  const address = desk.data.pictures[desk.page];
  for (const picture of desk.root.querySelectorAll(".os-picture")) {
    if (!address) picture.removeAttribute("src");
    else if (picture.getAttribute("src") !== mediaAddress(address)) picture.src = mediaAddress(address);
  }
  for (const other of Object.values(desk.data.pictures)) new Image().src = mediaAddress(other); // the neighbours, ahead
  layOut(desk);
  const here = desk.now.list.filter((finding) => finding.boxes.some((box) => box[0] === desk.page));
  const shape = JSON.stringify([desk.page, here.map((finding) => [finding.id, finding.boxes])]);
  if (shape !== desk.marked) {
    desk.marked = shape;
    buildMarks(desk, here);
  }
  paintMarks(desk);
  paintBlack(desk, here);
  paintPlaces(desk);
  paintNote(desk);
};

// Streamlit may be served under a path.
const mediaAddress = (address) => {
  const base = document.querySelector("base")?.getAttribute("href") || "";
  const path = location.pathname.replace(/\/[^/]*$/, "");
  return base && base !== "./" ? new URL(address.replace(/^\//, ""), new URL(base, location.href)).href : `${path}${address}`;
};

const buildMarks = (desk, here) => {
  desk.nodes = [];
  for (const finding of here) {
    finding.boxes.filter((box) => box[0] === desk.page).forEach((box, at) => {
      const node = onSheet(desk, el("div", "os-mark"), box);
      node.dataset.id = finding.id;
      desk.nodes.push({ node, id: finding.id, first: at === 0 });
    });
  }
  fill(desk.root.querySelector(".os-passage .os-marks"), desk.nodes.map((one) => one.node));
};

// Only classes and labels change while going through the queue.
const paintMarks = (desk) => {
  const found = new Map(desk.now.list.map((finding) => [finding.id, finding]));
  const mates = new Set(together(desk, currentFinding(desk)));
  for (const { node, id, first } of desk.nodes || []) {
    const finding = found.get(id);
    if (!finding) continue;
    const kind = look(finding);
    const classes = ["os-mark", `os-${kind}`];
    if (id === desk.current) classes.push("os-current");
    else if (mates.has(id)) classes.push("os-mate");
    const name = classes.join(" ");
    if (node.className !== name) node.className = name;
    const label = first ? desk.data.words.marks[kind] : "";
    if (node.dataset.label !== label) node.dataset.label = label;
  }
};

const paintBlack = (desk, here) => {
  const pane = desk.root.querySelector(".os-pane-after");
  if (!desk.compare) return;
  const black = here.filter((finding) => finding.decision === "withhold" && finding.decided && finding.decided.state !== "rejected");
  const boxes = black.flatMap((finding) => finding.boxes.filter((box) => box[0] === desk.page));
  fill(pane.querySelector(".os-marks"), boxes.map((box) => onSheet(desk, el("div", "os-black"), box)));
};

const paintNote = (desk) => {
  const { words } = desk.data;
  const sheet = sheetOf(desk, desk.page);
  const current = currentFinding(desk);
  let note = "";
  if (!atHand(desk, desk.page) || (desk.data.page !== desk.page && !desk.data.pictures[desk.page])) note = words.loading;
  else if (!desk.data.pictures[desk.page] || !sheet[SHEET.width]) note = words.no_page;
  else if (desk.editing) note = words.moving;
  else if (current && !current.boxes.length) note = words.nowhere;
  desk.root.querySelector(".os-sheet-note").textContent = note;
};

const showCurrent = (desk) => {
  const pane = desk.root.querySelector(".os-passage");
  const node = pane.querySelector(".os-current");
  const seen = `${desk.page} ${desk.current} ${desk.zoom} ${desk.compare}`;
  if (desk.seen === seen) return; // who has scrolled away to look at something stays there
  if (desk.seen && !desk.seen.startsWith(`${desk.page} `)) pane.scrollTop = 0;
  desk.seen = seen;
  if (!node) return;
  const [a, b] = [node.getBoundingClientRect(), pane.getBoundingClientRect()];
  if (a.top < b.top + 30 || a.bottom > b.bottom - 20) pane.scrollTop += a.top - b.top - b.height * 0.35;
  if (a.left < b.left + 10 || a.right > b.right - 10) pane.scrollLeft += a.left - b.left - b.width * 0.35;
};
