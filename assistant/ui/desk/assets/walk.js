// Going through a passage: all of it is at hand.

const goNext = (desk, onlyOpen) => {
  const list = queue(desk);
  if (!list.length) return;
  const all = desk.now.list;
  const at = all.findIndex((finding) => finding.id === desk.current);
  const after = [...all.slice(at + 1), ...all.slice(0, at + 1)].filter(queued);
  const goal = after.find(isOpen) || (onlyOpen ? null : after[0]);
  if (goal) desk.current = goal.id;
};

const goBack = (desk) => {
  const all = desk.now.list;
  const at = all.findIndex((finding) => finding.id === desk.current);
  const earlier = [...all.slice(Math.max(at, 0)), ...all.slice(0, Math.max(at, 0))].filter(queued);
  if (earlier.length) desk.current = earlier[earlier.length - 1].id;
};

const findCurrent = (desk) => {
  if (currentFinding(desk)) return;
  desk.current = null;
  goNext(desk, false);
  if (!desk.current && desk.now.list.length) desk.current = desk.now.list[0].id;
};

// Which of how many in the queue.
const queuePlace = (desk, finding) => {
  const list = queue(desk);
  const at = list.findIndex((one) => one.id === finding.id);
  return at < 0 ? null : [at + 1, list.length];
};

const moved = (desk, finding, act) => ({ extents: act.extents });

const drawnBy = () => ({});

const placesMoved = () => {};

const showUndone = () => {};

const boxesField = () => null;
