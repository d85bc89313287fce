import { randomBytes } from 'node:crypto'

/** Tools that can send neither a header nor a signature carry the secret as the last part of the address. */
const inPath = new Set(['elementor', 'jotform', 'wix-automation'])
/** Tools that make the secret themselves, so that ours must be theirs. */
const madeByTool = new Set(['webflow', 'hubspot-workflow', 'meta-lead-ads'])

export const isSecretInPath = (adapter: string): boolean => inPath.has(adapter)
export const isSecretMadeByTool = (adapter: string): boolean => madeByTool.has(adapter)

/** Where a source's leads go, with its newest secret where that is part of the address. */
export function sourceAddress(
  publicUrl: string,
  { slug, adapter, secrets }: { slug: string; adapter: string; secrets: readonly string[] },
): string {
  // A secret that a person chose may hold what means something else in an address.
  const last = isSecretInPath(adapter) ? `/${encodeURIComponent(secrets[0] ?? '')}` : ''
  return `${publicUrl}/hooks/leads/${slug}${last}`
}

/**
 * 256 bits as text, in the form that Standard Webhooks wants where that is what signs; null for a form in a browser,
 * which can keep no secret.
 */
export function newSecret(adapter: string): string | null {
  if (adapter === 'html-form') return null
  const bytes = randomBytes(32)
  const standard = adapter === 'standard-webhooks' || adapter === 'google-forms'
  return standard ? `whsec_${bytes.toString('base64')}` : bytes.toString('base64url')
}
