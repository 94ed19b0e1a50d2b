(() => {
  // Everything can be read without this: it counts what a choice leaves, and opens folds for paper.
  const section = document.getElementById('findings');
  const line = section && section.querySelector('.count');
  if (line) {
    const all = line.textContent;
    line.setAttribute('role', 'status');
    const chosen = (name) => {
      const button = section.querySelector('input[name="' + name + '"]:checked');
      return !button || button.id.endsWith('-all') ? '' : button.id.slice(3);
    };
    section.addEventListener('change', () => {
      const area = chosen('area'), level = chosen('level'), folder = chosen('folder');
      let rules = 0;
      for (const rule of section.querySelectorAll('.r')) {
        const has = (prefix, name) => !name || rule.classList.contains(prefix + name);
        if (has('a-', area) && has('s-', level) && has('', folder)) rules++;
      }
      const text = rules === 0 ? 'Nothing fits this choice.' : 'This choice leaves ' + rules + (rules === 1 ? ' group.' : ' groups.');
      line.textContent = area || level || folder ? text : all;
    });
  }
  addEventListener('beforeprint', () => {
    for (const fold of document.querySelectorAll('details:not([open])')) fold.open = true;
  });
  const open = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (target && target.tagName === 'DETAILS') target.open = true;
  };
  addEventListener('hashchange', open);
  open();
})();
