import assert from 'node:assert/strict';
import { pageStaff } from '../../src/kernel/page-staff.js';
import { testActor, testKernel } from '../support/kernel.js';

describe('pageStaff', () => {
  const paged = async (env: Record<string, string>) => {
    const kernel = await testKernel(env);
    try {
      await kernel.ctx.transact(testActor(), async (tx) => {
        pageStaff(tx, kernel.ctx, 'FB-7K2M-9QXT-4', 'freeze-failed');
        tx.record({ action: 'test.acted' });
      });
      const [row] = await kernel.jobs('send-notice');
      return row?.payload;
    } finally {
      await kernel.close();
    }
  };

  it('writes to the desk that is configured, in its language', async () => {
    const page = await paged({ STAFF_MAIL: 'desk@example.org', STAFF_LOCALE: 'en' });
    assert.deepEqual([page?.['to'], page?.['locale'], page?.['template']], ['desk@example.org', 'en', 'staff-page']);
    assert.equal((await paged({}))?.['locale'], 'zh-CN');
  });
});
