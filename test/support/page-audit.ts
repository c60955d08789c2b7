/**
 * What every page that a person can meet must be: readable for people and their machines, usable by keyboard, strict
 * about what it loads. And its picture, for somebody to look at.
 *
 * Rules: Web Content Accessibility Guidelines 2.2, level AA; the criterion is named beside each finding.
 */
import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { isExhaustive } from './tier.js'

/** Where the pictures go; ignored by git. */
const SCREENSHOTS = '.screenshots'

const VIEWS = [
  { name: 'desktop', viewport: { width: 1280, height: 800 } },
  { name: 'phone', viewport: { width: 390, height: 844 } },
] as const

/** Runs in the page: everything that is wrong with what it shows now. */
const FINDINGS = `(() => {
  const findings = []
  const visible = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
  const named = (element) => (element.textContent + (element.getAttribute('aria-label') ?? '')).trim() !== ''

  if (!/^[a-z]{2}/.test(document.documentElement.lang)) findings.push('3.1.1: no language')
  if (document.title.trim() === '') findings.push('2.4.2: no title')
  const headings = [...document.querySelectorAll('h1')].filter(visible)
  if (headings.length !== 1) findings.push('1.3.1: ' + headings.length + ' visible h1')
  if (document.querySelectorAll('main').length !== 1) findings.push('1.3.1: not one main')
  for (const field of document.querySelectorAll('input:not([type=hidden])'))
    if (visible(field) && (field.labels?.length ?? 0) === 0) findings.push('3.3.2: no label for ' + field.name)
  for (const control of document.querySelectorAll('a[href], button'))
    if (visible(control) && !named(control)) findings.push('4.1.2: a control without a name')
  for (const image of document.querySelectorAll('img'))
    if (!image.hasAttribute('alt')) findings.push('1.1.1: no alt for ' + image.src)
  for (const control of [...document.querySelectorAll('button, input:not([type=hidden]), .actions a')].filter(visible)) {
    const { width, height } = control.getBoundingClientRect()
    // A field of one pixel is there for machines; people have its label.
    if (width > 1 && (width < 24 || height < 24)) findings.push('2.5.8: a target of ' + width + 'x' + height)
  }
  if (document.documentElement.scrollWidth > innerWidth) findings.push('1.4.10: wider than the window')

  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const rgba = (color) => {
    context.clearRect(0, 0, 1, 1)
    context.fillStyle = color
    context.fillRect(0, 0, 1, 1)
    return [...context.getImageData(0, 0, 1, 1).data]
  }
  const over = ([r, g, b, a], ground) => [r, g, b].map((part, i) => (part * a + ground[i] * (255 - a)) / 255)
  const schemes = getComputedStyle(document.documentElement).colorScheme +
    (document.querySelector('meta[name=color-scheme]')?.content ?? '')
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches && schemes.includes('dark')
  const canvas = isDark ? [18, 18, 18] : [255, 255, 255]
  const ground = (element) =>
    element === null ? canvas : over(rgba(getComputedStyle(element).backgroundColor), ground(element.parentElement))
  const opacity = (element) =>
    element === null ? 1 : Number(getComputedStyle(element).opacity) * opacity(element.parentElement)
  const luminance = (color) => {
    const [r, g, b] = color.map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const isMeantDark = matchMedia('(prefers-color-scheme: dark)').matches
  const backdrop = luminance(ground(document.body))
  if (isMeantDark ? backdrop >= 0.2 : backdrop <= 0.8)
    findings.push((isMeantDark ? 'dark' : 'light') + ' scheme: a background of luminance ' + backdrop.toFixed(2))
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    const element = text.parentElement
    if (text.data.trim() === '' || element.matches('script, style, noscript, option') || !visible(element)) continue
    const style = getComputedStyle(element)
    const behind = ground(element)
    const [r, g, b, a] = rgba(style.color)
    const [light, dark] = [luminance(over([r, g, b, a * opacity(element)], behind)), luminance(behind)].sort((x, y) => y - x)
    const ratio = (light + 0.05) / (dark + 0.05)
    const size = Number.parseFloat(style.fontSize)
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
    if (ratio < (isLarge ? 3 : 4.5)) findings.push('1.4.3: contrast ' + ratio.toFixed(2) + ' of "' + text.data.trim() + '"')
  }
  return findings
})()`

/** Runs in the page: what has the focus, by its text or label, and whether that can be seen. */
const FOCUS = `(() => {
  const element = document.activeElement
  if (element === null || element === document.body) return undefined
  const { outlineStyle, boxShadow } = getComputedStyle(element)
  const name = (element.labels?.[0] ?? element).textContent.trim()
  return { name, isSeen: outlineStyle !== 'none' || boxShadow !== 'none' }
})()`

/**
 * Everything that is wrong with the page as it stands, in both views and both colour schemes, of which the exhaustive
 * tier takes pictures; `primary` is the name of the action that the keyboard must reach, if there is one.
 */
export async function audit(page: Page, name: string, primary?: string): Promise<readonly string[]> {
  mkdirSync(SCREENSHOTS, { recursive: true })
  await styled(page)
  const before = page.viewportSize()
  const findings: string[] = []
  for (const { name: view, viewport } of VIEWS) {
    await page.setViewportSize(viewport)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const here = (await page.evaluate(FINDINGS)) as readonly string[]
      findings.push(...here.map((finding) => `${view}, ${colorScheme}: ${finding}`))
      // Nothing looks at the pictures but people, and each takes as long as everything else here.
      if (isExhaustive)
        await page.screenshot({ path: `${SCREENSHOTS}/${name}.${view}.${colorScheme}.png`, caret: 'hide' })
    }
  }
  if (before !== null) await page.setViewportSize(before)
  await page.emulateMedia({ colorScheme: null })
  return primary === undefined ? findings : [...findings, ...(await keyboardFindings(page, primary))]
}

/** Waits for the style sheets of the page, also where a navigation that led nowhere keeps the driver waiting. */
async function styled(page: Page): Promise<void> {
  while ((await page.evaluate('document.readyState')) !== 'complete') await page.waitForTimeout(20)
}

async function keyboardFindings(page: Page, primary: string): Promise<readonly string[]> {
  const seen: string[] = []
  for (let press = 0; press < 10; press += 1) {
    await page.keyboard.press('Tab')
    const focus = (await page.evaluate(FOCUS)) as { readonly name: string; readonly isSeen: boolean } | undefined
    if (focus === undefined) continue
    if (!focus.isSeen) return [`2.4.7: the focus on "${focus.name}" cannot be seen`]
    if (focus.name === primary) return []
    seen.push(focus.name)
  }
  return [`2.1.1: the keyboard reaches ${JSON.stringify(seen)}, but not "${primary}"`]
}

/** The two places of a page's policy. A browser holds the page to both, each by itself (CSP Level 3, section 4.2). */
export interface Policies {
  readonly header: string | undefined
  /** Of the element in the page, where there is one. */
  readonly meta?: string | undefined
}

/**
 * What is wrong with the policy of a page: it must allow nothing but what it names, no script but the page's own files,
 * no other base for its addresses, and no frame around it. The header must do so alone; an element is held to the same, but
 * for frames, of which it has no say (CSP Level 3, section 3.3).
 */
export function policyFindings({ header, meta }: Policies): readonly string[] {
  return [
    ...(header === undefined ? ['no header'] : findingsIn(header, ['frame-ancestors']).map((one) => `header: ${one}`)),
    ...(meta === undefined ? [] : findingsIn(meta, []).map((one) => `meta: ${one}`)),
  ]
}

function findingsIn(policy: string, more: readonly string[]): readonly string[] {
  const directives = new Map<string, readonly string[]>()
  for (const part of policy.split(';')) {
    const [name = '', ...values] = part.trim().toLowerCase().split(/\s+/)
    // The first one of a name counts (CSP Level 3, section 2.2.1).
    if (name !== '' && !directives.has(name)) directives.set(name, values)
  }
  const scripts = directives.get('script-src') ?? []
  return [
    ...['default-src', 'base-uri', ...more].flatMap((name) => {
      const values = directives.get(name)?.join(' ')
      return values === "'none'" ? [] : [values === undefined ? `no ${name}` : `${name} ${values}`]
    }),
    ...(directives.has('form-action') ? [] : ['no form-action']),
    ...scripts.filter((source) => !["'self'", "'none'"].includes(source)).map((source) => `scripts from ${source}`),
    ...[...directives].flatMap(([name, values]) =>
      values
        .filter((value) => /\*|^'unsafe-|^(?:https?|wss?):$/.test(value))
        // The way out at an identity provider leads through hosts that nobody can name; without scripts a form carries
        // nothing.
        .filter((value) => name !== 'form-action' || value !== 'https:' || scripts.length > 0)
        .map((value) => `${name} allows ${value}`),
    ),
  ]
}
