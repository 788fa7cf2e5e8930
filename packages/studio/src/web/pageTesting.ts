import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../../../scripts/chromium.ts';
import { addSecurityHeaders } from '../server/http/securityHeaders.ts';
import { openPages } from '../server/pages.ts';
import { type TestPerson, type TestStudio, testStudio } from '../server/serverTesting.ts';

/** Absent: the page tests are skipped. */
export const chromiumPath = findChromium();

export interface PageStudio {
  readonly studio: TestStudio;
  /** A page of a browser of its own, at an address of the studio; signed in as somebody, or as nobody. */
  open(path: string, person: TestPerson | null, options?: BrowserContextOptions): Promise<Page>;
  /** What pages complained about so far: errors on the console, exceptions, breaches of the security policy. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** A request to the interface as the one who is signed in on a page. @throws Error where it is refused */
export async function ask<T>(page: Page, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await page.evaluate(
    async ([method, path, body]) => {
      const { csrfToken } = await (await fetch('/api/session')).json();
      const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrfToken };
      const response = await fetch(`/api${path}`, { method, headers, body });
      return { ok: response.ok, text: await response.text() };
    },
    [method, path, body === undefined ? undefined : JSON.stringify(body)] as const,
  );
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.text}`);
  return (answer.text ? JSON.parse(answer.text) : undefined) as T;
}

/** A studio with pages and a browser. Its jobs are taken and never begun. */
export async function pageStudio(): Promise<PageStudio> {
  const pages = openPages();
  const studio = await testStudio();
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-gpu'] });
  const complaints: string[] = [];

  const servePages = (context: BrowserContext) =>
    context.route(
      ({ pathname }) => !pathname.startsWith('/api/'),
      async (route) => {
        const answer = (await pages(new Request(route.request().url()))) ?? new Response('', { status: 404 });
        addSecurityHeaders(answer.headers);
        const body = Buffer.from(await answer.arrayBuffer());
        await route.fulfill({ status: answer.status, headers: Object.fromEntries(answer.headers), body });
      },
    );
  return {
    studio,
    complaints,
    async open(path, person, options = {}) {
      const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 }, ...options });
      await servePages(context);
      if (person) {
        const [name, value] = person.cookie.split('=');
        await context.addCookies([{ name, value, url: studio.url }]);
      }
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
          complaints.push(message.text());
        }
      });
      await page.goto(`${studio.url}${path}`);
      return page;
    },
    async close() {
      await browser.close();
      await studio.close();
    },
  };
}
