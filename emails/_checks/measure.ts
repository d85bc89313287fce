import type { Copy } from '../_components/copy.ts'
import { withoutMarkup } from '../_components/markup.ts'
import { bodyTexts } from './texts.ts'

/** The words of a text. */
export const words = (text: string): string[] => text.match(/[\p{L}\p{N}’'-]+/gu) ?? []

/** A lesson's running text as people read it: no small lines, no picture descriptions, no markup. */
export function lessonText(copy: Copy): string {
  return bodyTexts(copy)
    .filter(({ field }) => field !== 'eyebrow' && !field.endsWith('.alt'))
    .map(({ field, text }) => (/(title|Title|label)$/.test(field) ? `${text}.` : text))
    .map(withoutMarkup)
    .join(' ')
}

/** The paragraphs and lists, each a whole sentence at least: what the grade is measured on. No headings and no buttons. */
export function runningText(copy: Copy): string {
  return bodyTexts(copy)
    .filter(({ field }) => field.endsWith('.text') || field.includes('.items.'))
    .map(({ text }) => withoutMarkup(text))
    .map((text) => (/[.?!][”’]?$/.test(text) ? text : `${text}.`))
    .join(' ')
}

function syllables(word: string): number {
  const groups = word
    .toLowerCase()
    .replace(/(?:[^laeiouy]es|[^laeiouy]e|ed)$/, '')
    .match(/[aeiouy]{1,2}/g)
  return Math.max(1, groups?.length ?? 1)
}

/** Flesch-Kincaid grade: an estimate, good enough to catch a text that grew stiff, or fell to pieces. */
export function grade(text: string): number {
  const all = words(text)
  const sentences = text.split(/[.?!]+[”’]?(?:\s|$)/).filter((part) => part.trim() !== '').length
  const syllableCount = all.reduce((sum, word) => sum + syllables(word), 0)
  return 0.39 * (all.length / sentences) + 11.8 * (syllableCount / all.length) - 15.59
}
