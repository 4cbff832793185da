// Suggestions while somebody types; without it, the form searches all the same.
const input = document.querySelector('input[data-suggest]');
if (input) {
  const list = document.createElement('ul');
  list.id = 'suggestions';
  list.className = 'suggestions';
  list.hidden = true;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Suggestions');
  input.form.append(list);
  for (const [name, value] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-controls', list.id], ['aria-expanded', 'false']]) input.setAttribute(name, value);

  let timer, asking, chosen = -1;
  const options = () => [...list.querySelectorAll('[role=option]:not([aria-disabled])')];

  const close = () => {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    choose(-1);
    input.setAttribute('aria-expanded', 'false');
  };

  const choose = index => {
    chosen = index;
    options().forEach((option, i) => option.setAttribute('aria-selected', String(i === index)));
    const option = options()[index];
    if (option) {
      input.setAttribute('aria-activedescendant', option.id);
      option.scrollIntoView({ block: 'nearest' });
    } else {
      input.removeAttribute('aria-activedescendant');
    }
  };

  const suggest = async () => {
    const words = input.value.trim();
    if (words.length < 2) return close();
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`${input.dataset.suggest}?search=${encodeURIComponent(words)}`, { signal: asking.signal });
      // Too many, or a failure: whoever types does not need to know.
      if (!answer.ok) return close();
      list.innerHTML = await answer.text();
      choose(-1);
      list.hidden = list.children.length === 0;
      input.setAttribute('aria-expanded', String(!list.hidden));
    } catch (e) {
      if (e.name !== 'AbortError') close();
    }
  };

  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, 150);
  });
  input.addEventListener('keydown', event => {
    const count = options().length;
    if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault();
      close();
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && list.hidden) {
      event.preventDefault();
      suggest();
    } else if (event.key === 'ArrowDown' && count > 0) {
      event.preventDefault();
      choose((chosen + 1) % count);
    } else if (event.key === 'ArrowUp' && count > 0) {
      event.preventDefault();
      choose(chosen <= 0 ? count - 1 : chosen - 1);
    } else if (event.key === 'Enter' && options()[chosen]) {
      event.preventDefault();
      location.assign(options()[chosen].dataset.href);
    }
  });
  // Before the field loses the focus, and the list with it.
  list.addEventListener('pointerdown', event => event.preventDefault());
  list.addEventListener('click', event => {
    const option = event.target.closest('[data-href]');
    if (option) location.assign(option.dataset.href);
  });
  input.addEventListener('blur', close);
}
