/** As every signed link of ours has one: 32 bytes in base64url (RFC 4648, section 5). */
const token = /(?<=[/=])[\w-]{43}(?![\w-])/g

/** A mail's HTML or text in which no link of ours acts any more: who looks at a mail must not act as its reader. */
export const hideTokens = (text: string): string => text.replace(token, '-')
