import { Cluster, Redis } from 'ioredis'

/**
 * Connects to the one Redis that `url` names, or to the cluster of which it names some nodes, with commas between: those
 * tell of all others. `cluster`: a single address is that of a cluster too. All nodes have the first one's user,
 * password and TLS. `maxRetries` null: what is asked while Redis is away waits for it.
 */
export function connectRedis(
  url: string,
  { maxRetries, cluster }: { maxRetries: number | null; cluster: boolean },
): Redis | Cluster {
  const nodes = url.split(',').map((node) => node.trim())
  const maxRetriesPerRequest = maxRetries
  if (nodes.length === 1 && !cluster) return new Redis(url, { maxRetriesPerRequest })
  const { username, password, protocol } = new URL(nodes[0]!)
  const redisOptions = {
    maxRetriesPerRequest,
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  }
  return new Cluster(
    nodes.map((node) => ({ host: new URL(node).hostname, port: Number(new URL(node).port || 6379) })),
    { redisOptions },
  )
}
