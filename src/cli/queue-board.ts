import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { HonoAdapter } from '@bull-board/hono'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import type { Queues } from '../../jobs/queues.ts'
import { queueBoardPath } from '../http/studio/queue-pages.ts'

/** BullMQ's queues as a page to look at. Nothing can be changed there: Postgres decides, a job only wakes. */
export function createQueueBoard(queues: Pick<Queues, 'all'>): Hono {
  const server = new HonoAdapter(serveStatic).setBasePath(queueBoardPath)
  createBullBoard({
    queues: queues.all.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter: server,
    options: {
      uiConfig: {
        boardTitle: 'Queues',
        hideRedisDetails: true,
        hideDocsLink: true,
        locale: { lng: 'en-US' },
      },
    },
  })
  return new Hono().route('/', server.registerPlugin())
}
