/**
 * What the article teaches, point by point and in our own words. `order` is the teaching order; a point
 * only builds on the points in `needs`. `hedged` points hold in most cases, not in all: the mails must say so.
 */
export type ArticlePoint = { id: string; says: string; needs?: readonly string[]; hedged?: true }

const points = [
  // 1 · the lock-up
  { id: 'sudden-lock-up', says: 'A small bend, and the back locks all at once.' },
  {
    id: 'out-of-nowhere',
    says: 'It seems to come from nowhere: fine one minute, stuck and in pain the next.',
  },
  { id: 'fear-of-slip-tear-break', says: 'The first fear is that something slipped, tore or broke.' },
  { id: 'fear-is-natural', says: 'Most people panic, and that is easy to understand.', hedged: true },
  { id: 'not-alone', says: 'Back spasms are among the most common and most frustrating things people face.' },
  { id: 'protective-response', says: 'A spasm is the body protecting itself.' },
  {
    id: 'signal-of-unsteadiness',
    says: 'It signals that something does not feel stable, and shuts down until it is safe.',
  },
  { id: 'not-the-root', says: 'The spasm is not the root of the problem.', needs: ['protective-response'] },
  {
    id: 'nothing-broken',
    says: 'The spasm was protection, usually not a sign of damage or injury.',
    needs: ['protective-response'],
    hedged: true,
  },
  {
    id: 'when-to-get-help',
    says: 'A lock-up, or pain that lingers after rest, stretching or medicine, is worth a closer look.',
  },
  { id: 'schedule-a-call', says: 'The next step is to schedule a call to talk with a provider.' },
  // 2 · what a picture misses
  {
    id: 'scans-miss-the-cause',
    says: 'In most cases the root cause shows on no X-ray or MRI.',
    needs: ['not-the-root'],
    hedged: true,
  },
  {
    id: 'not-one-incident',
    says: 'It does not always come from one specific incident.',
    needs: ['out-of-nowhere'],
    hedged: true,
  },
  { id: 'seen-every-week', says: 'The clinic sees people from its area with this every week.' },
  { id: 'trigger-gym', says: 'Trigger: going back to the gym more often.', needs: ['not-one-incident'] },
  { id: 'trigger-sitting', says: 'Trigger: sitting for a long time.', needs: ['not-one-incident'] },
  {
    id: 'trigger-lifting',
    says: 'Trigger: lifting something a little awkward or unfamiliar.',
    needs: ['not-one-incident'],
  },
  {
    id: 'not-torn-or-slipped',
    says: 'The link is usually no torn muscle and no “slipped disc”.',
    needs: ['trigger-lifting', 'fear-of-slip-tear-break'],
    hedged: true,
  },
  {
    id: 'movement-is-the-thread',
    says: 'What they share: movement patterns that do not support the body well.',
    needs: ['trigger-gym', 'trigger-sitting', 'trigger-lifting'],
  },
  // 3 · the four patterns
  {
    id: 'pattern-rounding',
    says: 'Rounding or bending the low back again and again in everyday movement.',
    needs: ['movement-is-the-thread'],
  },
  {
    id: 'pattern-coordination',
    says: 'Hips, core and spine that do not work together well.',
    needs: ['movement-is-the-thread'],
  },
  {
    id: 'pattern-bracing',
    says: 'Bracing or tensing that puts too much pressure on the low back.',
    needs: ['movement-is-the-thread'],
  },
  {
    id: 'pattern-breathing',
    says: 'Shallow or stressed breathing that limits how steady the spine can be.',
    needs: ['movement-is-the-thread'],
  },
  {
    id: 'built-over-time',
    says: 'Patterns build up: usually for weeks, months or years.',
    needs: ['pattern-rounding', 'pattern-breathing'],
    hedged: true,
  },
  {
    id: 'pain-sudden-cause-slow',
    says: 'The pain may be sudden though the cause is slow.',
    needs: ['sudden-lock-up', 'built-over-time'],
    hedged: true,
  },
  // 4 · medicine and rest
  {
    id: 'usual-first-step',
    says: 'In many cases people first call their doctor or go to urgent care, and hear that it is a muscle spasm.',
    hedged: true,
  },
  {
    id: 'usual-treatment',
    says: 'They are sent home with anti-inflammatories or muscle relaxers.',
    needs: ['usual-first-step'],
  },
  {
    id: 'medicine-can-ease',
    says: 'Medicine can sometimes reduce the pain.',
    needs: ['usual-treatment'],
    hedged: true,
  },
  {
    id: 'doctor-when-severe',
    says: 'When pain is severe, the clinic often suggests asking your own doctor about these options.',
    needs: ['medicine-can-ease'],
    hedged: true,
  },
  {
    id: 'relief-is-short',
    says: 'Medicine or rest can feel better for a while; the window is temporary.',
    needs: ['medicine-can-ease'],
  },
  {
    id: 'unaddressed-returns',
    says: 'If the reason is not addressed, the spasm is likely to come back.',
    needs: ['relief-is-short', 'not-the-root'],
    hedged: true,
  },
  {
    id: 'good-news',
    says: 'That is good news: there is something to work on.',
    needs: ['unaddressed-returns'],
  },
  // 5 · movement
  {
    id: 'movement-lasts',
    says: 'Movement is the lasting answer.',
    needs: ['good-news', 'movement-is-the-thread'],
  },
  {
    id: 'understanding-brings-confidence',
    says: 'Who knows that the spasm was protection moves with more confidence.',
    needs: ['nothing-broken'],
  },
  {
    id: 'recovery-reassurance',
    says: 'Recovery usually starts with knowing that the body is not broken.',
    needs: ['nothing-broken'],
    hedged: true,
  },
  { id: 'recovery-breathing', says: 'Gentle start: belly breathing.', needs: ['recovery-reassurance'] },
  { id: 'recovery-pelvic-tilts', says: 'Gentle start: pelvic tilts.', needs: ['recovery-reassurance'] },
  {
    id: 'recovery-core-glutes',
    says: 'Gentle start: getting core or glutes to work.',
    needs: ['recovery-reassurance'],
  },
  {
    id: 'recovery-step-by-step',
    says: 'Movement comes back step by step, so that trust and control grow.',
    needs: ['recovery-breathing'],
  },
  {
    id: 'recovery-stabilise',
    says: 'Learning to stabilise through hips and core instead of leaning on the back.',
    needs: ['recovery-step-by-step', 'pattern-coordination'],
  },
  // 6 · in control
  {
    id: 'in-control-again',
    says: 'Most important: people start to feel in control again.',
    needs: ['recovery-stabilise'],
  },
  { id: 'less-fear', says: 'They stop fearing the next flare-up.', needs: ['recovery-reassurance'] },
  { id: 'know-what-led-to-it', says: 'They understand what led to the problem.', needs: ['built-over-time'] },
  { id: 'know-how-to-prevent', says: 'They learn how to prevent it.', needs: ['know-what-led-to-it'] },
  // 7 · who, and how
  {
    id: 'help-if-ever-locked',
    says: 'Worth digging deeper if a back has ever locked up.',
    needs: ['when-to-get-help'],
  },
  {
    id: 'help-if-lingering',
    says: 'Or if pain lingers in spite of rest, stretching or medicine.',
    needs: ['when-to-get-help', 'relief-is-short'],
  },
  { id: 'whom-we-help', says: 'The clinic specialises in active adults of its area.' },
  { id: 'what-we-help-with', says: 'Recovery from back spasms and related issues.' },
  { id: 'personal-approach', says: 'The approach is personal.' },
  { id: 'movement-based', says: 'The approach is based on movement.', needs: ['movement-lasts'] },
  { id: 'no-quick-fixes', says: 'The clinic does not rely on quick fixes.', needs: ['relief-is-short'] },
  { id: 'builds-confidence', says: 'It helps to build confidence.', needs: ['in-control-again'] },
  { id: 'builds-strength', says: 'It helps to build strength.' },
  {
    id: 'long-term-strategies',
    says: 'It helps to build strategies for the long run that keep a back feeling better.',
    needs: ['know-how-to-prevent'],
  },
  { id: 'moving-as-before', says: 'And to keep people moving as they used to.', needs: ['movement-lasts'] },
] as const satisfies readonly ArticlePoint[]

export type ArticleId = (typeof points)[number]['id']

/** The article, in teaching order. */
export const article: ReadonlyArray<ArticlePoint & { id: ArticleId }> = points
