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
  subject: 'What a picture can’t show',
  topicalSubject: 'Why scans usually miss what causes a spasm',
  preheader: 'Three ordinary moments, and the one thing they have in common.',
  eyebrow: 'Part {{part}} of {{parts}}',
  title: 'Why a scan usually misses the cause',
  art: {
    drawing: 'still-picture',
    alt: 'On the left, a still picture in a frame. On the right, the same bars moving.',
  },
  opening: [
    { type: 'paragraph', text: 'Hi {{firstName|there}},' },
    {
      type: 'paragraph',
      text: 'In our first note we called a spasm a guard, because the body clamps down when something feels unsteady. So what is the guard reacting to?',
    },
  ],
  lesson: [
    {
      type: 'paragraph',
      text: 'Many people hope that a picture will give them the answer. In most cases, though, the root of a back spasm can’t be seen on an X-ray or an MRI, and there isn’t always one wrong move to blame for it.',
    },
    {
      type: 'paragraph',
      text: 'Every week we meet people from {{area}} whose backs locked up around something quite ordinary:',
    },
    {
      type: 'list',
      marks: 'dots',
      items: [
        'Some had gone back to **the gym** and were training more often than they had for a while.',
        'Others had been sitting **in a chair** for a long stretch of time, and had lifted nothing at all.',
        'And for some it was **a lift**, because what they picked up was a little awkward or new to them.',
      ],
    },
    {
      type: 'paragraph',
      text: 'These are three very different days, so what do they share? Usually it is neither a torn muscle nor a “slipped disc,” although those are often what people fear first. What they share lies underneath, in ways of moving that don’t support the body well.',
    },
    {
      type: 'callout',
      title: 'The idea for today',
      text: 'The gym, the chair or the lift is only the last page of a longer story about how a body moves, day after day.',
    },
    {
      type: 'paragraph',
      text: 'That is why we look at movement first, and why our next note will show you four ways of moving that we see again and again.',
    },
  ],
  stepTitle: 'Does one of these days sound familiar?',
  step: [
    {
      type: 'paragraph',
      text: 'Schedule a call to talk with a provider, and tell us about that day and the weeks that led up to it, because both may hold part of the answer.',
    },
    { type: 'button', label: 'Talk about what set it off', to: 'booking' },
  ],
}

/** Lesson 2: the cause usually shows in movement, not in a picture. */
export default function WhyScansMiss({ copy = defaults, ...mail }: LessonProps) {
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

export const whyScansMiss = defineTemplate({
  tag: 'lesson-2',
  defaults,
  component: WhyScansMiss,
  evidence: {
    'scans-miss-the-cause':
      'In most cases, though, the root of a back spasm can’t be seen on an X-ray or an MRI',
    'not-one-incident': 'there isn’t always one wrong move to blame',
    'seen-every-week': 'Every week we meet people from',
    'trigger-gym': 'Some had gone back to the gym and were training more often',
    'trigger-sitting': 'sitting in a chair for a long stretch of time',
    'trigger-lifting': 'it was a lift, because what they picked up was a little awkward or new to them',
    'not-torn-or-slipped': 'Usually it is neither a torn muscle nor a “slipped disc,”',
    'movement-is-the-thread':
      'What they share lies underneath, in ways of moving that don’t support the body well',
    'schedule-a-call': 'Schedule a call to talk with a provider',
  },
})
