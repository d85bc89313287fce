import { formBody } from './capture-form.ts'

/**
 * The statement that one capture of a new lead would be, written by hand for it alone: the same lock, the same questions,
 * the same rows. One round trip, committed by itself; its ids are as ordered as ours.
 */
export function singleLeadScript(sourceId: string, definitionHash: string): string {
  // In hex: pgbench would take `:00` for one of its variables.
  const body = Buffer.from(formBody('pat@lead.example')).toString('hex')
  const { data } = JSON.parse(formBody('pat@lead.example')) as { data: object }
  const fields = JSON.stringify(data).replaceAll("'", "''")
  const text = `
    with given as materialized (
      select key, pg_advisory_xact_lock(hashtextextended(key, 0)), uuidv7() as lead_id, uuidv7() as capture_id,
        now() as at, decode(md5(key), 'hex') as hash
      from (select 'pat-' || :n::bigint || '@lead.example' as key) made
    ), lead as (
      insert into leads (id, email, email_key, folded_key, first_name, last_name, phone, postal_code, time_zone,
        created_at, updated_at)
      select lead_id, key, key, key, 'Pat', 'Lee', '+16105550111', '19010', 'America/New_York', at, at from given
      on conflict (email_key) do update set updated_at = excluded.updated_at returning id
    ), capture as (
      insert into captures (id, source_id, external_id, status, content_type, body, fields, lead_id, outcome,
        received_at)
      select capture_id, '${sourceId}', 'id-msg-' || key, 'mapped', 'application/json',
        '\\x${body}'::bytea, '${fields}', lead.id, 'enrolled', at
      from given, lead on conflict (source_id, external_id) do nothing returning id, lead_id
    ), consent as (
      insert into consents (id, lead_id, capture_id, basis, text_version, page_url, given_at)
      select uuidv7(), lead_id, id, 'ticked', '2026-01', 'https://clinic.example/contact', now() from capture
    ), enrollment as (
      insert into enrollments (id, lead_id, source_id, sequence, definition_hash, status, topical, started_at)
      select uuidv7(), capture.lead_id, '${sourceId}', 'back-spasms', '${definitionHash}', 'active', false, at
      from capture, given
      where not exists (select from suppressions s where s.hash = given.hash)
        and not exists (select from enrollments e where e.lead_id = capture.lead_id)
        and not exists (select from bookings b
          where b.status = 'booked' and (b.lead_id = capture.lead_id or b.email_key = given.key))
        and not exists (select from settings where settings.key = 'steps-off')
      returning id, lead_id
    ), delivery as (
      insert into deliveries (id, enrollment_id, lead_id, step, status, first, due_at, group_limit, created_at)
      select uuidv7(), id, lead_id, 'lesson-1', 'waiting', true, now(), 100, now() from enrollment
    )
    insert into alerts (id, kind, status, capture_id, attempts, due_at, next_attempt_at, created_at)
    select uuidv7(), 'fresh-lead', 'waiting', id, 0, now(), clock_timestamp(), now() from capture`
  return `\\set n random(1, 9000000000000000)\n${text.replaceAll(/\s+/g, ' ').trim()};\n`
}
