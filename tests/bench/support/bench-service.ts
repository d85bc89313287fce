import { createLog, openService, type Service } from '../../../src/cli/wire.ts'
import { readConfig } from '../../../src/config.ts'
import type { Context } from '../../../src/context.ts'

const secret = 'x'.repeat(48)

/** The whole service, wired as in production, with the sample clinic and nothing that is logged below a warning. */
export function openBenchService(
  options: { databaseUrl: string; resendUrl?: string; env?: Record<string, string>; prefix?: string },
  overrides: Partial<Context> = {},
): Promise<Service> {
  const config = readConfig({ APP_SECRET: secret, ...options.env }, () => ({
    appSecret: secret,
    resendWebhookSecret: 'whsec_eA==',
  }))
  return openService(
    {
      config,
      databaseUrl: options.databaseUrl,
      resendUrl: options.resendUrl ?? 'http://127.0.0.1:9',
      log: createLog('warn'),
      queuePrefix: options.prefix ?? `{bench-${process.pid}}`,
    },
    overrides,
  )
}
