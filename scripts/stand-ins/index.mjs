// What is left out of the bundle, or replaced in it: code that libraries load and this program never runs.
import { readFileSync } from "node:fs"
import { join } from "node:path"

const standIn = name => join(import.meta.dirname, name)

/** Packages by name. */
export const alias = {
  // Of axios: multipart bodies are never sent, and redirects are followed by hand.
  "form-data": standIn("unused.cjs"),
  "follow-redirects": standIn("unused.cjs"),
  // Of axios as well: this program speaks HTTP/1.1, and Node's module takes 2 ms to load.
  http2: standIn("unused.cjs"),
  // Of https-proxy-agent and agent-base.
  debug: standIn("silent-debug.cjs"),
  // Of tough-cookie.
  tldts: standIn("public-suffixes.cjs"),
  // Of the SDK.
  "@aws-sdk/credential-provider-node": standIn("no-credentials.cjs"),
  "@aws-sdk/signature-v4-multi-region": standIn("no-credentials.cjs"),
  "@smithy/signature-v4": standIn("no-signature.cjs"),
  "@smithy/node-http-handler": standIn("own-handler.cjs"),
  bowser: standIn("unused.cjs"),
}

/**
 * Keeps the SDK from reading and parsing both AWS files, each time a client is made: all settings are given to it. With
 * many profiles that took longer than the rest of the sign-in.
 */
const withoutAwsFiles = {
  name: "without-aws-files",
  setup({ onLoad }) {
    onLoad({ filter: /shared-ini-file-loader\/loadSharedConfigFiles\.js$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8")
      const begin = "export const loadSharedConfigFiles ="
      const slim = source.replace(
        begin,
        `${begin} async () => ({ configFile: {}, credentialsFile: {} })\nconst unused =`,
      )
      if (slim === source)
        throw new Error("the SDK reads the AWS files in another way than this plugin knows")
      return { contents: slim }
    })
  },
}

/**
 * Keeps axios from loading undici (26 ms): its fetch adapter is left out, and the global FormData not looked for. So is
 * its adapter for browsers.
 */
const withoutUndici = {
  name: "without-undici",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/(fetch|xhr)\.js$/ }, ({ importer }) =>
      /axios\/lib\/adapters/.test(importer) ? { path: standIn("no-adapter.mjs") } : undefined,
    )
    onLoad({ filter: /axios\/lib\/utils\.js$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8")
      const slim = source.replace("typeof G.FormData !== 'undefined' ? G.FormData : undefined", "undefined")
      if (slim === source) throw new Error("axios looks for FormData in another way than this plugin knows")
      return { contents: slim }
    })
  },
}

/** Keeps the XML parser from making the same pattern anew at each end tag, which takes a tenth of the time. */
const withOnePattern = {
  name: "with-one-pattern",
  setup({ onLoad }) {
    onLoad({ filter: /@xmldom\/xmldom\/lib\/sax\.js$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8")
      const quick = source.replace("var endTagNameStrict = g.reg(", "endTagNameStrict ??= g.reg(")
      if (quick === source) throw new Error("xmldom makes its patterns in another way than this plugin knows")
      // At the end: before "use strict", it would switch that off.
      return { contents: `${quick}\nvar endTagNameStrict` }
    })
  },
}

/**
 * Leaves tables of HTML's entities out: of the XML parser, which reads no HTML here, and of cheerio's writer of HTML, which
 * is not used, and comes with a reader of its own.
 */
const withoutEntities = {
  name: "without-entities",
  setup({ onLoad }) {
    onLoad({ filter: /@xmldom\/xmldom\/lib\/entities\.js$/ }, ({ path }) => {
      const [own, ...html] = readFileSync(path, "utf8").split("exports.HTML_ENTITIES = freeze(")
      if (html.length !== 1)
        throw new Error("xmldom keeps its entities in another way than this plugin knows")
      return { contents: `${own}exports.HTML_ENTITIES = exports.entityMap = freeze({})` }
    })
    onLoad({ filter: /\/entities\/.*\/generated\/encode-html\.js$/ }, () => ({
      contents: "export default new Map()",
    }))
    onLoad({ filter: /\/entities\/lib\/esm\/generated\/decode-data-html\.js$/ }, () => ({
      contents: "export default new Uint16Array()",
    }))
  },
}

/**
 * Empties the SDK's modules for protocols that STS does not speak (JSON, CBOR, event streams): a client imports all of
 * them. STS speaks the query protocol, with XML answers.
 */
const withoutOtherProtocols = {
  name: "without-other-protocols",
  setup({ onLoad }) {
    const folders =
      /@smithy\/core\/dist-es\/submodules\/(cbor|event-streams|protocols\/json)\/|@aws-sdk\/core\/dist-es\/submodules\/protocols\/(json|cbor)\//
    onLoad({ filter: folders }, ({ path }) => {
      const source = readFileSync(path, "utf8")
      const names = [...source.matchAll(/^export (?:async )?(?:class|const|function\*?) (\w+)/gm)]
      if (names.length === 0) return undefined
      return { contents: names.map(([, name]) => `export class ${name} {}`).join("\n") }
    })
  },
}

/** Plugins for esbuild. */
export const slimming = [
  withOnePattern,
  withoutAwsFiles,
  withoutEntities,
  withoutOtherProtocols,
  withoutUndici,
]
