import assert from 'node:assert/strict';
import type { Browser, Locator } from 'playwright-core';
import { MINUTE } from '../../src/kernel/clock.js';
import { openBrowser } from '../support/browser.js';
import { type TestContext, testContext } from '../support/context.js';
import { confirmOnPage, looksRight, type Opened, openPage, type ReaderName, signInOnPage } from '../support/pages.js';
import { type Customer, type Person, signedInCustomer, signedInStaff } from '../support/people.js';
import { photo } from '../support/samples.js';

const COOLING_OFF_MINUTES = 15;

describe('The desk', function () {
  this.timeout(300_000);
  let world: TestContext;
  let browser: Browser;
  let customer: Customer;
  before(async function () {
    this.timeout(300_000); // Chromium may have to be installed first
    browser = await openBrowser();
    world = await testContext({ FACTOR_AGE_DAYS: '0', RELEASE_COOLING_OFF_HOURS: String(COOLING_OFF_MINUTES / 60) });
    customer = await signedInCustomer(world);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  async function deskOf(person: Person, reader: ReaderName, path = '/desk'): Promise<Opened> {
    const opened = await openPage(browser, world, reader);
    await opened.page.goto(`${world.url}${path}`);
    await signInOnPage(opened, person);
    return opened;
  }

  const form = ({ page }: Opened): Locator => page.locator('.act-dialog form');
  const press = (opened: Opened, act: string) =>
    opened.page.locator('.open-acts').getByRole('button', { name: act }).click();
  const done = (opened: Opened) => form(opened).waitFor({ state: 'detached' });
  const state = ({ page }: Opened, name: string) =>
    page.locator('.case-title').getByText(name, { exact: true }).waitFor();
  const greyed = ({ page }: Opened, act: string) => page.locator('.shut-acts li').filter({ hasText: act });

  async function end({ wrong, close }: Opened): Promise<void> {
    assert.deepEqual(wrong, []);
    await close();
  }

  it('takes a report from triage to release by the hands of four people', async () => {
    const report = { kind: 'unauthorized_trade', language: 'zh-CN', whatHappened: '昨晚有人卖掉了我的全部 BTC。' };
    const { body: sent } = await customer.post('/api/reports', report).expect(201);
    const path = `/api/cases/${sent.caseId}`;
    await customer
      .send('post', `${path}/evidence`)
      .attach('evidence', await photo(), '护照.jpg')
      .expect(201);
    await world.settled();
    const address = `/desk/cases/${sent.caseId}`;

    const agent = await deskOf(await signedInStaff(world, ['agent']), 'desktop-en');
    await agent.page.getByRole('link', { name: sent.caseNumber }).waitFor();
    await looksRight(agent, 'desk-list');
    await agent.page.keyboard.press('j');
    await agent.page.keyboard.press('Enter');
    await agent.page.getByRole('heading', { name: sent.caseNumber }).waitFor();
    assert.equal(await greyed(agent, 'Reopen').count(), 0); // an agent never does: it is among the acts of other roles
    assert.match(await greyed(agent, 'Ask again for the freeze').innerText(), /no freeze needs it/);
    await looksRight(agent, 'desk-case');
    await press(agent, 'Triage');
    await form(agent).locator('textarea').fill('Read it; the trades are at the exchange.');
    await looksRight(agent, 'desk-act-triage');
    await form(agent).getByRole('button', { name: 'Triage' }).click();
    await done(agent);
    await state(agent, 'Triaged');
    assert.match(await agent.page.locator('.case-head').innerText(), /\bme\b/);
    await agent.page.keyboard.press('m');
    await agent.page.locator('textarea:focus').waitFor();
    await agent.page.keyboard.type('We are on it.');
    await agent.page.reload();
    assert.equal(await agent.page.getByLabel('Message to the customer').inputValue(), 'We are on it.');
    await agent.page.getByRole('button', { name: 'Send to the customer' }).click();
    await agent.page.locator('.entry.from-staff').getByText('We are on it.').waitFor();
    await end(agent);

    const verifier = await signedInStaff(world, ['analyst']);
    const first = await deskOf(verifier, 'desktop-zh-CN', address);
    await press(first, '冻结账户');
    await form(first).locator('textarea').fill('客户报告账户被他人操作。');
    await looksRight(first, 'desk-act-freeze');
    await form(first).getByRole('button', { name: '冻结账户' }).click();
    assert.match(await confirmOnPage(first, verifier), new RegExp(sent.caseNumber));
    await done(first);
    await world.settled();
    await state(first, '已冻结');
    await first.page.locator('.scope-strip').getByText('已冻结').first().waitFor();
    await press(first, '请客户证明身份');
    await form(first).getByRole('button', { name: '请客户证明身份' }).click();
    await done(first);
    await customer.act('proveAuthenticator', `${path}/authenticator-check`, { caseId: sent.caseId });
    await press(first, '开始身份核实');
    await form(first).getByLabel('核对证件').check();
    await form(first).getByRole('button', { name: '开始身份核实' }).click();
    await done(first);
    await press(first, '记录核实结果');
    await form(first).getByLabel('通过：是账户所有人本人').check();
    await form(first).getByLabel('护照.jpg').check();
    await form(first).locator('textarea').fill('证件照片与本人一致。');
    await looksRight(first, 'desk-act-record');
    await form(first).getByRole('button', { name: '记录核实结果' }).click();
    await confirmOnPage(first, verifier);
    await done(first);
    await state(first, '身份已核实');
    assert.match(await greyed(first, '提议解冻').innerText(), /核实身份的人不能参与解冻/);
    await first.page.getByRole('link', { name: '身份' }).click();
    await looksRight(first, 'desk-identity');
    await end(first);

    const proposer = await signedInStaff(world, ['analyst']);
    const second = await deskOf(proposer, 'desktop-en', address);
    await press(second, 'Order remedies');
    await form(second)
      .getByLabel(/Revoke sessions/)
      .check();
    await form(second)
      .getByLabel(/Revoke API keys/)
      .check();
    await form(second).getByRole('button', { name: 'Order remedies' }).click();
    await done(second);
    await world.settled();
    await press(second, 'Propose the release');
    await form(second).getByLabel('Recovered', { exact: true }).check();
    await form(second).locator('textarea').fill('The owner is proven and nothing of the thief is left.');
    await looksRight(second, 'desk-act-propose');
    await form(second).getByRole('button', { name: 'Propose the release' }).click();
    await confirmOnPage(second, proposer);
    await done(second);
    await state(second, 'Release pending');
    await second.page.getByRole('link', { name: 'Freezes and release' }).click();
    await looksRight(second, 'desk-freezes');
    await end(second);

    const approver = await signedInStaff(world, ['approver']);
    const last = await deskOf(approver, 'desktop-zh-CN');
    const waiting = last.page.getByRole('region', { name: '等待我审批的解冻提议' });
    await waiting.getByText('冷静期剩余').waitFor();
    await looksRight(last, 'desk-proposals');
    await waiting.getByRole('link', { name: sent.caseNumber }).click();
    assert.match(await greyed(last, '批准解冻').innerText(), /冷静期未结束.*剩余 \d+:\d\d:\d\d/s);
    world.clock.advance((COOLING_OFF_MINUTES + 1) * MINUTE);
    await press(last, '批准解冻');
    await looksRight(last, 'desk-act-approve');
    await form(last).getByRole('button', { name: '批准解冻' }).click();
    assert.match(await confirmOnPage(last, approver), /第二人/);
    await done(last);
    await world.settled();
    await state(last, '已结案');
    await looksRight(last, 'desk-closed');
    await end(last);
  });
});
