import type { Config } from '../../config.ts'

/** Where the sandbox of this very process shows its mails; null in live mode, and where it runs elsewhere. */
export function sandboxInbox({ mode, resend, http }: Config): string | null {
  return mode === 'sandbox' && resend.baseUrl === null ? `http://${http.host}:${http.port + 1}/sandbox` : null
}
