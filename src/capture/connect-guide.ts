import { googleFormsScript } from './google-forms-script.ts'
import type { FormAdapterKind } from './index.ts'

/** How a form's tool is told to send leads: its name as people know it, and three steps in its own words. */
export type ConnectGuide = {
  tool: string
  steps: readonly [string, string, string]
  /** What one of the steps pastes, for an address and a secret. */
  script?: (address: string, secret: string) => string
}

const test = 'Send the form once as a visitor would. Then look what arrived: `source fields`.'

/** One guide an adapter. "The address" and "the secret" are what `source add` prints. */
export const connectGuides: Readonly<Record<FormAdapterKind, ConnectGuide>> = {
  'standard-webhooks': {
    tool: 'Standard Webhooks',
    steps: [
      'POST JSON to the address, with the fields at the top or under `data`.',
      'Sign each request with the secret, as standardwebhooks.com describes.',
      test,
    ],
  },
  bearer: {
    tool: 'Zapier, Make, n8n, any script',
    steps: [
      'Add a step that sends a POST request with JSON to the address.',
      'Give it the header `Authorization`, with `Bearer`, a space and the secret.',
      'Fill in `email`, `first_name`, `phone`, `consent` and `submission_id` from the form, and run a test.',
    ],
  },
  'html-form': {
    tool: 'Plain HTML form',
    steps: [
      'Set the form to `method="post"` with the address as its `action`. Without a form, link or frame the hosted one.',
      'Name the inputs `email`, `first_name`, `phone` and `consent`; add a hidden input `website` that stays empty.',
      'Add the script, and list the site: `source form --origin`. Send the form once, then look: `source fields`.',
    ],
  },
  'gravity-forms': {
    tool: 'Gravity Forms',
    steps: [
      'With the Webhooks add-on: form settings, Webhooks, add a feed. Paste the address, method POST, format JSON.',
      'Add the request header `Authorization` with `Bearer`, a space and the secret.',
      'Under "Select fields" send `email`, `first_name`, `phone` and `consent`. Save, and send the form once.',
    ],
  },
  elementor: {
    tool: 'Elementor Pro',
    steps: [
      'Edit the form, and under "Actions after submit" add Webhook.',
      'Paste the address as the webhook URL (the secret is part of it), and switch "Advanced data" on.',
      test,
    ],
  },
  wpforms: {
    tool: 'WPForms',
    steps: [
      'With the Webhooks add-on: form settings, Webhooks, switch it on. Paste the address, method POST, format JSON.',
      'Paste the secret into the field "Secret".',
      'Under "Request body" send `email`, `name`, `phone` and `consent`. Save, and send the form once.',
    ],
  },
  'contact-form-7': {
    tool: 'Contact Form 7',
    steps: [
      'Install the plug-in "CF7 to Webhook". In the form, tab Webhook, switch it on and paste the address.',
      'Under "Headers" add `Authorization: Bearer` and the secret.',
      test,
    ],
  },
  typeform: {
    tool: 'Typeform',
    steps: [
      'Open the form, then Connect, Webhooks, "Add a webhook", and paste the address.',
      'Edit the webhook, paste the secret, and switch it on: new ones start switched off.',
      test,
    ],
  },
  webflow: {
    tool: 'Webflow',
    steps: [
      'Make a webhook for the trigger `form_submission` with a site token; paste the address as its URL.',
      'Give us the `secretKey` of the answer: `source add webflow --secret`, or later `source rotate --secret`.',
      test,
    ],
  },
  framer: {
    tool: 'Framer',
    steps: [
      'Select the form, and under "Send to" choose Webhook. Paste the address.',
      'Paste the secret into the field "Secret".',
      'Publish the site, and send the form once. Then look what arrived: `source fields`.',
    ],
  },
  tally: {
    tool: 'Tally',
    steps: [
      'Open the form, tab Integrations, and connect Webhooks. Paste the address.',
      'Under "Signing secret" paste the secret.',
      test,
    ],
  },
  netlify: {
    tool: 'Netlify Forms',
    steps: [
      'Site configuration, Notifications, "Form submission notifications": add an HTTP POST request.',
      'Paste the address as the URL and the secret as the "JWS secret token".',
      test,
    ],
  },
  'google-ads-lead-form': {
    tool: 'Google Ads lead form',
    steps: [
      'Edit the lead form, "Export leads from Google Ads", "Other data integration options".',
      'Paste the address as the webhook URL and the secret as the key.',
      'Press "Send test data": it is kept as a test and enrolls nobody.',
    ],
  },
  'meta-lead-ads': {
    tool: 'Meta Lead Ads (Facebook, Instagram)',
    steps: [
      'Give us the app’s secret: `source add meta-lead-ads --secret`; and a token of the page as `META_ACCESS_TOKEN`.',
      'In the app’s Webhooks choose Page, paste the address and the verify token, and subscribe to `leadgen`.',
      'Subscribe the page to the app. Send a lead by Meta’s Lead Ads Testing Tool: it is kept and enrolls nobody.',
    ],
  },
  'wix-automation': {
    tool: 'Wix',
    steps: [
      'Automations, new automation, trigger "Form submitted", action "Send via webhook".',
      'Paste the address (the secret is part of it), and choose a custom body with `email`, `first_name` and `consent`.',
      test,
    ],
  },
  jotform: {
    tool: 'Jotform',
    steps: [
      'Open the form, Settings, Integrations, Webhooks.',
      'Paste the address (the secret is part of it) and complete the integration.',
      test,
    ],
  },
  'google-forms': {
    tool: 'Google Forms',
    steps: [
      'In the form’s menu choose Apps Script, and paste the script in place of what is there. Save.',
      'Under Triggers add one: function `sendLead`, from the form, on form submit. Allow what it asks for.',
      test,
    ],
    script: googleFormsScript,
  },
  'hubspot-workflow': {
    tool: 'HubSpot',
    steps: [
      'In a workflow that starts with the form, add "Send a webhook": POST to the address, signed by your app.',
      'Give us the app’s client secret: `source add hubspot-workflow --secret`.',
      'Under "Customize request body" send `email`, `first_name` and `submission_id`. Switch the workflow on.',
    ],
  },
}
