/** An address of which only its first letter and its host are left: `p•••@lead.example`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  return at < 1 ? '•••' : `${email.slice(0, 1)}•••${email.slice(at)}`
}

/** A number of which only its last two digits are left. */
export const maskPhone = (phone: string): string => `•••${phone.slice(-2)}`

const address = /[\w.!#$'*+^`{|}~-]+(?:@|%40|\\u0040)[a-z0-9-]+(?:(?:\.|%2e)[a-z0-9-]+)+/gi
/** Seven digits or more, however a person or an encoding parts them. */
const number = /(?:\+|%2b|%28)?(?<!%)\d(?:(?:[\s().\-/]|%2[089b]|\+){0,3}\d){6,}/gi

/** A text in which addresses and phone numbers cannot be read any more, written plainly or as in a form's body. */
export function maskText(text: string): string {
  return text.replace(address, '•••@•••').replace(number, '•••')
}
