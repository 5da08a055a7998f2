// Bundles src/ into dist/. Each stage that start-up must not load is a file of its own; modules that all of
// them must share (the error class is told by `instanceof`) are files too.
import { rmSync } from "node:fs"
import { relative, resolve } from "node:path"
import { build } from "esbuild"

const root = resolve(import.meta.dirname, "..")
const parts = {
  start: "src/start.ts",
  options: "src/options/index.ts",
  programs: "src/secrets/programs.ts",
  prompts: "src/terminal/prompts.ts",
  files: "src/aws-files/index.ts",
  "sign-in": "src/sign-in/index.ts",
  saml: "src/saml.ts",
  sts: "src/sts.ts",
  several: "src/several/index.ts",
  sessions: "src/sessions/index.ts",
  outputs: "src/outputs/index.ts",
}
const shared = { errors: "src/errors.ts", network: "src/network.ts" }

const partOf = new Map(
  Object.entries({ ...parts, ...shared }).map(([name, file]) => [resolve(root, file), name]),
)

const separateParts = {
  name: "separate-parts",
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path, resolveDir, kind, importer }) => {
      const file = resolve(resolveDir, path)
      const name = partOf.get(file)
      if (importer === "" || name === undefined) return
      if (name in shared || kind === "dynamic-import") return { path: `./${name}.js`, external: true }
      throw new Error(`${relative(root, importer)} imports ${name} statically: it is loaded by import() only`)
    })
  },
}

rmSync(resolve(root, "dist"), { recursive: true, force: true })
const common = {
  absWorkingDir: root,
  outdir: "dist",
  bundle: true,
  minify: true,
  metafile: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  // A dynamic import of a CommonJS file is a require: the loader for modules is not started for it.
  supported: { "dynamic-import": false },
  legalComments: "none",
  logLevel: "warning",
  // The SDK warns of Node versions it will drop in its next release; this one is pinned.
  define: {
    // `open` looks for a helper beside itself, which a bundle has not.
    "import.meta.url": '""',
    "process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED": '"true"',
  },
  alias: Object.fromEntries(
    ["form-data", "follow-redirects"].map(name => [name, resolve(root, "scripts/unused.cjs")]),
  ),
}
const { metafile } = await build({
  ...common,
  entryPoints: Object.fromEntries([...partOf].map(([file, name]) => [name, file])),
  plugins: [separateParts],
})
// One file with all it needs: it ends before anything else is loaded.
await build({ ...common, entryPoints: { cached: "src/cached.ts" } })
const { writeNotices } = await import("./notices.mjs")
writeNotices(root, metafile)

if (process.argv.includes("--sizes")) {
  for (const [file, { bytes }] of Object.entries(metafile.outputs)) console.log(`${file} ${bytes}`)
}
