import type { MappableField } from '../capture/field-names.ts'
import { guessMapping } from '../capture/guess-mapping.ts'
import { fieldOf, type FieldMapping } from '../capture/map-fields.ts'
import type { Context } from '../context.ts'
import type { SubmittedField } from '../core/submission.ts'
import { findLatestBody } from '../store/captures.ts'
import type { Source } from '../store/sources.ts'

/** The shape of one capture: names alone, for what people wrote is nobody's business here. */
export type SourceFields = {
  receivedAt: Date
  fields: { key: string; label: string | null; readAs: MappableField[] }[]
  /** What the fields are taken for now: as mapped, and guessed where the mapping says nothing. */
  mapping: FieldMapping
}

/**
 * Reads the newest capture of a source again, as its form is now. Null when nothing came yet, or all of it is erased.
 * Throws the Problem of the adapter when that body is not in the shape of the source's tool.
 */
export async function readFields(
  ctx: Pick<Context, 'db' | 'forms'>,
  source: Source,
): Promise<SourceFields | null> {
  const latest = await findLatestBody(ctx.db, source.id)
  return latest && readFieldsOf(ctx, source, latest)
}

/** As `readFields`, of one capture of that source: its form may have changed since. */
export async function readFieldsOf(
  ctx: Pick<Context, 'forms'>,
  source: Source,
  capture: { body: Buffer; contentType: string | null; receivedAt: Date },
): Promise<SourceFields> {
  const headers = { 'content-type': capture.contentType ?? 'application/json' }
  const adapter = ctx.forms[source.adapter]!
  const submission = await adapter.read({ method: 'POST', url: '', headers, body: capture.body })
  const mapping: FieldMapping = { ...guessMapping(submission), ...source.mapping }
  const readAs = (field: SubmittedField) =>
    (Object.entries(mapping) as [MappableField, string | null][]).flatMap(([target, name]) =>
      name !== null && fieldOf(submission.fields, name) === field ? [target] : [],
    )
  return {
    receivedAt: capture.receivedAt,
    fields: submission.fields.map((field) => ({
      key: field.key,
      label: field.label ?? null,
      readAs: readAs(field),
    })),
    mapping,
  }
}
