/** The only door to React Email's components: when upstream moves them, one file changes. */
export { Body, Head, Heading, Html, Img, Link, Text } from '@react-email/components'
