import type { FormAdapterKind } from '../../src/capture/index.ts'
import type { FieldMapping } from '../../src/capture/map-fields.ts'
import type { LeadFields, Submission } from '../../src/core/submission.ts'
import { json, urlencoded } from './request.ts'

/** Sample requests from the providers' documented field names, and what each must come out as. */
export type Sample = {
  name: string
  kind: FormAdapterKind
  headers: Record<string, string>
  body: string
  mapping?: FieldMapping
  submission: Partial<Omit<Submission, 'fields'>>
  lead: Partial<LeadFields>
}

const pat = { email: 'pat@example.com', firstName: 'Pat', lastName: 'Lee' }
const elementorAdvanced =
  'form%5Bid%5D=a1b2c3&form%5Bname%5D=Contact&fields%5Bemail%5D%5Bid%5D=email&fields%5Bemail%5D%5Btype%5D=email&fields%5Bemail%5D%5Btitle%5D=Email&fields%5Bemail%5D%5Bvalue%5D=pat%40example.com&fields%5Bemail%5D%5Braw_value%5D=pat%40example.com&fields%5Bemail%5D%5Brequired%5D=1&meta%5Bpage_url%5D%5Btitle%5D=Page+URL&meta%5Bpage_url%5D%5Bvalue%5D=https%3A%2F%2Fclinic.example%2Fcontact%2F'
const rawRequest =
  '{ "slug": "submit/240000000000001", "q3_email": "pat@example.com", "q4_name": { "first": "Pat", "last": "Lee" }, "q5_consent": ["Yes"] }'

function multipart(parts: Record<string, string>): Pick<Sample, 'headers' | 'body'> {
  const body = Object.entries(parts).map(
    ([name, value]) => `--edge\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  return {
    headers: { 'content-type': 'multipart/form-data; boundary=edge' },
    body: `${body.join('')}--edge--\r\n`,
  }
}
export { multipart }

export const samples: Sample[] = [
  {
    name: '15 Google Forms',
    kind: 'google-forms',
    headers: { ...json, 'webhook-id': 'msg_1' },
    body: '{ "type": "lead.submitted", "timestamp": "2026-11-22T10:01:30Z", "data": { "submission_id": "2_ABaOnu", "form": "contact", "email": "pat@example.com", "first_name": "Pat", "consent": true, "consent_text_version": "2026-11-01" } }',
    submission: { externalId: '2_ABaOnu', formId: 'contact', submittedAt: '2026-11-22T10:01:30.000Z' },
    lead: { ...pat, lastName: null, consent: true, consentTextVersion: '2026-11-01' },
  },
  {
    name: '17 Meta Lead Ads, as the Graph answers',
    kind: 'meta-lead-ads',
    headers: json,
    body: `{ "created_time": "2026-11-22T10:01:29+0000", "id": "444", "form_id": "777", "ad_id": "55", "field_data": [
      { "name": "email", "values": ["pat@example.com"] }, { "name": "full_name", "values": ["Pat Lee"] },
      { "name": "phone_number", "values": ["+1 610 555 0199"] },
      { "name": "what_brings_you_here?", "values": ["Running", "Golf"] } ] }`,
    submission: { externalId: '444', formId: '777', submittedAt: '2026-11-22T10:01:29.000Z', isTest: false },
    lead: { ...pat, phone: '+16105550199', consent: null },
  },
  {
    name: '1 Standard Webhooks',
    kind: 'standard-webhooks',
    headers: { ...json, 'webhook-id': 'msg_1' },
    body: '{ "type": "lead.submitted", "timestamp": "2026-11-22T10:01:30Z", "data": { "email": "pat@example.com", "name": { "first": "Pat", "last": "Lee" } } }',
    submission: { externalId: 'msg_1', formId: null, submittedAt: '2026-11-22T10:01:30.000Z' },
    lead: { ...pat, consent: null },
  },
  {
    name: '1 Standard Webhooks, fields at the top',
    kind: 'standard-webhooks',
    headers: { ...json, 'webhook-id': 'msg_2' },
    body: '{"email":"pat@example.com"}',
    submission: { externalId: 'msg_2' },
    lead: { email: 'pat@example.com' },
  },
  {
    name: '2 Typeform',
    kind: 'typeform',
    headers: json,
    body: `{ "event_id": "01HTYPEFORMDEMO", "event_type": "form_response", "form_response": {
      "form_id": "AbC123", "token": "tok_demo_1", "landed_at": "2026-11-22T10:00:00Z", "submitted_at": "2026-11-22T10:01:30Z",
      "hidden": { "utm_source": "google", "utm_campaign": "back-pain" },
      "definition": { "id": "AbC123", "title": "Request a call", "fields": [
        { "id": "f1", "ref": "email", "type": "email", "title": "Your email" },
        { "id": "f2", "ref": "consent", "type": "yes_no", "title": "May we email you?" } ] },
      "answers": [
        { "type": "email", "email": "pat@example.com", "field": { "id": "f1", "type": "email", "ref": "email" } },
        { "type": "boolean", "boolean": true, "field": { "id": "f2", "type": "yes_no", "ref": "consent" } } ],
      "ending": { "id": "end1", "ref": "thanks" } } }`,
    submission: { externalId: 'tok_demo_1', formId: 'AbC123', submittedAt: '2026-11-22T10:01:30.000Z' },
    lead: {
      email: 'pat@example.com',
      consent: true,
      utm: { utm_source: 'google', utm_campaign: 'back-pain' },
    },
  },
  {
    name: '3 Webflow v2',
    kind: 'webflow',
    headers: json,
    body: `{ "triggerType": "form_submission", "payload": { "name": "Contact", "siteId": "65a000000000000000000001",
      "data": { "First name": "Pat", "Email": "pat@example.com", "Consent": "true" },
      "schema": [ { "fieldName": "Email", "fieldType": "FormTextInput", "fieldElementId": "el-2" } ],
      "submittedAt": "2026-11-22T10:01:30.000Z", "id": "67400000000000000000000a", "formId": "65a000000000000000000099" } }`,
    submission: {
      externalId: '67400000000000000000000a',
      formId: '65a000000000000000000099',
      submittedAt: '2026-11-22T10:01:30.000Z',
    },
    lead: { ...pat, lastName: null, consent: true },
  },
  {
    name: '3 Webflow v1',
    kind: 'webflow',
    headers: json,
    body: '{ "name": "Contact", "site": "65a0", "data": { "Email": "pat@example.com" }, "d": "2026-11-22T10:01:30.000Z", "_id": "674b" }',
    submission: { externalId: '674b', formId: null, submittedAt: '2026-11-22T10:01:30.000Z' },
    lead: { email: 'pat@example.com' },
  },
  {
    name: '4 Gravity Forms, all fields',
    kind: 'gravity-forms',
    headers: json,
    body: `{ "id": "812", "form_id": "3", "date_created": "2026-11-22 10:01:30", "source_url": "https://clinic.example/contact/",
      "ip": "203.0.113.9", "user_agent": "Mozilla/5.0", "1.3": "Pat", "1.6": "Lee", "2": "pat@example.com", "5.1": "1" }`,
    mapping: { email: '2', firstName: '1.3', lastName: '1.6', consent: '5.1' },
    submission: { externalId: '812', formId: '3', submittedAt: '2026-11-22T10:01:30.000Z' },
    lead: { ...pat, consent: true, pageUrl: 'https://clinic.example/contact/' },
  },
  {
    name: '4 Gravity Forms, FORM format',
    kind: 'gravity-forms',
    headers: urlencoded,
    body: 'id=812&form_id=3&email=pat%40example.com&first_name=Pat&last_name=Lee&consent=1',
    submission: { externalId: '812', formId: '3', submittedAt: null },
    lead: { ...pat, consent: true },
  },
  {
    name: '5 WPForms',
    kind: 'wpforms',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: '{ "email": "pat@example.com", "name": "Pat Lee", "topics": "First visit||Prices", "consent": "I agree" }',
    mapping: { message: 'topics' },
    submission: { externalId: null },
    lead: { ...pat, consent: true, message: 'First visit, Prices' },
  },
  {
    name: '6 Contact Form 7',
    kind: 'contact-form-7',
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: '{ "your-name": "Pat Lee", "your-email": "pat@example.com", "your-message": "Please call me", "acceptance-1": ["1"], "utm_source": "google" }',
    submission: { externalId: null },
    lead: { ...pat, message: 'Please call me', consent: true, utm: { utm_source: 'google' } },
  },
  {
    name: '7 Elementor, advanced data',
    kind: 'elementor',
    headers: urlencoded,
    body: elementorAdvanced,
    submission: { externalId: null, formId: 'a1b2c3' },
    lead: { email: 'pat@example.com', pageUrl: 'https://clinic.example/contact/' },
  },
  {
    name: '7 Elementor, simple',
    kind: 'elementor',
    headers: urlencoded,
    body: 'Name=Pat+Lee&Email=pat%40example.com&Date=November+22&Page+URL=https%3A%2F%2Fclinic.example%2F&User+Agent=Mozilla&Remote+IP=203.0.113.9&Powered+by=Elementor&form_id=a1b2c3&form_name=Contact',
    submission: { externalId: null, formId: 'a1b2c3' },
    lead: { ...pat, pageUrl: 'https://clinic.example/' },
  },
  {
    name: '8 HubSpot, contact record',
    kind: 'hubspot-workflow',
    headers: json,
    body: `{ "vid": 501, "portal-id": 12345, "is-contact": true,
      "properties": { "email": { "value": "pat@example.com", "versions": [] }, "firstname": { "value": "Pat", "versions": [] } },
      "form-submissions": [ { "conversion-id": "conv-1", "timestamp": 1795341690000, "form-id": "form-1", "portal-id": 12345, "page-title": "Contact", "title": "Request a call" } ],
      "identity-profiles": [ { "vid": 501, "identities": [ { "type": "EMAIL", "value": "pat@example.com", "timestamp": 1795341690000 } ] } ] }`,
    submission: {
      externalId: '501:1795341690000',
      formId: 'form-1',
      submittedAt: new Date(1795341690000).toISOString(),
    },
    lead: { ...pat, lastName: null },
  },
  {
    name: '8 HubSpot, keys of the admin',
    kind: 'hubspot-workflow',
    headers: json,
    body: '{ "email": "pat@example.com", "firstname": "Pat", "lastname": "Lee" }',
    submission: { externalId: null },
    lead: pat,
  },
  {
    name: '10 Wix, form entity',
    kind: 'wix-automation',
    headers: json,
    body: `{ "formId": "6a000000-0000-4000-8000-000000000001", "namespace": "wix.form_app.form", "status": "CONFIRMED",
      "submissions": { "first_name": "Pat", "email": "pat@example.com" }, "contactId": "6a000000-0000-4000-8000-0000000000c1" }`,
    submission: { externalId: null, formId: '6a000000-0000-4000-8000-000000000001' },
    lead: { ...pat, lastName: null },
  },
  {
    name: '10 Wix, structure of the owner',
    kind: 'wix-automation',
    headers: json,
    body: '{ "data": { "email": "pat@example.com", "first_name": "Pat", "consent": "Yes", "submission_id": "wix-1" } }',
    submission: { externalId: 'wix-1' },
    lead: { ...pat, lastName: null, consent: true },
  },
  {
    name: '11 Framer',
    kind: 'framer',
    headers: { ...json, 'framer-webhook-submission-id': 'sub-0001' },
    body: '{ "Name": "Pat Lee", "Email": "pat@example.com", "Consent": "on" }',
    submission: { externalId: 'sub-0001' },
    lead: { ...pat, consent: true },
  },
  {
    name: '12 Tally',
    kind: 'tally',
    headers: json,
    body: `{ "eventId": "ev-demo-1", "eventType": "FORM_RESPONSE", "createdAt": "2026-11-22T10:01:31.000Z",
      "data": { "responseId": "r1", "submissionId": "r1", "respondentId": "p1", "formId": "wA1", "formName": "Request a call", "createdAt": "2026-11-22T10:01:30.000Z",
        "fields": [
          { "key": "question_a", "label": "Email", "type": "INPUT_EMAIL", "value": "pat@example.com" },
          { "key": "question_b", "label": "Reach me by", "type": "MULTIPLE_CHOICE", "value": ["opt-2"], "options": [ { "id": "opt-1", "text": "Phone" }, { "id": "opt-2", "text": "Email" } ] },
          { "key": "question_c", "label": "utm_source", "type": "HIDDEN_FIELDS", "value": "google" } ] } }`,
    mapping: { message: 'Reach me by' },
    submission: { externalId: 'r1', formId: 'wA1', submittedAt: '2026-11-22T10:01:30.000Z' },
    lead: { email: 'pat@example.com', message: 'Email', utm: { utm_source: 'google' } },
  },
  {
    name: '13 Jotform',
    kind: 'jotform',
    ...multipart({
      formID: '240000000000001',
      submissionID: '6001',
      formTitle: 'Contact',
      ip: '203.0.113.9',
      rawRequest,
    }),
    submission: { externalId: '6001', formId: '240000000000001' },
    lead: { ...pat, consent: true },
  },
  ...['', '{"payload":'].map((wrap) => ({
    name: `14 Netlify${wrap && ' function'}`,
    kind: 'netlify' as const,
    headers: json,
    body: `${wrap}{ "id": "sub-1", "number": 17, "email": "pat@example.com", "name": "Pat Lee", "first_name": "Pat", "last_name": "Lee",
      "data": { "email": "pat@example.com", "name": "Pat Lee", "consent": "yes", "ip": "203.0.113.9", "user_agent": "Mozilla/5.0", "referrer": "https://clinic.example/contact" },
      "created_at": "2026-11-22T10:01:30.000Z", "site_url": "https://clinic.example", "form_id": "frm-1", "form_name": "contact" }${wrap && '}'}`,
    submission: { externalId: 'sub-1', formId: 'frm-1', submittedAt: '2026-11-22T10:01:30.000Z' },
    lead: { ...pat, consent: true, referrer: 'https://clinic.example/contact' },
  })),
  {
    name: '16 HTML form, urlencoded',
    kind: 'html-form',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
    body: 'submission_id=5f1c0f0e-0000-4000-8000-000000000001&first_name=Pat&email=pat%40example.com&consent=yes&consent_text_version=2026-11-01&utm_source=google&website=',
    submission: { externalId: '5f1c0f0e-0000-4000-8000-000000000001' },
    lead: {
      ...pat,
      lastName: null,
      consent: true,
      consentTextVersion: '2026-11-01',
      utm: { utm_source: 'google' },
    },
  },
  {
    name: '16 HTML form, multipart',
    kind: 'html-form',
    ...multipart({
      submission_id: 's-1',
      name: 'Pat Lee',
      email: 'pat@example.com',
      message: 'One\r\ntwo',
      phone: '610 555 0100',
    }),
    submission: { externalId: 's-1' },
    lead: { ...pat, message: 'One\ntwo', phone: '+16105550100' },
  },
  {
    name: '16 HTML form, from fetch',
    kind: 'html-form',
    headers: json,
    body: '{"email":"pat@example.com","name":"Pat Lee","time_zone":"America/New_York","zip":"19010"}',
    submission: { externalId: null },
    lead: { ...pat, timeZone: 'America/New_York', postalCode: '19010' },
  },
  {
    name: '18 Google Ads',
    kind: 'google-ads-lead-form',
    headers: json,
    body: `{ "lead_id": "TeSter-1", "api_version": "1.0", "form_id": 40000000000, "campaign_id": 123456, "adgroup_id": 20000000000, "creative_id": 30000000000,
      "google_key": "demo-key", "is_test": true, "gcl_id": "gclid-demo",
      "user_column_data": [ { "column_id": "FULL_NAME", "column_name": "Full name", "string_value": "Pat Lee" },
        { "column_id": "EMAIL", "column_name": "User email", "string_value": "pat@example.com" } ] }`,
    submission: { externalId: 'TeSter-1', formId: '40000000000', isTest: true },
    lead: pat,
  },
  {
    name: 'bearer, one level nested',
    kind: 'bearer',
    headers: json,
    body: '{"submission_id":7,"lead":{"email":"pat@example.com","firstName":"Pat","lastName":"Lee","consent":1}}',
    submission: { externalId: '7' },
    lead: { ...pat, consent: true },
  },
  {
    name: 'bearer, urlencoded',
    kind: 'bearer',
    headers: urlencoded,
    body: 'Email=pat%40example.com&First+Name=Pat&Last+Name=Lee',
    submission: { externalId: null },
    lead: pat,
  },
]
