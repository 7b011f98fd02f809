$('#keys').addEventListener('click', () => $('#help').showModal());

// What a finding says is read once: thousands are looked through at each key.
const rowHeight = 66; // of a folded finding, about, until it is drawn
const chunks = $$('.chunk').map(e => ({ e, shown: e.children.length }));
const hits = chunks.flatMap(chunk => [...chunk.e.children].map(e => ({ e, chunk, state: e.dataset.state, rule: e.dataset.rule, pkg: e.dataset.package, text: '' })));
const says = hit => hit.text ||= hit.e.textContent.toLowerCase().replace(/\s+/g, ' ');

function applyFilter() {
  const words = $('#filter').value.toLowerCase().split(/\s+/).filter(Boolean);
  const states = new Set($$('.chip[aria-pressed=true]').map(b => b.dataset.state));
  const rule = $('#rule').value, pkg = $('#package').value;
  let shown = 0;
  for (const c of chunks) c.shown = 0;
  for (const h of hits) {
    const on = states.has(h.state) && (!rule || h.rule === rule) && (!pkg || h.pkg === pkg) && words.every(w => says(h).includes(w));
    if (h.e.hidden === on) h.e.hidden = !on;
    if (on) {
      shown++;
      h.chunk.shown++;
    }
  }
  for (const c of chunks) {
    c.e.hidden = c.shown === 0;
    c.e.style.containIntrinsicSize = 'auto ' + c.shown * rowHeight + 'px';
  }
  if (hits.length) $('.none').hidden = shown > 0;
  $('#shown').textContent = shown === hits.length ? shown + ' shown' : shown + ' of ' + hits.length + ' shown';
}
let pending = 0;
$('#filter').addEventListener('input', () => {
  cancelAnimationFrame(pending);
  pending = requestAnimationFrame(applyFilter);
});
for (const s of ['#rule', '#package']) $(s).addEventListener('change', applyFilter);
for (const chip of $$('.chip')) {
  chip.addEventListener('click', () => {
    chip.setAttribute('aria-pressed', chip.getAttribute('aria-pressed') !== 'true');
    applyFilter();
  });
}
applyFilter();

function step(by) {
  const list = hits.filter(h => !h.e.hidden);
  if (!list.length) return;
  const at = list.findIndex(h => h.e.contains(document.activeElement));
  const next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + by, 0), list.length - 1)].e;
  $('.row', next).focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
}
const keys = {
  j: () => step(1),
  k: () => step(-1),
  '/': () => { $('#filter').focus(); $('#filter').select(); },
  '?': () => $('#help').showModal(),
  t: nextTheme,
};
document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && event.target.id === 'filter') {
    event.target.value = '';
    event.target.blur();
    applyFilter();
  }
  const typing = event.target.closest('input, select, textarea, dialog');
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});

// Paper has no folds; afterwards the page is as it was.
let unfolded = [];
addEventListener('beforeprint', () => {
  unfolded = hits.map(h => h.e).filter(e => !e.hidden && !e.open);
  for (const e of unfolded) e.open = true;
});
addEventListener('afterprint', () => {
  for (const e of unfolded) e.open = false;
});
