import type { FormAdapter } from './adapter.ts'
import { bearer } from './adapters/bearer.ts'
import { contactForm7 } from './adapters/contact-form-7.ts'
import { elementor } from './adapters/elementor.ts'
import { framer } from './adapters/framer.ts'
import { googleAdsLeadForm } from './adapters/google-ads-lead-form.ts'
import { googleForms } from './adapters/google-forms.ts'
import { gravityForms } from './adapters/gravity-forms.ts'
import { htmlForm } from './adapters/html-form.ts'
import { hubspotWorkflow } from './adapters/hubspot-workflow.ts'
import { jotform } from './adapters/jotform.ts'
import { metaLeadAds } from './adapters/meta-lead-ads.ts'
import { netlify } from './adapters/netlify.ts'
import { standardWebhooks } from './adapters/standard-webhooks.ts'
import { tally } from './adapters/tally.ts'
import { typeform } from './adapters/typeform.ts'
import { webflow } from './adapters/webflow.ts'
import { wixAutomation } from './adapters/wix-automation.ts'
import { wpforms } from './adapters/wpforms.ts'

/** Every kind of form that can send leads. The key is what a source's row names. */
export const formAdapters = {
  'standard-webhooks': standardWebhooks,
  bearer,
  'html-form': htmlForm,
  'gravity-forms': gravityForms,
  elementor,
  wpforms,
  'contact-form-7': contactForm7,
  typeform,
  webflow,
  framer,
  tally,
  netlify,
  'google-ads-lead-form': googleAdsLeadForm,
  'meta-lead-ads': metaLeadAds,
  'wix-automation': wixAutomation,
  jotform,
  'google-forms': googleForms,
  'hubspot-workflow': hubspotWorkflow,
} as const satisfies Record<string, FormAdapter>

export type FormAdapterKind = keyof typeof formAdapters
