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
  subject: 'Thank you for reaching out. Start here.',
  topicalSubject: 'When a back locks up, what does it mean?',
  preheader: 'The first of seven short notes: one calm idea, and an easy way to talk with us.',
  eyebrow: 'Part 1 of 7',
  title: 'A back that locks up is standing guard',
  art: { drawing: 'on-guard', alt: 'A stack of bars. Two bars hold its middle steady from both sides.' },
  opening: [
    { type: 'paragraph', text: 'Hi {{firstName|there}},' },
    {
      type: 'paragraph',
      text: 'Thank you for getting in touch. Over the next few weeks we’ll send you seven short notes on why backs lock up and what helps. Each one holds a single idea. Here is the first.',
    },
  ],
  lesson: [
    {
      type: 'paragraph',
      text: 'It can start with next to nothing. A person bends down for a sock, and their back locks. One moment all was well. Now they are stuck, it hurts, and nothing seems to explain it.',
    },
    {
      type: 'paragraph',
      text: 'Then the questions come: did something slip? Tear? Break? Most people are scared at this point. Who wouldn’t be? And they are far from alone: few troubles are as common as a back spasm, or as frustrating.',
    },
    {
      type: 'callout',
      title: 'The idea for today',
      text: 'A spasm is a signal. When something feels unsteady, the body clamps down to protect itself until it feels safe.',
    },
    {
      type: 'paragraph',
      text: 'So the spasm is the guard, and not the root of the problem. Most often it doesn’t mean that anything is damaged or broken. That leaves a better question: what set off the guard? Our next note starts there.',
    },
    {
      type: 'paragraph',
      text: '**When to get help, in one line:** if a back has ever locked up, or pain hangs on after rest, stretching or medicine, it deserves a closer look.',
    },
  ],
  stepTitle: 'If you’d like to talk it through',
  step: [
    {
      type: 'paragraph',
      text: 'You don’t have to wait for the other notes. You can schedule a call to talk with a provider and tell us, in your own words, what is going on.',
    },
    { type: 'button', label: 'Tell us what happened', to: 'booking' },
  ],
}

/** Lesson 1, sent at once: a spasm protects, and most often nothing is broken. */
export default function LockUp({ copy = defaults, ...mail }: LessonProps) {
  return (
    <Letter mail={mail} copy={copy} lesson={1}>
      <LessonArt />
      <Title />
      <Slot of="opening" />
      <Slot of="lesson" />
      <NextStep weight="offer" />
    </Letter>
  )
}

export const lockUp = defineTemplate({
  tag: 'lesson-1',
  defaults,
  component: LockUp,
  evidence: {
    'sudden-lock-up': 'A person bends down for a sock, and their back locks',
    'out-of-nowhere':
      'One moment all was well. Now they are stuck, it hurts, and nothing seems to explain it',
    'fear-of-slip-tear-break': 'did something slip? Tear? Break?',
    'fear-is-natural': 'Most people are scared at this point. Who wouldn’t be?',
    'not-alone': 'they are far from alone: few troubles are as common as a back spasm, or as frustrating',
    'protective-response': 'the body clamps down to protect itself',
    'signal-of-unsteadiness': 'A spasm is a signal. When something feels unsteady',
    'not-the-root': 'the spasm is the guard, and not the root of the problem',
    'nothing-broken': 'Most often it doesn’t mean that anything is damaged or broken',
    'when-to-get-help':
      'if a back has ever locked up, or pain hangs on after rest, stretching or medicine, it deserves a closer look',
    'schedule-a-call': 'schedule a call to talk with a provider',
  },
})
