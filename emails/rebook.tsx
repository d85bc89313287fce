import {
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
  subject: 'If you would still like to talk',
  topicalSubject: 'We can still find a time to talk',
  preheader: 'Plans change. Here is the calendar again, should you want it.',
  eyebrow: 'A short note',
  title: 'Plans change. The door is open.',
  art: { drawing: 'two-voices', alt: 'Two speech bubbles, facing each other.' },
  opening: [
    { type: 'paragraph', text: 'Hi {{firstName|there}},' },
    {
      type: 'paragraph',
      text: 'You had a time for a call with us, and it did not come about. That happens. There is nothing to explain, and nothing to make up for.',
    },
  ],
  lesson: [
    { type: 'paragraph', text: 'If you would still like to talk, starting again is easy:' },
    {
      type: 'list',
      marks: 'dots',
      items: [
        'Open the calendar with the button below.',
        'Take a time with some room before and after it.',
        'Write down what you would like to ask. A few words will do.',
      ],
    },
    {
      type: 'paragraph',
      text: 'A call is just a talk. You tell us what is going on and what you would like to get back to. You can ask whatever you like. What comes next is up to you.',
    },
    {
      type: 'callout',
      title: 'And if not',
      text: 'Then you need do nothing at all. This is the only note we send about it.',
    },
  ],
  stepTitle: 'Choose another time',
  step: [
    {
      type: 'paragraph',
      text: 'Schedule a call to talk with a provider, at an hour that is good for you. If nothing in the calendar fits, reply to this note and tell us what would. And if you have a new time already, this note has crossed yours: you can leave it.',
    },
    { type: 'button', label: 'Find a new time', to: 'booking' },
  ],
}

/**
 * After a call that was cancelled or missed: the way back, without blame. Its words hold whoever cancelled, because not
 * every booking tool says. It is no lesson and teaches nothing of the article.
 */
export default function Rebook({ copy = defaults, ...mail }: LessonProps) {
  return (
    <Letter mail={mail} copy={copy} lesson={null}>
      <LessonArt />
      <Title />
      <Slot of="opening" />
      <Slot of="lesson" />
      <NextStep weight="offer" />
    </Letter>
  )
}

export const rebook = defineTemplate({ tag: 'rebook', defaults, component: Rebook, evidence: {} })
