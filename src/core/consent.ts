/**
 * On what ground a lead may be mailed. ticked: a box was ticked; inquiry: the person asked us, and the form's notice
 * says that we answer by mail; imported: agreed elsewhere, with proof of it; confirmed: pressed the button of a mail
 * that asked, so the address is the person's own.
 */
export const consentBases = ['ticked', 'inquiry', 'imported', 'confirmed'] as const
export type ConsentBasis = (typeof consentBases)[number]

/** Consent that was given before the lead came to us, and what proves it. */
export type ImportedConsent = {
  givenAt: Date
  /** Where and to what the person agreed, in words of who imports: "paper form of 3 March 2026, in the office". */
  proof: string
}

/**
 * Whether what is on record is enough for a sequence that takes any basis of `needed`. Where the law asks for an
 * express yes, an inquiry is none. Whoever confirmed has said more than by ticking a box.
 */
export function isConsentEnough(
  needed: readonly ConsentBasis[],
  given: readonly ConsentBasis[],
  needsExpress: boolean,
): boolean {
  return given.some((basis) => {
    if (basis === 'inquiry' && needsExpress) return false
    return needed.includes(basis) || (basis === 'confirmed' && needed.includes('ticked'))
  })
}
