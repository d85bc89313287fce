import { NavLink } from '@mantine/core'
import { Link, useLocation } from 'wouter'

const places = [
  { href: '/', label: 'Overview' },
  { href: '/sequence', label: 'Sequence' },
  { href: '/mails', label: 'Mails' },
  { href: '/settings', label: 'Settings' },
] as const

/** The studio's places. */
export function Nav({ onGo }: { onGo: () => void }) {
  const [at] = useLocation()
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
          aria-current={isHere(href) ? 'page' : undefined}
          onClick={onGo}
        />
      ))}
    </nav>
  )
}
