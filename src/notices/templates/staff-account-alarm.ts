import Joi from 'joi';
import { instant } from '../params.js';
import { template } from '../words.js';

interface Params {
  personId: string;
  at?: string;
}

/** To the security desk: one of staff says that a change of their own sign-in was somebody else's. */
export const staffAccountAlarm = template<Params>({
  name: 'staff-account-alarm',
  params: Joi.object({
    personId: Joi.string()
      .pattern(/^person_[0-9a-f]{24}$/)
      .required(),
    at: instant,
  }),
  text: {
    'zh-CN': (p, say) => ({
      subject: '请立即处理：一个工作账户可能被盗用',
      body: [
        `${p.at ? `${say.when(p.at)}，` : ''}工作人员 ${p.personId.replace('_', ' ')} 声明其账户的一项安全变动不是本人操作。`,
        '该账户的所有登录已经结束。请管理员核实本人，然后停用账户或要求重新设置验证方式。',
        '请合规人员核对该账户最近的操作记录。',
      ],
    }),
    en: (p, say) => ({
      subject: 'Act now: a staff account may be in other hands',
      body: [
        `The member of staff ${p.personId.replace('_', ' ')} said${p.at ? ` on ${say.when(p.at)}` : ''} that a change of their sign-in was not theirs.`,
        'Every session of the account has ended. An administrator should speak to the person, and then suspend the account or have its factors set up anew.',
        'Compliance should look at what the account did lately.',
      ],
    }),
  },
});
