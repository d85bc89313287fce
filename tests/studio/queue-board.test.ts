import { describe, expect, test } from 'vitest'
import { createQueueBoard } from '../../src/cli/queue-board.ts'
import { createApp } from '../../src/http/app.ts'
import { listen } from '../../src/http/server.ts'
import { backends, createTestService, isMissing } from '../support/service.ts'
import { newMember } from './support.ts'

describe.each(backends)('the board of the queues on %s', (backend) => {
  test.skipIf(isMissing(backend))(
    'is for admins, loads nothing from elsewhere, and changes nothing',
    async () => {
      const service = await createTestService({ backend })
      const app = createApp(service.ctx, createQueueBoard(service.queues))
      const server = await listen(app, '127.0.0.1', 0)
      try {
        const [admin, editor] = [await newMember(service, 'admin'), await newMember(service, 'editor')]
        const ask = (path: string, cookie: string, method = 'GET') =>
          fetch(`http://127.0.0.1:${server.port}/studio/queues${path}`, {
            method,
            headers: { cookie, 'sec-fetch-site': 'same-origin' },
            redirect: 'manual',
          })
        expect((await ask('', '')).status).toBe(302)
        for (const path of ['', '/api/queues', '/static/css/main.css'])
          expect([path, (await ask(path, editor.cookie)).status]).toEqual([path, 403])
        const page = await ask('', admin.cookie)
        expect(page.status).toBe(200)
        expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
        expect(page.headers.get('content-security-policy')).not.toMatch(/http|\*/)
        const text = await page.text()
        expect(text).not.toMatch(/https?:\/\//)
        expect(text).toContain('<a href="/studio">Back to the studio</a>')
        for (const [, ours] of text.matchAll(/(?:href|src)="(queue-board[^"]+)"/g)) {
          expect([ours, (await ask(`/${ours}`, admin.cookie)).status]).toEqual([ours, 200])
          expect([ours, (await ask(`/${ours}`, editor.cookie)).status]).toEqual([ours, 403])
        }
        const script = /src="static\/(js\/main[^"]+)"/.exec(text)![1]!
        expect((await ask(`/static/${script}`, admin.cookie)).status).toBe(200)
        const { queues } = (await (await ask('/api/queues', admin.cookie)).json()) as {
          queues: { name: string; readOnlyMode: boolean }[]
        }
        expect(queues.map(({ name }) => name)).toEqual(expect.arrayContaining(['tick', 'dispatch', 'alert']))
        expect(queues.every(({ readOnlyMode }) => readOnlyMode)).toBe(true)
        expect((await ask('/api/queues/tick/pause', admin.cookie, 'PUT')).status).toBe(403)
      } finally {
        await server.close()
        await service.stop()
      }
    },
  )
})
