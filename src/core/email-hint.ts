/** Where most people in the clinic's country have their mailbox. */
const common = [
  'gmail.com',
  'yahoo.com',
  'hotmail.com',
  'outlook.com',
  'icloud.com',
  'comcast.net',
  'verizon.net',
  'aol.com',
  'msn.com',
  'live.com',
]

/** Real ones that lie next to a common one. */
const neighbours = ['mail.com', 'ymail.com', 'email.com', 'gmail.ca', 'yahoo.co']

/** A short name has too many neighbours: there only the part after the dot can be told to be a slip. */
const shortestToMend = 5

const nameOf = (domain: string) => domain.slice(0, domain.indexOf('.'))

/** Whether one letter left out, put in, changed, or swapped with the next makes one text of the other. */
function isOneSlip(one: string, other: string): boolean {
  if (one.length > other.length) return isOneSlip(other, one)
  if (other.length - one.length > 1 || one === other) return false
  let at = 0
  while (at < one.length && one[at] === other[at]) at++
  if (one.length < other.length) return one.slice(at) === other.slice(at + 1)
  const isSwapped = one[at] === other[at + 1] && one[at + 1] === other[at]
  return one.slice(at + 1) === other.slice(at + 1) || (isSwapped && one.slice(at + 2) === other.slice(at + 2))
}

/**
 * The address that was probably meant, where its domain is one slip away from a common one; else null. Only ever to
 * ask the person: the mailbox with the slip may be somebody's, and the one without it somebody else's.
 */
export function emailHint(email: string): string | null {
  const at = email.lastIndexOf('@')
  const domain = email.slice(at + 1).toLowerCase()
  if (at < 1 || common.includes(domain) || neighbours.includes(domain)) return null
  const meant = common.find(
    (known) =>
      isOneSlip(domain, known) &&
      (nameOf(known).length >= shortestToMend || nameOf(known) === nameOf(domain)),
  )
  return meant ? email.slice(0, at + 1) + meant : null
}
