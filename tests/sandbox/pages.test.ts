import { describe, expect, test } from 'vitest'
import { bench, mail } from './support.ts'

const page = async (url: string) => {
  const response = await fetch(url)
  return {
    response,
    text: await response.text(),
    policy: response.headers.get('content-security-policy') ?? '',
  }
}

const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>'

describe('the inbox', () => {
  test('is where the root leads, and teaches when empty', async () => {
    const { sandbox } = await bench()
    const { response, text } = await page(`${sandbox.url}/`)
    expect(response.url).toBe(`${sandbox.url}/sandbox`)
    expect(text).toContain('No mail yet')
    expect(text).toContain(`curl ${sandbox.url}/emails`)
  })

  test('the command it teaches works', async () => {
    const { sandbox } = await bench()
    const { text } = await page(`${sandbox.url}/sandbox`)
    const body = /-d &#39;(\{.*?\})&#39;/s.exec(text)?.[1]?.replaceAll('&quot;', '"').replaceAll('&lt;', '<')
    const sent = await fetch(`${sandbox.url}/emails`, {
      method: 'POST',
      headers: { authorization: 'Bearer re_sandbox', 'content-type': 'application/json' },
      body: (body ?? '').replaceAll('&gt;', '>'),
    })
    expect(sent.status).toBe(200)
    expect((await page(`${sandbox.url}/sandbox`)).text).not.toContain('No mail yet')
  })

  test('lists newest first with recipient, subject, status and tags', async () => {
    const { sandbox, resend } = await bench()
    await resend.emails.send(mail({ subject: 'First', tags: [{ name: 'step', value: 'lesson-1' }] }) as never)
    await resend.emails.send(mail({ subject: 'Second', to: 'bounced@resend.dev' }))
    const { text } = await page(`${sandbox.url}/sandbox`)
    expect(text.indexOf('Second')).toBeLessThan(text.indexOf('First'))
    for (const word of [
      'pat@people.example',
      'step=lesson-1',
      '>delivered<',
      'bounced@resend.dev',
      '>bounced<',
    ])
      expect(text).toContain(word)
  })

  test('finds by recipient, and says when it finds nothing', async () => {
    const { sandbox, resend } = await bench()
    await resend.emails.send(mail({ subject: 'To Pat' }))
    await resend.emails.send(mail({ subject: 'To Lee', to: 'lee@people.example' }))
    const found = (await page(`${sandbox.url}/sandbox?to=LEE`)).text
    expect(found).toContain('To Lee')
    expect(found).not.toContain('To Pat')
    const none = (await page(`${sandbox.url}/sandbox?to=${encodeURIComponent(hostile)}`)).text
    expect(none).toContain('No mail to')
    expect(none).not.toContain('<script>alert')
  })

  test('leads through all mail, fifty at a time', async () => {
    const { sandbox, resend } = await bench()
    await resend.batch.send(
      Array.from({ length: 100 }, (_, index) => mail({ subject: `Mail ${index}.` })) as never,
    )
    await resend.emails.send(mail({ subject: 'Mail 100.' }))
    const seen: string[] = []
    let next: string | undefined = '/sandbox?to=pat'
    for (let pages = 0; next && pages < 5; pages += 1) {
      const { text } = await page(sandbox.url + next)
      seen.push(...[...text.matchAll(/>Mail (\d+)\.</g)].map((match) => match[1] ?? ''))
      next = /class="older" href="([^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&')
    }
    expect(seen).toEqual(Array.from({ length: 101 }, (_, index) => `${100 - index}`))
  })
})

describe('a mail', () => {
  test('shows each of its parts under its tab', async () => {
    const { sandbox, resend } = await bench()
    const headers = { 'List-Unsubscribe': '<https://go.clinic.example/u/1>' }
    const { data } = await resend.emails.send(mail({ headers, text: 'Plain <b>words</b>' }), {
      idempotencyKey: 'k1',
    })
    const view = `${sandbox.url}/sandbox/emails/${data?.id}/view`
    expect((await page(view)).text).toContain(`src="/sandbox/emails/${data?.id}/html"`)
    expect((await page(`${view}?width=phone`)).text).toContain('class="sheet phone"')
    expect((await page(`${view}?tab=text`)).text).toContain('Plain &lt;b&gt;words&lt;/b&gt;')
    const headersTab = (await page(`${view}?tab=headers`)).text
    for (const word of ['List-Unsubscribe', '&lt;https://go.clinic.example/u/1&gt;', 'k1'])
      expect(headersTab).toContain(word)
    expect((await page(`${view}?tab=events`)).text).toContain('email.delivered')
    expect((await page(`${view}?tab=json`)).text).toContain('&quot;subject&quot;: &quot;What happens')
  })

  test('that has only text opens there, and one that is gone says so', async () => {
    const { sandbox, resend } = await bench()
    const { data } = await resend.emails.send(mail({ html: undefined, text: 'Only words' }) as never)
    expect((await page(`${sandbox.url}/sandbox/emails/${data?.id}/view`)).text).toContain('Only words')
    const gone = await page(`${sandbox.url}/sandbox/emails/nope/view`)
    expect(gone.response.status).toBe(404)
    expect(gone.text).toContain('No such mail')
  })
})

describe('hostile mail', () => {
  test('stays text wherever our pages name it', async () => {
    const { sandbox, resend } = await bench()
    const { data } = await resend.emails.send(
      mail({
        from: `"${hostile}" <a@clinic.example>`,
        to: `${hostile} <pat@people.example>`,
        subject: hostile,
        headers: { 'X-A': hostile },
        text: hostile,
        html: hostile,
      }),
      { idempotencyKey: hostile },
    )
    const view = `${sandbox.url}/sandbox/emails/${data?.id}/view`
    const pages = [
      `${sandbox.url}/sandbox`,
      ...['html', 'text', 'headers', 'events', 'json'].map((tab) => `${view}?tab=${tab}`),
    ]
    for (const url of pages) {
      const { text, policy } = await page(url)
      expect(text).toContain('&lt;script&gt;alert(1)')
      expect(text).not.toContain('<script>alert')
      expect(text).not.toContain('<img')
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("script-src 'self'")
      expect(policy).not.toContain('unsafe')
    }
  })

  test('its HTML has an origin of its own and no script, in our frame and alone', async () => {
    const { sandbox, resend } = await bench()
    const { data } = await resend.emails.send(mail({ html: hostile }))
    const { text, policy, response } = await page(`${sandbox.url}/sandbox/emails/${data?.id}/html`)
    expect(text).toBe(hostile)
    const directives = policy.split('; ')
    expect(directives).toContain("default-src 'none'")
    const own = directives.find((directive) => directive.startsWith('sandbox')) ?? ''
    expect(own).toMatch(/^sandbox /)
    expect(own).not.toMatch(/allow-scripts|allow-same-origin|allow-forms|allow-top-navigation/)
    expect(policy).not.toContain('script-src')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    const frame = /sandbox="([^"]*)"/.exec(
      (await page(`${sandbox.url}/sandbox/emails/${data?.id}/view`)).text,
    )?.[1]
    expect(`sandbox ${frame}`).toBe(own)
  })
})
