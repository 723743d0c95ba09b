import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { SECURITY_CHANGES } from '../../src/identity/security-change.js';
import { LOCALES } from '../../src/kernel/locale.js';
import { NoticeError, type RenderedNotice, renderNotice } from '../../src/notices/index.js';
import { CHANGE_NAMES, checkNames, OUTCOME_NAMES, PAGE_REASONS, SCOPE_NAMES } from '../../src/notices/names.js';
import { TEMPLATES } from '../../src/notices/templates/index.js';
import { SAMPLES } from './every-template.js';

const CHINESE = /\p{Script=Han}/u;

describe('renderNotice', () => {
  it('has a sample for every template, so that none escapes the tests below', () => {
    assert.deepEqual([...TEMPLATES.keys()].sort(), Object.keys(SAMPLES).sort());
  });

  for (const [template, { least, more }] of Object.entries(SAMPLES)) {
    for (const locale of LOCALES) {
      for (const [which, params] of [
        ['the least', least],
        ['all', { ...least, ...more }],
      ] as const) {
        it(`${template} in ${locale} with ${which} parameters: whole sentences, nothing raw`, () => {
          const notice = renderNotice({ template, locale, params });
          whole(notice);
          assert.equal(CHINESE.test(`${notice.subject}${notice.text}`), locale === 'zh-CN');
          if ('caseNumber' in params) assert.ok(`${notice.subject}${notice.text}`.includes('FB-7K2M-9QXT-4'));
          onlyThisLink(notice, 'link' in params ? String(params.link) : undefined);
        });
      }

      for (const name of Object.keys(least)) {
        it(`${template} in ${locale} is refused without ${name}`, () => {
          const { [name]: _, ...params } = least;
          assert.throws(
            () => renderNotice({ template, locale, params }),
            new RegExp(`^NoticeError: ${template}: ${name} `),
          );
        });
      }
    }
  }

  function whole({ subject, text, html }: RenderedNotice): void {
    assert.ok(subject.length > 5 && subject.length < 120 && !/[\r\n]/.test(subject), subject);
    for (const part of [subject, text, html]) {
      assert.doesNotMatch(part, /undefined|null|NaN|\[object|\$\{|\{\{|%s|Invalid Date|true|false/);
      assert.doesNotMatch(part, /[a-z]+_[a-z]+/, 'a code instead of a name');
      assert.doesNotMatch(part, /\d{4}-\d{2}-\d{2}T/, 'an instant nobody can read');
    }
    assert.doesNotMatch(text, / {2}|） |\n{3}|，，|。。|\.\.|（）|\(\)/);
    const lists = html.match(/<ul>.*?<\/ul>/g) ?? [];
    for (const list of lists) assert.match(list, /<li>[^<]/);
  }

  /** A mail that taught people to open links would work for thieves too. */
  function onlyThisLink({ text, html }: RenderedNotice, link: string | undefined): void {
    assert.deepEqual(text.match(/https?:\S+/g) ?? [], link ? [link] : []);
    const targets = [...html.matchAll(/href="([^"]*)"/g)].map(([, target]) => target?.replaceAll('&amp;', '&'));
    assert.deepEqual(targets, link ? [link] : []);
    assert.doesNotMatch(html, /<(?:img|script|iframe|form|link|object)|src=|javascript:/i);
  }

  it('says frozen only when the exchange confirmed it', () => {
    for (const [template, { least, more }] of Object.entries(SAMPLES)) {
      for (const locale of LOCALES) {
        const { subject, text, html } = renderNotice({ template, locale, params: { ...least, ...more } });
        const says = /\bfrozen\b|已(经|被|全部)?冻结|冻结成功/i.test(`${subject}${text}${html}`);
        assert.equal(says, template === 'freeze-confirmed', `${template} ${locale}`);
      }
    }
  });

  it('says what the exchange did not stop, before what it did', () => {
    const params = { caseNumber: 'FB-1', applied: ['trading'], missing: ['crypto_withdrawal', 'sign_in'] };
    const { text } = renderNotice({ template: 'freeze-partial', locale: 'en', params });
    assert.match(
      text,
      /still open:\n\n- withdrawals of digital assets\n- signing in\n[\s\S]*are stopped:\n\n- trading\n/,
    );
    const none = renderNotice({ template: 'freeze-partial', locale: 'en', params: { ...params, applied: [] } });
    assert.doesNotMatch(none.text, /are stopped/);
  });

  it('names every scope in both languages', () => {
    const scopes = Object.keys(SCOPE_NAMES.en);
    assert.equal(scopes.length, 9);
    for (const names of [SCOPE_NAMES, checkNames(7), OUTCOME_NAMES, PAGE_REASONS, CHANGE_NAMES]) {
      assert.deepEqual(Object.keys(names['zh-CN']), Object.keys(names.en));
      for (const locale of LOCALES)
        for (const name of Object.values(names[locale])) assert.equal(CHINESE.test(name), locale === 'zh-CN', name);
    }
  });

  it('names every change of security that people are told of', () => {
    assert.deepEqual(Object.keys(CHANGE_NAMES.en).sort(), [...SECURITY_CHANGES].sort());
  });

  it('says how old a factor must be as this installation has it', () => {
    const said = (template: string, factorAgeDays: number, locale: 'zh-CN' | 'en' = 'en') =>
      renderNotice({
        template,
        locale,
        params: { caseNumber: 'FB-1', checks: ['authenticator', 'callback'], factorAgeDays },
      }).text;
    for (const template of ['hold-placed', 'identity-needed']) {
      assert.match(said(template, 3), /more than 3 days/);
      assert.match(said(template, 3, 'zh-CN'), /超过 3 天/);
      assert.match(said(template, 1), /more than a day/);
      assert.doesNotMatch(said(template, 0), /days|more than/);
      assert.doesNotMatch(said(template, 0, 'zh-CN'), /天/);
    }
  });

  it('says times in the zone of the reader, and names it', () => {
    const at = (locale: 'zh-CN' | 'en', timeZone?: string) =>
      renderNotice({ template: 'address-known', locale, params: { at: '2026-03-04T23:06:00Z', timeZone } }).text;
    assert.match(at('zh-CN'), /2026年3月5日 07:06（中国标准时间，UTC\+8）/);
    assert.match(at('en'), /4 March 2026 at 23:06 \(UTC\)/);
    assert.match(at('en', 'America/New_York'), /4 March 2026 at 18:06 \(Eastern Standard Time, UTC-5\)/);
    assert.match(at('en', 'Mars/Olympus'), /\(UTC\)/);
  });

  it('refuses text where a number, a code, an instant or a link belongs', () => {
    const hostile: [string, Record<string, unknown>][] = [
      ['report-received', { caseNumber: 'FB-1\r\nBcc: all@example.test' }],
      ['report-received', { caseNumber: '<b>FB</b>' }],
      ['report-received', { caseNumber: 'FB-1', link: 'javascript:alert(1)' }],
      ['report-received', { caseNumber: 'FB-1', link: 'https://a.example/ https://b.example' }],
      ['report-received', { caseNumber: 'FB-1', nextUpdateBy: 'soon, see evil.example' }],
      ['staff-page', { caseNumber: 'FB-1', reason: 'call +86 138 0013 8000' }],
      ['freeze-confirmed', { caseNumber: 'FB-1', scopes: ['<script>'] }],
      ['case-closed', { caseNumber: { $ne: 1 }, outcome: 'recovered' }],
    ];
    for (const [template, params] of hostile) {
      assert.throws(() => renderNotice({ template, locale: 'en', params }), NoticeError, JSON.stringify(params));
    }
  });

  it('escapes a link in HTML', () => {
    const link = "https://firebreak.example/?a=1&b='%22%3E";
    const { html, text } = renderNotice({ template: 'confirm-address', locale: 'en', params: { link } });
    assert.ok(html.includes('href="https://firebreak.example/?a=1&amp;b=&#39;%22%3E"'));
    assert.ok(text.includes(link));
  });

  it('never repeats a value in what it says went wrong', () => {
    const asked = {
      template: 'staff-page',
      locale: 'en',
      params: { caseNumber: 'secret value', reason: 'x' },
    } as const;
    assert.throws(() => renderNotice(asked), { message: 'staff-page: caseNumber (string.pattern.base)' });
  });

  it('refuses templates and languages it does not have', () => {
    for (const template of ['no-such', '../x', 'constructor', '']) {
      assert.throws(() => renderNotice({ template, locale: 'en', params: {} }), NoticeError);
    }
    assert.throws(() => renderNotice({ template: 'address-known', locale: 'fr' as 'en', params: {} }), NoticeError);
  });

  it('ignores parameters it does not know, so that a caller may pass more than a text uses', () => {
    assert.ok(renderNotice({ template: 'address-known', locale: 'en', params: { more: '<b>' } }));
  });
});

describe('what features ask for', () => {
  const read = (folder: string, ending: string) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith(ending) && !path.startsWith('notices/'))
      .map((path) => readFileSync(`${folder}/${path}`, 'utf8'));
  const code = read('src', '.ts');
  const workflows = read('workflows', '.yaml');
  const named = (sources: string[], pattern: RegExp) => [
    ...new Set(sources.flatMap((source) => [...source.matchAll(pattern)].map(([, name]) => name ?? ''))),
  ];

  it('are mails there are', () => {
    const asked = [
      ...named(
        code.filter((source) => source.includes('send-notice')),
        /\btemplate: '([^']+)'/g,
      ),
      ...named(code, /\bwrite\(tx, ctx, doc, '([\w-]+)'/g),
      ...named(workflows, /\btemplate: ([\w-]+)/g),
    ];
    assert.ok(asked.includes('message-waiting') && asked.includes('freeze-confirmed') && asked.includes('staff-page'));
    assert.deepEqual(
      asked.filter((name) => !TEMPLATES.has(name)),
      [],
    );
  });

  it('are reasons to call staff that the page explains in every language, and there are no others', () => {
    const reasons = new Set([
      ...named(workflows, /\breason: ([\w-]+)/g),
      ...named(code, /\b(?:pageStaff|comeBackLater)\([^;{]*?'([\w-]+)'/g),
    ]);
    assert.ok(reasons.has('hold-placed') && reasons.has('remedy-failed') && reasons.has('evidence-damaged'));
    for (const locale of LOCALES) assert.deepEqual(Object.keys(PAGE_REASONS[locale]).sort(), [...reasons].sort());
  });
});
