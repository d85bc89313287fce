import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { addSetting, findSetting, putSetting } from '../store/settings.ts'

/**
 * Checks, before anything is mailed, that this database is ours to run: it belongs to one kind of clock, and its
 * suppressions were hashed with keys that we hold. A new database is marked as ours.
 * Throws Problem `config` with what to do.
 */
export async function claimDatabase(
  ctx: Pick<Context, 'db' | 'clock' | 'config' | 'suppression'>,
): Promise<void> {
  const { db, clock, config, suppression } = ctx
  const now = clock.now()
  if (config.mode === 'live' && clock.kind !== 'real')
    throw new Problem('config', `A ${clock.kind} clock never mails real people. Unset RESEND_API_KEY.`)
  await addSetting(db, 'clock', { kind: clock.kind }, now)
  const owner = await findSetting<{ kind: string }>(db, 'clock')
  if (owner!.kind !== clock.kind)
    throw new Problem(
      'config',
      `This database belongs to a ${owner!.kind} clock and this process has a ${clock.kind} one. Use another database.`,
    )
  await addSetting(db, 'suppression-keys', { ids: suppression.keyIds }, now)
  const used = (await findSetting<{ ids: string[] }>(db, 'suppression-keys'))!.ids
  const missing = used.filter((id) => !suppression.keyIds.includes(id))
  if (missing.length > 0)
    throw new Problem(
      'config',
      `SUPPRESSION_KEYS is wrong: the key ${missing[0]}, with which addresses were suppressed here, is not in it. ` +
        'Put the old key back behind the new one (without SUPPRESSION_KEYS, APP_SECRET must stay what it was).',
    )
  await putSetting(db, 'suppression-keys', { ids: suppression.keyIds }, now)
}
