// The bar, the keys and what they do: the same at the desk of a passage and on the pages of a document.

const paintBar = (desk) => {
  const words = desk.data.words;
  const left = counts(desk);
  const text = (selector, value) => (desk.root.querySelector(selector).textContent = value);
  const open = left.withhold + left.ask + left.contested;
  text(".os-left", open ? words.left.replace("{n}", open) : left.rest ? words.left_rest : words.all_done);
  text(".os-left-kinds", words.left_kinds.replace("{w}", left.withhold).replace("{a}", left.ask).replace("{d}", left.rest + left.contested));
  const bar = desk.root.querySelector(".os-progress");
  bar.max = Math.max(left.all, 1);
  bar.value = left.all ? left.settled : 1;
  bar.setAttribute("aria-label", `${left.settled} / ${left.all}`);
  desk.root.classList.toggle("os-done", !open && !left.rest);
  const message = desk.root.querySelector(".os-message");
  message.textContent = desk.message || "";
  message.hidden = !desk.message;
  for (const node of desk.root.querySelectorAll("[data-act]")) node.querySelector(".os-act-text").textContent = actText(desk, node.dataset.act, left);
  desk.root.querySelector(".os-saving").textContent = desk.pending.length ? words.saving : words.saved;
  paintSelection(desk);
};

const actText = (desk, name, left) => {
  const words = desk.data.words.acts;
  if (name === "confirm" && currentFinding(desk)?.decision === "ask") return words.confirm_ask;
  if (name !== "rest") return words[name];
  return words.rest.replace("{n}", left.rest);
};

const paintSelection = (desk) => {
  desk.root.querySelector('[data-act="add"]').classList.toggle("os-ready", Boolean(desk.selected));
};

const focusPassage = (desk) => desk.root.querySelector(".os-passage").focus({ preventScroll: true });

const DO = {
  confirm: (desk) => settle(desk, "confirm"),
  reject: (desk) => settle(desk, "reject"),
  change: (desk) => openChange(desk),
  next: (desk) => step(desk, () => goNext(desk, false)),
  back: (desk) => step(desk, () => goBack(desk)),
  undo: (desk) => undo(desk),
  rest: (desk) => counts(desk).rest && step(desk, () => act(desk, { kind: "settle_rest" })),
  add: (desk) => openAdd(desk),
};

const KEYS = { a: "confirm", h: "change", x: "reject", j: "next", k: "back", u: "undo", d: "rest", n: "add" };

const step = (desk, go) => {
  closeBeside(desk);
  desk.message = null;
  go();
  paint(desk);
};

const settle = (desk, kind) => {
  const finding = currentFinding(desk);
  if (!finding) return;
  const words = desk.data.words;
  const state = finding.decided && finding.decided.state;
  if (state && !(state === "rejected" && kind === "confirm")) {
    desk.message = words.settled_already;
    return paintBar(desk);
  }
  if (kind === "reject" && finding.decision === "disclose") {
    desk.message = words.cannot_reject;
    return paintBar(desk);
  }
  if (kind === "confirm" && !finding.supported) {
    desk.message = words.unsupported;
    return paintBar(desk);
  }
  step(desk, () => {
    act(desk, { kind, ids: together(desk, finding), all: Boolean(desk.together && finding.same_away && finding.decision !== "ask") });
    goNext(desk, true);
  });
};

const undo = (desk) => {
  const last = desk.now.acts[desk.now.acts.length - 1];
  if (!last) {
    desk.message = desk.data.words.nothing_to_undo;
    return paintBar(desk);
  }
  step(desk, () => {
    act(desk, { kind: "undo" });
    const id = last.ids.find((one) => desk.now.list.some((finding) => finding.id === one));
    if (id) desk.current = id;
    else showUndone(desk, last);
    if (!currentFinding(desk)) goNext(desk, false);
  });
};

// The conversation stands beneath the desk, on the same page: going there asks nobody.
const TALK = ".st-key-desk_talk";

const goToTalk = () => {
  const talk = document.querySelector(TALK);
  talk?.scrollIntoView({ block: "start" });
  talk?.querySelector("textarea")?.focus({ preventScroll: true });
};

// So does the making of the redacted file; it is told to count again what is open. What is drawn and not yet added
// would be missing in the file.
const goToRelease = (desk) => {
  if (desk.form) {
    desk.message = desk.data.words.unsaved;
    paintBar(desk);
    return focusForm(desk);
  }
  document.querySelector(".st-key-release")?.scrollIntoView({ block: "start" });
  desk.trigger("go", "release");
};

const LEAVE = { ask: goToTalk, release: goToRelease };

// Who reads or works in the conversation must not settle what they do not see.
const outOfSight = (desk, event) =>
  Boolean(event.target instanceof Element && event.target.closest(TALK)) || desk.root.getBoundingClientRect().bottom < innerHeight / 3;

const onKey = (desk, event) => {
  if (!desk.root.isConnected) return;
  if (typing(event)) {
    if (event.isComposing || event.keyCode === 229) return;
    if (desk.form && desk.root.contains(event.target)) formKey(desk, event);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (!outOfSight(desk, event) && handle(desk, key, event)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else if (key === "c" || key === "r") {
    event.stopImmediatePropagation(); // Streamlit would rerun the page or open a dialog
  }
};

const formKey = (desk, event) => {
  if (event.key === "Escape") cancelForm(desk);
  else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submitForm(desk);
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
};

const handle = (desk, key, event) => {
  if (key === "Escape" && (desk.form || desk.open)) {
    if (desk.form) cancelForm(desk);
    closeBeside(desk);
    paintBeside(desk);
    return true;
  }
  if (desk.form && desk.root.contains(event.target) && event.target.closest(".os-form")) return false;
  if (ownKey(desk, key, event)) return true;
  if (key === "t") {
    setTogether(desk, !desk.together);
    return true;
  }
  if (/^[1-9]$/.test(key)) {
    const citation = currentFinding(desk)?.citations[Number(key) - 1];
    if (citation) openSource(desk, citation.source, citation);
    return true;
  }
  if (!KEYS[key]) return false;
  if (!event.repeat || key === "j" || key === "k") DO[KEYS[key]](desk);
  return true;
};

const furnish = (desk) => {
  const { root, data } = desk;
  const words = data.words;
  const text = (selector, value) => (root.querySelector(selector).textContent = value);
  text(".os-title", data.title);
  text(".os-engine", data.engine);
  text(".os-place", data.place);
  const mark = root.querySelector(".os-mark-fictional");
  mark.textContent = data.mark || "";
  mark.hidden = !data.mark;
  const warnings = root.querySelector(".os-warnings");
  warnings.hidden = !data.warnings.length;
  fill(warnings.querySelector("summary"), data.warnings.length > 1 ? `${data.warnings[0]}（${words.more_warnings.replace("{n}", data.warnings.length - 1)}）` : data.warnings[0] || "");
  fill(warnings.querySelector("ul"), data.warnings.slice(1).map((one) => el("li", "", one)));
  text(".os-estimate", data.estimate);
  fill(root.querySelector(".os-legend"), ["withhold", "ask", "disclose", "withhold-settled", "rejected"].map((kind) => {
    const item = el("span", "os-legend-item");
    return put(item, el("span", `os-found os-${kind} os-sample`, words.sample), el("span", "", words.states[kind]));
  }));
  for (const node of root.querySelectorAll("[data-go]")) {
    node.textContent = words.go[node.dataset.go];
    node.onclick = () => (LEAVE[node.dataset.go] ? LEAVE[node.dataset.go](desk) : desk.trigger("go", node.dataset.go));
  }
  for (const node of root.querySelectorAll("[data-act]")) {
    node.onclick = () => {
      DO[node.dataset.act](desk);
      if (!desk.form) focusPassage(desk);
    };
  }
  root.querySelector(".os-passage").setAttribute("aria-label", words.passage);
  root.querySelector(".os-card").setAttribute("aria-label", words.card);
};
