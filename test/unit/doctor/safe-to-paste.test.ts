import { expect, it } from "vitest"
import { safeToPaste } from "../../../src/doctor/safe-to-paste.ts"

const home = "C:\\Users\\dev_aly"
const hide = safeToPaste(
  {
    env: {
      HOME: "D:\\cygwin\\aly",
      AWS_CONFIG_FILE: "$HOMEDRIVE\\canary\\config",
      AWS_SHARED_CREDENTIALS_FILE: "~canary\\credentials",
      AWS_PROFILE: "canary  of\tAly",
      BROWSER: `${home}\\browser.exe`,
    },
    home,
    paths: { credentials: "~canary\\credentials", config: "C:\\canary\\config", home },
  },
  [
    { name: "region", written: { text: "eu-north-1", source: "PUM_REGION" } },
    {
      name: "opItem",
      written: { text: "Federation of Aly", source: "/home/canary/.env line 1, PUM_OP_ITEM" },
    },
    { name: "envFile", written: { text: "/home/canary/.env", source: "--env-file" } },
  ],
)

it.each([
  ["HOME is D:\\cygwin\\aly", "HOME is <HOME>"],
  ["C:\\canary\\config is a folder", "<AWS_CONFIG_FILE> is a folder"],
  [
    "AWS_SHARED_CREDENTIALS_FILE begins with ~canary: …",
    "AWS_SHARED_CREDENTIALS_FILE begins with <AWS_SHARED_CREDENTIALS_FILE>: …",
  ],
  ["~\\browser.exe", "<BROWSER>"],
  ["C:\\Users\\dev_aly\\.aws", "~\\.aws"],
  ["/home/canary/.env line 3", "<--env-file> line 3"],
  ["item Federation of Aly", "item <--env-file line 1, PUM_OP_ITEM>"],
  ["AWS_PROFILE is set to canary  of\tAly", "AWS_PROFILE is set to <AWS_PROFILE>"],
  ["AWS_PROFILE is set to canary of Aly", "AWS_PROFILE is set to <AWS_PROFILE>"],
  ["region eu-north-1", "region eu-north-1"],
  ["user adm\\dev_aly", "user adm\\…"],
  ["user adm\\åsa_öberg, or Øl\\Łukasz", "user adm\\…, or Øl\\…"],
  ["~\\.aws\\credentials line 3", "~\\.aws\\credentials line 3"],
])("what a line of --doctor says is safe for a ticket: %s", (text, safe) => {
  expect(hide(text)).toBe(safe)
})
