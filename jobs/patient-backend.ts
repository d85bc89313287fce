import { setTimeout as sleep } from 'node:timers/promises'
import { createPostgresBackend } from 'bullmq'

const retryMs = 500

/**
 * BullMQ's PostgreSQL backend, whose first connection is tried until there is one. BullMQ 6.7 remembers a first
 * connection that failed: each later question is then refused at once and for ever, and a worker, which asks again
 * without a pause, never lets go of the event loop. So a process that starts while PostgreSQL does would hang.
 */
export const createPatientBackend: typeof createPostgresBackend = (name, options, more) => {
  const backend = createPostgresBackend(name, options, more)
  const { connection } = backend
  const tryOnce = connection.waitUntilReady.bind(connection)
  let ready: Promise<void> | null = null
  async function untilReady(): Promise<void> {
    while (!connection.isClosing) {
      try {
        return await tryOnce()
      } catch (error) {
        if (connection.listenerCount('error') > 0) connection.emit('error', error)
        Reflect.deleteProperty(connection, 'readyPromise')
        await sleep(retryMs, undefined, { ref: false })
      }
    }
  }
  connection.waitUntilReady = () => (ready ??= untilReady())
  return backend
}
