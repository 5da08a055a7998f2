import { effectiveValue, type IniDocument } from "../ini/read-ini.ts"
import type { Environment } from "../platform/platform.ts"

/** What makes the requests of AWS tools go elsewhere than to AWS, with the consequence of it. */
type Detour = readonly [found: string, consequence: string]

const ofAll = "AWS tools send all requests there instead of to AWS"
const ofOne = "AWS tools send their requests to that service there instead of to AWS"

/** A section that a profile is read from. */
export interface ProfileSection {
  readonly document: IniDocument
  readonly section: string
}

/** In the environment, one sentence each. The host of `AWS_ENDPOINT_URL_STS` is named before the sign-in. */
export function environmentDetours(env: Environment): string[] {
  if (isTrue(env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS)) return []
  const services = Object.keys(env)
    .filter(name => name.startsWith("AWS_ENDPOINT_URL_") && name !== "AWS_ENDPOINT_URL_STS")
    .sort()
  return ["AWS_ENDPOINT_URL", ...services]
    .filter(name => env[name])
    .map(name => `${name} is set in the environment: ${name === "AWS_ENDPOINT_URL" ? ofAll : ofOne}`)
}

/**
 * In the files. Tools read these keys of a profile in both files, and `[services NAME]` in the config file.
 * @param profile the profile's sections
 * @param config the config file; `undefined` if it cannot be read
 */
export function fileDetours(
  profile: readonly ProfileSection[],
  config: IniDocument | undefined,
): readonly Detour[] {
  if (profile.some(({ document, section }) => isTrue(effectiveValue(document, section, ignoreKey)))) return []
  return profile.flatMap(({ document, section }): Detour[] => {
    const place = `in [${section}] of ${document.name}`
    const all = effectiveValue(document, section, "endpoint_url")
    const services = effectiveValue(document, section, "services")
    const redirected = services !== undefined && hasEndpoint(config, `services ${services}`)
    return [
      ...(all === undefined ? [] : [[`endpoint_url ${place}`, ofAll] as const]),
      ...(redirected
        ? [
            [
              `services ${place}`,
              "AWS tools send their requests to some services elsewhere instead of to AWS",
            ] as const,
          ]
        : []),
    ]
  })
}

const ignoreKey = "ignore_configured_endpoint_urls"

/** Whether a service of the section has an endpoint of its own: an indented line below the service. */
function hasEndpoint(config: IniDocument | undefined, section: string): boolean {
  const services = [...(config?.sections.get(section)?.options.values() ?? [])]
  return services.some(({ value }) => /^\s*endpoint_url\s*=/m.test(value))
}

const isTrue = (value: string | undefined) => value?.toLowerCase() === "true"
