import { userInfo } from 'node:os'
import { defineCommand } from 'citty'
import { validate as isUuid } from 'uuid'
import { addToken } from '../actions/add-token.ts'
import { revokeToken } from '../actions/revoke-token.ts'
import { oneLine } from '../capture/text.ts'
import { Problem } from '../core/problem.ts'
import { type Role, roles } from '../core/user.ts'
import { listApiTokens } from '../store/api-tokens.ts'
import { withService } from './with-service.ts'

const actor = () => `cli: ${userInfo().username}`

export const tokenCommands = {
  add: defineCommand({
    meta: { description: "Make a token with which a machine uses the studio's interface" },
    args: {
      name: { type: 'string', required: true, description: 'what will use it' },
      role: { type: 'enum', options: [...roles], default: 'viewer', description: 'what it may do' },
    },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        const { secret } = await addToken(ctx, {
          name: oneLine(args.name, 80),
          role: args.role as Role,
          actor: actor(),
        })
        console.log(`Shown this once: ${secret}`)
        console.log(`Sent as: Authorization: Bearer …, to ${ctx.config.publicUrl}/studio/api`)
      }),
  }),
  list: defineCommand({
    meta: { description: 'Tokens that are good' },
    run: () =>
      withService(async ({ ctx }) => {
        const tokens = await listApiTokens(ctx.db)
        for (const { id, name, role, lastUsedAt } of tokens)
          console.log(
            `${id}  ${role.padEnd(7)} ${(lastUsedAt?.toISOString() ?? 'never used').padEnd(24)} ${name}`,
          )
        if (tokens.length === 0) console.log('There is none. See `token add`.')
      }),
  }),
  revoke: defineCommand({
    meta: { description: 'End a token at once' },
    args: { id: { type: 'positional', required: true, description: 'as `token list` shows it' } },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        if (!isUuid(args.id)) throw new Problem('not-found', `No token has the id ${args.id}.`)
        await revokeToken(ctx, { tokenId: args.id, actor: actor() })
        console.log('Revoked.')
      }),
  }),
}
