// What the console does more with script; nothing of it works only with script.
for (const line of document.querySelectorAll('.command')) prepare(line);
addEventListener('live', event => { for (const line of event.target.querySelectorAll('.command')) prepare(line); });

function prepare(line) {
  const button = line.querySelector('[data-copy]');
  if (button) button.hidden = !navigator.clipboard;
}

document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  await navigator.clipboard.writeText(button.closest('.command').querySelector('[data-command]').textContent);
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = 'Copy'; }, 1500);
});

// The command says what is ticked and typed beside it.
for (const part of document.querySelectorAll('[data-mirror]')) {
  const command = part.querySelector('[data-command]');
  const say = () => {
    const flags = [...part.querySelectorAll('[data-flag]:checked')].map(box => box.dataset.flag);
    const reasons = [...part.querySelectorAll('[name=reason]')].map(field => `--reason ${quote(field.value.trim() || '…')}`);
    command.textContent = [command.dataset.command, ...flags, ...reasons].join(' ');
  };
  part.addEventListener('input', say);
  // A browser may know what was typed here before.
  addEventListener('pageshow', say);
  say();
}

function quote(text) {
  return /["\\$`!\n\r]/.test(text) ? `'${text.replaceAll("'", "'\\''")}'` : `"${text}"`;
}

// A slider beside the number that is sent.
for (const slider of document.querySelectorAll('[data-slider]')) {
  const number = document.getElementById(slider.dataset.slider);
  slider.hidden = false;
  slider.addEventListener('input', () => { number.value = slider.value; canary(number.form); });
  number.addEventListener('input', () => { slider.value = number.value; canary(number.form); });
}

function canary(form) {
  form.querySelector('[name=mode][value=Canary]').checked = true;
}

// Values under a chart, of the time that is pointed at; they stay when the chart is drawn anew.
const pointed = new Map();
document.addEventListener('pointerover', event => {
  const rect = event.target.closest?.('.chart rect.hover');
  if (!rect) return;
  const chart = rect.closest('.chart');
  pointed.set(chart.id, [...chart.querySelectorAll('rect.hover')].indexOf(rect));
  read(chart);
});
addEventListener('live', () => { for (const id of pointed.keys()) read(document.getElementById(id)); });

function read(chart) {
  const rect = chart?.querySelectorAll('rect.hover')[pointed.get(chart.id)];
  const readout = chart?.querySelector('[data-readout]');
  if (rect && readout) readout.textContent = rect.dataset.values;
}
