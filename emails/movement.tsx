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
  subject: 'What the lasting answer looks like',
  topicalSubject: 'How movement helps after a back spasm',
  preheader: 'Four stages, and each one earns the next.',
  eyebrow: 'Part {{part}} of {{parts}}',
  title: 'What lasts is movement',
  art: { drawing: 'steps', alt: 'Blocks that rise like stairs, one step at a time.' },
  opening: [
    { type: 'paragraph', text: 'Hi {{firstName|there}},' },
    {
      type: 'paragraph',
      text: 'Medicine and rest can open a window, but what lasts is movement, because it goes to the reason.',
    },
    {
      type: 'paragraph',
      text: 'It starts where you might not expect it to, and that is with knowing what happened. Once people see that the spasm was their body’s protection, and most often no sign that anything was damaged, they trust themselves more when they move.',
    },
  ],
  lesson: [
    {
      type: 'paragraph',
      text: 'From there, recovery usually goes through these four stages, one after the other:',
    },
    {
      type: 'list',
      marks: 'numbers',
      items: [
        '**Reassurance** comes first, which means knowing that the body isn’t broken, even if it felt that way.',
        '**A gentle start** follows, with easy things such as belly breathing, pelvic tilts, or getting the core and glutes to join in.',
        '**Step by step**, movement comes back a little at a time, so that trust and control can grow along with it.',
        '**A steadier base** comes last, as you learn to hold steady through the hips and core so that the back no longer does more than its share.',
      ],
    },
    {
      type: 'callout',
      title: 'The idea for today',
      text: 'It begins gently and then asks for a little more each time, because every step earns the next one.',
    },
    {
      type: 'paragraph',
      text: 'Please read this as a map and not as a set of exercises. Where to begin, with what, and how fast are different for each person. That is best worked out with someone who knows you and has seen how you move.',
    },
  ],
  stepTitle: 'Where would you begin?',
  step: [
    {
      type: 'paragraph',
      text: 'That is a good question to bring with you when you talk to us. Schedule a call to talk with a provider, and tell us what you can do today and what you would like to do again.',
    },
    { type: 'button', label: 'Ask where you would begin', to: 'booking' },
  ],
}

/** Lesson 5: movement as the lasting answer, from gentle to steady. */
export default function Movement({ copy = defaults, ...mail }: LessonProps) {
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

export const movement = defineTemplate({
  tag: 'lesson-5',
  defaults,
  component: Movement,
  evidence: {
    'movement-lasts': 'what lasts is movement, because it goes to the reason',
    'understanding-brings-confidence':
      'Once people see that the spasm was their body’s protection, and most often no sign that anything was damaged, they trust themselves more when they move',
    'recovery-reassurance':
      'recovery usually goes through these four stages, one after the other: 1. Reassurance comes first, which means knowing that the body isn’t broken',
    'recovery-breathing': 'easy things such as belly breathing',
    'recovery-pelvic-tilts': 'pelvic tilts',
    'recovery-core-glutes': 'getting the core and glutes to join in',
    'recovery-step-by-step':
      'movement comes back a little at a time, so that trust and control can grow along with it',
    'recovery-stabilise':
      'you learn to hold steady through the hips and core so that the back no longer does more than its share',
    'schedule-a-call': 'Schedule a call to talk with a provider',
  },
})
