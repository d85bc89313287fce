import type { SubmittedField } from '../core/submission.ts'

/** What a form's field can be mapped to. `fullName` is split where no first name is found. */
export const mappableFields = [
  'email',
  'firstName',
  'lastName',
  'fullName',
  'phone',
  'postalCode',
  'country',
  'timeZone',
  'message',
  'consent',
  'consentTextVersion',
  'pageUrl',
  'referrer',
] as const
export type MappableField = (typeof mappableFields)[number]

export type Rule = {
  types?: ReadonlySet<string>
  names: ReadonlySet<string>
  loose?: (name: string, field: SubmittedField) => boolean
}

const words = (list: string): ReadonlySet<string> => new Set(list.split('|'))

const textOf = ({ value }: SubmittedField) => (typeof value === 'string' ? value : '')

/** Agreeing to terms is not agreeing to mail. */
export const onlyTerms = (name: string) =>
  /\b(?:terms|conditions|privacy|policy)\b/.test(name) &&
  !/\b(?:e ?mails?|contact|newsletter|write)\b/.test(name)

const asksConsent = (name: string) =>
  /\b(?:may|can|could|should) we (?:e ?mail|contact|write)\b/.test(name) ||
  /\b(?:i|we) (?:agree|consent|accept)\b/.test(name) ||
  /\b(?:consent|opt in|permission)\b/.test(name)

/** Names and types as `wordsOf` leaves them. */
export const rules: Record<MappableField, Rule> = {
  email: {
    types: words('email|input email'),
    names: words(
      'email|e mail|mail|email address|e mail address|mail address|user email|contact email|lead email|work email',
    ),
    loose: (name, field) => /\be ?mail\b/.test(name) && textOf(field).includes('@'),
  },
  firstName: {
    names: words('first name|firstname|fname|given name|forename|first|name first|contact first name'),
  },
  lastName: {
    names: words('last name|lastname|lname|surname|family name|last|name last|contact last name'),
  },
  fullName: {
    names: words('name|full name|fullname|contact name|first and last name|first last name|names'),
  },
  phone: {
    types: words('phone number|input phone number|tel|phone'),
    names: words(
      'phone|phone number|tel|telephone|telephone number|mobile|mobile phone|mobile number|mobilephone|cell|cell phone|contact number|phone full',
    ),
    loose: (name, field) => /\b(?:phone|mobile|cell)\b/.test(name) && /\d(?:\D*\d){6}/.test(textOf(field)),
  },
  postalCode: {
    names: words('zip|zip code|zipcode|postal|postal code|postcode|post code|zip postal code|address zip'),
  },
  country: { names: words('country|country code|country name|country region|address country') },
  timeZone: { names: words('time zone|timezone|tz') },
  message: {
    types: words('long text|textarea'),
    names: words('message|comments|comment|messages|notes|note|question|questions|inquiry|enquiry|details'),
    loose: (name) => /\b(?:message|comments?|how can we help|what brings you|tell us)\b/.test(name),
  },
  consent: {
    types: words('acceptance|consent|legal'),
    names: words(
      'consent|email consent|marketing consent|contact consent|acceptance|accept|agree|agreement|i agree|opt in|optin|permission|newsletter|gdpr|gdpr consent',
    ),
    loose: asksConsent,
  },
  consentTextVersion: { names: words('consent text version|consent version') },
  pageUrl: { names: words('page url|pageurl|source url|page link|landing page|page') },
  referrer: { names: words('referrer|referer|referrer url') },
}
