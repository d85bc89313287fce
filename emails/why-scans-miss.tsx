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
  eyebrow: 'Part 2 of 7',
  title: 'Why a scan usually misses the cause',
  art: {
    drawing: 'still-picture',
    alt: 'On the left, a still picture in a frame. On the right, the same bars moving.',
  },
  opening: [
    { type: 'paragraph', text: 'Hi {{firstName|there}},' },
    {
      type: 'paragraph',
      text: 'In our first note we called a spasm a guard: when something feels unsteady, the body clamps down. So what is the guard reacting to?',
    },
  ],
  lesson: [
    {
      type: 'paragraph',
      text: 'Many people hope that a picture will give them the answer. But in most cases, the root of a back spasm can’t be seen on an X-ray or an MRI, and there isn’t always one wrong move to blame for it.',
    },
    {
      type: 'paragraph',
      text: 'Every week we meet people from {{area}} whose backs locked up around something quite ordinary:',
    },
    {
      type: 'list',
      marks: 'dots',
      items: [
        '**the gym:** they had gone back and were training more often',
        '**a chair:** they had been sitting for a long stretch of time',
        '**a lift:** what they picked up was a little awkward, or something new to them',
      ],
    },
    {
      type: 'paragraph',
      text: 'These are three very different days, so what do they share? Usually it is not a torn muscle, and not a “slipped disc.” What they share lies underneath: ways of moving that don’t support the body well.',
    },
    {
      type: 'callout',
      title: 'The idea for today',
      text: 'The gym, the chair or the lift is only the last page of the story. The story itself is how a body moves, day after day.',
    },
    {
      type: 'paragraph',
      text: 'That is why we look at movement first. In our next note we’ll show you four ways of moving that we see again and again.',
    },
  ],
  stepTitle: 'Does one of these days sound familiar?',
  step: [
    {
      type: 'paragraph',
      text: 'Schedule a call to talk with a provider, and tell us about that day and the weeks that led up to it.',
    },
    { type: 'button', label: 'Talk about what set it off', to: 'booking' },
  ],
}

/** Lesson 2: the cause usually shows in movement, not in a picture. */
export default function WhyScansMiss({ copy = defaults, ...mail }: LessonProps) {
  return (
    <Letter mail={mail} copy={copy} lesson={2}>
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
    'scans-miss-the-cause': 'in most cases, the root of a back spasm can’t be seen on an X-ray or an MRI',
    'not-one-incident': 'there isn’t always one wrong move to blame',
    'seen-every-week': 'Every week we meet people from',
    'trigger-gym': 'the gym: they had gone back and were training more often',
    'trigger-sitting': 'a chair: they had been sitting for a long stretch of time',
    'trigger-lifting': 'a lift: what they picked up was a little awkward, or something new to them',
    'not-torn-or-slipped': 'Usually it is not a torn muscle, and not a “slipped disc.”',
    'movement-is-the-thread':
      'What they share lies underneath: ways of moving that don’t support the body well',
    'schedule-a-call': 'Schedule a call to talk with a provider',
  },
})
