import { render } from '@react-email/render'
import { createElement, type ReactElement } from 'react'
import type { MailProps, RenderedMail } from '../core/mail.ts'
import { asciiHtml } from './compile-parts.ts'
import { textOf } from './render-text.ts'

type WithCopy = MailProps & { copy?: object | undefined }

/** The part of a template that rendering needs; `emails/` has the whole. Methods, so that narrower copy fits. */
export type Renderable = {
  defaults: object
  subject(props: WithCopy): string
  component(props: WithCopy): ReactElement
}

/** A mail to the staff. */
export type RenderableAlert<Props> = {
  subject: (props: Props) => string
  component: (props: Props) => ReactElement
}

/** Renders without the comments React leaves for a browser that would take over: no mail client does. */
async function htmlOf(element: ReactElement): Promise<string> {
  return (await render(element)).replace(/<!--(?: |\/?\$|html|head|body)-->/g, '')
}

/** Renders one mail through React: the measure that compiled mail is held against. */
export async function renderDirect(
  template: Renderable,
  copy: object,
  props: MailProps,
): Promise<RenderedMail> {
  const html = await htmlOf(createElement(template.component, { ...props, copy }))
  return { subject: template.subject({ ...props, copy }), html: asciiHtml(html), text: textOf(html) }
}

/** Renders a mail to the staff. */
export async function renderAlert<Props extends object>(
  alert: RenderableAlert<Props>,
  props: Props,
): Promise<RenderedMail> {
  const html = await htmlOf(createElement(alert.component, props))
  return { subject: alert.subject(props), html: asciiHtml(html), text: textOf(html) }
}
