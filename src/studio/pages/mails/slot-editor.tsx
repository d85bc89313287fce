import { Button, Group, Menu, Paper, Text, Title } from '@mantine/core'
import { useRef, useState } from 'react'
import type { Block } from '../../../core/copy.ts'
import { type Finding, Findings } from '../../ui/findings.tsx'
import { BlockFields } from './block-fields.tsx'
import type { Sheet } from './copy-api.ts'
import classes from './mails.module.css'
import { blockTitles, emptyBlock, keyed, type KeyedBlock, moved, type SlotName, slotTitles } from './words.ts'

const kinds = Object.keys(blockTitles) as Block['type'][]

/** The blocks of one part of the mail: written, added, taken out, and moved by keys or by dragging. */
export function SlotEditor({
  slot,
  blocks,
  sheet,
  findings,
  disabled,
  onChange,
}: {
  slot: SlotName
  blocks: KeyedBlock[]
  sheet: Sheet
  findings: readonly Finding[]
  disabled: boolean
  onChange: (blocks: KeyedBlock[]) => void
}) {
  const list = useRef<HTMLOListElement>(null)
  const [dragged, setDragged] = useState<number | null>(null)
  const [over, setOver] = useState<number | null>(null)
  const [said, setSaid] = useState('')

  const nameAt = (at: number) => `${blockTitles[blocks[at]!.block.type]} ${at + 1}`
  const focusOn = (key: number, what: string) =>
    requestAnimationFrame(() => {
      const card = list.current?.querySelector(`[data-key="${key}"]`)
      const wanted = card?.querySelector<HTMLElement>(`[data-does="${what}"]:not(:disabled)`)
      ;(wanted ?? card?.querySelector<HTMLElement>('button:not(:disabled), textarea, input'))?.focus()
    })

  function move(from: number, to: number, what?: string) {
    if (to < 0 || to >= blocks.length || from === to) return
    onChange(moved(blocks, from, to))
    setSaid(`${nameAt(from)} is now number ${to + 1} of ${blocks.length}.`)
    if (what) focusOn(blocks[from]!.key, what)
  }

  function add(type: Block['type']) {
    const fresh = keyed(emptyBlock(type, sheet.drawings[0]!))
    onChange([...blocks, fresh])
    setSaid(`${blockTitles[type]} added at the end of ${slotTitles[slot]}.`)
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLElement>(`[data-key="${fresh.key}"] :is(textarea, input)`)?.focus(),
    )
  }

  function remove(at: number) {
    onChange(blocks.filter((_, place) => place !== at))
    setSaid(`${nameAt(at)} is taken out.`)
    const neighbour = blocks[at + 1] ?? blocks[at - 1]
    if (neighbour) focusOn(neighbour.key, 'remove')
  }

  return (
    <section aria-label={slotTitles[slot]} data-field={slot}>
      <Title order={2} size="h4" mb="xs">
        {slotTitles[slot]}
      </Title>
      <Findings all={findings} field={slot} />
      <ol className={classes.blocks} ref={list}>
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
              if (dragged !== null) move(dragged, at)
              setDragged(null)
              setOver(null)
            }}
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
                      setDragged(at)
                    }}
                    onDragEnd={() => {
                      setDragged(null)
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
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    data-does="up"
                    disabled={at === 0}
                    aria-label={`Move ${nameAt(at)} up`}
                    onClick={() => move(at, at - 1, 'up')}
                  >
                    Up
                  </Button>
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    data-does="down"
                    disabled={at === blocks.length - 1}
                    aria-label={`Move ${nameAt(at)} down`}
                    onClick={() => move(at, at + 1, 'down')}
                  >
                    Down
                  </Button>
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
                onChange(blocks.map((one) => (one.key === key ? { key, block: changed } : one)))
              }
            />
          </Paper>
        ))}
      </ol>
      <Text size="sm" className="soft" role="status" aria-live="polite" mih="1.5em">
        {said}
      </Text>
      {!disabled && (
        <Menu position="bottom-start" withinPortal>
          <Menu.Target>
            <Button variant="default" size="sm">
              Add to {slotTitles[slot]}
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
