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
  subject: 'The quick answer and the lasting one',
  topicalSubject: 'What rest and medicine can do for a spasm',
  preheader: 'Why something may come back, and why we call that good news.',
  eyebrow: 'Part {{part}} of {{parts}}',
  title: 'Relief is a window, and windows close',
  art: { drawing: 'window', alt: 'A window with four panes. Light falls through one of them.' },
  opening: [
    { type: 'paragraph', text: 'Hi {{firstName|there}},' },
    {
      type: 'paragraph',
      text: 'When a back locks up, many people call their doctor first, or go to urgent care. Often they hear that it is a muscle spasm, and they go home with an anti-inflammatory or a muscle relaxer.',
    },
  ],
  lesson: [
    {
      type: 'paragraph',
      text: 'That can be a real help, because medicine sometimes brings the pain down, and rest can make things easier for a while.',
    },
    {
      type: 'paragraph',
      text: '**When the pain is severe, your own doctor is the one to ask,** and we often send people to their primary care doctor to talk about exactly these options.',
    },
    {
      type: 'paragraph',
      text: 'But relief of this kind doesn’t last, because it only opens a window. The guard steps back for a time, but what it reacted to is still there, and often that is one of the patterns from our last note.',
    },
    {
      type: 'paragraph',
      text: 'As long as nothing is done about the reason, it is likely that another spasm will follow.',
    },
    {
      type: 'callout',
      title: 'The idea for today',
      text: 'That may sound like bad news, and yet it is the opposite, because where there is a reason, there is also something to work on.',
    },
    {
      type: 'paragraph',
      text: 'What that work looks like, and where it usually begins, is the subject of our next note.',
    },
  ],
  stepTitle: 'Ask about the reason',
  step: [
    {
      type: 'paragraph',
      text: 'Even if things feel better for now, this is a good time to ask what was behind it. Schedule a call to talk with a provider, and we’ll look for the reason together.',
    },
    { type: 'button', label: 'Look for the reason with us', to: 'booking' },
  ],
}

/** Lesson 4: what medicine and rest do and don’t, and why that is good news. */
export default function ReliefIsAWindow({ copy = defaults, ...mail }: LessonProps) {
  return (
    <Letter mail={mail} copy={copy}>
      <Title />
      <Slot of="opening" />
      <LessonArt />
      <Slot of="lesson" />
      <NextStep weight="offer" />
    </Letter>
  )
}

export const reliefIsAWindow = defineTemplate({
  tag: 'lesson-4',
  defaults,
  component: ReliefIsAWindow,
  evidence: {
    'usual-first-step':
      'many people call their doctor first, or go to urgent care. Often they hear that it is a muscle spasm',
    'usual-treatment': 'they go home with an anti-inflammatory or a muscle relaxer',
    'medicine-can-ease': 'medicine sometimes brings the pain down',
    'doctor-when-severe':
      'we often send people to their primary care doctor to talk about exactly these options',
    'relief-is-short': 'relief of this kind doesn’t last, because it only opens a window',
    'unaddressed-returns':
      'As long as nothing is done about the reason, it is likely that another spasm will follow',
    'good-news': 'where there is a reason, there is also something to work on',
    'schedule-a-call': 'Schedule a call to talk with a provider',
  },
})
