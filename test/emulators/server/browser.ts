import type { IncomingHttpHeaders } from "node:http"
import { Agent, request } from "node:https"
import { type CheerioAPI, load } from "cheerio"

/** A minimal browser on node:https, for the tests of the emulators: as much as a sign-in needs. */
export interface BrowserPage {
  readonly status: number
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly $: CheerioAPI
}

export type Fields = readonly (readonly [name: string, value: string])[]

/** The port of 127.0.0.1 that a host name leads to. */
export type Ports = (host: string) => number

export class Browser {
  readonly cookies = new Map<string, { name: string; value: string; path: string }>()
  headers: Record<string, string> = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64) pum-aws-test" }
  readonly ca: string
  readonly #agent: Agent
  readonly #ports: Ports

  constructor(ca: string, ports: Ports) {
    this.ca = ca
    this.#agent = new Agent({ ca })
    this.#ports = ports
  }

  get(url: string): Promise<BrowserPage> {
    return this.send("GET", url)
  }

  post(
    url: string,
    fields: Fields | string,
    type = "application/x-www-form-urlencoded",
  ): Promise<BrowserPage> {
    const body =
      typeof fields === "string" ? fields : new URLSearchParams(fields.map(pair => [...pair])).toString()
    return this.send("POST", url, { body, type })
  }

  /** Follows one redirect, as a browser does after 302: with GET. */
  follow(page: BrowserPage): Promise<BrowserPage> {
    return this.get(new URL(page.headers.location ?? "", page.url).href)
  }

  /** Submits a form of the page, as for a user who typed `typed` into it. */
  submit(page: BrowserPage, form: string, typed: Record<string, string>): Promise<BrowserPage> {
    return this.post(addressOf(page, form), fieldsOf(page, form, typed))
  }

  send(method: string, address: string, content?: { body: string; type: string }): Promise<BrowserPage> {
    const url = new URL(address)
    const cookies = [...this.cookies.values()].filter(({ path }) => url.pathname.startsWith(path))
    const headers = {
      ...this.headers,
      host: url.host,
      ...(cookies.length > 0
        ? { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") }
        : {}),
      ...(content ? { "content-type": content.type, "content-length": Buffer.byteLength(content.body) } : {}),
    }
    return new Promise((resolve, reject) => {
      const target = { host: "127.0.0.1", port: this.#ports(url.hostname), servername: url.hostname }
      const options = { ...target, method, headers, agent: this.#agent, path: `${url.pathname}${url.search}` }
      const sent = request(options, response => {
        let body = ""
        response.setEncoding("utf8")
        response.on("data", chunk => {
          body += chunk
        })
        response.on("error", reject)
        response.on("end", () => {
          for (const line of response.headers["set-cookie"] ?? []) this.#keep(line)
          const { statusCode: status = 0, headers } = response
          resolve({ status, url: address, headers, body, $: load(body) })
        })
      })
      sent.on("error", reject)
      sent.end(content?.body)
    })
  }

  #keep(line: string): void {
    const [, name = "", value = ""] = /^([^=]*)=([^;]*)/.exec(line) ?? []
    const path = /;\s*path=([^;]*)/i.exec(line)?.[1] ?? "/"
    this.cookies.set(`${name} ${path}`, { name, value, path })
  }
}

/** The address that a form posts to. Without an action it is the address of the page. */
export function addressOf({ $, url }: BrowserPage, form: string): string {
  return new URL($(`form#${form}`).attr("action") ?? url, url).href
}

/** The successful controls of a form (HTML, "constructing the entry list"), with what was typed. */
export function fieldsOf({ $ }: BrowserPage, form: string, typed: Record<string, string>): Fields {
  const fields: [string, string][] = []
  for (const element of $(`form#${form}`).find("input, select")) {
    const control = $(element)
    const name = control.attr("name")
    const type = control.attr("type")
    if (name === undefined || type === "submit") continue
    const isTicked = control.attr("checked") !== undefined
    if ((type === "checkbox" || type === "radio") && !isTicked) continue
    fields.push([name, typed[name] ?? control.attr("value") ?? ""])
  }
  const present = fields.map(([name]) => name)
  return [...fields, ...Object.entries(typed).filter(([name]) => !present.includes(name))]
}

export const replaced = (fields: Fields, name: string, value: string): Fields =>
  fields.map(([key, old]) => [key, key === name ? value : old])

export const without = (fields: Fields, name: string): Fields => fields.filter(([key]) => key !== name)
