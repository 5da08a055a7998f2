import { isUtf8 } from "node:buffer"

const lineEnd = 0x0a

/**
 * The first line of what a program printed, without its line end.
 * @returns `undefined` if it is not UTF-8 text: a program of Windows may print in the code page of its console or in
 * UTF-16. A password that was decoded wrongly must not be sent: it would count as a wrong one.
 */
export function firstLineOf(bytes: Buffer): string | undefined {
  const end = bytes.indexOf(lineEnd)
  const line = decodeStrictly(end < 0 ? bytes : bytes.subarray(0, end))
  return line?.replace(/\r$/, "").replace(/^\ufeff/, "")
}

/** @returns `undefined` if the bytes are not UTF-8 text; text in UTF-16 shows by its NUL characters */
export function decodeStrictly(bytes: Buffer): string | undefined {
  return isUtf8(bytes) && !bytes.includes(0) ? bytes.toString("utf8") : undefined
}

/** Whether text that editors or shells of Windows wrote is UTF-16: by its byte order mark, or its NUL characters. */
export function isUtf16(bytes: Buffer): boolean {
  return /^(?:fffe|feff)/.test(bytes.toString("hex", 0, 2)) || bytes.includes(0)
}

/** What decoding makes of bytes that are not UTF-8. */
export const replacementCharacter = "\ufffd"

/** How to mend a file in another encoding. */
export const saveHint =
  "save it as UTF-8: in Notepad by Save as, Encoding; in PowerShell by Set-Content -Encoding utf8 instead of >"

/** How to send UTF-8 to a program of Windows. */
export const stdinHint =
  "pum-aws reads UTF-8 only, and sent nothing; in PowerShell, put $OutputEncoding = [Text.UTF8Encoding]::new($false) first; in cmd, chcp 65001"

/** How to get UTF-8 out of a program of Windows. */
export const utf8Hint =
  "pum-aws reads UTF-8 only, and sent nothing; in PowerShell, put [Console]::OutputEncoding = [Text.Encoding]::UTF8 first"
