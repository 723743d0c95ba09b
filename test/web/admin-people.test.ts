import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/browser.js';
import { type TestContext, testContext } from '../support/context.js';
import { looksRight, type Opened, openPage, signInOnPage } from '../support/pages.js';
import { freshAddress, PASSWORD, type Person, signedInStaff } from '../support/people.js';

describe('Admin, in a browser', function () {
  this.timeout(180_000);
  let world: TestContext;
  let browser: Browser;
  let admin: Person;
  let agent: Person;
  let opened: Opened;
  before(async function () {
    this.timeout(300_000); // Chromium may have to be installed first
    browser = await openBrowser();
    world = await testContext();
    admin = await signedInStaff(world, ['admin']);
    agent = await signedInStaff(world, ['agent']);
    opened = await openPage(browser, world, 'desktop-zh-CN');
    opened.page.setDefaultTimeout(60_000);
    await opened.page.goto(`${world.url}/admin`);
    await signInOnPage(opened, admin);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });
  afterEach(() => assert.deepEqual(opened?.wrong, []));

  const row = (email: string) => opened.page.getByRole('row', { name: email });
  const go = async (path: string, heading: string) => {
    await opened.page.goto(`${world.url}${path}`);
    await opened.page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
  };

  it('lists and finds people, and greys what nobody does to themselves, with the reason', async () => {
    const { page } = opened;
    await row(agent.email).waitFor();
    await looksRight(opened, 'admin-people');
    const own = row(admin.email).getByRole('button', { name: /^更改角色.*没有人可以更改自己的角色/ });
    assert.equal(await own.getAttribute('aria-disabled'), 'true');
    await own.click({ force: true });
    assert.equal(await page.locator('dialog[open]').count(), 0);
    await page.getByLabel('按邮箱、角色或编号查找').fill('agent');
    await row(admin.email).waitFor({ state: 'detached' });
    await page.getByText('1 人', { exact: true }).waitFor();
    await page.getByLabel('按邮箱、角色或编号查找').fill('nobody at all');
    await page.getByText('没有符合的人员。').waitFor();
    await looksRight(opened, 'admin-people-none');
    await page.getByLabel('按邮箱、角色或编号查找').fill('');
  });

  it('invites somebody with a link that is shown once and works', async () => {
    const { page } = opened;
    const email = freshAddress('invited');
    await page.getByRole('button', { name: '邀请…' }).click();
    const dialog = page.getByRole('dialog', { name: '邀请工作人员' });
    await dialog.getByLabel('邮箱').fill(email);
    await dialog.getByRole('button', { name: '邀请' }).click();
    await dialog.getByText('请至少选一个角色。').waitFor();
    await dialog.getByLabel('安全分析员').check();
    await dialog.getByLabel('合规').check();
    await dialog.getByRole('button', { name: '邀请' }).click();
    await confirmed(email);
    await dialog.getByText('这些角色不能由同一个人担任').waitFor();
    await looksRight(opened, 'admin-invite');
    await dialog.getByLabel('合规').uncheck();
    await dialog.getByRole('button', { name: '邀请' }).click();
    await confirmed(email);
    const shown = page.getByRole('dialog', { name: `给 ${email} 的一次性链接` });
    const link = await shown.locator('code').innerText();
    await looksRight(opened, 'admin-setup-link');
    await shown.getByRole('button', { name: '我已保存，关闭' }).click();
    await row(email).getByText('已邀请，尚未设置').waitFor();
    assert.equal(await page.getByText(link).count(), 0);
    const token = link.split('#')[1] ?? '';
    await world.send('post', '/api/setup').send({ token, password: PASSWORD }).expect(204);
  });

  it('changes roles, suspends, reinstates, and has factors set up anew', async () => {
    const { page } = opened;
    const { email } = agent;
    await row(email)
      .getByRole('button', { name: `更改角色… ${email}` })
      .click();
    const roles = page.getByRole('dialog', { name: `${email} 的角色` });
    await roles.getByLabel('客服专员').uncheck();
    await roles.getByLabel('审批人').check();
    await looksRight(opened, 'admin-roles');
    await roles.getByRole('button', { name: '保存' }).click();
    assert.match(await confirmed(email), /approver/);
    await row(email).getByText('审批人').waitFor();

    await withReason('停用…', '此人已于本周五离职。');
    await row(email).getByText('已停用').waitFor();
    await agent.get('/api/me').expect(401);
    await looksRight(opened, 'admin-people-suspended');
    await withReason('恢复…', '此人已经回到原来的岗位。');
    await row(email).getByText('已停用').waitFor({ state: 'detached' });
    await withReason('重置验证方式…', '手机丢失，已经当面核实本人。');
    await page
      .getByRole('dialog', { name: `给 ${email} 的一次性链接` })
      .getByRole('button', { name: '我已保存，关闭' })
      .click();
    await row(email).getByText('没有第二验证方式').waitFor();
  });

  it('draws workflows, and says the same in tables', async () => {
    const { page } = opened;
    await go('/admin/workflows', '流程');
    const kinds = page.getByRole('navigation', { name: '流程列表' });
    await kinds.getByRole('link', { name: '账户被盗用', exact: true }).click();
    await page.getByRole('heading', { level: 2, name: '账户被盗用' }).waitFor();
    const { sha256 } = world.ctx.workflows.current('account_takeover');
    await page.getByText(sha256).waitFor();
    const states = Object.keys(world.ctx.workflows.current('account_takeover').states);
    assert.equal(await page.locator('svg .state').count(), states.length);
    const table = page.getByRole('table', { name: '转换' });
    await table.getByRole('row', { name: /已收到 case\.triaged 人 .*已初审/ }).waitFor();
    await looksRight(opened, 'admin-workflows');
  });

  it('shows which keys there are and how each is rotated, and no key itself', async () => {
    const { page } = opened;
    await go('/admin/keys', '密钥');
    await page.getByText(world.ctx.vault.keys.active()).waitFor();
    const { keys } = await world.ctx.auditLog.keys().then(({ all }) => ({ keys: all.length }));
    await page
      .getByRole('table', { name: '审计日志的签名密钥' })
      .locator('tbody tr')
      .nth(keys - 1)
      .waitFor();
    await page.getByRole('table', { name: '登录令牌的签名密钥' }).getByText('ES256').first().waitFor();
    await page.getByText('firebreak keys rotate-signing').waitFor();
    await looksRight(opened, 'admin-keys');
  });

  it('is read on a phone, in English', async () => {
    const phone = await openPage(browser, world, 'phone-en');
    const { page, wrong } = phone;
    page.setDefaultTimeout(60_000);
    await page.goto(`${world.url}/admin`);
    await signInOnPage(phone, admin);
    for (const [path, shown, name] of [
      ['/admin', /^People: \d+$/, 'admin-people'],
      ['/admin/workflows/phishing', /^SHA-256 of its file$/, 'admin-workflows'],
      ['/admin/keys', /^wraps now$/, 'admin-keys'],
    ] as const) {
      await page.goto(`${world.url}${path}`);
      await page.getByText(shown).first().waitFor();
      await looksRight(phone, name);
    }
    assert.deepEqual(wrong, []);
    await phone.close();
  });

  /** Answers the dialog that re-verifies, which is the topmost of two. */
  async function confirmed(about: string): Promise<string> {
    const dialog = opened.page.locator('dialog.dialog[open]').filter({ has: opened.page.locator('.confirming') });
    const confirming = await dialog.locator('.confirming').innerText();
    assert.ok(confirming.includes(about), confirming);
    await dialog.locator('input[autocomplete=one-time-code]').fill(await admin.code());
    await dialog.locator('button[type=submit]').click();
    await dialog.waitFor({ state: 'detached' });
    return confirming;
  }

  async function withReason(act: string, reason: string): Promise<void> {
    const { page } = opened;
    await row(agent.email)
      .getByRole('button', { name: `${act} ${agent.email}` })
      .click();
    await page.getByLabel('原因').fill(reason);
    await page.getByRole('button', { name: '继续' }).click();
    await confirmed(agent.email);
  }
});
