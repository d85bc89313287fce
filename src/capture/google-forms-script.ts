/**
 * Apps Script for a Google Form: signs each answer as Standard Webhooks and posts it, again for half a minute where
 * nobody answers (developers.google.com/apps-script/reference). `address` and `secret` are the source's.
 */
export const googleFormsScript = (address: string, secret: string): string => `\
const ADDRESS = '${address}'
const SECRET = '${secret}'

function sendLead(event) {
  const response = event.response
  const data = { submission_id: response.getId() }
  const email = response.getRespondentEmail()
  if (email) data.email = email
  for (const item of response.getItemResponses()) {
    const answer = item.getResponse()
    data[item.getItem().getTitle()] = Array.isArray(answer) ? answer.join(', ') : answer
  }
  const timestamp = response.getTimestamp().toISOString()
  post('msg_' + response.getId(), JSON.stringify({ type: 'lead.submitted', timestamp, data }))
}

function post(id, body) {
  const key = Utilities.base64Decode(SECRET.replace('whsec_', ''))
  for (let pause = 1; ; pause *= 2) {
    const time = String(Math.floor(Date.now() / 1000))
    const signed = Utilities.newBlob(id + '.' + time + '.' + body).getBytes()
    const signature = Utilities.base64Encode(Utilities.computeHmacSha256Signature(signed, key))
    const headers = { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': 'v1,' + signature }
    const json = { method: 'post', contentType: 'application/json', payload: body }
    let said
    try {
      said = UrlFetchApp.fetch(ADDRESS, { ...json, headers, muteHttpExceptions: true }).getResponseCode()
    } catch (error) {
      said = error.message
    }
    if (said < 300) return
    if (said < 500 || pause > 16) throw new Error('The lead was not taken: ' + said)
    Utilities.sleep(pause * 1000)
  }
}
`
