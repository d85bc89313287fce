import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLogoReader, isOpenAddress, logoBytesMost } from '../../src/mail/logo-reader.ts'
import { pictureOf } from '../../src/mail/picture.ts'
import { png, startLogoSite } from '../support/logo-site.ts'

/** Two markers before the frame header: 300 wide, 80 high. */
const jpeg = Buffer.from(
  'ffd8ffe000104a46494600010100000100010000ffdb00040000ffc00011080050012c03012200021101031101ffd9',
  'hex',
)
const gif = Buffer.concat([Buffer.from('GIF89a'), Buffer.from([44, 1, 80, 0]), Buffer.alloc(20)])

let site: Awaited<ReturnType<typeof startLogoSite>>
beforeAll(async () => {
  site = await startLogoSite({
    '/logo.png': { body: png(320, 80) },
    '/logo.jpg': { body: jpeg },
    '/logo.gif': { body: gif },
    '/logo.svg': { body: '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>' },
    '/large.png': { body: Buffer.concat([png(10, 10), Buffer.alloc(logoBytesMost)]) },
    '/moved.png': { status: 302, location: '/logo.png' },
    '/slow.png': { hangs: true },
    '/empty.png': { body: '' },
    '/cut.png': { body: png(320, 80).subarray(0, 20) },
  })
})
afterAll(() => site?.stop())

/** Our own machine is let in: the site of the test is on it. */
const read = createLogoReader({ timeoutMs: 500, isOpen: () => true })

test.each([
  ['/logo.png', 'image/png', 320, 80],
  ['/logo.jpg', 'image/jpeg', 300, 80],
  ['/logo.gif', 'image/gif', 300, 80],
])('%s is read with its size', async (path, type, width, height) => {
  expect(await read(`${site.url}${path}`)).toMatchObject({ type, width, height })
})

test.each([
  ['/logo.svg', /no PNG, JPEG or GIF/],
  ['/large.png', /larger than 300 kB/],
  ['/moved.png', /leads to another/],
  ['/nothing.png', /answers 404/],
  ['/slow.png', /did not come in time/],
  ['/empty.png', /no PNG, JPEG or GIF/],
  ['/cut.png', /no PNG, JPEG or GIF/],
])('%s is told of in words', async (path, problem) => {
  expect(await read(`${site.url}${path}`)).toEqual({ problem: expect.stringMatching(problem) as string })
})

test('who is not there is told of, too', async () => {
  expect(await read('http://127.0.0.1:1/logo.png')).toEqual({
    problem: expect.stringContaining('could not be loaded (ECONNREFUSED)') as string,
  })
})

test('one logo is asked for once a minute, however often it is looked at', async () => {
  let now = 0
  const often = createLogoReader({ timeoutMs: 500, isOpen: () => true, now: () => now })
  const before = site.asked()
  await Promise.all([often(`${site.url}/logo.png`), often(`${site.url}/logo.png`)])
  expect(site.asked()).toBe(before + 1)
  now = 61_000
  await often(`${site.url}/logo.png`)
  expect(site.asked()).toBe(before + 2)
})

describe('our own network', () => {
  test.each(['127.0.0.1', 'localhost', '[::1]', '0x7f.1', '[::ffff:127.0.0.1]'])(
    'is not asked as %s',
    async (host) => {
      const before = site.asked()
      const strict = createLogoReader({ timeoutMs: 2_000 })
      expect(await strict(`${site.url.replace('127.0.0.1', host)}/logo.png`)).toEqual({
        problem: expect.stringContaining('on a private network') as string,
      })
      expect(site.asked()).toBe(before)
    },
  )

  test.each([
    ['10.1.2.3', false],
    ['172.31.0.1', false],
    ['192.168.1.1', false],
    ['169.254.169.254', false],
    ['100.100.1.1', false],
    ['0.0.0.0', false],
    ['255.255.255.255', false],
    ['::', false],
    ['fe80::1', false],
    ['fd00::1', false],
    ['::ffff:10.0.0.1', false],
    ['64:ff9b::a00:1', false],
    ['2002:a00:1::1', false],
    ['not an address', false],
    ['93.184.215.14', true],
    ['172.32.0.1', true],
    ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', true],
  ])('%s is open: %s', (address, open) => expect(isOpenAddress(address)).toBe(open))
})

test('a picture without end or size is none', () => {
  expect(pictureOf(png(0, 0))).toBeNull()
  expect(pictureOf(Buffer.alloc(4_000, 0xff))).toBeNull()
  expect(pictureOf(Buffer.concat([Buffer.from('ffd8ffe00000', 'hex'), Buffer.alloc(40)]))).toBeNull()
})
