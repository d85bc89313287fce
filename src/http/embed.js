// <script src="https://your-host/embed.js" data-source="your-source" defer></script>
;(() => {
  const script = document.currentScript
  const { source, form: selector } = script.dataset
  const base = script.src.replace(/\/embed\.js.*$/, '')
  const action = `${base}/hooks/leads/${source}`
  const framed = window !== window.parent
  const utm = [...new URLSearchParams(location.search)].filter(([name]) => /^utm_\w{1,20}$/.test(name))

  /** When the form was opened, a challenge if one is to be solved, and a hint at what the address was meant to be. */
  const ask = (fields) =>
    fetch(`${base}/f/${source}/start`, { method: 'POST', body: new URLSearchParams(fields) })
      .then((answer) => (answer.ok ? answer.json() : {}))
      .catch(() => ({}))

  async function solve({ algorithm, challenge, salt, maxnumber, signature }) {
    const text = new TextEncoder()
    for (let number = 0; number <= maxnumber; number++) {
      const hash = new Uint8Array(await crypto.subtle.digest(algorithm, text.encode(salt + number)))
      if (challenge === Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join(''))
        return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }))
    }
  }

  function set(form, name, value, over) {
    let field = form.elements[name]
    if (!field) {
      field = document.createElement('input')
      field.type = 'hidden'
      field.name = name
      form.append(field)
    }
    if (value && (over || !field.value)) field.value = value
  }

  /** Says something beside a field, or at the end of the form; returns where it is said. */
  function say(form, name, text) {
    const found = form.elements[name]
    const field = found?.type === 'hidden' ? null : (found?.[0] ?? found)
    const isFirst = !form.querySelector('.nurture-note')
    const note = document.createElement('p')
    note.className = 'nurture-note'
    note.id = `nurture-${name}`
    note.setAttribute('role', 'alert')
    note.textContent = text
    if (field) {
      field.setAttribute('aria-describedby', note.id)
      field.after(note)
      if (isFirst) field.focus()
    } else form.append(note)
    return note
  }

  function enhance(form) {
    let sending = false
    let asked = ''
    form.setAttribute('method', 'post')
    form.setAttribute('action', action)
    set(form, 'submission_id', crypto.randomUUID?.())
    set(form, 'page_url', framed ? document.referrer : location.origin + location.pathname)
    set(form, 'referrer', framed ? '' : document.referrer)
    for (const [name, value] of utm) set(form, name, value)
    if (!form.elements.started_at?.value)
      ask({}).then(({ started_at }) => set(form, 'started_at', started_at))

    /** False: the person is asked first whether the address is right. */
    async function prepare() {
      const field = form.querySelector('[type=email], [name=email]')
      const email = field?.value ?? ''
      const { challenge, hint } = await ask({ email })
      if (hint && asked !== email) {
        asked = email
        const note = say(form, field.name, `Did you mean ${hint}? If not, send it again. `)
        const yes = document.createElement('button')
        yes.type = 'button'
        yes.textContent = `Use ${hint}`
        yes.addEventListener('click', () => {
          field.value = hint
          note.remove()
        })
        note.append(yes)
        return false
      }
      if (challenge) set(form, 'altcha', await solve(challenge).catch(() => ''), true)
      return true
    }

    async function send() {
      if (!(await prepare())) return
      let answer, body
      try {
        answer = await fetch(action, { method: 'POST', body: new URLSearchParams(new FormData(form)) })
        body = await answer.json()
      } catch {
        // The answer could not be read, perhaps as this site is not listed: the browser itself sends it, once.
        await prepare()
        return HTMLFormElement.prototype.submit.call(form)
      }
      if (answer.ok) {
        // Who comes back to this page writes something new.
        set(form, 'submission_id', crypto.randomUUID?.(), true)
        if (!framed) return location.assign(body.next)
        const done = document.createElement('p')
        done.setAttribute('role', 'status')
        done.textContent = 'Thank you, we have your message.'
        return form.replaceWith(done)
      }
      for (const { field, message } of body.errors ?? []) say(form, field, message)
      if (!body.errors?.length) say(form, '', body.detail)
    }

    form.addEventListener('submit', (event) => {
      if (form.querySelector('[type=file]')) return
      event.preventDefault()
      if (sending) return
      sending = true
      for (const note of form.querySelectorAll('.nurture-note')) note.remove()
      send().finally(() => (sending = false))
    })
  }

  function start() {
    const forms = document.querySelectorAll(selector ?? `form[action$="/hooks/leads/${source}"]`)
    forms.forEach(enhance)
    if (framed && forms.length)
      new ResizeObserver(() =>
        parent.postMessage({ nurture: source, height: document.body.scrollHeight }, '*'),
      ).observe(document.body)
    if (forms.length) return
    const frame = document.createElement('iframe')
    frame.src = `${base}/f/${source}?${new URLSearchParams([['embed', ''], ...utm])}`
    frame.title = 'Ask for a call'
    frame.style.cssText = 'border:0;width:100%;height:52rem'
    window.addEventListener('message', ({ source: from, data }) => {
      if (from === frame.contentWindow && data?.nurture === source) frame.style.height = `${data.height}px`
    })
    script.after(frame)
  }

  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start)
  else start()
})()
