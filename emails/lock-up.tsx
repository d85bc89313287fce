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
  preheader: 'The first of our short notes: one calm idea, and an easy way to talk with us.',
  eyebrow: 'Part {{part}} of {{parts}}',
  title: 'A back that locks up is standing guard',
  art: { drawing: 'on-guard', alt: 'A stack of bars. Two bars hold its middle steady from both sides.' },
  opening: [
    { type: 'paragraph', text: 'Hi {{firstName|there}},' },
    {
      type: 'paragraph',
      text: 'Thank you for getting in touch. Over the next few weeks we’ll send you a series of short notes about why backs lock up and what helps. Each one takes about two minutes to read, because it holds only a single idea.',
    },
  ],
  lesson: [
    {
      type: 'paragraph',
      text: 'It often starts with something as small as bending down to pick up a sock. In that instant the back locks, and a person who was fine a moment ago is stuck, in pain, and unable to say where it came from.',
    },
    {
      type: 'paragraph',
      text: 'Then come the questions: did something slip, or tear, or break? Most people are frightened at that point, which is easy to understand. If you know that moment, you are far from alone, because a back spasm is one of the most common troubles there is, and one of the most frustrating.',
    },
    {
      type: 'callout',
      title: 'The idea for today',
      text: 'A spasm is a signal that comes when something feels unsteady, and the body clamps down to protect itself until it feels safe to move again.',
    },
    {
      type: 'paragraph',
      text: 'That makes the spasm the guard, and not the root of the problem. Most often it doesn’t mean that anything in the back is damaged or broken, although it can feel that way. Our next note begins with a more useful question, which is what the guard was reacting to.',
    },
    {
      type: 'paragraph',
      text: '**When to get help, in one line:** if a back has ever locked up, or if pain stays on after rest, stretching or medicine, it deserves a closer look.',
    },
  ],
  stepTitle: 'If you’d like to talk it through',
  step: [
    {
      type: 'paragraph',
      text: 'If you would rather not wait for the other notes, you can schedule a call to talk with a provider and tell us, in your own words, what has been going on.',
    },
    { type: 'button', label: 'Tell us what happened', to: 'booking' },
  ],
}

/** Lesson 1, sent at once: a spasm protects, and most often nothing is broken. */
export default function LockUp({ copy = defaults, ...mail }: LessonProps) {
  return (
    <Letter mail={mail} copy={copy}>
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
    'sudden-lock-up': 'something as small as bending down to pick up a sock. In that instant the back locks',
    'out-of-nowhere':
      'a person who was fine a moment ago is stuck, in pain, and unable to say where it came from',
    'fear-of-slip-tear-break': 'did something slip, or tear, or break?',
    'fear-is-natural': 'Most people are frightened at that point, which is easy to understand',
    'not-alone':
      'you are far from alone, because a back spasm is one of the most common troubles there is, and one of the most frustrating',
    'protective-response': 'the body clamps down to protect itself until it feels safe',
    'signal-of-unsteadiness':
      'A spasm is a signal that comes when something feels unsteady, and the body clamps down',
    'not-the-root': 'the spasm the guard, and not the root of the problem',
    'nothing-broken': 'Most often it doesn’t mean that anything in the back is damaged or broken',
    'when-to-get-help':
      'if a back has ever locked up, or if pain stays on after rest, stretching or medicine, it deserves a closer look',
    'schedule-a-call': 'schedule a call to talk with a provider',
  },
})
