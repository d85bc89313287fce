/** As long for every text, so that a name's length changes nothing else in the mail. */
const PAD = '\u00a0\u200c'.repeat(90)

/** The line an inbox shows after the subject; then blanks, so that the body's first words don't follow it. */
export function Preheader({ text }: { text: string }) {
  return (
    <div
      data-skip-in-text="true"
      style={{
        display: 'none',
        overflow: 'hidden',
        lineHeight: '1px',
        opacity: 0,
        maxHeight: 0,
        maxWidth: 0,
        ...({ msoHide: 'all' } as object),
      }}
    >
      {text}
      <div>{PAD}</div>
    </div>
  )
}
