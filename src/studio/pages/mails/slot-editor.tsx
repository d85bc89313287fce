import { Button, Group, Menu, Paper, Text, Title } from '@mantine/core'
import { useState } from 'react'
import type { Block } from '../../../core/copy.ts'
import { type Finding, Findings } from '../../ui/findings.tsx'
import { BlockFields } from './block-fields.tsx'
import type { Sheet } from './copy-api.ts'
import classes from './mails.module.css'
import {
  blockTitles,
  emptyBlock,
  keyed,
  type KeyedBlock,
  type KeyedWords,
  moved,
  type Place,
  placeBeside,
  type SlotName,
  slotTitles,
} from './words.ts'

const kinds = Object.keys(blockTitles) as Block['type'][]

/** What hands have hold of among the parts, and what was said of it last. */
export type Moving = {
  dragged: Place | null
  onDrag: (place: Place | null) => void
  said: { slot: SlotName; text: string } | null
  onSay: (slot: SlotName, text: string) => void
}

/** The blocks of one part of the mail: written, added, taken out, and moved by keys or by dragging. */
export function SlotEditor({
  slot,
  words,
  moving,
  sheet,
  findings,
  disabled,
  onChange,
}: {
  slot: SlotName
  words: KeyedWords
  moving: Moving
  sheet: Sheet
  findings: readonly Finding[]
  disabled: boolean
  onChange: (words: KeyedWords) => void
}) {
  const [over, setOver] = useState<number | null>(null)
  const { dragged, onDrag, said, onSay } = moving
  const blocks = words[slot]
  const title = slotTitles[slot]
  const keep = (kept: KeyedBlock[]) => onChange({ ...words, [slot]: kept })
  const nameAt = (at: number) => nameOf(words, { slot, at })

  function move(from: Place, to: Place, what?: 'up' | 'down') {
    if (from.slot === to.slot && from.at === to.at) return
    const after = moved(words, from, to)
    onChange(after)
    const place = `number ${to.at + 1} of ${after[to.slot].length}`
    const name = nameOf(words, from)
    onSay(
      to.slot,
      from.slot === to.slot
        ? `${name} is now ${place}.`
        : `${name} of ${slotTitles[from.slot]} is now in ${slotTitles[to.slot]}, ${place}.`,
    )
    if (what) focusOn(words[from.slot][from.at]!.key, what)
  }

  function add(type: Block['type']) {
    const fresh = keyed(emptyBlock(type, sheet.drawings[0]!))
    keep([...blocks, fresh])
    onSay(slot, `${blockTitles[type]} added at the end of ${title}.`)
    requestAnimationFrame(() => cardOf(fresh.key)?.querySelector<HTMLElement>('textarea, input')?.focus())
  }

  function remove(at: number) {
    keep(blocks.filter((_, place) => place !== at))
    onSay(slot, `${nameAt(at)} is taken out.`)
    const neighbour = blocks[at + 1] ?? blocks[at - 1]
    if (neighbour) focusOn(neighbour.key, 'remove')
  }

  function drop(at: number) {
    if (dragged) move(dragged, { slot, at })
    onDrag(null)
    setOver(null)
  }

  return (
    <section
      aria-label={title}
      data-field={slot}
      // An empty part has no block to be dropped on.
      onDragOver={(event) => dragged && blocks.length === 0 && event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        if (blocks.length === 0) drop(0)
      }}
    >
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      <Findings all={findings} field={slot} />
      <ol className={classes.blocks}>
        {blocks.map(({ key, block }, at) => (
          <Paper
            withBorder
            p="sm"
            component="li"
            key={key}
            data-key={key}
            className={classes.block}
            data-over={over === at || undefined}
            onDragOver={(event) => {
              if (dragged === null) return
              event.preventDefault()
              setOver(at)
            }}
            onDrop={(event) => {
              event.preventDefault()
              drop(at)
            }}
            onDragLeave={() => setOver(null)}
          >
            <Group justify="space-between" gap="xs" mb="xs">
              <Group gap={4}>
                {!disabled && (
                  <span
                    className={classes.handle}
                    aria-hidden="true"
                    title="Drag to another place"
                    draggable
                    onDragStart={(event) => {
                      event.dataTransfer.effectAllowed = 'move'
                      event.dataTransfer.setData('text/plain', nameAt(at))
                      onDrag({ slot, at })
                    }}
                    onDragEnd={() => {
                      onDrag(null)
                      setOver(null)
                    }}
                  >
                    ⠿
                  </span>
                )}
                <Text size="sm" fw={600} component="h3">
                  {nameAt(at)}
                </Text>
              </Group>
              {!disabled && (
                <Group gap={4}>
                  {(['up', 'down'] as const).map((way) => {
                    const from = { slot, at }
                    const to = placeBeside(words, from, way)
                    const into = to && to.slot !== slot ? ` to ${slotTitles[to.slot]}` : ''
                    return (
                      <Button
                        key={way}
                        size="compact-sm"
                        variant="subtle"
                        data-does={way}
                        disabled={to === null}
                        aria-label={`Move ${nameAt(at)} ${way}${into}`}
                        onClick={() => to && move(from, to, way)}
                      >
                        {way === 'up' ? 'Up' : 'Down'}
                        {into}
                      </Button>
                    )
                  })}
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    color="red"
                    data-does="remove"
                    aria-label={`Take out ${nameAt(at)}`}
                    onClick={() => remove(at)}
                  >
                    Take out
                  </Button>
                </Group>
              )}
            </Group>
            <BlockFields
              block={block}
              at={`${slot}.${at}`}
              sheet={sheet}
              findings={findings}
              disabled={disabled}
              onChange={(changed) =>
                keep(blocks.map((one) => (one.key === key ? { key, block: changed } : one)))
              }
            />
          </Paper>
        ))}
      </ol>
      <Text size="sm" className="soft" role="status" aria-live="polite" mih="1.5em">
        {said?.slot === slot && said.text}
      </Text>
      {!disabled && (
        <Menu position="bottom-start">
          <Menu.Target>
            <Button variant="default" size="sm">
              Add to {title}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {kinds.map((type) => (
              <Menu.Item key={type} onClick={() => add(type)}>
                {blockTitles[type]}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </section>
  )
}

const nameOf = (words: KeyedWords, { slot, at }: Place) =>
  `${blockTitles[words[slot][at]!.block.type]} ${at + 1}`

/** The block on the page, in whichever part it is by now. */
const cardOf = (key: number) => document.querySelector(`[data-key="${key}"]`)

/** Once the page is drawn anew: the button of that block, or what else of it can have the focus. */
function focusOn(key: number, what: string) {
  requestAnimationFrame(() => {
    const card = cardOf(key)
    const wanted = card?.querySelector<HTMLElement>(`[data-does="${what}"]:not(:disabled)`)
    ;(wanted ?? card?.querySelector<HTMLElement>('button:not(:disabled), textarea, input'))?.focus()
  })
}
