import type { Block, SlotName } from './copy.ts'
import { Button } from './button.tsx'
import { Callout } from './callout.tsx'
import { List } from './list.tsx'
import { useMail } from './mail-context.ts'
import { Paragraph } from './paragraph.tsx'
import { Picture } from './picture.tsx'

function BlockView({ block }: { block: Block }) {
  const { mail } = useMail()
  switch (block.type) {
    case 'paragraph':
      return <Paragraph text={block.text} />
    case 'list':
      return <List marks={block.marks} items={block.items} />
    case 'callout':
      return <Callout title={block.title} text={block.text} />
    case 'image':
      return <Picture name={block.drawing} alt={block.alt} />
    case 'button':
      return <Button label={block.label} href={block.to === 'booking' ? mail.bookingUrl : mail.callMeUrl} />
  }
}

/** The blocks that the copy put into a slot, in its order. */
export function Slot({ of }: { of: SlotName }) {
  const { copy } = useMail()
  return copy[of].map((block, at) => <BlockView key={at} block={block} />)
}
