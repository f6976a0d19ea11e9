// Opens the pages in Chromium and uses them as a person would: mouse, keyboard, narrow and dark.
//
// usage: node check.mjs CHROMIUM FOLDER
// FOLDER holds texts.html, report.html and comparison.html; screenshots go into it.
import { chromium } from "playwright-core";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [, , executablePath, folder] = process.argv;
const url = (name) => pathToFileURL(path.resolve(folder, name)).href;
let failures = 0;
const check = (what, holds, seen = "") => {
  if (!holds) failures += 1;
  console.log(`${holds ? "ok  " : "FAIL"} ${what}${holds || seen === "" ? "" : `: ${JSON.stringify(seen)}`}`);
};

// What an action leads to comes soon, not at once.
const soon = async (holds) => {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await holds()) return true;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  return false;
};

const browser = await chromium.launch({
  executablePath,
  args: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
  ],
});

// A page, and everything that must not happen in it.
const open = async (name, options = {}) => {
  // Without motion: a passage that is scrolled to is there at once.
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.trouble = [];
  page.on("dialog", (dialog) => { page.trouble.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
  page.on("pageerror", (error) => page.trouble.push(`error ${error.message}`));
  page.on("console", (message) => { if (message.type() === "error") page.trouble.push(message.text()); });
  page.on("request", (request) => {
    if (!request.url().startsWith("file:") && !request.url().startsWith("data:")) page.trouble.push(`request ${request.url()}`);
  });
  await page.goto(url(name));
  return page;
};

// Text that stands on the ground it has: at least 4.5 to 1 (WCAG 2.1, 1.4.3).
const contrast = (page) => page.evaluate(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (color, under) => {
    canvas.clearRect(0, 0, 1, 1);
    if (under) { canvas.fillStyle = under; canvas.fillRect(0, 0, 1, 1); }
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => {
    const part = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (rgb(color)[3] === 255) return color;
    }
    return "white";
  };
  const low = [];
  for (const element of document.querySelectorAll("h1,h2,h3,p,li,small,mark,span,bdi,a,button,th,td,figcaption,summary,label")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.getClientRects().length || element.closest(".skip")) continue;
    const style = getComputedStyle(element);
    let opacity = 1;
    for (let at = element; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
    if (opacity < 1) continue;
    const [a, b] = [luminance(rgb(style.color, ground(element))), luminance(rgb(ground(element)))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) low.push(`${element.tagName}.${element.className} ${((a + 0.05) / (b + 0.05)).toFixed(2)}`);
  }
  return [...new Set(low)];
});

const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

// ---------------------------------------------------------------------- the page of texts
{
  const page = await open("texts.html");
  check("texts: one heading a document", (await page.locator("article h2").count()) === 2);
  check("texts: landmarks", (await page.locator("main, header.top, footer, aside[aria-label], section[aria-label]").count()) >= 5);
  check("texts: a list of documents", (await page.locator("#contents a").count()) === 2);
  const texts = await page.locator(".text").evaluateAll((all) => all.map((text) => {
    const copy = text.cloneNode(true);
    for (const number of copy.querySelectorAll(".n")) number.remove();
    return copy.textContent;
  }));
  check("texts: the sample is there word by word", texts[0].includes("“Nobody asked us,” said Joris Haak"), texts[0]);
  check("texts: markup is text", texts[1].includes("<script>document.title='hacked'</script>") && texts[1].includes("</div></article>"), texts[1]);
  check("texts: what acts is shown by its number", texts[1].includes("U+202E") && texts[1].includes("U+0007"), texts[1]);
  check("texts: right to left is there", texts[1].includes("שלום"));
  check("texts: no script ran but its own", (await page.title()) === "Who said what" && (await page.locator("img, iframe, b").count()) === 0);
  check("texts: the hostile text is inside its article", await page.locator("#d2 .text").evaluate((text) => text.closest("article").id === "d2"));

  const entry = page.locator("#d1 .said li").nth(3);
  await entry.locator("a").click();
  check("texts: an entry leads to its passage", await soon(() => page.url().endsWith("#d1q4")));
  const lit = page.locator('#d1 .text mark.now[data-q="4"]');
  check("texts: the passage is lit, all parts of it", await soon(async () => (await lit.count()) === 2));
  check("texts: the passage can be seen", await soon(() => lit.first().evaluate((mark) => { const box = mark.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; })));
  await page.locator('#d1 .text mark[data-q="2"]').first().click();
  check("texts: a passage leads to its entry", await soon(() => page.locator("#d1l2").evaluate((item) => item.classList.contains("now"))));

  const button = page.locator("#d1 button[data-s]").first();
  const name = await button.locator(".who").textContent();
  await button.focus();
  await page.keyboard.press("Enter");
  check("texts: a speaker by the keyboard", await soon(async () => (await button.getAttribute("aria-pressed")) === "true"));
  const shown = await page.locator("#d1 .said li:visible .who").allTextContents();
  check("texts: only this speaker's quotations are listed", shown.length > 0 && shown.every((who) => who === name), shown);
  await page.keyboard.press("Space");
  const listed = page.locator("#d1 .said li");
  check("texts: and all again", await soon(async () => (await listed.filter({ visible: true }).count()) === (await listed.count())));

  await page.goto(url("texts.html"));
  await page.keyboard.press("Tab");
  check("texts: the first tab skips to the content", await soon(() => page.evaluate(() => document.activeElement.getAttribute("href") === "#main")));
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  check("texts: focus is seen", outline !== "none", outline);
  const unnamed = await page.locator("a, button").evaluateAll((all) => all.filter((e) => !(e.getAttribute("aria-label") || e.textContent).trim()).length);
  check("texts: links and buttons have names", unnamed === 0, unnamed);
  const low = await contrast(page);
  check("texts: contrast", low.length === 0, low);
  await page.screenshot({ path: path.join(folder, "texts.png") });
  check("texts: nothing happened that must not", page.trouble.length === 0, page.trouble);

  const phone = await open("texts.html", { viewport: { width: 360, height: 740 }, colorScheme: "dark" });
  check("texts: a phone does not scroll sideways", (await sideways(phone)) <= 0, await sideways(phone));
  const dark = await contrast(phone);
  check("texts: contrast in the dark", dark.length === 0, dark);
  check("texts: dark it is", (await phone.evaluate(() => getComputedStyle(document.body).backgroundColor)) === "rgb(23, 23, 28)");
  await phone.screenshot({ path: path.join(folder, "texts-phone.png") });

  const plain = await open("texts.html", { javaScriptEnabled: false });
  await plain.locator("#d1 .said li a").nth(1).click();
  check("texts: without scripts the links still lead there", await soon(() => plain.url().endsWith("#d1q2")));
}

// ----------------------------------------------------------------------------- the report
{
  const page = await open("report.html");
  const lead = await page.locator("#worst .lead").textContent();
  check("report: says what is wrong most, first of all", /Most mistakes: \d/.test(lead) && (await page.locator("main > section").first().getAttribute("id")) === "worst", lead);
  check("report: plots", (await page.locator("svg.plot").count()) > 10);
  const count = () => page.locator(".o:not(.off)").count();
  const all = await count();
  const numbers = async (verdict) => Number(await page.locator(`button[data-v="${verdict}"] span`).textContent());
  check("report: as many entries as its buttons say", all === (await page.locator(".switches button[aria-pressed=true] span").allTextContents()).reduce((sum, n) => sum + Number(n), 0), all);
  const right = await numbers("v-right");
  await page.locator('button[data-v="v-right"]').click();
  check("report: what is right can be put away", await soon(async () => (await count()) === all - right));
  await page.locator('button[data-v="v-missed"]').focus();
  await page.keyboard.press("Space");
  check("report: what is missed, by the keyboard", await soon(async () => (await count()) === all - right - (await numbers("v-missed"))));
  await page.locator('button[data-v="v-right"]').click();
  await page.locator('button[data-v="v-missed"]').click();
  await page.selectOption("#kind", "indirect");
  const kinds = await page.locator(".o:not(.off)").evaluateAll((items) => items.map((item) => item.dataset.k));
  check("report: by kind", kinds.length > 0 && kinds.length < all && kinds.every((kind) => kind === "indirect"));
  await page.selectOption("#kind", "");
  await page.fill("#find", "trawlers and nothing else");
  check("report: a search that finds nothing", await soon(async () => (await count()) === 0 && (await page.locator("#found").textContent()) === "0 shown"));
  await page.fill("#find", "haak");
  check("report: a search that finds something", await soon(async () => (await count()) > 0 && (await count()) < all));
  await page.fill("#find", "");
  check("report: no search, all again", await soon(async () => (await count()) === all));
  await page.selectOption("#order", "wrong");
  const wrong = await page.locator(".case").evaluateAll((cases) => cases.map((one) => Number(one.dataset.wrong)));
  check("report: most mistakes first", wrong.every((n, i) => i === 0 || wrong[i - 1] >= n), wrong);
  await page.selectOption("#order", "at");
  await page.locator(".case summary").first().click();
  const entry = page.locator(".case[open] .o").first();
  check("report: gold and predicted side by side", (await entry.locator(".side").count()) === 2);
  await page.locator(".case[open] .text mark[data-o]").first().click();
  check("report: a passage leads to both sides", await soon(async () => (await page.locator(".o.now").count()) === 1));
  const low = await contrast(page);
  check("report: contrast", low.length === 0, low);
  check("report: markup in ids and names is text", (await page.locator("img, iframe").count()) === 0 && (await page.title()) === "Evaluation");
  await page.screenshot({ path: path.join(folder, "report.png") });
  check("report: nothing happened that must not", page.trouble.length === 0, page.trouble);

  const phone = await open("report.html", { viewport: { width: 360, height: 740 }, colorScheme: "dark" });
  check("report: a phone does not scroll sideways", (await sideways(phone)) <= 0, await sideways(phone));
  for (const summary of await phone.locator(".case > summary").all()) await summary.click();
  check("report: nor with documents open", (await sideways(phone)) <= 0, await sideways(phone));
  const dark = await contrast(phone);
  check("report: contrast in the dark", dark.length === 0, dark);
  await phone.screenshot({ path: path.join(folder, "report-phone.png") });
}

// ------------------------------------------------------------------------- the comparison
{
  const page = await open("comparison.html");
  check("comparison: differences", (await page.locator("table.figures tbody tr").count()) > 3);
  check("comparison: what flipped, three sides each", (await page.locator(".o").count()) > 0 && (await page.locator(".o").first().locator(".side").count()) === 3);
  const low = await contrast(page);
  check("comparison: contrast", low.length === 0, low);
  check("comparison: nothing happened that must not", page.trouble.length === 0, page.trouble);
}

await browser.close();
console.log(failures === 0 ? "all as it should be" : `${failures} failed`);
process.exit(failures === 0 ? 0 : 1);
