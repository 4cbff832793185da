// The server does not know where its readers are, and writes UTC: what time that is here is said under the pointer.
function say(root) {
  for (const time of root.querySelectorAll('time[datetime]')) time.title = `${new Date(time.dateTime).toLocaleString()} here`;
}

addEventListener('live', event => say(event.target));
say(document);
