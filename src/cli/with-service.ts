import { loadConfig } from './load-config.ts'
import { provideDatabase } from './provide-database.ts'
import { createLog, openService, type Service } from './wire.ts'

/** Runs one command on the service's database, beside a running service or without one. */
export async function withService<T>(work: (service: Service) => Promise<T>): Promise<T> {
  const config = loadConfig()
  const database = await provideDatabase(config, { embedded: true, log: () => {} })
  try {
    const service = await openService({
      config,
      databaseUrl: database.url,
      resendUrl: config.resend.baseUrl ?? 'http://127.0.0.1:9',
      log: createLog('warn'),
    })
    try {
      return await work(service)
    } finally {
      await service.close()
    }
  } finally {
    await database.stop()
  }
}
