import type { Brand } from '../../src/core/brand.ts'
import type { MailProps } from '../../src/core/mail.ts'
import { Img, Text } from './kit.ts'
import type { Tones } from './palette.ts'
import { Progress } from './progress.tsx'
import { Table } from './table.tsx'
import { breaking, serif } from './type.ts'

/** The clinic's name, set in type unless it brings a logo. */
function ClinicName({ brand, tones }: { brand: Brand; tones: Tones }) {
  if (brand.logoUrl)
    return (
      <Img
        className="ink"
        src={brand.logoUrl}
        alt={brand.clinicName}
        height={36}
        style={{ fontFamily: serif, fontSize: 19, color: tones.ink }}
      />
    )
  return (
    <Text
      className="ink"
      style={{
        fontFamily: serif,
        fontSize: 19,
        lineHeight: '26px',
        color: tones.ink,
        margin: 0,
        ...breaking,
      }}
    >
      {brand.clinicName}
    </Text>
  )
}

type MastheadProps = { mail: MailProps; tones: Tones; inSeries: boolean }

/** Who writes, and how far the series has come, where the mail is part of it. */
export function Masthead({ mail, tones, inSeries }: MastheadProps) {
  return (
    <Table width="100%" style={{ margin: '0 0 24px' }}>
      <tr>
        <td align="left" style={{ padding: '0 12px 0 0' }} data-skip-in-text="true">
          <ClinicName brand={mail.brand} tones={tones} />
        </td>
        {inSeries && (
          <td align="right" width={84} style={{ width: 84 }}>
            <Progress part={mail.part} of={mail.parts} />
          </td>
        )}
      </tr>
    </Table>
  )
}
