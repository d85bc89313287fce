import type { SlotName } from '../_components/copy.ts'

/** The lines above the slots: how each is called in the text, and its place in the copy. */
export const headLines = [
  ['subject', 'subject'],
  ['topical-subject', 'topicalSubject'],
  ['preheader', 'preheader'],
  ['eyebrow', 'eyebrow'],
  ['title', 'title'],
  ['art', 'art'],
  ['step-title', 'stepTitle'],
] as const

export const slotNames = ['opening', 'lesson', 'step'] as const satisfies readonly SlotName[]

/** A line that opens something other than a paragraph; a paragraph that looks like one starts with a backslash. */
export const opensBlock = /^(\\|#|==|- |> |\d+\. |\[(image|button) )/

/** What stands at the top of a text, for whoever opens it. */
export const manual = `# Change the words, save, and close. Lines that start with # are notes and are not kept.
# A blank line ends a block. Blocks may be added, taken out and moved within and between the == parts:
#   a paragraph is just words; - and 1. start the items of a list; > lines are the idea to take away, its title first;
#   [button booking] Words   [button call-me] Words   [image name] What the picture shows
# Inside a text: **bold**, *italic*, [words](https://site.org/page), {{firstName|there}}, {{clinicName}}, {{area}}.
`
