// Opens every page of a folder in Chromium and says what is wrong with it: node browser.mjs CHROMIUM FOLDER [PICTURES]
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [executablePath, folder, pictures] = process.argv.slice(2);
const MOST_BYTES = 5_000_000;
const MOST_MILLISECONDS = 1_000;
const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const browser = await chromium.launch({ executablePath, args });
let wrong = 0;

/** Tells one fact, and remembers it where it is not as it should be. */
function told(page, kind, text, fine = true) {
  console.log(`  ${page.padEnd(24)} ${kind.padEnd(12)} ${fine ? '' : 'WRONG: '}${text}`);
  wrong += fine ? 0 : 1;
}

async function open(name, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.faults = [];
  page.on('console', (message) => page.faults.push(message.text()));
  page.on('pageerror', (error) => page.faults.push(String(error)));
  page.on('request', (request) => request.url().startsWith('file:') || page.faults.push(`asks for ${request.url()}`));
  const start = performance.now();
  await page.goto(`file://${join(folder, name)}`, { waitUntil: 'load' });
  page.milliseconds = performance.now() - start;
  return page;
}

/** As a reader sees it who has scrolled everywhere and opened every fold. */
const unfolded = (page) => page.evaluate(() => {
  for (const rule of document.querySelectorAll('.r')) rule.style.contentVisibility = 'visible';
  for (const fold of document.querySelectorAll('details')) fold.open = true;
});

/** Words in pictures, which axe-core leaves open: those below a contrast of 4.5 to what they stand on. */
const paleWords = () => {
  const channels = (colour) => colour.match(/[\d.]+/g).slice(0, 3).map((it) => it / 255);
  const light = (colour) => {
    const [red, green, blue] = channels(colour).map((it) => (it <= 0.03928 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const pale = [];
  for (const text of document.querySelectorAll('svg text, svg tspan')) {
    const ground = text.parentNode.tagName === 'g' && text.parentNode.querySelector('rect');
    const below = ground ? getComputedStyle(ground).fill : getComputedStyle(document.body).backgroundColor;
    const [low, high] = [light(getComputedStyle(text).fill), light(below)].sort((one, other) => one - other);
    if ((high + 0.05) / (low + 0.05) < 4.5) pale.push(`${text.textContent} on ${below}`);
  }
  return pale;
};

for (const name of readdirSync(folder).filter((name) => name.endsWith('.html'))) {
  const title = name.replace('.html', '');
  const size = statSync(join(folder, name)).size;
  const large = size > 200_000;
  told(title, 'size', `${(size / 1e6).toFixed(2)} MB`, size < MOST_BYTES);

  for (const [kind, width, colorScheme] of [['light', 1200, 'light'], ['dark', 1200, 'dark'], ['phone', 360, 'dark']]) {
    const page = await open(name, { viewport: { width, height: 800 }, colorScheme });
    if (kind === 'light') {
      const paint = await page.evaluate(() => new Promise((done) => {
        document.documentElement.getBoundingClientRect();
        requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
      }));
      told(title, 'opens', `${Math.round(paint)} ms to the second frame, ${Math.round(page.milliseconds)} ms to load`, paint < MOST_MILLISECONDS);
    }
    if (!large) await unfolded(page);
    const beyond = await page.evaluate(() => {
      const reaches = (element) => element.getBoundingClientRect().right > innerWidth + 1;
      const all = document.documentElement.scrollWidth > innerWidth ? [...document.querySelectorAll('body *')] : [];
      return all.filter(reaches).slice(0, 3).map((element) => element.outerHTML.slice(0, 100));
    });
    told(title, kind, beyond.length ? `wider than the window: ${beyond.join(' ')}` : 'fits the window', !beyond.length);
    await page.evaluate(axe);
    const rules = large ? { runOnly: { type: 'rule', values: ['duplicate-id', 'landmark-one-main', 'heading-order', 'label'] } } : {};
    const result = await page.evaluate((rules) => globalThis.axe.run(document, rules), rules);
    for (const violation of result.violations) {
      told(title, kind, `${violation.id}: ${violation.help}: ${violation.nodes.length}, ${violation.nodes[0].html.slice(0, 160)}`, false);
    }
    const unsure = result.incomplete.map((it) => `${it.id} ${it.nodes.length}`).join(', ');
    told(title, kind, `axe-core: ${result.violations.length} violations, ${result.passes.length} rules pass${unsure ? `, unsure: ${unsure}` : ''}`);
    const pale = await page.evaluate(paleWords);
    told(title, kind, pale.length ? `words in pictures are pale: ${pale.slice(0, 3).join('; ')}` : 'words in pictures can be read', !pale.length);
    told(title, kind, page.faults.join('; ') || 'asks for nothing, no fault', !page.faults.length);
    if (pictures) await page.screenshot({ path: join(pictures, `${title}-${kind}.png`), fullPage: !large });
    await page.context().close();
  }

  // Filters do without a script.
  const page = await open(name, { viewport: { width: 1200, height: 800 }, javaScriptEnabled: false });
  const all = await page.locator('.r').count();
  if (await page.locator('#by-error').count()) {
    await page.locator('#by-error').check({ force: true });
    const left = await page.locator('.r:visible').count();
    const errors = await page.locator('.r.s-error').count();
    told(title, 'no script', `of ${all} groups ${left} are left by the choice of errors`, left === errors);
  }
  const pdf = await page.pdf(pictures && !large ? { format: 'A4', path: join(pictures, `${title}.pdf`) } : { format: 'A4' });
  told(title, 'paper', `${(pdf.length / 1e3).toFixed(0)} kB of PDF`, pdf.length > 10_000);
  await page.context().close();
}
await browser.close();
console.log(wrong ? `${wrong} things are wrong` : 'all is well');
process.exit(wrong ? 1 : 0);
