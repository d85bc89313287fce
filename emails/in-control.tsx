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
  subject: 'Feeling sure of yourself again',
  topicalSubject: 'Less fear of the next flare-up',
  preheader: 'What changes once you know the reason, and can do something about it.',
  eyebrow: 'Part {{part}} of {{parts}}',
  title: 'The best part: being in control again',
  art: { drawing: 'balance', alt: 'Stones stacked in balance, the smallest one on top.' },
  opening: [
    { type: 'paragraph', text: 'Hi {{firstName|there}},' },
    {
      type: 'paragraph',
      text: 'A spasm can pass and still leave something behind, such as careful steps and the worry about when the next one will come.',
    },
    {
      type: 'paragraph',
      text: 'That worry is why, of all our notes, this is the one that matters most to us.',
    },
  ],
  lesson: [
    {
      type: 'paragraph',
      text: 'Here is what we see as people find their way back to moving with trust in themselves:',
    },
    {
      type: 'list',
      marks: 'dots',
      items: [
        'They live with **less fear**, because they stop dreading the next flare-up and what it might mean.',
        'They **know why** it happened, and can see what led to the trouble in the first place.',
        'They **know how** to look after themselves, now that they have learned what they can do so that it need not happen again.',
      ],
    },
    {
      type: 'callout',
      title: 'The idea for today',
      text: 'And above all, they begin to feel that they are in charge of their body again.',
    },
    {
      type: 'paragraph',
      text: 'By now you have read how the pieces fit together: a spasm is a signal, and the reason for it usually lies in how we move. While relief opens a window, it is movement that builds on it step by step. Taken together, that is know-how, which can stay with you long after a window has closed.',
    },
    {
      type: 'paragraph',
      text: 'No one can promise how it will go for any one person, but no one has to work it out alone, either.',
    },
  ],
  stepTitle: 'Talk about your own way forward',
  step: [
    {
      type: 'paragraph',
      text: 'If you would like to trust your body again, this is the step to take. Schedule a call to talk with a provider, and tell us what you have given up for fear of a flare-up, so that we can talk about a way back to it.',
    },
    { type: 'button', label: 'Ask about your way forward', to: 'booking' },
  ],
}

/** Lesson 6: in control again, with less fear. */
export default function InControl({ copy = defaults, ...mail }: LessonProps) {
  return (
    <Letter mail={mail} copy={copy}>
      <Title />
      <Slot of="opening" />
      <LessonArt />
      <Slot of="lesson" />
      <NextStep weight="main" />
    </Letter>
  )
}

export const inControl = defineTemplate({
  tag: 'lesson-6',
  defaults,
  component: InControl,
  evidence: {
    'in-control-again': 'above all, they begin to feel that they are in charge of their body again',
    'less-fear': 'they stop dreading the next flare-up',
    'know-what-led-to-it': 'can see what led to the trouble in the first place',
    'know-how-to-prevent': 'they have learned what they can do so that it need not happen again',
    'schedule-a-call': 'Schedule a call to talk with a provider',
  },
})
