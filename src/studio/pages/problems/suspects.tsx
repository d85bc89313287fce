import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, read } from '../../api.ts'
import { Empty } from '../../ui/empty.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { ParkedCapture } from './captures.tsx'

/** Forms that were taken for a program's: kept, and never mailed. */
export function Suspects() {
  const query = useQuery({
    queryKey: ['problems', 'suspects'],
    queryFn: () => read(api.problems.suspects.$get()),
  })
  return (
    <QueryView query={query}>
      {({ captures }) =>
        captures.length === 0 ? (
          <Empty title="No form was taken for a bot’s">
            What fills in hidden fields or sends faster than anybody types is kept here and never mailed.
          </Empty>
        ) : (
          <Stack gap="sm">
            <Text c="dimmed">
              Kept, and never mailed. A person among them? Say so, and they are enrolled.
            </Text>
            {captures.map((capture) => (
              <ParkedCapture key={capture.id} {...capture} isSuspect />
            ))}
          </Stack>
        )
      }
    </QueryView>
  )
}
