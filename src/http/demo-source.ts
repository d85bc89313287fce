/** The slug of the source that the demo page's form sends to. */
export const demoSource = 'website'
