import {
  ConfirmButton,
  defineTemplate,
  LessonArt,
  Letter,
  NextStep,
  Slot,
  Title,
  type Copy,
  type LessonProps,
} from './_components/lesson.ts'

const defaults: Copy = {
  subject: 'Please confirm your email address',
  topicalSubject: 'Please confirm that we may write to you',
  preheader: 'Press one button, so that we know it was you who asked.',
  eyebrow: 'One question first',
  title: 'Was it you who wrote to us?',
  art: { drawing: 'two-voices', alt: 'Two speech bubbles, facing each other.' },
  opening: [
    { type: 'paragraph', text: 'Hi {{firstName|there}},' },
    {
      type: 'paragraph',
      text: 'Somebody filled in a form of ours and left this email address. Before we write to it, we would like to be sure that it was you.',
    },
  ],
  lesson: [
    {
      type: 'paragraph',
      text: 'Press the button and say yes on the page that it opens. Our first note then comes at once, and a short series follows over the next weeks. Each email is about one thing and takes a few minutes to read. Every one has a link that ends the series.',
    },
    {
      type: 'callout',
      title: 'If it was not you',
      text: 'Then there is nothing that you need to do. Without a yes from you, this is the only email that you will ever get from us.',
    },
  ],
  stepTitle: 'Would you rather talk?',
  step: [
    {
      type: 'paragraph',
      text: 'You need not wait for our emails. Schedule a call to talk with a provider, at an hour that is good for you, and ask whatever you like.',
    },
    { type: 'button', label: 'Schedule a call', to: 'booking' },
  ],
}

/**
 * Asks whether an address is its owner's, and may be written to. The button that asks is part of the structure, so that no
 * edit can lose it. It is no lesson and teaches nothing of the article.
 */
export default function Confirm({ copy = defaults, ...mail }: LessonProps) {
  return (
    <Letter mail={mail} copy={copy} why="asks">
      <LessonArt />
      <Title />
      <Slot of="opening" />
      <ConfirmButton />
      <Slot of="lesson" />
      <NextStep weight="offer" />
    </Letter>
  )
}

export const confirm = defineTemplate({ tag: 'confirm', defaults, component: Confirm, evidence: {} })
