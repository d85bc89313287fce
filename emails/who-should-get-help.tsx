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
  eyebrow: 'Part {{part}} of {{parts}}',
  title: 'When to get help, and what we do',
  art: { drawing: 'two-voices', alt: 'Two speech bubbles, facing each other.' },
  opening: [
    { type: 'paragraph', text: 'Hi {{firstName|there}},' },
    {
      type: 'paragraph',
      text: 'This is the last of our notes, and we want to thank you for reading them. It all comes down to one question, which is whether it is time to talk with someone.',
    },
  ],
  lesson: [
    { type: 'paragraph', text: 'We think it’s worth digging deeper if one of these is true for you:' },
    {
      type: 'list',
      marks: 'dots',
      items: [
        'Your back has locked up, even if it happened only once and has not come back since.',
        'Pain lingers, although you have given rest, stretching or medicine a fair chance to help.',
      ],
    },
    {
      type: 'paragraph',
      text: 'At {{clinicName}}, **our specialty is active adults** in {{area}} who want to recover from back spasms and the troubles that go with them.',
    },
    {
      type: 'paragraph',
      text: '**The work is personal**, with a plan that is built around you, and it is based on movement, because that is where the reason usually lies. We don’t lean on quick fixes, because the relief that they bring is only a window.',
    },
    {
      type: 'paragraph',
      text: '**What we build with you** begins with confidence and strength. Then come strategies for the long run, so that a back can go on feeling better and you can move the way you did before.',
    },
    {
      type: 'callout',
      title: 'In short',
      text: 'A spasm is a signal, and the next step is to talk about what it may be saying.',
    },
  ],
  stepTitle: 'Schedule your call',
  step: [
    {
      type: 'paragraph',
      text: 'Schedule a call to talk with a provider, tell us what happened and what you would like to get back to, and ask us anything you want to know. What comes next is for you to decide, and if now isn’t the time, that’s fine too.',
    },
    { type: 'button', label: 'Schedule a call with a provider', to: 'booking' },
  ],
}

/** Lesson 7: who should get help, whom the clinic helps and how. The call is the subject. */
export default function WhoShouldGetHelp({ copy = defaults, ...mail }: LessonProps) {
  return (
    <Letter mail={mail} copy={copy}>
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
    'help-if-ever-locked': 'Your back has locked up, even if it happened only once',
    'help-if-lingering': 'Pain lingers, although you have given rest, stretching or medicine a fair chance',
    'whom-we-help': 'our specialty is active adults in',
    'what-we-help-with': 'who want to recover from back spasms and the troubles that go with them',
    'personal-approach': 'The work is personal, with a plan that is built around you',
    'movement-based': 'it is based on movement, because that is where the reason usually lies',
    'no-quick-fixes': 'We don’t lean on quick fixes',
    'builds-confidence': 'What we build with you begins with confidence',
    'builds-strength': 'begins with confidence and strength',
    'long-term-strategies': 'strategies for the long run, so that a back can go on feeling better',
    'moving-as-before': 'you can move the way you did before',
    'schedule-a-call': 'Schedule a call to talk with a provider',
  },
})
