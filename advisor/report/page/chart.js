// Charts are drawn by the server; here they get a readout and arrow keys.
for (const plot of $$('[data-points]')) {
  const readout = $('.readout', plot.parentElement);
  const before = readout.textContent;
  const inOrder = $$('.pt', plot);
  const x = p => p.getBoundingClientRect().x;
  let at = null;
  function mark(point) {
    at?.classList.remove('at');
    at = point;
    at?.classList.add('at');
    readout.textContent = at ? at.dataset.text : before;
  }
  plot.addEventListener('pointerover', event => {
    const point = event.target.closest('.pt');
    if (point) mark(point);
  });
  plot.addEventListener('keydown', event => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!by || !inOrder.length) return;
    event.preventDefault();
    inOrder.sort((a, b) => x(a) - x(b)); // from left to right, whatever lies on top
    const i = inOrder.indexOf(at);
    mark(inOrder[i < 0 ? 0 : (i + by + inOrder.length) % inOrder.length]);
  });
  plot.addEventListener('blur', () => mark(null));
}
