// Going through the pages: a few are at hand with all their findings, of the others it is known how much is open.

const SHEET = { number: 0, width: 1, height: 2, open: 3, all: 4, doubt: 5 };

const sheetOf = (desk, number) => desk.data.sheets.find((row) => row[SHEET.number] === number);

const pageOf = (finding) => placeOf(finding)[0];

const atHand = (desk, number) => desk.data.at_hand.includes(number);

const onPage = (desk, number) => desk.now.list.filter((finding) => pageOf(finding) === number);

const openOn = (desk, number) =>
  atHand(desk, number) ? onPage(desk, number).filter((one) => queued(one) && isOpen(one)).length : sheetOf(desk, number)[SHEET.open];

const queuedOn = (desk, number) => (atHand(desk, number) ? onPage(desk, number).filter(queued).length : sheetOf(desk, number)[SHEET.all]);

// The other pages in the order in which one comes to them, forwards or backwards.
const pagesFrom = (desk, number, step) => {
  const numbers = desk.data.sheets.map((row) => row[SHEET.number]);
  if (step < 0) numbers.reverse();
  const at = numbers.indexOf(number);
  return [...numbers.slice(at + 1), ...numbers.slice(0, at)];
};

// 0: nothing to read, 1: must be read, 2: was read; with what is not written yet.
const doubtOf = (desk, number = desk.page) => {
  const state = sheetOf(desk, number)[SHEET.doubt];
  return state === 1 && desk.pending.some((one) => one.kind === "read" && one.page === number) ? 2 : state;
};

const goNext = (desk, onlyOpen) => {
  const here = onPage(desk, desk.page);
  const at = here.findIndex((finding) => finding.id === desk.current);
  const after = here.slice(at + 1).filter(queued);
  const goal = after.find(isOpen);
  if (goal) return (desk.current = goal.id);
  const open = pagesFrom(desk, desk.page, 1).find((number) => openOn(desk, number));
  const earlier = here.slice(0, at + 1).filter(queued).find(isOpen);
  const wraps = earlier && (!open || open < desk.page); // what was passed over here comes before the pages before it
  if (earlier && wraps && !pagesFrom(desk, desk.page, 1).some((number) => number > desk.page && openOn(desk, number))) {
    return (desk.current = earlier.id);
  }
  if (open) return turnTo(desk, open, "open");
  const unread = pagesFrom(desk, desk.page, 1).find((number) => doubtOf(desk, number) === 1);
  if (unread) return turnTo(desk, unread, "first"); // all is settled but what a person must still read
  if (onlyOpen) return undefined;
  if (after.length) return (desk.current = after[0].id);
  const next = pagesFrom(desk, desk.page, 1).find((number) => queuedOn(desk, number));
  return next ? turnTo(desk, next, "first") : undefined;
};

const goBack = (desk) => {
  const here = onPage(desk, desk.page);
  const at = here.findIndex((finding) => finding.id === desk.current);
  const earlier = here.slice(0, at < 0 ? here.length : at).filter(queued);
  if (earlier.length) return (desk.current = earlier[earlier.length - 1].id);
  const before = pagesFrom(desk, desk.page, -1).find((number) => queuedOn(desk, number));
  return before ? turnTo(desk, before, "last") : undefined;
};

// want: which finding of the page comes first, "open", "first", "last" of the queue, or an id.
const turnTo = (desk, number, want) => {
  desk.page = number;
  desk.want = want;
  desk.current = null;
  desk.editing = null;
  findCurrent(desk);
  askForPage(desk);
};

const findCurrent = (desk) => {
  if (!desk.page || !sheetOf(desk, desk.page)) desk.page = desk.data.page;
  const current = currentFinding(desk);
  if (current && (pageOf(current) === desk.page || current.boxes.some((box) => box[0] === desk.page))) return;
  desk.current = null;
  if (!atHand(desk, desk.page)) return; // on its way
  const here = onPage(desk, desk.page);
  const list = here.filter(queued);
  const { want } = desk;
  desk.want = null;
  const named = here.find((finding) => finding.id === want);
  const goal = named || (want === "last" ? list[list.length - 1] : want === "first" ? list[0] : list.find(isOpen) || list[0]) || here[0];
  if (goal) desk.current = goal.id;
  // Somebody's decision for all places of a person has emptied this page meanwhile: on to the next.
  if (want === "open" && !list.some(isOpen) && counts(desk).withhold + counts(desk).ask + counts(desk).contested) goNext(desk, true);
};

const ASKED_AGAIN = 5000; // ms after which a page that did not come is asked for again

const askForPage = (desk) => {
  if (desk.data.page === desk.page) return;
  const now = performance.now();
  if (desk.asked === desk.page && now - desk.askedAt < ASKED_AGAIN) return;
  Object.assign(desk, { asked: desk.page, askedAt: now });
  const acts = desk.pending.map((one) => ({ ...one, form: undefined })); // done once, however often they are sent
  desk.trigger("act", { token: desk.token, case: desk.data.case, acts, page: desk.page });
};

const queuePlace = (desk, finding) => {
  const list = onPage(desk, desk.page).filter(queued);
  const at = list.findIndex((one) => one.id === finding.id);
  return at < 0 ? null : [at + 1, list.length];
};

const showUndone = (desk, last) => {
  if (last.page && last.page !== desk.page) turnTo(desk, last.page, "open");
};

const moved = (desk, finding, act) => {
  const drawn = act.boxes || finding.drawn || [];
  const extents = act.extents.length ? act.extents : finding.extents;
  return { extents, drawn, boxes: [...boxesOfRuns(desk, extents), ...drawn] };
};

const drawnBy = (desk, act) => {
  const boxes = [...boxesOfRuns(desk, act.extents), ...(act.boxes || [])];
  const first = boxes[0] || [desk.page];
  return { boxes, drawn: act.boxes || [], place: act.extents[0] || [first[0], 1e9, 1e9], same_away: 0 };
};

const selectedExtents = () => null; // the page is a picture: nothing in it is selected but by dragging over it
