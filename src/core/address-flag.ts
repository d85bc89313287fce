/**
 * What is odd about an address. role: an office or a list reads it, not one person; disposable: thrown away within
 * hours; impossible: no mail can arrive there.
 */
export type AddressFlag = 'role' | 'disposable' | 'impossible'
