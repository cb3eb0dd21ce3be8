// One desk: passage on the left, the current finding on the right, keys below. Going through it never asks Python.

const paint = (desk) => {
  const shape = JSON.stringify([desk.data.case, desk.now.list.map((finding) => [finding.id, finding.extents])]);
  if (shape !== desk.shape) {
    desk.shape = shape;
    buildPassage(desk);
  }
  paintPassage(desk);
  buildCard(desk);
  paintBeside(desk);
  paintBar(desk);
  showCurrent(desk);
};

const ownKey = (desk, key, event) => {
  if (!key.startsWith("Arrow") || !event.target.closest(".os-passage")) return false;
  if (!event.shiftKey && (key === "ArrowUp" || key === "ArrowDown") && !document.getSelection().rangeCount) return false;
  arrowSelect(desk, event);
  return true;
};

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  japanese();
  const root = parentElement.querySelector(".os-desk");
  if (!root || !data) return undefined;
  const fresh = !DESKS.has(root);
  if (fresh) DESKS.set(root, newDesk());
  const desk = DESKS.get(root);
  Object.assign(desk, { root, trigger: setTriggerValue });
  receive(desk, data);
  furnish(desk);
  paint(desk);
  // The script runs again at every rerun: the listeners of the last run go first.
  desk.listening?.abort();
  desk.listening = new AbortController();
  const { signal } = desk.listening;
  window.addEventListener("keydown", (event) => onKey(desk, event), { signal, capture: true });
  root.querySelector(".os-passage").addEventListener("mouseup", () => setTimeout(() => noteSelection(desk), 0), { signal });
  if (fresh) focusPassage(desk);
  return () => desk.listening.abort();
}
