/** What a lesson is built from, for one import line in each template. */
export { ConfirmButton } from './confirm-button.tsx'
export { Slot } from './blocks.tsx'
export type { Copy } from './copy.ts'
export { LessonArt } from './lesson-art.tsx'
export { Letter } from './letter.tsx'
export { NextStep } from './next-step.tsx'
export { defineTemplate, type LessonProps } from './template.ts'
export { Title } from './title.tsx'
