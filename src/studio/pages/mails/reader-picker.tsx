import { Select, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, read } from '../../api.ts'
import { useMay } from '../../ui/use-me.ts'
import { nobody } from '../leads/use-leads.ts'

type Reader = { value: string; label: string }

const samples: readonly [Reader, Reader] = [
  { value: 'sample', label: 'A sample lead, Pat' },
  { value: 'nameless', label: 'A lead without a name' },
]

const readerOf = (lead: {
  id: string
  firstName: string | null
  lastName?: string | null
  email: string | null
}): Reader => ({
  value: lead.id,
  label:
    [[lead.firstName, lead.lastName].filter(Boolean).join(' '), lead.email].filter(Boolean).join(', ') ||
    'A lead without a name',
})

/** Everybody who matches what was typed, as the search among leads has it. */
function useFound(text: string) {
  const [settled] = useDebouncedValue(text, 200)
  return useQuery({
    queryKey: ['readers', settled],
    queryFn: () => read(api.leads.search.$post({ json: { ...nobody, text: settled, after: null } })),
    enabled: settled !== '',
    placeholderData: keepPreviousData,
  })
}

/** Through whose eyes a mail is seen: a sample, one who came last, or any lead that is searched for by typing. */
export function ReaderPicker({ value, onChange }: { value: string; onChange: (reader: string) => void }) {
  const maySearch = useMay('editor')
  const [picked, setPicked] = useState<Reader>(samples[0])
  const [typed, setTyped] = useState(picked.label)
  const wanted = typed === picked.label ? '' : typed.trim()
  const newest = useQuery({ queryKey: ['readers'], queryFn: () => read(api.copy.readers.$get()) })
  const found = useFound(maySearch ? wanted : '')
  const near = samples.filter(({ label }) => label.toLowerCase().includes(wanted.toLowerCase()))
  const leads = (wanted === '' ? newest.data?.readers : found.data?.leads) ?? []
  const all = [...near, ...(wanted === '' ? [picked] : []), ...leads.map(readerOf)]
  return (
    <div>
      <Select
        label="Through the eyes of"
        {...(maySearch
          ? { description: 'Type the start of a name or an address, or digits of a number' }
          : {})}
        w={{ base: '100%', xs: 300 }}
        searchable={maySearch}
        allowDeselect={false}
        // In its place in the page, and scrolled as a list: so a screen reader finds it where it belongs.
        comboboxProps={{ withinPortal: false }}
        withScrollArea={false}
        styles={{ options: { maxHeight: 260, overflowY: 'auto' } }}
        value={value}
        data={[...new Map(all.map((reader) => [reader.value, reader])).values()]}
        // The server has done it.
        filter={({ options }) => options}
        searchValue={typed}
        onSearchChange={setTyped}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(_, chosen) => {
          if (!chosen) return
          setPicked({ value: chosen.value, label: chosen.label })
          setTyped(chosen.label)
          onChange(chosen.value)
        }}
      />
      {/* Its line is always there: what lies below must not move away under a pointer. */}
      <Text size="sm" className="soft" role="status" aria-live="polite" mih="1.5em">
        {wanted !== '' && said(found.isError ? found.error.message : found.data)}
      </Text>
    </div>
  )
}

function said(found: { leads: unknown[]; more: boolean; searched: boolean } | string | undefined): string {
  if (found === undefined) return 'Searching…'
  if (typeof found === 'string') return found
  if (!found.searched) return 'Type at least three digits of a number.'
  const { length } = found.leads
  if (length === 0) return 'Nobody matches. Search goes by how a word begins.'
  if (found.more) return `The first ${length} of many. Type more to narrow it.`
  return `${length} ${length === 1 ? 'lead' : 'leads'} found.`
}
