/** Says what the board of the queues leaves unsaid to a screen reader, and again whenever the board draws itself anew. */
;(() => {
  const names = [
    ['header ul > li:nth-last-child(2) > button', 'Full screen'],
    ['header ul > li:last-child > button', 'Settings of this board'],
    ['[class^="headerControls-"] > button[aria-haspopup="menu"]', 'Order of the queues'],
    ['button[class*="copyBtn-"]', 'Copy'],
    ['main button[role="combobox"]', 'Filter by queue'],
  ]
  const set = (element, attribute, value) => {
    if (element.getAttribute(attribute) !== value) element.setAttribute(attribute, value)
  }

  function mend() {
    for (const [selector, name] of names)
      for (const button of document.querySelectorAll(selector)) set(button, 'aria-label', name)
    // What is seen is the name; what a label says beside it explains it.
    for (const element of document.querySelectorAll(':is(a, button:not([role]))[aria-label]')) {
      const [seen, heard] = [
        element.innerText.trim(),
        element.getAttribute('aria-label').replace(/[()]/g, ''),
      ]
      set(element, 'aria-label', heard)
      if (!/\p{L}/u.test(seen) || heard.toLowerCase().includes(seen.toLowerCase())) continue
      element.setAttribute('aria-description', heard)
      element.removeAttribute('aria-label')
    }
    for (const picture of document.querySelectorAll('a > img')) set(picture, 'alt', '')
    // A list that says it is something else leaves its items without one.
    for (const list of document.querySelectorAll('ul[role="navigation"]')) list.setAttribute('role', 'list')
    for (const head of document.querySelectorAll('th:empty')) set(head, 'role', 'cell')
    // What opens over the page is a part of it. Its guards pass the focus on, so nobody can be lost in them.
    for (const layer of document.querySelectorAll(
      '[data-base-ui-portal]:not(:has([role="dialog"], [role="region"]))',
    )) {
      set(layer, 'role', 'region')
      set(layer, 'aria-label', 'Opened over the page')
    }
    for (const guard of document.querySelectorAll('[data-base-ui-focus-guard]:not([role="menu"] *)'))
      guard.removeAttribute('aria-hidden')
    // Ours is the page's first heading; none below skips a level.
    let before = 1
    for (const heading of document.querySelectorAll('#root :is(h1, h2, h3, h4, h5, h6)')) {
      before = Math.min(before + 1, Math.max(2, Number(heading.localName.slice(1))))
      set(heading, 'aria-level', String(before))
    }
  }

  const observer = new MutationObserver(() => {
    mend()
    // Its own changes are no reason to begin again.
    observer.takeRecords()
  })
  mend()
  observer.observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributeFilter: ['alt', 'aria-label', 'role'],
  })
})()
