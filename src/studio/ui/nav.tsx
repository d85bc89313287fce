import { Badge, NavLink } from '@mantine/core'
import { Link, useLocation } from 'wouter'
import { useProblemCounts } from '../pages/problems/use-problems.ts'

const places = [
  { href: '/', label: 'Overview' },
  { href: '/sequence', label: 'Sequence' },
  { href: '/mails', label: 'Mails' },
  { href: '/leads', label: 'Leads' },
  { href: '/upcoming', label: 'Upcoming mails' },
  { href: '/problems', label: 'Problems' },
  { href: '/settings', label: 'Settings' },
] as const

/** The studio's places. */
export function Nav({ onGo }: { onGo: () => void }) {
  const [at] = useLocation()
  const { data: counts } = useProblemCounts()
  const problems = counts ? Object.values(counts).reduce((sum, count) => sum + count, 0) : 0
  const isHere = (href: string) => (href === '/' ? at === '/' : at === href || at.startsWith(`${href}/`))
  return (
    <nav aria-label="Studio">
      {places.map(({ href, label }) => (
        <NavLink
          key={href}
          component={Link}
          href={href}
          label={label}
          active={isHere(href)}
          rightSection={
            href === '/problems' && problems > 0 ? <Badge color="red.8">{problems}</Badge> : undefined
          }
          aria-current={isHere(href) ? 'page' : undefined}
          onClick={onGo}
        />
      ))}
    </nav>
  )
}
