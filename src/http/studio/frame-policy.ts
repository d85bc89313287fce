/**
 * What a browser holds a previewed mail to: no script, no form, no way out, and of all pictures only those from
 * `pictures`, such as the clinic's own logo. `sandbox` holds wherever the address is opened, in our frame or outside of it.
 */
export const framePolicy = (pictures: string | null) =>
  [
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox",
    "style-src 'unsafe-inline'",
    `img-src ${pictures && !/[\s;,]/.test(pictures) ? pictures.split('?')[0] : "'none'"}`,
  ].join('; ')
