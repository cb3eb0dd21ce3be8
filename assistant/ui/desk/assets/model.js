// What is on the desk: the record as Python told it last, plus acts that were painted but not yet written.

const DESKS = new WeakMap(); // by the component's own element: the script runs again at every rerun

const newDesk = () => ({
  data: null,
  token: Math.random().toString(36).slice(2) + Date.now().toString(36),
  next: 1,
  pending: [], // acts not yet known to be written
  sent: 0, // number of the last act that was sent
  sentAt: 0,
  current: null,
  form: null, // null | {kind: "change" | "add", …}
  open: null, // {finding, citation} or {finding, source} shown beside the card
  together: true, // one decision for all places of the same person or field
  message: null,
  beside: null, // what stands beneath the card now
  drawn: "", // what the card was last drawn from
  selected: null,
  shape: "", // what the passage was last built for
  letters: [],
});

const RANK = { withhold: 3, ask: 2, disclose: 1 };

const look = (finding) => {
  const state = finding.decided ? finding.decided.state : null;
  if (state === "rejected") return "rejected";
  return state ? `${finding.decision}-settled` : finding.decision;
};

const isOpen = (finding) => !finding.decided;
// A disclosure that the model contests is looked at by itself, and not settled with the rest.
const alone = (finding) => finding.decision !== "disclose" || finding.contested;
const queued = (finding) => alone(finding) || finding.was === "rejected";

// Findings as they stand once the pending acts are written.
const standing = (desk) => {
  const found = new Map(desk.data.findings.map((finding) => [finding.id, { ...finding }]));
  const acts = desk.data.acts.map((act) => ({ ...act }));
  const settle = (ids, state) => {
    for (const id of ids) if (found.has(id)) found.get(id).decided = { state, by: desk.data.actor, at: "" };
  };
  for (const act of desk.pending) {
    if (act.kind === "undo") {
      const last = acts.pop();
      for (const id of last ? last.ids : []) {
        if (!found.has(id)) continue;
        if (last.kind === "add" || last.kind === "added") found.delete(id);
        else found.get(id).decided = null;
      }
      continue;
    }
    if (act.kind === "confirm") settle(act.ids, "confirmed");
    if (act.kind === "reject") settle(act.ids, "rejected");
    if (act.kind === "change") {
      act.ids = [act.id, ...act.also];
      settle(act.ids, "changed");
      for (const id of act.ids) if (found.has(id)) found.get(id).decision = act.decision;
      if (!act.also.length && found.has(act.id)) Object.assign(found.get(act.id), moved(desk, found.get(act.id), act));
    }
    if (act.kind === "read") act.ids = [];
    if (act.kind === "settle_rest") {
      act.ids = [...found.values()].filter((f) => isOpen(f) && !alone(f)).map((f) => f.id);
      settle(act.ids, "confirmed");
    }
    if (act.kind === "add") {
      const id = `new:${act.n}`;
      found.set(id, freshFinding(desk, id, act));
      act.ids = [id];
    }
    acts.push({ kind: act.kind, ids: act.ids || (act.id ? [act.id] : []), page: act.page });
  }
  const list = [...found.values()];
  list.sort((a, b) => before(placeOf(a), placeOf(b)));
  return { list, acts };
};

// An area drawn on a page has no characters; Python says where it comes.
const placeOf = (finding) => finding.extents[0] || finding.place || [0, 0, 0];

const before = (a, b) => a[0] - b[0] || a[1] - b[1] || b[2] - a[2];

const freshFinding = (desk, id, act) => ({
  id, kind: desk.data.words.added, decision: act.decision, extents: act.extents, text: cut(desk, act.extents),
  grounds: [], reason: act.reason, citations: [], found_by: [], opinions: [], examples: [], same: [id], precedents: null,
  decided: { state: "confirmed", by: desk.data.actor, at: "" }, supported: true, ...drawnBy(desk, act),
});

// A word broken over lines is put together; one that stands in several places is said once.
const cut = (desk, extents) => {
  const pieces = extents.map(([page, start, end]) => pageLetters(desk, page).slice(start, end).join(""));
  return samePlaces(pieces) ? pieces[0] : pieces.join("");
};

const samePlaces = (pieces) => new Set(pieces.map((piece) => piece.replace(/\s/g, ""))).size === 1;

const pageLetters = (desk, number) => {
  const at = desk.data.pages.findIndex((page) => page.number === number);
  return desk.letters[at] || [];
};

const currentFinding = (desk) => desk.now.list.find((finding) => finding.id === desk.current) || null;

// The places one decision settles: the group, without what is settled already. An *ask* stands alone.
const together = (desk, finding) => {
  if (!finding) return [];
  if (!desk.together || finding.decision === "ask") return [finding.id];
  const open = new Set(desk.now.list.filter(isOpen).map((other) => other.id));
  return [finding.id, ...finding.same.filter((id) => id !== finding.id && open.has(id))];
};

// How many places one decision would settle; some may stand on pages that are not at hand.
const sameCount = (desk, finding) => together({ ...desk, together: true }, finding).length + (finding.decided ? 0 : finding.same_away || 0);

// Whether an act goes for places that are not at hand, too: Python knows them.
const everyPlace = (desk, form) => Boolean(form.away) && placesOf(form.extents, form.boxes) === form.placed;

const queue = (desk) => desk.now.list.filter(queued);

const counts = (desk) => {
  const open = desk.now.list.filter(isOpen);
  const here = {
    withhold: open.filter((finding) => finding.decision === "withhold").length,
    ask: open.filter((finding) => finding.decision === "ask").length,
    contested: open.filter((finding) => finding.decision === "disclose" && finding.contested).length,
    rest: open.filter((finding) => !alone(finding)).length,
    settled: queue(desk).length - open.filter(alone).length,
    all: queue(desk).length,
  };
  for (const [name, count] of Object.entries(desk.data.elsewhere || {})) here[name] += count; // on pages not at hand
  return here;
};

// One act: painted now, written by Python at once. Acts keep their order and are sent again if no answer comes.
const act = (desk, what) => {
  desk.pending.push({ ...what, n: desk.next++ });
  desk.message = null;
  desk.now = standing(desk);
  send(desk);
};

// What a doubt was about: another place or clause is another matter.
const markOf = (form) => JSON.stringify([form.extents, form.boxes, form.choice, form.own_clause]);

const PATIENCE = 15000; // ms after which unanswered acts are sent again

const send = (desk) => {
  const waiting = desk.pending.some((one) => one.n <= desk.sent);
  if (!desk.pending.length || (waiting && performance.now() - desk.sentAt < PATIENCE)) return;
  desk.sent = desk.pending[desk.pending.length - 1].n;
  desk.sentAt = performance.now();
  const acts = desk.pending.map((one) => ({ ...one, form: undefined, ids: one.kind !== "confirm" && one.kind !== "reject" ? undefined : one.ids }));
  desk.trigger("act", { token: desk.token, case: desk.data.case, acts, page: desk.page });
  clearTimeout(desk.again);
  desk.again = setTimeout(() => send(desk), PATIENCE + 100);
};

// New data from Python: what it has written leaves the pending list; refusals are shown and their paint is gone.
const receive = (desk, data) => {
  const first = desk.data === null || desk.data.case !== data.case;
  if (first) Object.assign(desk, newDesk(), { trigger: desk.trigger, root: desk.root });
  desk.data = data;
  desk.letters = data.pages.map((page) => codePoints(page.text));
  if (data.ack.token === desk.token) {
    const refused = data.ack.refused.filter((one) => desk.pending.some((other) => other.n === one.n));
    if (refused.length) {
      desk.message = refused[refused.length - 1].message;
      const back = desk.pending.find((one) => one.n === refused[0].n);
      const id = back.id || (back.ids && back.ids[0]);
      if (id && data.findings.some((finding) => finding.id === id)) desk.current = id;
      if (back.form) desk.form = { ...back.form, doubts: refused[0].doubts || [], doubted: markOf(back.form) };
    }
    const added = desk.current && desk.current.startsWith("new:");
    desk.pending = desk.pending.filter((one) => one.n > data.ack.n);
    if (added && data.acts.length) desk.current = data.acts[data.acts.length - 1].ids[0] || desk.current;
  }
  desk.now = standing(desk);
  findCurrent(desk);
  if (desk.pending.length) send(desk);
};
