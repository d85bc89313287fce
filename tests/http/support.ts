import { expect } from 'vitest'
import { type ProviderKind, signedRequest } from '../../src/demo/providers.ts'
import type { TestService } from '../support/service.ts'

/** What no answer may ever repeat: tests send these, and `expectProblem` looks for them. */
export const personal = {
  email: 'quintessa.zeller@lead.example',
  firstName: 'Quintessa',
  lastName: 'Zeller',
  phone: '+16105550177',
  message: 'my lower back locked up on Tuesday',
}

export const urlencoded = 'application/x-www-form-urlencoded'

type Sent = { method?: string; headers?: Record<string, string>; body?: BodyInit | null }

/** Sends one request as it stands and follows no redirect. */
export function send({ baseUrl }: Pick<TestService, 'baseUrl'>, path: string, sent: Sent): Promise<Response> {
  const { method = 'POST', headers = {}, body = null } = sent
  return fetch(`${baseUrl}${path}`, { method, headers, body, redirect: 'manual' })
}

/** Headers that sign `body` as this provider does, its content type with them. */
export function signatureOf(
  kind: ProviderKind | 'resend',
  body: string,
  secret: string,
  at = new Date(),
): Record<string, string> {
  // The signer builds its body with JSON.stringify: an object that turns into exactly these bytes keeps them as given.
  const payload = { toJSON: () => raw } as unknown as Record<string, unknown>
  const raw = (JSON as unknown as { rawJSON?: (text: string) => unknown }).rawJSON
  void payload
  void raw
  return signedRequest(kind === 'resend' ? 'standard-webhooks' : kind, {}, secret, at).headers
}
