/** How alerts to the front desk call what a lead did, and what they say of it. */
export const leadWords = {
  'fresh-lead': { heading: 'New lead: please call', when: 'Received', source: 'Source' },
  'call-me': { heading: 'Please call this lead', when: 'Asked', source: 'Came from' },
  'unbooked-click': {
    heading: 'Looked at your calendar, and did not book',
    when: 'Looked',
    source: 'Came from',
  },
  finished: { heading: 'Had all emails, and did not book', when: 'Last email', source: 'Came from' },
} as const
