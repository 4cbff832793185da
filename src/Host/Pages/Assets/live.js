// Keeps the parts of a page that say data-live="address" as the server draws them.
for (const part of document.querySelectorAll('[data-live]')) {
  const source = new EventSource(part.dataset.live);
  source.onmessage = event => {
    delete part.dataset.stale;
    morph(part, event.data);
    part.dispatchEvent(new CustomEvent('live', { bubbles: true }));
  };
  source.addEventListener('end', () => source.close());
  source.onerror = () => { part.dataset.stale = 'true'; };
  addEventListener('pagehide', () => source.close());
}

// Makes an element's content what the HTML says, changing no more than differs: focus, selection, what is typed and what
// is unfolded stay as they are.
function morph(element, html) {
  const template = document.createElement('template');
  template.innerHTML = html;
  children(element, template.content);
}

function children(have, want) {
  const byId = new Map([...have.children].filter(e => e.id).map(e => [e.id, e]));
  let next = have.firstChild;
  for (const wanted of [...want.childNodes]) {
    const same = wanted.id && byId.get(wanted.id);
    if (same && same !== next) {
      have.insertBefore(same, next);
      one(same, wanted);
    } else if (next && alike(next, wanted)) {
      const following = next.nextSibling;
      one(next, wanted);
      next = following;
    } else {
      have.insertBefore(wanted.cloneNode(true), next);
    }
  }
  while (next) {
    const following = next.nextSibling;
    next.remove();
    next = following;
  }
}

function alike(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id ?? '') === (b.id ?? '');
}

function one(have, want) {
  if (have.nodeType !== Node.ELEMENT_NODE) {
    if (have.nodeValue !== want.nodeValue) have.nodeValue = want.nodeValue;
    return;
  }
  for (const { name } of [...have.attributes]) {
    if (!want.hasAttribute(name) && name !== 'open') have.removeAttribute(name);
  }
  for (const { name, value } of want.attributes) {
    if (have.getAttribute(name) !== value) have.setAttribute(name, value);
  }
  // What somebody is typing is theirs.
  if (have !== document.activeElement || !('value' in have)) children(have, want);
}
