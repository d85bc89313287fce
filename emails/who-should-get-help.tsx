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
  subject: 'Is a call the right next step for you?',
  topicalSubject: 'When to get help with a back that locks up',
  preheader: 'Our last note: who we help, how we work, and how to begin.',
  eyebrow: 'Part 7 of 7',
  title: 'When to get help, and what we do',
  art: { drawing: 'two-voices', alt: 'Two speech bubbles, facing each other.' },
  opening: [
    { type: 'paragraph', text: 'Hi {{firstName|there}},' },
    {
      type: 'paragraph',
      text: 'This is the last of our seven notes, and we want to thank you for reading. It comes down to one question: is it time to talk with someone?',
    },
  ],
  lesson: [
    { type: 'paragraph', text: 'We think it’s worth digging deeper if one of these is true:' },
    {
      type: 'list',
      marks: 'dots',
      items: [
        'your back has locked up, even if it happened only once',
        'pain lingers, though you have tried rest, stretching or medicine',
      ],
    },
    {
      type: 'paragraph',
      text: '**Who we help.** At {{clinicName}}, our specialty is active adults in {{area}} who want to recover from back spasms and the troubles that go with them.',
    },
    {
      type: 'paragraph',
      text: '**How we work.** The work is personal, with a plan that is built around you. It is based on movement, because that is where the reason usually lies. And we don’t lean on quick fixes.',
    },
    {
      type: 'paragraph',
      text: '**What we build with you.** Confidence and strength come first, and then strategies for the long run: for a back that goes on feeling better, and for moving the way you did before.',
    },
    {
      type: 'callout',
      title: 'In short',
      text: 'A spasm is a signal. The next step is to talk about what it may be saying.',
    },
  ],
  stepTitle: 'Schedule your call',
  step: [
    {
      type: 'paragraph',
      text: 'Schedule a call to talk with a provider. Tell us what happened and what you would like to get back to, and ask us anything. What comes next is for you to decide, and if now isn’t the time, that’s fine too.',
    },
    { type: 'button', label: 'Schedule a call with a provider', to: 'booking' },
  ],
}

/** Lesson 7: who should get help, whom the clinic helps and how. The call is the subject. */
export default function WhoShouldGetHelp({ copy = defaults, ...mail }: LessonProps) {
  return (
    <Letter mail={mail} copy={copy} lesson={7}>
      <LessonArt />
      <Title />
      <Slot of="opening" />
      <Slot of="lesson" />
      <NextStep weight="main" />
    </Letter>
  )
}

export const whoShouldGetHelp = defineTemplate({
  tag: 'lesson-7',
  defaults,
  component: WhoShouldGetHelp,
  evidence: {
    'help-if-ever-locked': 'your back has locked up, even if it happened only once',
    'help-if-lingering': 'pain lingers, though you have tried rest, stretching or medicine',
    'whom-we-help': 'our specialty is active adults in',
    'what-we-help-with': 'who want to recover from back spasms and the troubles that go with them',
    'personal-approach': 'The work is personal, with a plan that is built around you',
    'movement-based': 'It is based on movement, because that is where the reason usually lies',
    'no-quick-fixes': 'we don’t lean on quick fixes',
    'builds-confidence': 'What we build with you. Confidence and strength come first',
    'builds-strength': 'Confidence and strength come first',
    'long-term-strategies': 'strategies for the long run: for a back that goes on feeling better',
    'moving-as-before': 'for moving the way you did before',
    'schedule-a-call': 'Schedule a call to talk with a provider',
  },
})
