import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { mutants } from './mutants.ts'

test.each(mutants)(
  'the mistake "$name" still finds the code that it spoils, once',
  async ({ edits, harmless = [] }) => {
    for (const { file, find } of [...edits, ...harmless]) {
      const text = await readFile(new URL(`../../${file}`, import.meta.url), 'utf8')
      expect([file, find, text.split(find).length - 1]).toEqual([file, find, 1])
    }
  },
)
