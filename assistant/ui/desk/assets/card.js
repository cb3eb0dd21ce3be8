// The card of the current finding: what is proposed, on what grounds, and how the provisos were walked through.

const buildCard = (desk) => {
  const card = desk.root.querySelector(".os-card");
  const finding = currentFinding(desk);
  const words = desk.data.words;
  const drawn = JSON.stringify([finding, desk.together, together(desk, finding), finding && queuePlace(desk, finding)]);
  if (drawn === desk.drawn) return; // nothing changed: what the reader scrolled to stays where it is
  desk.drawn = drawn;
  if (!finding) return fill(card, el("p", "os-empty", words.nothing_found));
  const parts = [cardHead(desk, finding)];
  if (finding.decision === "ask" && finding.to_find_out) {
    parts.push(section(words.to_find_out, el("p", "os-find-out", finding.to_find_out), "os-ask-box"));
  }
  if (!finding.decided && !finding.supported) parts.push(el("p", "os-unsupported", words.unsupported));
  for (const ground of finding.grounds) parts.push(groundBox(desk, ground));
  if (finding.reason) parts.push(section(words.reason_draft, el("p", "os-reason", finding.reason)));
  if (finding.open_from) parts.push(section(words.open_from, el("p", "", finding.open_from)));
  if (finding.citations.length) parts.push(citationsBox(desk, finding));
  if (finding.precedents) parts.push(precedentsBox(desk, finding));
  if (finding.examples.length) parts.push(examplesBox(desk, finding));
  for (const opinion of finding.opinions) parts.push(opinionBox(desk, finding, opinion));
  parts.push(foundByBox(desk, finding));
  fill(card, parts);
  card.scrollTop = 0;
};

const section = (title, content, cls) => {
  const box = el("section", `os-section ${cls || ""}`);
  return put(box, el("h3", "", title), content);
};

const cardHead = (desk, finding) => {
  const words = desk.data.words;
  const head = el("header", "os-card-head");
  const line = el("div", "os-card-line");
  put(line, el("span", `os-tag os-tag-${look(finding)}`, words.states[look(finding)]), el("span", "os-kind", finding.kind));
  const at = queuePlace(desk, finding);
  if (at) put(line, el("span", "os-count", `${at[0]} / ${at[1]}`));
  put(head, line, el("p", "os-quote", finding.text ? `「${finding.text}」` : words.drawn));
  if (finding.decided) {
    const who = [words.settled_by, finding.decided.by, finding.decided.at].filter(Boolean).join("　");
    put(head, el("p", "os-decided", who));
  }
  const places = sameCount(desk, finding);
  if (places > 1 && !finding.decided && finding.decision !== "ask") {
    const label = el("label", "os-together");
    const check = el("input");
    check.type = "checkbox";
    check.checked = desk.together;
    check.onchange = () => setTogether(desk, check.checked);
    const text = finding.person ? words.all_of_person : words.all_of_field;
    put(label, check, el("span", "", text.replace("{n}", places)), keyCap("T"));
    put(head, label);
  }
  return head;
};

const setTogether = (desk, on) => {
  desk.together = on;
  paint(desk);
};

const keyCap = (key) => {
  const node = el("kbd", "os-key", key);
  node.setAttribute("aria-hidden", "true");
  return node;
};

const groundBox = (desk, ground) => {
  const words = desk.data.words;
  const box = el("section", "os-section os-ground");
  const title = el("h3", "", words.ground);
  const name = el("div", "os-ground-name");
  if (ground.source && desk.data.sources[ground.source]) {
    put(name, button("os-link", ground.limb || ground.provision, () => openSource(desk, ground.source, null)));
  } else {
    put(name, el("strong", "", ground.limb || ground.provision));
  }
  put(name, el("span", "os-head-label", ground.label));
  put(box, title, name, ground.why ? el("p", "", ground.why) : null);
  if (ground.provisos.length) {
    const list = el("ul", "os-provisos");
    for (const check of ground.provisos) put(list, provisoLine(desk, check));
    put(box, el("h4", "", words.provisos), list);
  }
  return box;
};

const provisoLine = (desk, check) => {
  const words = desk.data.words;
  const key = check.applies === null ? "unknown" : check.applies ? "yes" : "no";
  const line = el("li", `os-proviso os-proviso-${key}`);
  put(line, el("span", "os-proviso-state", words.applies[key]));
  const text = el("div", "");
  const name = check.role ? `${check.provision}（${check.role}）` : check.provision;
  if (check.source && desk.data.sources[check.source]) {
    put(text, button("os-link", name, () => openSource(desk, check.source, null)));
  } else put(text, el("span", "os-proviso-name", name));
  put(text, check.why ? el("div", "os-proviso-why", check.why) : null);
  return put(line, text);
};

const citationsBox = (desk, finding) => {
  const words = desk.data.words;
  const list = el("ol", "os-citations");
  finding.citations.forEach((citation, at) => {
    const source = desk.data.sources[citation.source];
    const line = el("li", "");
    const open = button("os-citation", "", () => openSource(desk, citation.source, citation));
    if (at < 9) put(open, keyCap(String(at + 1)));
    put(open, el("span", "os-citation-title", source ? source.title : words.unknown_source), statusBadge(citation.status, words));
    put(line, open, el("p", "os-citation-quote", `「${citation.quote}」`));
    put(list, line);
  });
  return section(words.citations, list);
};

const precedentsBox = (desk, finding) => {
  const words = desk.data.words;
  const { tally, same, other, same_name, other_name } = finding.precedents;
  const box = el("section", "os-section");
  put(box, el("h3", "", words.precedents), el("p", "os-tally", tally));
  const sides = el("div", "os-sides");
  for (const [name, ids, cls] of [[same_name, same, "os-side"], [other_name, other, "os-side os-side-other"]]) {
    const side = el("div", cls);
    put(side, el("h4", "", name));
    if (!ids.length) put(side, el("p", "os-none", words.no_precedent));
    for (const id of ids) {
      const source = desk.data.sources[id];
      if (!source) continue;
      const open = button("os-precedent", "", () => openSource(desk, id, null));
      put(open, el("span", "os-precedent-title", source.title), el("span", "os-precedent-part", source.summary || ""));
      if (source.standing) put(open, el("span", "os-precedent-standing", source.standing));
      put(side, open);
    }
    put(sides, side);
  }
  return put(box, sides);
};

// Invented passages a finding is like: shown for what they are, with nothing to open and nothing to copy.
const examplesBox = (desk, finding) => {
  const words = desk.data.words;
  const list = el("ul", "os-examples");
  for (const example of finding.examples) {
    const line = el("li", "");
    const told = [words.marks[example.decision], example.label].filter(Boolean).join("・");
    put(line, el("span", "os-example-text", `${example.doc_type}「${example.text}」`), el("span", "os-example-decision", told));
    put(list, line);
  }
  const box = section(words.examples, [el("p", "os-examples-note", words.examples_note), list], "os-examples-box");
  box.querySelector("h3").append(" ", el("span", "os-mark-fictional", words.examples_mark));
  return box;
};

const opinionBox = (desk, finding, opinion) => {
  const words = desk.data.words;
  const body = el("div", "");
  const differs = opinion.decision !== null && opinion.decision !== finding.decision;
  const said = opinion.decision === null ? words.silent : `${words.states[opinion.decision]}${differs ? words.differs : ""}`;
  put(body, el("p", "os-opinion-line", `${opinion.by}：${said}`), el("p", "", opinion.why));
  for (const citation of opinion.citations) {
    const source = desk.data.sources[citation.source];
    const open = button("os-citation", "", () => openSource(desk, citation.source, citation));
    put(body, put(open, el("span", "os-citation-title", source ? source.title : words.unknown_source), statusBadge(citation.status, words)));
  }
  return section(words.opinion, body, differs ? "os-opinion os-opinion-differs" : "os-opinion");
};

const foundByBox = (desk, finding) => {
  const words = desk.data.words;
  const text = finding.found_by.join("、") + (finding.precision ? `（${finding.precision}）` : "");
  return text ? section(words.found_by, el("p", "os-found-by", text)) : null;
};

const openSource = (desk, id, citation) => {
  desk.open = { id, citation };
  desk.form = null;
  paintBeside(desk);
  desk.root.querySelector(".os-source")?.focus({ preventScroll: true });
};

const closeBeside = (desk) => {
  desk.open = null;
  desk.form = null;
  desk.selected = null;
};

// Beneath the card: the source that was opened, or the form for a change or an addition.
const paintBeside = (desk) => {
  const beside = desk.root.querySelector(".os-beside");
  const right = desk.root.querySelector(".os-right");
  right.classList.toggle("os-has-source", Boolean(desk.open));
  right.classList.toggle("os-has-form", Boolean(desk.form));
  paintRelease(desk);
  const shown = desk.form || desk.open;
  if (shown && shown === desk.beside) return undefined; // a rerun must not wipe what is being typed or read
  desk.beside = shown;
  if (desk.form) {
    fill(beside, formOf(desk));
    if (desk.form.doubts && desk.form.doubts.length) focusForm(desk);
    return undefined;
  }
  if (desk.open) {
    const close = () => {
      desk.open = null;
      paintBeside(desk);
    };
    return fill(beside, sourcePanel(desk.data.sources[desk.open.id], desk.open.citation, desk.data.words, close));
  }
  return fill(beside);
};
