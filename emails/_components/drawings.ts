/**
 * Drawings made of bars, so that they show with images off. A row is a list of bars: a tone and a width in
 * units of 4 px; at most 56 units fit the narrowest phone. Tones: p primary, s soft, a accent, n ink, w sheet,
 * `.` nothing; small letters are rounded (`^` at the top only, `_` at the bottom only), capitals square.
 */
export type Drawing = {
  gap: number
  radius: number
  rows: ReadonlyArray<readonly [height: number, bars: string]>
}

const row = (height: number, bars: string) => [height, bars] as const

export const drawings = {
  /** A column of bars, its middle held fast between two brackets. */
  'on-guard': {
    gap: 0,
    radius: 6,
    rows: [
      row(11, '.18 s12 .18'),
      row(6, '.48'),
      row(12, '.17 s14 .17'),
      row(6, '.48'),
      row(5, 'A7 .34 A7'),
      row(7, 'A2 .44 A2'),
      row(14, 'A2 .14 p16 .14 A2'),
      row(7, 'A2 .44 A2'),
      row(14, 'A2 .13 p18 .13 A2'),
      row(7, 'A2 .44 A2'),
      row(14, 'A2 .13 p18 .13 A2'),
      row(7, 'A2 .44 A2'),
      row(5, 'A7 .34 A7'),
      row(6, '.48'),
      row(12, '.15 s18 .15'),
      row(6, '.48'),
      row(12, '.16 s16 .16'),
    ],
  },
  /** A still picture in its frame, and beside it the movement that a picture can't hold. */
  'still-picture': {
    gap: 0,
    radius: 6,
    rows: [
      row(5, 'N20 .5 .29'),
      row(9, 'N1 .18 N1 .5 .29'),
      row(12, 'N1 .5 p8 .5 N1 .5 .1 s8 .3 p8 .9'),
      row(7, 'N1 .18 N1 .5 .29'),
      row(12, 'N1 .5 p8 .5 N1 .5 .3 s8 .5 p8 .5'),
      row(7, 'N1 .18 N1 .5 .29'),
      row(12, 'N1 .5 p8 .5 N1 .5 .4 s8 .7 p8 .2'),
      row(7, 'N1 .18 N1 .5 .29'),
      row(12, 'N1 .5 p8 .5 N1 .5 .3 s8 .5 p8 .5'),
      row(7, 'N1 .18 N1 .5 .29'),
      row(12, 'N1 .5 p8 .5 N1 .5 .1 s8 .3 p8 .9'),
      row(9, 'N1 .18 N1 .5 .29'),
      row(5, 'N20 .5 .29'),
    ],
  },
  /** Four small columns: bent, out of step, squeezed, and filled only at the top. */
  'four-columns': {
    gap: 6,
    radius: 5,
    rows: [
      row(11, 'p8 .3 .4 p8 .3 .4 a1 .1 p7 .1 a1 .4 .1 a9 .1'),
      row(11, '.2 p8 .1 .4 .3 a8 .4 a1 .1 p7 .1 a1 .4 .2 a7 .2'),
      row(11, '.3 a8 .4 p8 .3 .4 a1 .1 p7 .1 a1 .4 .1 s9 .1'),
      row(11, '.2 p8 .1 .4 .3 a8 .4 a1 .1 p7 .1 a1 .4 .1 s9 .1'),
      row(11, 'p8 .3 .4 p8 .3 .4 a1 .1 p7 .1 a1 .4 .1 s9 .1'),
    ],
  },
  /** A window with light in one pane. */
  window: {
    gap: 0,
    radius: 4,
    rows: [
      row(6, 'P36'),
      row(36, 'P2 S15 P2 A15 P2'),
      row(6, 'P36'),
      row(36, 'P2 S15 P2 S15 P2'),
      row(6, 'P36'),
      row(9, 'n46'),
    ],
  },
  /** Steps that rise one block at a time. */
  steps: {
    gap: 5,
    radius: 5,
    rows: [
      row(18, '.39 a12'),
      row(18, '.26 p12 .1 p12'),
      row(18, '.13 p12 .1 p12 .1 p12'),
      row(18, 's12 .1 p12 .1 p12 .1 p12'),
      row(4, 'N52'),
    ],
  },
  /** Stones that stand in balance. */
  balance: {
    gap: 4,
    radius: 10,
    rows: [
      row(18, '.2 a9'),
      row(19, '.1 p16 .3'),
      row(20, 's24'),
      row(20, '.3 p32'),
      row(22, 's42'),
      row(4, 'N54'),
    ],
  },
  /** A door that stands open: light falls out of it. */
  'open-door': {
    gap: 0,
    radius: 4,
    rows: [
      row(6, '.8 P24 .16'),
      row(6, '.8 P2 A20 P2 S4 .12'),
      row(6, '.8 P2 A20 P2 S8 .8'),
      row(30, '.8 P2 A20 P2 S12 .4'),
      row(8, '.8 P2 A20 P2 S8 W2 S2 .4'),
      row(30, '.8 P2 A20 P2 S12 .4'),
      row(6, '.8 P2 A20 P2 S12 .4'),
      row(6, 'N36 S8 N4'),
    ],
  },
  /** Two people talking. */
  'two-voices': {
    gap: 0,
    radius: 10,
    rows: [
      row(9, 's28^ .20'),
      row(5, 'S4 W18 S6 .20'),
      row(7, 'S28 .20'),
      row(5, 'S4 W12 S12 .20'),
      row(9, 's28_ .20'),
      row(9, '.4 S4 .40'),
      row(9, '.20 p28^'),
      row(5, '.20 P4 W18 P6'),
      row(7, '.20 P28'),
      row(5, '.20 P4 A12 P12'),
      row(9, '.20 p28_'),
      row(9, '.40 P4 .4'),
    ],
  },
} as const satisfies Record<string, Drawing>

export type DrawingName = keyof typeof drawings
export const drawingNames = Object.keys(drawings) as [DrawingName, ...DrawingName[]]
