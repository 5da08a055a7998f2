import { plain } from "../errors.ts"
import type { Environment } from "../platform/platform.ts"
import type { AwsFilePaths } from "../profiles/paths.ts"
import { printedSettings, type UsedSetting } from "./settings.ts"

/** Shorter values stand in words of ours, and give nothing away. */
const shortestHidden = 4

/** Variables of others whose values are not printed. */
const hiddenVariables =
  /^(AWS_|PUM_|BROWSER$|SHELL$|NODE_EXTRA_CA_CERTS$|NO_PROXY$|no_proxy$|(https?|HTTPS?)_(proxy|PROXY)$)/

/**
 * Makes a line safe for a ticket: the name of its source in place of each value, `~` for the home folder, and no user
 * names.
 * @param values of the settings in use
 */
export function safeToPaste(
  { env, home, paths }: { readonly env: Environment; readonly home: string; readonly paths: AwsFilePaths },
  values: readonly UsedSetting[],
): (text: string) => string {
  const shown = new Set(
    values.filter(({ name }) => printedSettings.has(name)).map(({ written }) => written.text),
  )
  const envFile = values.find(({ name }) => name === "envFile")?.written.text
  const nameOf = (source: string) =>
    envFile === undefined ? source : source.replace(envFile, () => "--env-file")
  const hidden = [
    ...values.map(({ written: { text, source } }) => ({ text, source: nameOf(source) })),
    ...Object.entries(env).flatMap(([source, text]) =>
      text !== undefined && hiddenVariables.test(source) ? [{ text, source }] : [],
    ),
    ...otherFolders(env, home, paths),
  ].filter(({ text }) => text.length >= shortestHidden && !shown.has(text) && !ownWords.has(text))
  // Messages show values as one line, and paths in the home folder with `~`.
  const all = hidden.flatMap(({ text, source }) => [
    { text, source },
    { text: plain(text), source },
    ...(text.startsWith(home) ? [{ text: `~${text.slice(home.length)}`, source }] : []),
  ])
  const longestFirst = all.sort((one, other) => other.text.length - one.text.length)
  return text => {
    let safe = text
    for (const { text: value, source } of longestFirst) safe = safe.replaceAll(value, `<${source}>`)
    if (home.length > 1) safe = safe.replaceAll(home, "~")
    return safe.replace(pathOrUser, (all, domain?: string) => (domain === undefined ? all : `${domain}…`))
  }
}

/** A path in the home folder, or `DOMAIN\\user`, in any script. */
const pathOrUser = /~[\\/]\S*|([\p{L}\p{M}\p{N}_.-]+\\)[\p{L}\p{M}\p{N}_.-]+/gu

/** What messages make of the variables that say where files are. */
function otherFolders(env: Environment, home: string, { credentials, config }: AwsFilePaths) {
  const files = [
    { source: "AWS_SHARED_CREDENTIALS_FILE", path: credentials },
    { source: "AWS_CONFIG_FILE", path: config },
  ].filter(({ source }) => env[source])
  return [
    ...files.map(({ source, path }) => ({ source, text: path })),
    ...files.flatMap(({ source, path }) => {
      const [user] = /^~[^/\\]+/.exec(path) ?? []
      return user === undefined ? [] : [{ source, text: user }]
    }),
    ...(env.HOME && env.HOME !== home ? [{ source: "HOME", text: env.HOME }] : []),
  ]
}

/** Values that are words of every line. */
const ownWords: ReadonlySet<string> = new Set(["true", "false", "default", "pum-aws"])
