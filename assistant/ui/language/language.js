// What Streamlit says in English only: the language of the page, and the names of its own parts for screen readers.
const PARTS = [
  ['[data-testid="stSidebar"]', "メニュー"],
  ['[data-testid="stSidebarNav"]', "ページの一覧"],
  ['[data-testid="stSidebarCollapseButton"] button', "メニューを閉じる"],
  ['[data-testid="stExpandSidebarButton"]', "メニューを開く"],
];

export default function () {
  japanese();
  for (const [selector, name] of PARTS) document.querySelector(selector)?.setAttribute("aria-label", name);
  const skip = document.querySelector('[data-testid="stSkipLink"]');
  if (skip) skip.textContent = "本文へ移動";
}
