// Shared by every component: text goes into the page as text (textContent), never as markup.

const el = (tag, cls, text) => {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  if (text !== undefined && text !== null) node.textContent = text;
  return node;
};

const fill = (node, ...children) => {
  node.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
};

const put = (node, ...children) => {
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
};

const button = (cls, text, onclick) => {
  const node = el("button", cls, text);
  node.type = "button";
  node.onclick = onclick;
  return node;
};

// Offsets from Python are code points; a JavaScript string counts UTF-16 units (𠮷 is two).
const codePoints = (text) => Array.from(text);

const japanese = () => {
  // Streamlit fixes <html lang="en">; screen readers and the browser's translator go by it.
  document.documentElement.lang = "ja";
  document.documentElement.setAttribute("translate", "no");
};

// A text with the runs [[start, end], …] lit.
const litText = (text, runs) => {
  const letters = codePoints(text);
  const box = el("div", "os-verbatim");
  let at = 0;
  for (const [start, end] of runs || []) {
    if (start < at) continue;
    put(box, letters.slice(at, start).join(""));
    put(box, el("mark", "os-lit", letters.slice(start, end).join("")));
    at = end;
  }
  put(box, letters.slice(at).join(""));
  return box;
};

const STATUS_SIGN = { verified: "✓", not_found: "×", out_of_scope: "△" };

const statusBadge = (status, words) =>
  el("span", `os-status os-status-${status}`, `${STATUS_SIGN[status]} ${words.status[status]}`);

// The verbatim source with the quoted words lit in their context, and what a reader must know about it.
const sourcePanel = (source, citation, words, onclose) => {
  const panel = el("section", "os-source");
  panel.setAttribute("aria-label", words.source_panel);
  panel.tabIndex = -1;
  const head = el("div", "os-source-head");
  const title = el("h3", "os-source-title", source ? source.title : words.unknown_source);
  put(head, title, onclose ? button("os-close", words.close, onclose) : null);
  put(panel, head);
  const facts = el("div", "os-source-facts");
  if (source && source.mark) put(facts, el("span", "os-mark-fictional", source.mark));
  if (citation) put(facts, statusBadge(citation.status, words));
  for (const fact of source ? source.facts : []) put(facts, el("span", "os-fact", fact));
  put(panel, facts);
  if (source && source.standing) put(panel, el("p", "os-standing", source.standing));
  if (citation && citation.status !== "verified") {
    put(panel, el("p", "os-standing", `${words.claimed_quote}「${citation.quote}」`));
  }
  if (source) {
    const body = litText(source.text, citation ? citation.lit : []);
    body.tabIndex = 0;
    put(panel, body);
    for (const part of source.parts || []) {
      const box = el("div", part.argued ? "os-part os-argued" : "os-part");
      put(box, el("h4", "", part.name), el("p", "", part.text));
      put(panel, box);
    }
  }
  requestAnimationFrame(() => panel.querySelector(".os-lit")?.scrollIntoView({ block: "nearest" }));
  return panel;
};

const typing = (event) => {
  const target = event.composedPath()[0];
  if (event.isComposing || event.keyCode === 229) return true;
  if (!(target instanceof Element)) return false;
  return Boolean(target.closest("input, textarea, select, [contenteditable=true], [role=dialog], [role=textbox], [role=combobox]"));
};
