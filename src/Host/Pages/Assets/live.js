// Keeps the parts of a page that say data-live="address" as the server draws them, while somebody looks: a hidden tab would
// hold one of the few connections that a browser has to a host, and have figures measured for nobody.
for (const part of document.querySelectorAll('[data-live]')) follow(part);

function follow(part) {
  const soon = 3000;
  const late = 60000;
  // The server says something every ten seconds, and ends a stream after some minutes, to be asked again.
  const silent = 25000;
  const between = 5000;
  let source, timer, watch, doubt, wait = soon, failed = 0, ended = false;

  function open() {
    if (source || ended || document.hidden) return;
    clearTimeout(timer);
    source = new EventSource(part.dataset.live);
    source.onopen = heard;
    source.addEventListener('beat', heard);
    source.onmessage = event => {
      heard();
      clearTimeout(doubt);
      doubt = undefined;
      [wait, failed] = [soon, 0];
      delete part.dataset.stale;
      morph(part, event.data);
      part.dispatchEvent(new CustomEvent('live', { bubbles: true }));
    };
    source.addEventListener('end', () => { ended = true; close(); });
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED) {
        // The browser asks again by itself.
        doubt ??= setTimeout(old, between);
        return;
      }

      // It gives up for good after an answer that is no stream, such as that of a balancer or of an ended session.
      old();
      again();
    };
    heard();
  }

  function heard() {
    clearTimeout(watch);
    watch = setTimeout(() => { old(); again(); }, silent);
  }

  function old() {
    part.dataset.stale = 'true';
  }

  async function again() {
    close();
    failed++;
    timer = setTimeout(open, wait);
    wait = Math.min(2 * wait, late);
    if (failed > 1 && await isOver()) location.reload();
  }

  // Whether the session has ended, or is another's: then the page leads to the log-in, or says that it is not for them.
  async function isOver() {
    const asking = new AbortController();
    const limit = setTimeout(() => asking.abort(), silent);
    try {
      const { status } = await fetch(part.dataset.live, { headers: { Accept: 'text/event-stream' }, signal: asking.signal });
      return status === 401 || status === 403;
    } catch {
      return false;
    } finally {
      clearTimeout(limit);
      asking.abort();
    }
  }

  function close() {
    for (const waiting of [timer, watch, doubt]) clearTimeout(waiting);
    doubt = undefined;
    source?.close();
    source = undefined;
  }

  addEventListener('pagehide', close);
  addEventListener('pageshow', open);
  document.addEventListener('visibilitychange', () => { document.hidden ? close() : open(); });
  open();
}

// What people have unfolded, what forms.js says of a form that is on its way, and what local.js says of a time: the server
// knows nothing of it.
const kept = new Set(['open', 'data-sent', 'aria-disabled', 'title']);

// Makes an element's content what the HTML says, changing no more than differs: focus, selection, what is typed and what
// is unfolded stay as they are.
function morph(element, html) {
  const template = document.createElement('template');
  template.innerHTML = html;
  children(element, template.content);
}

function children(have, want) {
  const byId = new Map([...have.children].filter(e => e.id).map(e => [e.id, e]));
  const ids = new Set([...want.children].map(e => e.id).filter(id => id));
  let next = have.firstChild;
  const drop = () => {
    const gone = next;
    next = gone.nextSibling;
    gone.remove();
  };
  for (const wanted of [...want.childNodes]) {
    const same = wanted.id && byId.get(wanted.id);
    if (same) {
      // It stays where it is, with its focus; what was before it goes.
      while (next && next !== same && !ids.has(next.id)) drop();
      if (next === same) next = same.nextSibling;
      else have.insertBefore(same, next);
      one(same, wanted);
    } else if (next && alike(next, wanted)) {
      const following = next.nextSibling;
      one(next, wanted);
      next = following;
    } else {
      have.insertBefore(wanted.cloneNode(true), next);
    }
  }
  while (next) drop();
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
