/** How the mail that a reply answers was found, surest first: the address it was sent to, or a header that names it. */
export const replyMatches = ['address', 'in-reply-to', 'references'] as const
