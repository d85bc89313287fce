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
      text: 'In our first note we said that a spasm is a guard: the body clamps down when something feels unsteady. So what set off the guard?',
    },
  ],
  lesson: [
    {
      type: 'paragraph',
      text: 'Many people hope a picture will tell. But in most cases, the root of a back spasm can’t be seen on an X-ray or an MRI. And there isn’t always one wrong move to blame, either.',
    },
    {
      type: 'paragraph',
      text: 'Every week we meet people from {{area}} whose backs locked up around something quite ordinary:',
    },
    {
      type: 'list',
      marks: 'dots',
      items: [
        '**the gym:** they had started going more often again',
        '**a chair:** they had been sitting for a long stretch',
        '**a lift:** what they picked up was a bit awkward, or new to them',
      ],
    },
    {
      type: 'paragraph',
      text: 'Three very different days. What do they share? Usually not a torn muscle, and not a “slipped disc.” What they share lies underneath: ways of moving that don’t support the body well.',
    },
    {
      type: 'callout',
      title: 'The idea for today',
      text: 'The gym, the chair or the lift is only the last page of the story. The story itself is how a body moves.',
    },
    {
      type: 'paragraph',
      text: 'That is why we look at movement first. In our next note we’ll show you four ways of moving that we see a lot.',
    },
  ],
  stepTitle: 'Does one of these days sound familiar?',
  step: [
    {
      type: 'paragraph',
      text: 'Schedule a call to talk with a provider. Tell us about the day, and the weeks before it.',
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
    'trigger-gym': 'the gym: they had started going more often again',
    'trigger-sitting': 'a chair: they had been sitting for a long stretch',
    'trigger-lifting': 'a lift: what they picked up was a bit awkward, or new to them',
    'not-torn-or-slipped': 'Usually not a torn muscle, and not a “slipped disc.”',
    'movement-is-the-thread':
      'What they share lies underneath: ways of moving that don’t support the body well',
    'schedule-a-call': 'Schedule a call to talk with a provider',
  },
})
