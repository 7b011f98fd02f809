// The flame graph. A view's nodes are [name, depth, value, kind] in preorder, so
// that the subtree of i is i up to ends[i].
(() => {
  const { views } = JSON.parse($('#flame-data').textContent);
  const graph = $('#flame-graph');
  if (!graph || !views.length) return;
  const boxHeight = 22;
  const groups = ['own', 'library', 'standard', 'runtime', 'merged'];
  const groupWords = ['this program', 'libraries', 'standard library', 'runtime'];
  let view, ends, starts, zoom = 0, focused = 0, query = '', drawnWidth = 0;

  const nameOf = i => view.names[view.nodes[i][0]];
  const depthOf = i => view.nodes[i][1];
  const valueOf = i => view.nodes[i][2];
  const kindOf = i => view.kinds[view.nodes[i][3]];
  // Only the last element of the path tells functions apart at a glance.
  const shortName = name => name.replace(/^[^[(]*\//, '');
  const parentOf = i => {
    let p = i - 1;
    while (p >= 0 && depthOf(p) >= depthOf(i)) p--;
    return p;
  };

  function figure(value) {
    if (view.unit === 'n') return value.toLocaleString('en');
    const units = view.unit === 'B'
      ? [[2 ** 30, 'GiB'], [2 ** 20, 'MiB'], [2 ** 10, 'KiB'], [1, 'B']]
      : [[7.2e12, 'h', 3.6e12], [1.2e11, 'min', 6e10], [1e9, 's'], [1e6, 'ms'], [1e3, 'µs'], [1, 'ns']];
    const [from, unit, size = from] = units.find(u => value >= u[0]) || units.at(-1);
    return Number((value / size).toPrecision(value / size >= 100 ? 3 : 2)).toLocaleString('en') + ' ' + unit;
  }
  const share = i => {
    const p = 100 * valueOf(i) / valueOf(0);
    return (p >= 9.95 ? p.toFixed(0) : p.toPrecision(2)) + ' %';
  };

  function measure() {
    const n = view.nodes.length;
    ends = new Int32Array(n);
    starts = new Float64Array(n);
    const path = [], next = []; // open ancestors, where the next child of each begins
    for (let i = 0; i < n; i++) {
      const depth = depthOf(i);
      while (path.length > depth) ends[path.pop()] = i;
      next.length = depth + 1;
      starts[i] = depth ? next[depth] : 0;
      if (depth) next[depth] += valueOf(i);
      next[depth + 1] = starts[i];
      path.push(i);
    }
    while (path.length) ends[path.pop()] = n;
  }

  function colour(i) {
    const group = groups[view.groups[view.nodes[i][0]]];
    if (view.kinds.length === 1 || group === 'merged') return 't-' + group;
    return 't-' + kindOf(i);
  }

  function box(i, left, width, above) {
    const e = document.createElement('div');
    e.className = 'fb ' + colour(i) + (above ? ' above' : '') + (width < 14 ? ' thin' : '');
    if (query) e.classList.add(matches(i) ? 'found' : 'miss');
    e.style.left = left + 'px';
    e.style.width = Math.max(width, 1) + 'px';
    e.style.top = depthOf(i) * boxHeight + 'px';
    e.dataset.node = i;
    e.tabIndex = i === focused ? 0 : -1;
    e.setAttribute('role', 'button');
    e.setAttribute('aria-label', says(i));
    if (width >= 30) e.textContent = shortName(nameOf(i));
    return e;
  }

  // Boxes below a pixel are not made, and neither is what lies under them.
  function draw() {
    const width = drawnWidth = graph.clientWidth;
    if (!width) return;
    const hadFocus = graph.contains(document.activeElement);
    const boxes = document.createDocumentFragment();
    for (let i = parentOf(zoom); i >= 0; i = parentOf(i)) boxes.append(box(i, 0, width, true));
    const scale = width / valueOf(zoom);
    let deepest = depthOf(zoom);
    for (let i = zoom; i < ends[zoom];) {
      const w = valueOf(i) * scale;
      if (w < 1 && i !== zoom) {
        i = ends[i];
        continue;
      }
      boxes.append(box(i, (starts[i] - starts[zoom]) * scale, w, false));
      deepest = Math.max(deepest, depthOf(i));
      i++;
    }
    graph.style.height = (deepest + 1) * boxHeight + 'px';
    graph.replaceChildren(boxes);
    if (hadFocus) element(focused)?.focus({ preventScroll: true });
    $('#flame-reset').disabled = zoom === 0 && !query;
  }
  const element = i => $('[data-node="' + i + '"]', graph);

  const matches = i => nameOf(i).toLowerCase().includes(query);
  function search() {
    query = $('#flame-search').value.trim().toLowerCase();
    let found = 0, sum = 0;
    for (let i = 0; query && i < view.nodes.length;) {
      if (matches(i)) {
        found++;
        sum += valueOf(i);
        i = ends[i]; // calls below are part of it
      } else i++;
    }
    const percent = 100 * sum / valueOf(0);
    $('#flame-found').textContent = !query ? '' : found ? figure(sum) + ', ' + percent.toPrecision(percent >= 10 ? 2 : 1) + ' %, in ' + found + (found > 1 ? ' places' : ' place') : 'not found';
    draw();
  }

  function says(i) {
    const kind = view.kinds.length > 1 ? ', mostly ' + kindOf(i) : '';
    return nameOf(i) + ': ' + figure(valueOf(i)) + ', ' + share(i) + kind;
  }
  const readout = i => { $('#flame-readout').textContent = says(i); };

  function zoomTo(i) {
    zoom = focused = i;
    draw();
    readout(i);
  }

  function show(v) {
    view = v;
    zoom = focused = 0;
    measure();
    for (const b of $$('#flame-views button')) b.setAttribute('aria-pressed', b.textContent === v.title);
    $('#flame-source').textContent = v.source + ', ' + figure(valueOf(0)) + (v.dropped ? '; ' + v.dropped.toLocaleString('en') + ' calls below 0.1 % are merged' : '');
    legend();
    search();
  }

  function legend() {
    const items = view.kinds.length === 1
      ? groupWords.map((w, i) => ['t-' + groups[i], w])
      : [...new Set(view.nodes.map((_, i) => kindOf(i)))].map(k => ['t-' + k, k === 'runnable' ? 'waiting for a core' : k]);
    $('#flame-legend').replaceChildren(...items.map(([tint, text]) => {
      const li = document.createElement('li');
      const dot = document.createElement('i');
      dot.className = 'dot ' + tint;
      li.append(dot, text);
      return li;
    }));
  }

  // Up and down go to caller and heaviest callee, left and right to siblings.
  function neighbour(key, i) {
    const parent = parentOf(i);
    if (key === 'ArrowUp') return parent;
    if (key === 'ArrowDown') return ends[i] > i + 1 ? i + 1 : -1;
    if (key === 'ArrowRight') return ends[i] < ends[Math.max(parent, 0)] ? ends[i] : -1;
    let before = -1;
    for (let s = parent + 1; parent >= 0 && s < i; s = ends[s]) before = s;
    return before;
  }

  const nodeOf = event => event.target.closest('.fb')?.dataset.node;
  graph.addEventListener('click', event => { if (nodeOf(event)) zoomTo(+nodeOf(event)); });
  graph.addEventListener('pointerover', event => { if (nodeOf(event)) readout(+nodeOf(event)); });
  graph.addEventListener('focusin', event => { if (nodeOf(event)) readout(focused = +nodeOf(event)); });
  graph.addEventListener('keydown', event => {
    const i = +nodeOf(event);
    if (event.key === 'Enter' || event.key === ' ') zoomTo(i);
    else if (event.key === 'Escape') zoomTo(0);
    else if (event.key.startsWith('Arrow')) {
      const to = neighbour(event.key, i);
      const e = to < 0 ? null : element(to);
      if (e) {
        element(i).tabIndex = -1;
        e.tabIndex = 0;
        e.focus();
      }
    } else return;
    event.preventDefault();
  });
  $('#flame-search').addEventListener('input', search);
  $('#flame-reset').addEventListener('click', () => {
    $('#flame-search').value = '';
    query = '';
    search();
    zoomTo(0);
  });
  for (const v of views) {
    const b = document.createElement('button');
    b.type = 'button';
    b.textContent = v.title;
    b.addEventListener('click', () => show(v));
    $('#flame-views').append(b);
  }
  // Drawn when it comes near or is asked for, and again when its width changes.
  const near = new IntersectionObserver(entries => { if (entries.some(e => e.isIntersecting)) begin(); }, { rootMargin: '600px' });
  let begun = false;
  function begin() {
    if (begun) return;
    begun = true;
    near.disconnect();
    show(views[0]);
    new ResizeObserver(() => { if (graph.clientWidth !== drawnWidth) draw(); }).observe(graph);
  }
  near.observe($('#flame'));
  toFlame = () => {
    $('#flame').scrollIntoView();
    begin();
    $('.fb')?.focus({ preventScroll: true });
  };
})();
