import { loadConfig } from './load-config.ts'
import { Problem } from '../core/problem.ts'
import { startSandbox } from '../mail/sandbox/sandbox.ts'

/** Runs the sandbox alone until SIGINT or SIGTERM. Events go to `webhook`, when one is given. */
export async function sandbox(options: {
  port: string
  host: string
  webhook?: string | undefined
  file?: string | undefined
}): Promise<void> {
  const port = Number(options.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Problem('config', '--port: expected a number from 0 (any free one) to 65535.')
  const [secret] = loadConfig().resend.webhookSecrets
  const running = await startSandbox({
    port,
    host: options.host,
    log: console.log,
    ...(options.file ? { file: options.file } : {}),
    ...(options.webhook ? { webhook: { url: options.webhook, secret: secret! } } : {}),
  })
  console.log(`Sandbox: ${running.url}  (inbox: ${running.url}/sandbox)`)
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  await running.close()
}
