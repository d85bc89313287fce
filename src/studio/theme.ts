import { Anchor, createTheme, type MantineColorsTuple } from '@mantine/core'

const pine: MantineColorsTuple = [
  '#eef6f4',
  '#dcebe7',
  '#b6d6ce',
  '#8cc0b4',
  '#69ad9e',
  '#469483',
  '#2b7467',
  '#1f5d57',
  '#174842',
  '#0f332f',
]

/** The studio's own look: calm, in the colour of our pages, the same for every clinic. */
export const theme = createTheme({
  primaryColor: 'pine',
  primaryShade: { light: 7, dark: 6 },
  colors: { pine },
  defaultRadius: 'md',
  fontFamily: 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
  headings: { fontWeight: '600' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // A link is known by more than its colour.
    Anchor: Anchor.extend({ defaultProps: { underline: 'always' } }),
    // Where it opens is where it belongs, and only what can be chosen is in it.
    Menu: { defaultProps: { withinPortal: false, withInitialFocusPlaceholder: false } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    // A dialog's head is no banner of the page.
    ModalHeader: { defaultProps: { role: 'none' } },
  },
})
