import type http from "node:http"
import type { Environment } from "../platform/platform.ts"
import { findSystemProxy } from "../platform/system-proxy.ts"
import { type AgentSettings, DirectAgent, type PreparingAgent, ProxyAgent, plainAgent } from "./agents.ts"
import type { CaBundle } from "./ca-bundle.ts"
import { ClockCheck } from "./clock-check.ts"
import type { NetworkSources } from "./network-errors.ts"
import { isExempt, proxyFor, proxyVariable, unusedProxyVariable } from "./proxy.ts"

/** How long this program waits for servers, in milliseconds. */
export interface NetworkLimits {
  /** Until a connection is open, TLS included. */
  readonly connect: number
  /** For one exchange: from the request to the last byte of the answer. */
  readonly exchange: number
  /** For one call to STS, with all its retries. */
  readonly stsCall: number
  /** For the names of accounts from AWS' role page: a menu waits for them. */
  readonly rolePage: number
  /**
   * A connection that was unused for longer carries no request: a firewall may have dropped it silently. The request
   * would get no answer, and one that holds a password must not be sent again.
   */
  readonly idle: number
}

export const networkLimits: NetworkLimits = {
  connect: 10_000,
  exchange: 60_000,
  stsCall: 75_000,
  rolePage: 2_000,
  idle: 60_000,
}

/** How much of an answer is read, in bytes after decompression. */
export const sizeLimits = { page: 5 * 1024 * 1024, awsAnswer: 1024 * 1024 }

/** Connections to servers: one keep-alive agent per proxy, shared by ADFS and AWS, so that both obey the same settings. */
export interface Network {
  readonly limits: NetworkLimits
  /** For the words of errors. */
  sourcesFor(target: URL): NetworkSources
  readonly clock: ClockCheck
  /** @throws PumError `usage` if a proxy variable holds no address */
  agentFor(target: URL): http.Agent
  /**
   * Opens a connection that the next request to this server will use. If it cannot be opened, that request reports it.
   * @returns settles when the connection is open, or cannot be opened
   * @throws PumError `usage` if a proxy variable holds no address
   */
  prepare(target: URL): Promise<void>
  close(): void
}

export interface NetworkSettings {
  readonly env: Environment
  readonly ca: CaBundle | undefined
  readonly limits?: NetworkLimits | undefined
  /** Told if this machine's clock is wrong, by what servers say. */
  readonly warn?: (line: string) => void
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

export function openNetwork({
  env,
  ca,
  limits = networkLimits,
  warn = () => {},
  now = Date.now,
}: NetworkSettings): Network {
  const agents = new Map<string, PreparingAgent>()
  const settings: AgentSettings = { ca: ca?.pem, connectLimit: limits.connect, idleLimit: limits.idle }

  function agentFor(target: URL): PreparingAgent {
    const proxy = proxyFor(target, env)
    const key = proxy?.href ?? target.protocol
    const agent = agents.get(key) ?? newAgent(target, proxy, settings)
    agents.set(key, agent)
    return agent
  }

  return {
    limits,
    clock: new ClockCheck({ now, warn }),
    sourcesFor: target => ({
      proxy: proxyVariable(env),
      isExempt: isExempt(target, env),
      unusedProxy: unusedProxyVariable(env),
      ca: ca?.source,
      findSystemProxy,
    }),
    agentFor,
    prepare: target => agentFor(target).prepare(target),
    close() {
      for (const agent of agents.values()) agent.destroy()
    },
  }
}

function newAgent(target: URL, proxy: URL | undefined, settings: AgentSettings): PreparingAgent {
  if (proxy !== undefined) return new ProxyAgent(proxy, settings)
  return target.protocol === "https:" ? new DirectAgent(settings) : plainAgent(settings)
}
