import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { markupLimits } from "../../../../../src/sign-in/pages/outline/markup.ts"
import type * as Page from "../../../../../src/sign-in/pages/page.ts"

/** How many nodes were looked at, however often. */
const looks = { nodes: 0 }
const markup = "../../../../../src/sign-in/pages/outline/markup.ts"
let readPage: typeof Page.readPage

// Test files share a worker, and its modules: the next one must not get this.
beforeAll(async () => {
  vi.resetModules()
  vi.doMock(markup, async original => {
    const real = await original<typeof import("../../../../../src/sign-in/pages/outline/markup.ts")>()
    return {
      ...real,
      walk: (...[root, enter, leave]: Parameters<typeof real.walk>) =>
        real.walk(
          root,
          node => {
            looks.nodes++
            return enter(node)
          },
          leave,
        ),
    }
  })
  readPage = (await import("../../../../../src/sign-in/pages/page.ts")).readPage
})
afterAll(() => {
  vi.doUnmock(markup)
  vi.resetModules()
})

const url = "https://adfs.example.com/adfs/ls/"
const factor = (inside: string) =>
  `<form method="post"><input type="hidden" name="AuthMethod" value="Some">${inside}</form>`

/**
 * CPU seconds, not those of the clock: the machine may be busy with other tests. Those in other threads of this process
 * count, too, so a page must take a second alone (`npm run bench`), and four here; a quadratic one takes minutes.
 */
function cpuSecondsOf(act: () => void): number {
  const began = process.cpuUsage()
  act()
  const { user, system } = process.cpuUsage(began)
  return (user + system) / 1e6
}

describe("a page beyond the limits is not read", () => {
  it.each([
    ["forms", "<form></form>", "more forms"],
    ["controls", "<input>", "more controls"],
    ["depth", "<div>", "deeper nesting"],
    ["elements", "<b></b>", "more elements"],
    ["attributes", '<i a="1" b="2" c="3" d="4" e="5"></i>', "more attributes"],
    ["pieces", "a&amp;", "more pieces of text"],
  ] as const)("%s", (what, part, words) => {
    const limit = markupLimits[what]
    const each = { attributes: 5, pieces: 2 }[what as string] ?? 1
    expect(() => readPage(part.repeat(limit / each), url)).not.toThrow()
    expect(() => readPage(part.repeat(limit / each + 1), url)).toThrow(
      expect.objectContaining({
        code: "idpPage",
        message: `ADFS sent a page with ${words} than any sign-in page has (limit: ${limit}); it was not read`,
      }),
    )
  })

  it.each([
    ["500 kB of nested elements", "<div>".repeat(100_000)],
    ["3,000 forms", "<form><input></form>".repeat(3_000)],
    ["5 MB of empty elements", "<b></b>".repeat(700_000)],
    ["5 MB of attributes", `<div ${"abc ".repeat(1_200_000)}>`],
    ["5 MB of comments", "<!---->".repeat(700_000)],
    ["5 MB of brackets", "<".repeat(5_000_000)],
    ["5 MB of closed elements", `${"<div>".repeat(490)}${"</p>".repeat(1_200_000)}`],
  ])("within seconds of CPU: %s", (_, html) => {
    expect(cpuSecondsOf(() => expect(() => readPage(html, url)).toThrow("it was not read"))).toBeLessThan(4)
  })
})

describe("a page within the limits is read in time", () => {
  beforeEach(() => {
    looks.nodes = 0
  })

  const times = (count: number, part: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => part(n)).join("")
  const pages: [string, (count: number) => string][] = [
    [
      "controls with labels",
      n => factor(times(n, i => `<label for="c${i}">L</label><input id="c${i}" name="n${i}" value="1">`)),
    ],
    [
      "controls of another form",
      n => `<form id="f"></form>${factor(times(n, i => `<input form="f" name="n${i}">`))}`,
    ],
    ["radios", n => factor(times(n, i => `<input type="radio" name="r" value="${i}">L`))],
    ["buttons", n => factor(times(n, i => `<button name="b${i}">B</button>`))],
    [
      "empty hidden fields",
      n => `${factor(times(n, i => `<input type="hidden" name="h${i}">`))}<script>x()</script>`,
    ],
    ["errors in errors", n => `${"<div class=error>".repeat(400)}${factor(times(n, () => "<i>x</i>"))}`],
    [
      "radios in one label",
      n => factor(`<label>${times(n, i => `<input type="radio" name="r${i}">`)}</label>`),
    ],
    ["links of scripts", n => factor(times(n, () => '<a href="#" onclick="f.submit()">x</a>'))],
  ]

  it.each(pages)("looks grow with the page, and no faster: %s", (_, page) => {
    const looksAt = (count: number) => {
      looks.nodes = 0
      readPage(page(count), url)
      return looks.nodes
    }
    const small = looksAt(450)
    expect(looksAt(1_800) / small).toBeLessThan(4.5)
  })

  it.each([
    ...pages.map(([name, page]): [string, string] => [name, page(1_900)]),
    ["20 forms of 95 controls", factor('<input name="x"><button>B</button>'.repeat(47)).repeat(20)],
    [
      "listeners",
      `${factor("<input name=x>").repeat(20)}<script>function g() { ${"f.x.value=a(),".repeat(9_000)}0 }${"f.submit(g);".repeat(9_000)}</script>`,
    ],
    [
      "conditions at a submission",
      `${factor("<input name=x>").replace("<form", '<form onsubmit="g()"')}<script>function g() {${"if(a)".repeat(25_000)}${"if(a)b(),".repeat(10_000)}c}</script>`,
    ],
    [
      "style sheets",
      `<style>${"#a .b>.c.c{display:none}".repeat(8_000)}</style>${'<div class="b c">'.repeat(300)}${factor("<b class=c></b>".repeat(9_000))}`,
    ],
    [
      "buttons beside a long script",
      `${factor("<button>B</button>".repeat(400))}<script>${"a;".repeat(120_000)}</script>`,
    ],
    [
      "empty fields of a login page beside a long script",
      `<form method=post><input name=UserName><input type=password name=Password>${times(1_900, i => `<input type=hidden name=h${i}>`)}</form><script>${'"a";'.repeat(60_000)}</script>`,
    ],
    [
      "fields of a login page that a script writes",
      `<form method=post><input name=UserName><input type=password name=Password>${times(400, () => "<input type=hidden name=h>")}</form><script>${"f.h.value=a,".repeat(20_000)}</script>`,
    ],
    ["media in media", `<style>${"@media screen{".repeat(10_000)}</style>${factor("")}`],
    ["a script of 250 kB", `${factor("")}<script>${"a(b,[c],{d:()=>e});".repeat(13_000)}</script>`],
    [
      "a script of nothing but functions",
      `${factor("")}<script>${"function a(){b(".repeat(500)}${")}".repeat(500)}</script>`,
    ],
    ["a script of arrows", `${factor("")}<script>x=${"a=>".repeat(60_000)}1</script>`],
    [
      "a script of calls of each other",
      `${factor("")}<script>${times(5_000, i => `function f${i}(){f${i + 1}()};`)}f0()</script>`,
    ],
    [
      "a script of submissions",
      `${factor("")}<script>${"a.submit()".repeat(1)}${".submit()".repeat(25_000)}</script>`,
    ],
    ["a script of function words", `${factor("")}<script>${"function ".repeat(28_000)}</script>`],
    ["a script of quotes and slashes", `${factor("")}<script>${"/'".repeat(120_000)}</script>`],
    ["a style sheet without an end", `<style>${"a{".repeat(1_000_000)}</style>${factor("")}`],
  ])("within seconds of CPU: %s", (_, html) => {
    expect(cpuSecondsOf(() => readPage(html, url))).toBeLessThan(4)
  })
})
