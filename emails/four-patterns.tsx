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
  subject: 'Four habits that build up quietly',
  topicalSubject: 'Four patterns behind many back spasms',
  preheader: 'They grow slowly, then make themselves known all at once.',
  eyebrow: 'Part {{part}} of {{parts}}',
  title: 'Four quiet patterns behind a sudden spasm',
  art: {
    drawing: 'four-columns',
    alt: 'Four small columns of bars: one bent, one out of step, one squeezed, one filled only at the top.',
  },
  opening: [
    { type: 'paragraph', text: 'Hi {{firstName|there}},' },
    {
      type: 'paragraph',
      text: 'Last time we said that the common thread is movement, so today we’ll look at four of the patterns that we see most often behind a back spasm.',
    },
  ],
  lesson: [
    {
      type: 'list',
      marks: 'numbers',
      items: [
        '**Rounding** is when the low back bends or rounds over and over in the course of everyday tasks.',
        '**Moving out of step** is when the hips, the core and the spine work together poorly, although they should act as a team.',
        '**Bracing** is when the body tenses up in ways that put more pressure on the low back than it needs.',
        '**Shallow breathing** is when breaths stay short, often along with stress, so that the spine gets less support to stay steady.',
      ],
    },
    {
      type: 'paragraph',
      text: 'None of these arrives overnight, because they add up quietly, usually over weeks or months and sometimes even over years.',
    },
    {
      type: 'callout',
      title: 'The idea for today',
      text: 'The pain can come in a second, although what leads up to it is usually a much slower story.',
    },
    {
      type: 'paragraph',
      text: 'So there is an answer for everyone who has ever said, “But I only bent down.” The bend was just the moment when it showed, while the pattern was usually there long before.',
    },
    {
      type: 'paragraph',
      text: 'You may recognize yourself in one or two of these. A list in an email can’t tell you which one matters for you, but someone who asks how you move, and listens to the answer, can get much closer.',
    },
  ],
  stepTitle: 'Wondering which one is yours?',
  step: [
    {
      type: 'paragraph',
      text: 'Schedule a call to talk with a provider, and describe how you sit, lift, train and rest on an ordinary day, which is enough to begin with.',
    },
    { type: 'button', label: 'Ask which pattern fits you', to: 'booking' },
  ],
}

/** Lesson 3: the four movement patterns, and how slowly they build. */
export default function FourPatterns({ copy = defaults, ...mail }: LessonProps) {
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

export const fourPatterns = defineTemplate({
  tag: 'lesson-3',
  defaults,
  component: FourPatterns,
  evidence: {
    'pattern-rounding': 'the low back bends or rounds over and over in the course of everyday tasks',
    'pattern-coordination':
      'the hips, the core and the spine work together poorly, although they should act as a team',
    'pattern-bracing': 'the body tenses up in ways that put more pressure on the low back than it needs',
    'pattern-breathing':
      'breaths stay short, often along with stress, so that the spine gets less support to stay steady',
    'built-over-time': 'they add up quietly, usually over weeks or months and sometimes even over years',
    'pain-sudden-cause-slow':
      'The pain can come in a second, although what leads up to it is usually a much slower story',
    'schedule-a-call': 'Schedule a call to talk with a provider',
  },
})
