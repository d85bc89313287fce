/**
 * Keeps an open inbox fresh. Without it the page reads the same, only older.
 * It rests while the tab is hidden, and puts the focus back where it was.
 */
export const refreshScript = /* js */ `
const list = () => document.getElementById('mails')
const count = () => Number(list().dataset.count)
setInterval(async () => {
  if (document.hidden) return
  try {
    const page = await (await fetch(location.href)).text()
    const next = new DOMParser().parseFromString(page, 'text/html').getElementById('mails')
    if (!next || next.dataset.state === list().dataset.state) return
    const arrived = Number(next.dataset.count) - count()
    const focused = list().contains(document.activeElement) && document.activeElement.getAttribute('href')
    list().replaceWith(document.adoptNode(next))
    if (focused) list().querySelector('a[href="' + CSS.escape(focused) + '"]')?.focus()
    if (arrived > 0) document.getElementById('news').textContent = arrived === 1 ? '1 new mail' : arrived + ' new mails'
  } catch {}
}, 2000)
`
