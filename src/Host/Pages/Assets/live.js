// Keeps the parts of a page that say data-live="address" as the server draws them, while somebody looks: a hidden tab would
// hold one of the few connections that a browser has to a host, and have figures measured for nobody.
for (const part of document.querySelectorAll('[data-live]')) follow(part);

function follow(part) {
  const soon = 3000;
  const late = 60000;
  let source, timer, wait = soon, ended = false;

  function open() {
    if (source || ended || document.hidden) return;
    clearTimeout(timer);
    source = new EventSource(part.dataset.live);
    source.onmessage = event => {
      wait = soon;
      delete part.dataset.stale;
      morph(part, event.data);
      part.dispatchEvent(new CustomEvent('live', { bubbles: true }));
    };
    source.addEventListener('end', () => { ended = true; close(); });
    source.onerror = () => {
      part.dataset.stale = 'true';
      // A browser gives up for good after an answer that is no stream, such as that of a balancer or of an ended session.
      if (source.readyState === EventSource.CLOSED) {
        close();
        timer = setTimeout(open, wait);
        wait = Math.min(2 * wait, late);
      }
    };
  }

  function close() {
    clearTimeout(timer);
    source?.close();
    source = undefined;
  }

  addEventListener('pagehide', close);
  addEventListener('pageshow', open);
  document.addEventListener('visibilitychange', () => { document.hidden ? close() : open(); });
  open();
}

// What people have unfolded, and what forms.js says of a form that is on its way: the server knows nothing of it.
const kept = new Set(['open', 'data-sent', 'aria-disabled']);

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
    if (!want.hasAttribute(name) && !kept.has(name)) have.removeAttribute(name);
  }
  for (const { name, value } of want.attributes) {
    if (have.getAttribute(name) !== value) have.setAttribute(name, value);
  }
  // What somebody is typing is theirs.
  if (have !== document.activeElement || !('value' in have)) children(have, want);
}
