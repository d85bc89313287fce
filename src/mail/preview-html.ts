/**
 * A mail's HTML to be looked at in a frame. Links show where they lead and lead nowhere; `dark` decides what a reader's
 * own setting would, which a frame cannot be told.
 */
export function previewHtml(html: string, { dark }: { dark: boolean }): string {
  const scheme = dark ? 'dark' : 'light'
  return html
    .replaceAll(/(<a\b[^>]*?) href="([^"]*)"/g, '$1 title="$2"')
    .replaceAll('@media (prefers-color-scheme:dark)', dark ? '@media all' : '@media not all')
    .replaceAll('color-scheme:light dark', `color-scheme:${scheme}`)
    .replaceAll('content="light dark"', `content="${scheme}"`)
}
