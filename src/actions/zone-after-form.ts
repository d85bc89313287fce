import { zipZone } from '../capture/values/zip-zone.ts'
import type { Context } from '../context.ts'
import type { LeadFields } from '../core/submission.ts'

/** What a browser that keeps its zone to itself says, and a server: nobody lives by it. */
const anywhere = /^(?:UTC|GMT|UCT|Zulu|Universal|Greenwich|Etc\/.+)$/i

/** The zone that the form named; else the one that is known; else that of the ZIP code; else null, for the clinic's. */
export function zoneAfterForm(
  ctx: Pick<Context, 'config'>,
  fields: LeadFields,
  known: string | null,
  isOlder: boolean,
): string | null {
  const clinics = ctx.config.brand.timeZone
  // Rows of older releases hold a copy of the clinic's, which says nothing of the lead.
  const own = known === clinics || (known !== null && anywhere.test(known)) ? null : known
  const told = fields.timeZone
  if (told !== null && !anywhere.test(told) && !(isOlder && own !== null)) return told
  return own ?? zipZone(fields.postalCode, fields.country, clinics)
}
