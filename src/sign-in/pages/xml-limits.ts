import { PumError } from "../../errors.ts"

/**
 * How much of an assertion is parsed. An assertion with 2,000 roles has about 2,100 elements and as many attributes; a
 * hostile one could otherwise keep the parser busy for minutes.
 */
export const xmlLimits = { elements: 15_000, depth: 100, attributes: 15_000 }

/** What ends a part of XML that is no tag. */
const skipped: readonly (readonly [start: string, end: string])[] = [
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?", "?>"],
]

/**
 * Counts tags in one pass, before anything is parsed. Whether they fit together is the parser's affair.
 * @throws PumError `idpUnsafe` as soon as the text exceeds one of `xmlLimits`
 */
export function checkXmlLimits(xml: string): void {
  let elements = 0
  let depth = 0
  let attributes = 0
  for (let at = xml.indexOf("<"); at >= 0; at = xml.indexOf("<", at + 1)) {
    const part = skipped.find(([start]) => xml.startsWith(start, at))
    if (part !== undefined) {
      const end = xml.indexOf(part[1], at + part[0].length)
      if (end < 0) return
      at = end
    } else if (xml[at + 1] === "/") depth--
    else {
      const tag = readTag(xml, at)
      elements++
      attributes += tag.attributes
      if (!tag.isEmpty) depth++
      at = tag.end
      if (elements > xmlLimits.elements || depth > xmlLimits.depth || attributes > xmlLimits.attributes)
        throw new PumError(
          "idpUnsafe",
          "the assertion has more elements, or deeper ones, than any real one; it was not read",
        )
    }
  }
}

/** The end of a tag, or a value in quotes on the way there; a quote that is not closed takes the rest. */
const tagPart = />|"[^"]*"?|'[^']*'?/g

/** A tag ends at the first `>` outside quotes. */
function readTag(xml: string, start: number) {
  let attributes = 0
  tagPart.lastIndex = start
  for (let part = tagPart.exec(xml); part !== null; part = tagPart.exec(xml)) {
    if (part[0] === ">") return { attributes, end: part.index, isEmpty: xml[part.index - 1] === "/" }
    attributes++
  }
  return { attributes, end: xml.length, isEmpty: false }
}
