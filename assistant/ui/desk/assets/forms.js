// 変更 and 加える: what the reviewer puts in place of, or beside, what was proposed.

const openChange = (desk) => {
  const finding = currentFinding(desk);
  if (!finding) return;
  const main = finding.grounds[0];
  desk.open = null;
  desk.form = {
    kind: "change", id: finding.id, decision: finding.decision, extents: finding.extents.map((run) => [...run]),
    choice: main ? choiceOf(desk, main) : "", own_clause: main && !choiceOf(desk, main) ? main.provision : "",
    boxes: finding.drawn && finding.drawn.map((box) => [...box]), placed: placesOf(finding.extents, finding.drawn), places: together(desk, finding).slice(1), away: desk.together && finding.decision !== "ask" ? finding.same_away || 0 : 0,
    why: "", reason: finding.reason || "", to_find_out: finding.to_find_out || "", was: finding.decision,
  };
  paintBeside(desk);
  focusForm(desk);
};

const focusForm = (desk) => {
  desk.root.querySelector(".os-form input:checked")?.focus({ preventScroll: true });
  desk.root.querySelector(".os-beside").scrollTop = 0;
};

const choiceOf = (desk, ground) => {
  const label = ground.limb || ground.provision;
  const found = desk.data.choices.find((choice) => choice.label === label);
  return found ? found.id : "";
};

const placesOf = (extents, boxes) => JSON.stringify([extents, boxes]);

const openAdd = (desk) => {
  const extents = desk.selected || selectedExtents(desk);
  if (!extents) {
    desk.message = desk.data.words.select_first;
    return paintBar(desk);
  }
  return openAddition(desk, { extents });
};

// places: {extents}, or {extents, boxes} on a page.
const openAddition = (desk, places) => {
  desk.open = null;
  desk.form = { kind: "add", decision: "withhold", ...places, choice: "", own_clause: "", why: "", reason: "", to_find_out: "" };
  paintBeside(desk);
  focusForm(desk);
};

const formOf = (desk) => {
  const { form } = desk;
  const words = desk.data.words;
  const box = el("form", "os-form");
  box.onsubmit = (event) => {
    event.preventDefault();
    submitForm(desk);
  };
  put(box, el("h3", "", form.kind === "add" ? words.add_title : words.change_title), doubtsBox(desk), el("p", "os-also", ""), form.extents.length ? extentsField(desk) : null, boxesField(desk), decisionField(desk));
  if (form.decision !== "disclose") put(box, clauseField(desk));
  const needed = (form.kind === "add" && form.decision !== "disclose") || doubted(form);
  put(box, textField(desk, "why", needed ? words.why_needed : words.why, 2));
  if (form.decision === "ask") put(box, textField(desk, "to_find_out", words.to_find_out, 2));
  if (form.decision === "withhold") put(box, textField(desk, "reason", words.reason_draft, 3));
  put(box, el("p", "os-form-error", form.error || ""), formButtons(desk));
  return box;
};

// What Python said against a mark before it was settled; pressed again, it is settled all the same.
const doubted = (form) => form.decision === "withhold" && Boolean(form.doubts && form.doubts.length);

const doubtsBox = (desk) => {
  if (!doubted(desk.form)) return null;
  const box = el("div", "os-doubts");
  box.setAttribute("role", "alert");
  put(box, el("strong", "", desk.data.words.doubts));
  return put(box, desk.form.doubts.map((doubt) => el("p", "", doubt.message)));
};

const formButtons = (desk) => {
  const words = desk.data.words;
  const line = el("div", "os-form-buttons");
  const name = desk.form.kind === "add" ? words.add_do : words.change_do;
  const go = el("button", "os-primary", doubted(desk.form) ? words.despite_do : name);
  go.type = "submit";
  put(line, go, button("os-secondary", words.cancel, () => cancelForm(desk)), el("span", "os-hint", words.form_keys));
  return line;
};

const cancelForm = (desk) => {
  desk.form = null;
  desk.message = null;
  desk.selected = null;
  paint(desk);
  focusPassage(desk);
};

const decisionField = (desk) => {
  const { form } = desk;
  const words = desk.data.words;
  const group = el("fieldset", "os-field");
  put(group, el("legend", "", words.decision));
  for (const decision of ["withhold", "ask", "disclose"]) {
    const label = el("label", "os-radio");
    const input = el("input");
    Object.assign(input, { type: "radio", name: "os-decision", value: decision, checked: form.decision === decision });
    input.onchange = () => {
      if (form.kind === "change" && decision !== form.was) form.reason = "";
      form.decision = decision;
      desk.beside = null;
      paintBeside(desk);
      focusForm(desk);
    };
    put(group, put(label, input, el("span", "", words.decisions[decision])));
  }
  return group;
};

const clauseField = (desk) => {
  const { form } = desk;
  const words = desk.data.words;
  const box = el("label", "os-field");
  const select = el("select", "os-select");
  put(select, option("", words.choose_clause));
  for (const choice of desk.data.choices) put(select, option(choice.id, `${choice.label}　${choice.name}`));
  put(select, option("own", words.own_clause));
  select.value = form.own_clause ? "own" : form.choice;
  put(box, el("span", "os-field-name", words.ground), select);
  const own = el("input", "os-input");
  Object.assign(own, { type: "text", value: form.own_clause, placeholder: words.own_clause_hint, hidden: select.value !== "own" });
  own.setAttribute("aria-label", words.own_clause);
  own.oninput = () => (form.own_clause = own.value);
  select.onchange = () => {
    own.hidden = select.value !== "own";
    form.choice = select.value === "own" ? "" : select.value;
    if (select.value !== "own") form.own_clause = "";
    else own.focus();
  };
  return put(box, own);
};

const option = (value, text) => {
  const node = el("option", "", text);
  node.value = value;
  return node;
};

const textField = (desk, name, label, rows) => {
  const box = el("label", "os-field");
  const area = el("textarea", "os-input");
  Object.assign(area, { rows, value: desk.form[name], name: `os-${name}` });
  area.oninput = () => (desk.form[name] = area.value);
  return put(box, el("span", "os-field-name", label), area);
};

const EDGES = [["start", -1], ["start", 1], ["end", -1], ["end", 1]];

const extentsField = (desk) => {
  const words = desk.data.words;
  const box = el("div", "os-field os-extents");
  put(box, el("span", "os-field-name", words.extent), el("p", "os-quote", ""));
  const line = el("div", "os-extent-buttons");
  EDGES.forEach(([edge, step], at) => {
    put(line, button("os-secondary os-small", words.extent_buttons[at], () => moveEdge(desk, edge, step)));
  });
  put(box, line, el("span", "os-hint", words.extent_hint));
  requestAnimationFrame(() => paintExtents(desk));
  return box;
};

const paintExtents = (desk) => {
  const quote = desk.root.querySelector(".os-form .os-quote");
  if (!quote || !desk.form) return;
  quote.textContent = `「${cut(desk, desk.form.extents)}」`;
  const also = alsoChanged(desk.form);
  const words = desk.data.words;
  desk.root.querySelector(".os-also").textContent = also.length || everyPlace(desk, desk.form) ? words.also_changed.replace("{n}", also.length + 1 + (desk.form.away || 0)) : "";
  placesMoved(desk);
};

// A change of extent is of one place; every other change is of all places of the person or field.
const alsoChanged = (form) =>
  form.kind === "change" && placesOf(form.extents, form.boxes) === form.placed ? form.places : [];

// The edge moves in every place of a repeated word, and at the outer end of a broken one.
const moveEdge = (desk, edge, step) => {
  const runs = desk.form.extents;
  const pieces = runs.map((run) => cut(desk, [run]));
  const moving = samePlaces(pieces) ? runs : [edge === "start" ? runs[0] : runs[runs.length - 1]];
  const at = edge === "start" ? 1 : 2;
  const fits = ([page, start, end]) =>
    edge === "start" ? start + step >= 0 && start + step < end : end + step > start && end + step <= pageLetters(desk, page).length;
  if (moving.every(fits)) moving.forEach((run) => (run[at] += step));
  paintExtents(desk);
};

const submitForm = (desk) => {
  const { form } = desk;
  const words = desk.data.words;
  const complain = (text) => {
    form.error = text;
    const line = desk.root.querySelector(".os-form-error");
    line.textContent = text;
    line.scrollIntoView({ block: "center" }); // a long form hides it beneath its buttons
  };
  if (form.decision === "withhold" && !form.choice && !form.own_clause.trim()) return complain(words.clause_missing);
  const needed = (form.kind === "add" && form.decision !== "disclose") || doubted(form);
  if (needed && !form.why.trim()) return complain(words.why_missing);
  const what = {
    kind: form.kind, id: form.id, also: alsoChanged(form), decision: form.decision, extents: form.extents, boxes: form.boxes, area: form.area, all: everyPlace(desk, form), choice: form.choice,
    own_clause: form.own_clause, why: form.why, reason: form.reason, to_find_out: form.to_find_out,
    despite: form.doubted === markOf(form) ? form.doubts.map((doubt) => doubt.code) : [], form: { ...form },
  };
  desk.form = null;
  desk.message = null;
  desk.selected = null;
  document.getSelection()?.removeAllRanges();
  act(desk, what);
  if (form.kind === "change") goNext(desk, true);
  else desk.current = `new:${desk.next - 1}`;
  paint(desk);
  focusPassage(desk);
};

// Where the file is made, beneath the page: a form that is still open is told there too.
const paintRelease = (desk) => {
  const release = document.querySelector(".st-key-release");
  if (!release) return;
  if (desk.form) release.dataset.unsaved = desk.data.words.unsaved;
  else delete release.dataset.unsaved;
};
