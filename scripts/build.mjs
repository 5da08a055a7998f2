// Bundles src/ into dist/: one file for each stage, so that start-up loads only what it needs.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { relative, resolve } from "node:path"
import { build } from "esbuild"
import { bundledPackages } from "./bundled-packages.mjs"
import { writeNotices } from "./notices.mjs"
import { writeSbom } from "./sbom.mjs"
import { alias, slimming } from "./stand-ins/index.mjs"

const root = resolve(import.meta.dirname, "..")

/**
 * Files of dist/, and the modules of src/ that other files of dist/ may ask each of them for. Everything else is
 * bundled into each file that imports it.
 */
const files = {
  start: ["start.ts"],
  "command-line": ["options/command-line.ts"],
  help: ["options/help.ts"],
  complete: ["short-cuts/complete.ts"],
  doctor: ["doctor/doctor.ts"],
  main: ["main.ts"],
  prompts: ["terminal/prompts.ts"],
  programs: ["answers/command.ts", "answers/one-password.ts"],
  "web-session": ["sign-in/web-session.ts"],
  "sign-in": ["sign-in/adfs.ts", "sign-in/pages/page.ts", "aws/ask-role-page.ts"],
  assertion: ["sign-in/pages/assertion.ts"],
  sts: ["aws/sts.ts"],
  "console-link": ["aws/console-link.ts"],
  several: ["on-demand/set-up.ts", "several/store-several.ts"],
  sessions: [
    "outputs/logout.ts",
    "outputs/short-status.ts",
    "sessions/caller.ts",
    "sessions/keep-stored.ts",
    "sessions/kept-sessions.ts",
    "sessions/on-demand-requests.ts",
    "sessions/session-key.ts",
    "sessions/shared-session.ts",
  ],
  remembered: ["remembered/forget.ts", "remembered/open-remembered.ts"],
  outputs: ["completion/scripts.ts", "outputs/hand-over.ts", "outputs/list.ts", "outputs/status.ts"],
}
/** Imported statically: by all that need them, or because all must share one copy (`instanceof PumError`). */
const shared = {
  errors: ["errors.ts"],
  network: ["http/network.ts", "http/network-errors.ts"],
  send: ["http/send.ts"],
  options: [
    "files/read-named-file.ts",
    "files/read-own-file.ts",
    "options/config-file.ts",
    "options/given.ts",
    "options/modes.ts",
    "options/option-table.ts",
    "options/options.ts",
    "options/parse-values.ts",
    "options/quick.ts",
  ],
  profiles: [
    "files/lock.ts",
    "files/lock-folder.ts",
    "files/replace-files.ts",
    "files/sightings.ts",
    "files/update-files.ts",
    "files/write-privately.ts",
    "ini/edit-ini.ts",
    "profiles/check-profiles.ts",
    "profiles/list-profiles.ts",
    "profiles/profile-state.ts",
    "profiles/shadows.ts",
    "profiles/store-profiles.ts",
  ],
}

const all = { ...files, ...shared }
const fileOf = new Map(
  Object.entries(all).flatMap(([name, modules]) =>
    modules.map(module => [resolve(root, "src", module), name]),
  ),
)

/** While `own` is bundled: turns an import of a module that another file offers into a require of that file. */
const separateFiles = own => ({
  name: "separate-files",
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path, resolveDir, kind, importer }) => {
      const name = fileOf.get(resolve(resolveDir, path))
      // The help is printed without the options loaded.
      if (name === undefined || name === own || (own === "help" && name === "options")) return
      if (name in shared || kind === "dynamic-import") return { path: `./${name}.js`, external: true }
      throw new Error(`${relative(root, importer)} imports ${name} statically: it is loaded by import() only`)
    })
  },
})

rmSync(resolve(root, "dist"), { recursive: true, force: true })
const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  metafile: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  // A dynamic import of a CommonJS file is a require: Node's loader for ES modules need not start.
  supported: { "dynamic-import": false },
  legalComments: "none",
  logLevel: "warning",
  define: {
    // `open` looks for a helper program beside itself; in a bundle there is none.
    "import.meta.url": '""',
    // The SDK warns of Node versions that its next release drops; this release is pinned.
    "process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED": '"true"',
  },
  alias,
}
const inUtf8 = new Set(["sign-in", "assertion"])
const builds = await Promise.all(
  Object.entries(all).map(([name, modules]) =>
    build({
      ...common,
      stdin: {
        contents: modules.map(module => `export * from "./${module}"`).join("\n"),
        resolveDir: resolve(root, "src"),
        sourcefile: `all-of-${name}.ts`,
      },
      outfile: `dist/${name}.js`,
      // Their tables of entities are shorter in UTF-8. The others stay ASCII, which Node.js holds in half the memory.
      charset: inUtf8.has(name) ? "utf8" : "ascii",
      plugins: [separateFiles(name), ...slimming],
    }),
  ),
)
// What the launcher loads before anything else: each is one small file.
const launched = {
  cached: ["short-cuts/cached.ts"],
  "fixed-answers": ["short-cuts/fixed-answers.ts"],
  keep: ["code-cache/keep.ts"],
  load: ["code-cache/load.ts"],
  short: ["short-cuts/short.ts", "short-cuts/kept-text.ts"],
  "type-ahead": ["terminal/type-ahead.ts"],
}
const load = createRequire(import.meta.url)
const briefHelpText = JSON.stringify(load(resolve(root, "dist/help.js")).briefHelp())
for (const [name, modules] of Object.entries(launched)) {
  const contents = modules.map(module => `export * from "./${module}"`).join("\n")
  builds.push(
    await build({
      ...common,
      stdin: { contents, resolveDir: resolve(root, "src"), sourcefile: `all-of-${name}.ts` },
      outfile: `dist/${name}.js`,
      define: { ...common.define, briefHelpText },
    }),
  )
}
// The child process that asks the keychain.
builds.push(
  await build({
    ...common,
    entryPoints: ["src/remembered/keychain-child.ts"],
    outfile: "dist/keychain.js",
  }),
)
const inputs = builds.flatMap(({ metafile }) => Object.keys(metafile.inputs))
const packages = bundledPackages(root, inputs)
writeNotices(root, packages)
writeSbom(root, packages)

const { version } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8"))
const manPageWriter = resolve(root, "node_modules/.man-page.cjs")
await build({ ...common, entryPoints: ["scripts/man-page.ts"], outfile: manPageWriter })
mkdirSync(resolve(root, "man"), { recursive: true })
writeFileSync(resolve(root, "man/pum-aws.1"), load(manPageWriter).manPage(version))
rmSync(manPageWriter)

if (process.argv.includes("--sizes")) {
  for (const { metafile } of builds)
    for (const [file, { bytes }] of Object.entries(metafile.outputs)) console.log(`${file} ${bytes}`)
}
