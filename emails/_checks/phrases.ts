/** Body parts and health words that no lock screen and no address of a link should show. */
export const healthWords =
  /\b(back ?ache|spin\w*|spasm\w*|pain\w*|hurt\w*|ach(e|es|ing)|hip\w*|core|glute\w*|pelvi\w*|neck|knee\w*|shoulder\w*|muscle\w*|disc\w*|mri|x-ray\w*|scan\w*|injur\w*|medic\w*|doctor\w*|patient\w*|provider\w*|therap\w*|physio\w*|clinic\w*|symptom\w*|flare\w*|breath\w*|posture|diagnos\w*|treat\w*|recover\w*|relief|exercis\w*|lock(s|ed|ing)?[- ]up|(a|your|my|the|low|lower|bad|sore) back|backs)\b/i

/** Words that pin a condition on the reader. */
export const attribution = /\byour (back|pain|spasm|condition|problem|injur|diagnos)/i

/** How many notes there are, written out: wrong as soon as a step is switched off. */
export const counted =
  /\bpart (\d+|one) of (\d+|seven)\b|\b(\d+|two|three|four|five|six|seven|eight|nine|ten) (short )?(notes|emails|mails)\b/i

/** What a clinic must not say, and what the article does not: promises, proof, pressure, doses, praise. */
export const forbidden =
  /guarantee|\bcures?\b|\bheals?\b|\bhealed\b|%|\bproven\b|clinically|\bstud(y|ies)\b|research|evidence shows|testimonial|patients? (say|said|told|love)|pain[- ]free|\bnever again\b|permanent|risk[- ]free|act now|hurry|last chance|limited|only \d|don’t wait|before it’s too late|act fast|today only|\bdiagnos|\breps?\b|\bsets of\b|times a (day|week)|minutes a day|\bbest clinic|award|board[- ]certified|years of experience|\bexpert|stop taking|instead of (your )?(doctor|medicine)/i
