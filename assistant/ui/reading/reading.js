// Blocks of text with their sources on the left; the source that was opened on the right.

const READERS = new WeakMap();

const openBeside = (root, data, id, citation) => {
  const aside = root.querySelector(".os-aside");
  const close = () => {
    aside.hidden = true;
    root.classList.remove("os-opened");
  };
  fill(aside, sourcePanel(data.sources[id], citation, data.words, close));
  aside.hidden = false;
  root.classList.add("os-opened");
  aside.querySelector(".os-source").focus({ preventScroll: true });
  aside.scrollIntoView({ block: "nearest" });
};

const citationButton = (root, data, citation, number) => {
  const source = data.sources[citation.source];
  const node = button("os-citation", "", () => openBeside(root, data, citation.source, citation));
  put(node, el("span", "os-number", `[${number}]`), el("span", "os-citation-title", source ? source.title : data.words.unknown_source));
  node.title = `「${citation.quote}」`;
  return put(node, statusBadge(citation.status, data.words));
};

const DRAW = {
  part: (root, data, block) => el("h2", "os-part-heading", block.text),
  draft: (root, data, block) => el("p", "os-draft", block.text),
  heading: (root, data, block) => el("h3", "os-block-heading", block.text),
  note: (root, data, block) => el("p", `os-note os-note-${block.tone || "plain"}`, block.text),
  sentence: (root, data, block) => {
    const box = el("div", block.flag ? "os-sentence os-flagged" : "os-sentence");
    if (block.flag) put(box, el("strong", "os-flag", `！ ${block.flag}`));
    put(box, el("p", "", block.text));
    const line = el("div", "os-sentence-sources");
    for (const citation of block.citations) put(line, citationButton(root, data, citation, citation.number));
    return put(box, block.citations.length ? line : null);
  },
  list: (root, data, block) => {
    const list = el("ul", "os-checklist");
    for (const item of block.items) put(list, el("li", "", item));
    return list;
  },
  tally: (root, data, block) => {
    const line = el("div", "os-big-tally");
    put(line, el("span", "os-tally-name", block.name));
    for (const [label, value, cls] of block.counts) put(line, put(el("span", `os-tally-item ${cls || ""}`), el("span", "", label), el("strong", "", String(value)), el("span", "", "件")));
    return line;
  },
  sides: (root, data, block) => {
    const box = el("div", "os-sides");
    for (const side of block.sides) {
      const column = el("section", `os-side os-side-${side.kind}`);
      put(column, el("h3", "", `${side.name}（${side.cards.length}件を表示）`));
      for (const card of side.cards) put(column, precedentCard(root, data, card));
      if (!side.cards.length) put(column, el("p", "os-none", side.empty));
      put(box, column);
    }
    return box;
  },
};

const precedentCard = (root, data, card) => {
  const box = el("article", card.standing ? "os-pcard os-fallen" : "os-pcard");
  const title = button("os-link", card.title, () => openBeside(root, data, card.id, null));
  const head = el("div", "os-pcard-head");
  put(head, card.mark ? el("span", "os-mark-fictional", card.mark) : null, title);
  put(box, head, el("p", "os-pcard-part", card.part), el("p", "os-pcard-facts", card.facts.join("　")));
  if (card.standing) put(box, el("p", "os-standing", card.standing));
  for (const text of card.texts) {
    const more = el("details", text.argued ? "os-text os-argued" : "os-text");
    put(more, el("summary", "", text.name), el("p", "", text.text));
    if (text.open) more.open = true;
    put(box, more);
  }
  return box;
};

export default function (component) {
  const { data, parentElement } = component;
  japanese();
  const root = parentElement.querySelector(".os-root");
  if (!root || !data) return;
  const drawn = JSON.stringify(data);
  if (READERS.get(root) === drawn) return; // nothing new: what was opened stays open
  const fresh = !READERS.has(root);
  READERS.set(root, drawn);
  root.querySelector(".os-aside").hidden = true;
  root.classList.remove("os-opened");
  fill(root.querySelector(".os-blocks"), data.blocks.map((block) => DRAW[block.type](root, data, block)));
  if (fresh && data.follow) requestAnimationFrame(() => root.scrollIntoView({ block: "start" }));
  root.onkeydown = (event) => {
    if (event.key === "Escape" && !typing(event)) root.querySelector(".os-close")?.click();
  };
}
