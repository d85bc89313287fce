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
  art: { drawing: 'open-door', alt: 'A door that stands open, with light behind it.' },
  opening: [
    { type: 'paragraph', text: 'Hi {{firstName|there}},' },
    {
      type: 'paragraph',
      text: 'You had a time for a call with us that did not come about, which happens to all of us. There is nothing to explain or to make up for, and you are as welcome as you were before.',
    },
  ],
  lesson: [
    {
      type: 'paragraph',
      text: 'If you would still like to talk, it is easy to start again in three small steps:',
    },
    {
      type: 'list',
      marks: 'numbers',
      items: [
        'Open the calendar with the button below, and look through the times that are free.',
        'Choose a time that leaves some room before and after it, so that you don’t have to rush.',
        'Write a few words about what you would like to ask, so that they are at hand when we talk.',
      ],
    },
    {
      type: 'paragraph',
      text: 'A call is just a talk, in which you can tell us what is going on and what you would like to get back to, and ask whatever you like. What comes next is up to you.',
    },
    {
      type: 'callout',
      title: 'And if not',
      text: 'Then there is nothing that you need to do, because this is the only note we will send about it.',
    },
  ],
  stepTitle: 'Choose another time',
  step: [
    {
      type: 'paragraph',
      text: 'Schedule a call to talk with a provider at an hour that is good for you. If nothing in the calendar fits, reply to this note and tell us what would, so that we can look for it together. And if you have found a new time already, this note has crossed yours, and you can leave it.',
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
    <Letter mail={mail} copy={copy} why="call">
      <LessonArt />
      <Title />
      <Slot of="opening" />
      <Slot of="lesson" />
      <NextStep weight="offer" />
    </Letter>
  )
}

export const rebook = defineTemplate({ tag: 'rebook', defaults, component: Rebook, evidence: {} })
