$('#keys').addEventListener('click', () => $('#help').showModal());

// The filter. What an element says is read once: thousands of findings are
// looked through at each key.
const cards = $$('.card');
const rowHeight = 88; // of a finding, about, until it is drawn
const chunks = $$('.chunk').map(e => ({ e, shown: e.children.length, rows: [...e.children] }));
const findings = chunks.flatMap(chunk => chunk.rows.map(e => ({ e, chunk, verdict: e.dataset.verdict, rule: e.dataset.rule, text: '' })));
function sizeChunk(c) {
  c.e.hidden = c.shown === 0;
  c.e.style.containIntrinsicSize = 'auto ' + c.shown * rowHeight + 'px';
}
chunks.forEach(sizeChunk);
const others = [...cards, ...$$('[data-filter]')].map(e => ({ e, text: '' }));
const lower = item => item.text ||= item.e.textContent.toLowerCase().replace(/\s+/g, ' ');

function applyFilter() {
  const words = $('#filter').value.toLowerCase().split(/\s+/).filter(Boolean);
  const says = item => !words.length || words.every(w => lower(item).includes(w));
  const verdicts = new Set($$('.chip[aria-pressed=true]').map(b => b.dataset.verdict));
  const known = new Set($$('.chip').map(b => b.dataset.verdict));
  const rule = $('#rule')?.value;
  let shown = 0;
  for (const c of chunks) c.shown = 0;
  for (const f of findings) {
    const on = (verdicts.has(f.verdict) || !known.has(f.verdict)) && (!rule || f.rule === rule) && says(f);
    if (f.e.hidden === on) f.e.hidden = !on;
    if (on) {
      shown++;
      f.chunk.shown++;
    }
  }
  chunks.forEach(sizeChunk);
  for (const o of others) {
    const on = says(o);
    if (o.e.hidden === on) o.e.hidden = !on;
  }
  for (const section of $$('section')) {
    const none = $(':scope > .none', section);
    if (none) none.hidden = $$('.card, .chunk, .excerpt', section).some(e => !e.hidden);
  }
  const out = $('#shown');
  if (out) out.textContent = shown === findings.length ? shown + ' findings' : shown + ' of ' + findings.length + ' findings';
}
let pending = 0;
function filterSoon() {
  cancelAnimationFrame(pending);
  pending = requestAnimationFrame(applyFilter);
}
$('#filter').addEventListener('input', filterSoon);
$('#rule')?.addEventListener('change', applyFilter);
for (const chip of $$('.chip')) {
  chip.addEventListener('click', () => {
    chip.setAttribute('aria-pressed', chip.getAttribute('aria-pressed') !== 'true');
    applyFilter();
  });
}

// The order of the advice. The server has ranked it in each.
function reorder() {
  const order = $('#order');
  cards.sort((a, b) => a.dataset[order.value] - b.dataset[order.value]);
  cards[0].parentElement.append(...cards);
  cards.forEach((c, i) => { $('.rank', c).textContent = i + 1; });
  $('#ordered').textContent = order.selectedOptions[0].textContent;
}
$('#order')?.addEventListener('change', reorder);
if ($('#order') && $('#order').value !== 'stake') reorder(); // the browser kept it over a reload

// Keys. Where there is a flame graph, it says how to get to it.
let toFlame = () => {};
function step(by) {
  const list = cards.filter(c => !c.hidden);
  if (!list.length) return;
  const at = list.findIndex(c => c.contains(document.activeElement));
  const next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + by, 0), list.length - 1)];
  $('.line', next).focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
}
const keys = {
  j: () => step(1),
  k: () => step(-1),
  '/': () => { $('#filter').focus(); $('#filter').select(); },
  '?': () => $('#help').showModal(),
  t: nextTheme,
  o: () => $('#order')?.focus(),
  f: () => toFlame(),
};
document.addEventListener('keydown', event => {
  const typing = event.target.closest('input, select, textarea, dialog');
  if (event.key === 'Escape' && event.target.id === 'filter') {
    event.target.value = '';
    event.target.blur();
    applyFilter();
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});

document.addEventListener('click', async event => {
  const copy = event.target.closest('.copy');
  if (!copy) return;
  const command = copy.previousElementSibling;
  try {
    await navigator.clipboard.writeText(command.textContent);
    copy.textContent = 'Copied';
  } catch { // no clipboard here: marked, it can be copied by hand
    getSelection().selectAllChildren(command);
  }
});

// A link into a folded part unfolds it.
function reveal() {
  let target = null;
  try { target = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { /* no such place */ }
  if (target?.tagName !== 'DETAILS') return;
  target.open = true;
  target.scrollIntoView();
}
addEventListener('hashchange', reveal);
reveal();

// Paper has no folds; afterwards the page is as it was.
let unfolded = [];
addEventListener('beforeprint', () => {
  unfolded = $$('details:not([open])');
  for (const d of unfolded) d.open = true;
});
addEventListener('afterprint', () => {
  for (const d of unfolded) d.open = false;
});
