import type { ProviderKind } from './providers.ts'

/** A person who fills in a form or books; `id` makes the provider's own ids, so use another for each. */
export type DemoPerson = {
  id: string
  email: string
  firstName: string
  lastName: string
  phone: string
  message?: string
  /** What our booking link carried, for the booking tool. */
  token?: string
  startsAt?: Date
}

type Payload = Record<string, unknown>

const uri = 'https://api.calendly.com/scheduled_events'

const makers: Record<ProviderKind, (person: DemoPerson, now: Date) => Payload> = {
  typeform: ({ id, email, firstName, lastName, phone }, now) => ({
    event_id: `event-${id}`,
    event_type: 'form_response',
    form_response: {
      form_id: 'AbC123',
      token: `token-${id}`,
      submitted_at: now.toISOString(),
      hidden: { utm_source: 'google', utm_campaign: 'back-pain' },
      ...typeformAnswers([
        ['first_name', 'short_text', 'First name', { type: 'text', text: firstName }],
        ['last_name', 'short_text', 'Last name', { type: 'text', text: lastName }],
        ['email', 'email', 'Your email', { type: 'email', email }],
        ['phone', 'phone_number', 'Your phone', { type: 'phone_number', phone_number: phone }],
        ['consent', 'yes_no', 'May we email you?', { type: 'boolean', boolean: true }],
      ]),
    },
  }),
  webflow: ({ id, email, firstName, lastName, phone }, now) => ({
    triggerType: 'form_submission',
    payload: {
      name: 'Contact',
      siteId: '65a000000000000000000001',
      data: { 'First name': firstName, 'Last name': lastName, Email: email, Phone: phone, Consent: 'true' },
      schema: [{ fieldName: 'Email', fieldType: 'FormTextInput', fieldElementId: 'el-2' }],
      submittedAt: now.toISOString(),
      id: `webflow-${id}`,
      formId: '65a000000000000000000099',
    },
  }),
  elementor: ({ email, firstName, lastName, phone, message }) => ({
    'form[id]': 'a1b2c3',
    'form[name]': 'Contact',
    ...elementorField('name', 'text', 'Name', `${firstName} ${lastName}`),
    ...elementorField('email', 'email', 'Email', email),
    ...elementorField('phone', 'tel', 'Phone', phone),
    ...elementorField('message', 'textarea', 'Message', message ?? 'Please call me.'),
    ...elementorField('consent', 'acceptance', 'May we email you?', 'on'),
    'meta[page_url][title]': 'Page URL',
    'meta[page_url][value]': 'https://clinic.example/contact/',
  }),
  'html-form': ({ id, email, firstName, lastName, phone, message }) => ({
    submission_id: id,
    first_name: firstName,
    last_name: lastName,
    email,
    phone,
    message: message ?? 'Please call me.',
    consent: 'yes',
    consent_text_version: '2026-11-01',
    page_url: 'https://clinic.example/contact/',
    utm_source: 'google',
    website: '',
  }),
  'gravity-forms': ({ id, email, firstName, lastName, phone }, now) => ({
    id,
    form_id: '3',
    date_created: now.toISOString().slice(0, 19).replace('T', ' '),
    source_url: 'https://clinic.example/contact/',
    first_name: firstName,
    last_name: lastName,
    email,
    phone,
    consent: '1',
  }),
  'standard-webhooks': ({ id, email, firstName, lastName, phone }, now) => ({
    type: 'lead.submitted',
    timestamp: now.toISOString(),
    data: {
      submission_id: id,
      form: 'contact',
      email,
      first_name: firstName,
      last_name: lastName,
      phone,
      consent: true,
    },
  }),
  calendly: ({ id, email, firstName, lastName, token, startsAt }, now) => ({
    event: 'invitee.created',
    created_at: now.toISOString(),
    created_by: 'https://api.calendly.com/users/U1',
    payload: {
      uri: `${uri}/E-${id}/invitees/I-${id}`,
      email,
      name: `${firstName} ${lastName}`,
      status: 'active',
      timezone: 'America/New_York',
      event: `${uri}/E-${id}`,
      scheduled_event: calendlyTimes(`${uri}/E-${id}`, startsAt ?? new Date(now.getTime() + 3 * 86_400_000)),
      tracking: {
        utm_source: 'nurture',
        utm_medium: 'email',
        utm_content: token ?? null,
        salesforce_uuid: null,
      },
      rescheduled: false,
      old_invitee: null,
      new_invitee: null,
      cancel_url: `https://calendly.com/cancellations/I-${id}`,
      reschedule_url: `https://calendly.com/reschedulings/I-${id}`,
    },
  }),
}

function typeformAnswers(
  questions: readonly [ref: string, type: string, title: string, answer: Payload][],
): Payload {
  return {
    definition: {
      id: 'AbC123',
      title: 'Request a call',
      fields: questions.map(([ref, type, title]) => ({ id: `id-${ref}`, ref, type, title })),
    },
    answers: questions.map(([ref, type, , answer]) => ({ ...answer, field: { id: `id-${ref}`, type, ref } })),
  }
}

function elementorField(id: string, type: string, title: string, value: string): Payload {
  const parts = { id, type, title, value, raw_value: value, required: '1' }
  return Object.fromEntries(Object.entries(parts).map(([part, text]) => [`fields[${id}][${part}]`, text]))
}

function calendlyTimes(event: string, start: Date): Payload {
  const end = new Date(start.getTime() + 45 * 60_000)
  return {
    uri: event,
    name: 'First visit',
    status: 'active',
    start_time: start.toISOString(),
    end_time: end.toISOString(),
  }
}

/** What this provider sends when the person presses send, or books. */
export function demoPayload(kind: ProviderKind, person: DemoPerson, now: Date): Payload {
  return makers[kind](person, now)
}
