/** A clinic that does not exist, so that a try-out needs no set-up; live mode never reads it. */
export const sampleClinic = {
  CLINIC_NAME: 'Sample Physio',
  CLINIC_AREA: 'Bryn Mawr and the Main Line',
  CLINIC_FROM: 'Sample Physio <hello@mail.clinic.example>',
  CLINIC_REPLY_TO: 'desk@clinic.example',
  REPLY_DOMAIN: 'reply.clinic.example',
  CLINIC_POSTAL_ADDRESS: 'Sample Physio, 1 Sample Street, Bryn Mawr, PA 19010',
  CLINIC_PHONE: '+16105550100',
  CLINIC_BOOKING_URL: 'https://booking.clinic.example/call',
  CLINIC_SIGNED_BY: 'The team at Sample Physio, physical therapy',
  CLINIC_TIME_ZONE: 'America/New_York',
  URGENT_CARE_NOTE:
    'Sample text, to be replaced by the words that your clinic has approved on when a person should seek urgent care.',
  FRONT_DESK_EMAIL: 'delivered+front-desk@resend.dev',
}
